"""Batches of invoices as JSON."""

from datetime import date, datetime
from typing import Self

from pydantic import model_validator

from chalicelib.domain.batch import Batch, BatchStatus, Failure
from chalicelib.domain.batch_plan import InvoicePer, PlannedInvoice, Selection
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.itemised import Grouping
from chalicelib.entrypoints.http.shapes.batch_previews import SelectionIn
from chalicelib.entrypoints.http.shapes.scalars import Code, Figure, Shape, ShortText, refusal


class BatchIn(SelectionIn):
    """With a ``plan_hash`` exactly what was previewed under it, or nothing; without one, what is selected now."""

    name: ShortText
    plan_hash: Code | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.name.strip():
            raise refusal("empty", "A batch needs a name.")
        return self

    def selected(self) -> Selection | None:
        """What was selected here; None where the plan says it all."""
        said = self.model_fields_set - {"name", "plan_hash"}
        return self.selection() if said or not self.plan_hash else None


class BatchRunIn(Shape):
    """confirm: run it though it is over three times the last one."""

    plan_hash: Code | None = None
    confirm: bool = False


class BatchIssueIn(Shape):
    """send: mail what is issued, too."""

    send: bool = False


class BatchProgressOut(Shape):
    """Of the step that is under way or was last; ends_at: when it will be done at its present pace."""

    step: str | None
    done: int
    failed: int
    planned: int
    ends_at: datetime | None


class BatchOut(Shape):
    """amounts: the totals as planned, by currency."""

    id: str
    version: int
    name: str
    status: BatchStatus
    plan_hash: str
    invoice_per: InvoicePer
    group_by: Grouping
    invoices_planned: int
    amounts: dict[str, Figure]
    progress: BatchProgressOut
    send: bool
    created_at: datetime
    drafted_at: datetime | None
    issued_at: datetime | None
    paused_at: datetime | None
    cancelled_at: datetime | None

    @classmethod
    def of(cls, batch: Batch, *, now: datetime) -> "BatchOut":
        return cls(
            id=batch.id,
            version=batch.version,
            name=batch.name,
            status=batch.status,
            plan_hash=batch.plan_hash,
            invoice_per=batch.per,
            group_by=batch.grouping,
            invoices_planned=batch.invoices,
            amounts={amount.currency: f"{amount}" for amount in batch.amounts},
            progress=BatchProgressOut(
                step=batch.step,
                done=batch.done,
                failed=batch.failed,
                planned=batch.invoices,
                ends_at=batch.ends_at(now),
            ),
            send=batch.send,
            created_at=batch.created_at,
            drafted_at=batch.drafted_at,
            issued_at=batch.issued_at,
            paused_at=batch.paused_at,
            cancelled_at=batch.cancelled_at,
        )


class BatchLineOut(Shape):
    """What became of one planned invoice; outcome: planned, drafted, issued, removed, or failed, and why."""

    place: int
    client_id: str
    client_name: str
    contracts: list[str]
    planned_total: Figure
    currency: str
    outcome: str
    code: str | None
    detail: str | None
    invoice_id: str | None
    number: str | None
    status: InvoiceStatus | None
    total: Figure | None

    @classmethod
    def of(
        cls,
        place: int,
        planned: PlannedInvoice,
        invoice: Invoice | None,
        failure: Failure | None,
        *,
        outcome: str,
        today: date,
    ) -> "BatchLineOut":
        return cls(
            place=place,
            client_id=planned.client_id,
            client_name=planned.client_name,
            contracts=list(planned.contracts),
            planned_total=f"{planned.total}",
            currency=planned.total.currency,
            outcome=outcome,
            code=failure.code if failure else None,
            detail=failure.detail if failure else None,
            invoice_id=invoice.id if invoice else None,
            number=invoice.number if invoice else None,
            status=status_of(invoice, today) if invoice else None,
            total=f"{invoice.figures.total}" if invoice else None,
        )


class BatchLinesOut(Shape):
    """The invoices of a part of the plan; next_part: where the others are."""

    data: list[BatchLineOut]
    next_part: int | None
