"""Contracts as JSON."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from chalicelib.domain.contract import (
    MOST_FEES,
    MOST_METERS,
    Contract,
    ContractStatus,
    ContractType,
)
from chalicelib.domain.contract_state import Standing
from chalicelib.domain.itemised import Grouping
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.businesses import DueTermsShape
from chalicelib.entrypoints.http.shapes.contract_terms import (
    BillingIntervalShape,
    ContractFeeIn,
    ContractFeeOut,
    MeterIn,
    MeterOut,
    TimeRateOut,
    TimeRateShape,
    TimeRoundingShape,
)
from chalicelib.entrypoints.http.shapes.documents import Codes
from chalicelib.entrypoints.http.shapes.projects import ProjectIn, ProjectOut
from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    CurrencyCode,
    Day,
    Figure,
    LongText,
    Quantity,
    Shape,
    ShortText,
    refusal,
)

Type = Annotated[ContractType, Field(strict=False)]
BillableStateOfContract = Literal["ready", "partly_ready", "locked"]


class ContractFields(Shape):
    """What of a contract may be given at any time; what was accrued so far stays.

    taxable: whether it is taxed at all; taxes: codes, left out the business's usual ones.
    grace_days: how long after its end a period stays open for what is still to be entered.
    rates, time_rounding: how time is billed. included_hours, included_amount: what of it the fees of a period cover.
    meters: what is consumed, and its price.
    project: what is billed by its progress or by milestones, agreed anew as a whole; what was billed of it stays.
    """

    name: ShortText | None = None
    taxable: bool | None = None
    taxes: Codes | None = None
    ends_on: Day | None = None
    grace_days: Annotated[int, Field(ge=0, le=90)] | None = None
    fees: Annotated[list[ContractFeeIn], Field(max_length=MOST_FEES)] | None = None
    rates: Annotated[list[TimeRateShape], Field(max_length=100)] | None = None
    time_rounding: TimeRoundingShape | None = None
    included_hours: Quantity | None = None
    included_amount: Amount | None = None
    meters: Annotated[list[MeterIn], Field(max_length=MOST_METERS)] | None = None
    project: ProjectIn | None = None
    due_terms: DueTermsShape | None = None
    purchase_order: ShortText | None = None
    notes: LongText | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        codes = [fee.code for fee in self.fees or ()]
        if len(set(codes)) < len(codes):
            raise refusal("fee_twice", "Two fees of a contract cannot bear the same code.")
        meters = [meter.code for meter in self.meters or ()]
        if len(set(meters)) < len(meters):
            raise refusal("meter_twice", "Two meters of a contract cannot bear the same code.")
        return self


class ContractTerms(ContractFields):
    """anchor: the day that periods are counted from, where the first is shorter than the others."""

    type: Type | None = None
    currency: CurrencyCode | None = None
    starts_on: Day | None = None
    billing_period: BillingIntervalShape | None = None
    anchor: Day | None = None


class ContractIn(ContractTerms):
    """Without a type it is flat, without a first day it begins today, without a period nothing waits for its end."""

    client_id: Code
    name: ShortText
    job_id: Code | None = None


class ContractPatch(ContractTerms):
    """What of a contract is to be changed; its type, currency and days only before it is active."""


class ActivateIn(Shape):
    """``invoice``: draft an invoice for what is due at once, too."""

    invoice: bool = False


class EndIn(Shape):
    on: Day


class ClosePeriodIn(Shape):
    """period: the number of the period that is meant, so that asking twice closes one."""

    period: Annotated[int, Field(ge=0)] | None = None


class BillIn(Shape):
    """period: bill what was done until the end of that period, and once for ever; left out, whatever can be billed."""

    period: Annotated[int, Field(ge=0)] | None = None
    group_by: Annotated[Grouping, Field(strict=False)] = Grouping.TIME_ENTRY


class BillingPeriodOut(Shape):
    """ends_on: its last day, null where it has none."""

    number: int
    starts_on: date
    ends_on: date | None
    closes_on: date | None


class ContractOut(Shape):
    """period: the earliest that is open; billable_state: what of it can be billed now, as far as it was looked at."""

    id: str
    version: int
    client_id: str
    client_name: str
    name: str
    type: ContractType
    status: ContractStatus
    currency: str
    job_id: str
    taxable: bool
    taxes: list[str] | None
    starts_on: date
    ends_on: date | None
    billing_period: BillingIntervalShape | None
    anchor: date | None
    grace_days: int
    fees: list[ContractFeeOut]
    rates: list[TimeRateOut]
    time_rounding: TimeRoundingShape | None
    included_hours: Figure | None
    included_amount: Figure | None
    meters: list[MeterOut]
    project: ProjectOut | None
    due_terms: DueTermsShape | None
    purchase_order: str | None
    notes: str | None
    period: BillingPeriodOut | None
    periods_closed: int
    billable_state: BillableStateOfContract | None
    billable_reason: str | None
    clears_on: date | None
    total_balance: Figure | None
    ready_balance: Figure | None
    created_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, contract: Contract, standing: Standing | None = None) -> "ContractOut":
        """standing: what collected on it; None where that was not read."""
        return cls(**_agreed(contract), **_standing(standing))


def _agreed(contract: Contract) -> dict[str, Any]:
    same = (
        *("id", "version", "client_id", "client_name", "name", "type", "status", "currency", "job_id", "taxable"),
        *("starts_on", "ends_on", "anchor", "grace_days", "purchase_order", "notes"),
        *("created_at", "activated_at", "ended_at"),
    )
    return {name: getattr(contract, name) for name in same} | {
        "taxes": None if contract.taxes is None else list(contract.taxes),
        "billing_period": BillingIntervalShape.of(contract.every) if contract.every else None,
        "fees": [ContractFeeOut.of(fee) for fee in contract.fees],
        "rates": [TimeRateOut.of(rate) for rate in contract.rates],
        "time_rounding": TimeRoundingShape.of(contract.time_rounding) if contract.time_rounding else None,
        "included_hours": None if contract.included_hours is None else plain(contract.included_hours),
        "included_amount": None if contract.included_amount is None else f"{contract.included_amount}",
        "meters": [MeterOut.of(meter) for meter in contract.meters],
        "project": ProjectOut.of(contract.project) if contract.project else None,
        "due_terms": DueTermsShape.of(contract.due) if contract.due else None,
        "period": _period_out(contract),
        "periods_closed": contract.closed,
    }


def _period_out(contract: Contract) -> BillingPeriodOut | None:
    period = contract.period(contract.closed) if contract.closed < contract.opened else None
    if period is None:
        return None
    endless = period.ends == date.max
    return BillingPeriodOut(
        number=period.number,
        starts_on=period.starts,
        ends_on=None if endless else period.last_day,
        closes_on=None if endless else contract.clears_on(period.number),
    )


def _standing(standing: Standing | None) -> dict[str, Any]:
    return {
        "billable_state": standing.state if standing else None,
        "billable_reason": standing.reason if standing else None,
        "clears_on": standing.clears_on if standing else None,
        "total_balance": f"{standing.total}" if standing else None,
        "ready_balance": f"{standing.ready}" if standing else None,
    }
