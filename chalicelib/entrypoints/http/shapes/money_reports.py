"""Reports of money as JSON: what is owed and how long, taxes, revenue."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from chalicelib.domain.reporting import Days
from chalicelib.domain.reporting_aging import AgingReport, Debt
from chalicelib.domain.reporting_revenue import By, Revenue, RevenueReport
from chalicelib.domain.reporting_taxes import TaxReport, TaxSum, TaxTotal
from chalicelib.domain.statement import Aging
from chalicelib.entrypoints.http.shapes.scalars import Code, Day, Figure, Shape
from chalicelib.entrypoints.http.shapes.statements import AgingOut

MOST_ROWS = 5_000
"""Of one answer, which may hold 6 MB; totals are of all."""


class ReportedDaysQuery(Shape):
    """Which days, the first and the last included: until today, and from the first of that month, unless said."""

    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None


class RevenueQuery(ReportedDaysQuery):
    """group_by: what the revenue of each month is told apart by."""

    group_by: Literal["month", "client", "catalog_code"] = "month"


class AgingQuery(Shape):
    """as_of: the day by which it is told what is owed, and how long it has been due; today, unless said.

    client_id: whose invoices alone are wanted.
    """

    as_of: Day | None = None
    client_id: Code | None = None


class OfDays(Shape):
    model_config: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    since: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")]


def _named(days: Days) -> dict[str, Any]:
    return {"from": days.since, "to": days.until}


class OwedOut(AgingOut):
    """total: all of it; overdue: what of it is past its day."""

    total: Figure
    overdue: Figure

    @classmethod
    def of(cls, aging: Aging) -> "OwedOut":
        return cls(**{name: f"{getattr(aging, name)}" for name in cls.model_fields})


class DebtOut(Shape):
    """What a client owes in one currency; oldest_due_on: the first day by which some of it was to be paid."""

    client_id: str
    client_name: str
    currency: str
    invoices: int
    oldest_due_on: date | None
    owed: OwedOut

    @classmethod
    def of(cls, debt: Debt) -> "DebtOut":
        return cls(
            client_id=debt.client_id,
            client_name=debt.client_name,
            currency=debt.aging.current.currency,
            invoices=debt.invoices,
            oldest_due_on=debt.oldest,
            owed=OwedOut.of(debt.aging),
        )


class AgingReportOut(Shape):
    """What is owed by how many days it has been due on a day, instalment by instalment; most overdue first.

    What is owed is that of now, or, on a day that is over, of its end.

    totals: by currency, of all. data: client by client. left_out: those there was no room for; they owe least.
    """

    as_of: date
    invoices: int
    totals: dict[str, OwedOut]
    data: list[DebtOut]
    left_out: int

    @classmethod
    def of(cls, report: AgingReport) -> "AgingReportOut":
        debts = report.debts
        return cls(
            as_of=report.on,
            invoices=report.invoices,
            totals={currency: OwedOut.of(aging) for currency, aging in report.totals.items()},
            data=[DebtOut.of(debt) for debt in debts[:MOST_ROWS]],
            left_out=max(len(debts) - MOST_ROWS, 0),
        )


class TaxTotalOut(Shape):
    """One tax at one rate under one registration number: ``amount`` is ``charged`` less ``taken_back``.

    rate_percent: null for a fixed tax. base: what the amount was taken on. withheld: the client pays it to the tax
    office. charged: by invoices; taken_back: by credit notes, and by voiding. documents: how many bear it.
    """

    code: str
    name: str
    rate_percent: Figure | None
    registration_number: str | None
    category: str
    withheld: bool
    base: Figure
    charged: Figure
    taken_back: Figure
    amount: Figure
    documents: int

    @classmethod
    def of(cls, total: TaxTotal) -> "TaxTotalOut":
        tax = total.tax
        return cls(
            code=tax.code,
            name=total.name,
            rate_percent=None if tax.rate_percent is None else f"{tax.rate_percent:f}",
            registration_number=tax.registration_number,
            category=tax.category,
            withheld=tax.withheld,
            base=f"{total.base}",
            charged=f"{total.charged}",
            taken_back=f"{total.taken_back}",
            amount=f"{total.amount}",
            documents=total.documents,
        )


class TaxSumOut(Shape):
    """What one currency came to: before tax over all documents, taxes that are owed, and those that were withheld."""

    currency: str
    net_total: Figure
    tax_total: Figure
    withheld_total: Figure
    taxes: list[TaxTotalOut]

    @classmethod
    def of(cls, one: TaxSum) -> "TaxSumOut":
        return cls(
            currency=one.currency,
            net_total=f"{one.net_total}",
            tax_total=f"{one.tax_total}",
            withheld_total=f"{one.withheld_total}",
            taxes=[TaxTotalOut.of(total) for total in one.taxes],
        )


class TaxReportOut(OfDays):
    """The tax lines of the documents issued on these days, to the cent.

    A credit note takes back on its own day; a void invoice on the day it was voided, so that a report of days that are
    over never changes.
    """

    currencies: list[TaxSumOut]

    @classmethod
    def of(cls, report: TaxReport, days: Days) -> "TaxReportOut":
        return cls(currencies=[TaxSumOut.of(one) for one in report.sums], **_named(days))


class RevenueOut(Shape):
    """Revenue before tax of one month: ``net`` is ``invoiced`` less ``taken_back``, by credit notes and voiding.

    client_id, catalog_code: what it is told apart by; catalog_code is null for what is sold without one.
    documents: how many it is of, those that took back among them.
    """

    month: str
    currency: str
    client_id: str | None
    catalog_code: str | None
    invoiced: Figure
    taken_back: Figure
    net: Figure
    documents: int

    @classmethod
    def of(cls, row: Revenue) -> "RevenueOut":
        source = row.source
        return cls(
            month=source.month,
            currency=source.currency,
            client_id=source.client_id,
            catalog_code=source.catalog_code,
            invoiced=f"{row.invoiced}",
            taken_back=f"{row.taken_back}",
            net=f"{row.net}",
            documents=row.documents,
        )


class RevenueReportOut(OfDays):
    """Revenue of these days, month by month; of a month what came to most first.

    A deposit that is taxed when it is applied is revenue of the invoice that applies it. totals: by currency, of all.
    left_out: rows that there was no room for.
    """

    group_by: By
    totals: dict[str, Figure]
    data: list[RevenueOut]
    left_out: int

    @classmethod
    def of(cls, report: RevenueReport, days: Days, by: By) -> "RevenueReportOut":
        rows = report.rows
        return cls(
            group_by=by,
            totals={currency: f"{net}" for currency, net in report.totals.items()},
            data=[RevenueOut.of(row) for row in rows[:MOST_ROWS]],
            left_out=max(len(rows) - MOST_ROWS, 0),
            **_named(days),
        )
