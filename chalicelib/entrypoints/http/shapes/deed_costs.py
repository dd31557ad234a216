"""What invoices and batches took of AWS, as JSON."""

from decimal import Decimal

from chalicelib.domain.deed_costs import Cost, CostReport, DeedCost
from chalicelib.entrypoints.http.shapes.scalars import Figure, Shape

HUNDREDTH = Decimal("0.01")


class CostShape(Shape):
    """requests: of DynamoDB, S3, SQS and SES; read_units, write_units: DynamoDB's capacity units, at most."""

    requests: Figure
    read_units: Figure
    write_units: Figure

    @classmethod
    def of(cls, cost: Cost) -> "CostShape":
        return cls(
            requests=f"{cost.requests.quantize(HUNDREDTH)}",
            read_units=f"{cost.read_units.quantize(HUNDREDTH)}",
            write_units=f"{cost.write_units.quantize(HUNDREDTH)}",
        )


class DeedCostOut(Shape):
    """What was done so often, by the event that tells of it, and what that took together."""

    event: str
    in_a_batch: bool
    count: int
    cost: CostShape

    @classmethod
    def of(cls, deed: DeedCost) -> "DeedCostOut":
        return cls(event=deed.event, in_a_batch=deed.in_a_batch, count=deed.count, cost=CostShape.of(deed.cost))


class InvoiceCostOut(Shape):
    """What an invoice took so far: each deed of its timeline at what was measured for such a deed.

    Measured on invoices of five lines. not_measured: what else happened to it, how often; it is not in the total.
    """

    total: CostShape
    deeds: list[DeedCostOut]
    not_measured: dict[str, int]

    @classmethod
    def of(cls, report: CostReport) -> "InvoiceCostOut":
        return cls(
            total=CostShape.of(report.total),
            deeds=[DeedCostOut.of(deed) for deed in report.deeds],
            not_measured=dict(report.not_measured),
        )


class BatchCostOut(Shape):
    """What it took to draft, issue and mail the invoices that a batch has; measured on batches of 24.

    each: for one of them on average; null while it has none.
    """

    invoices: int
    total: CostShape
    each: CostShape | None
    deeds: list[DeedCostOut]

    @classmethod
    def of(cls, count: int, report: CostReport) -> "BatchCostOut":
        each = report.total.times(Decimal(1) / count) if count else None
        return cls(
            invoices=count,
            total=CostShape.of(report.total),
            each=CostShape.of(each) if each else None,
            deeds=[DeedCostOut.of(deed) for deed in report.deeds],
        )
