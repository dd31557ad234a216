"""Contracts as JSON."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from chalicelib.domain.contract import (
    MOST_FEES,
    MOST_METERS,
    Contract,
    ContractStatus,
    ContractType,
    Fee,
    Meter,
    Timing,
)
from chalicelib.domain.contract_state import Standing
from chalicelib.domain.itemised import Grouping
from chalicelib.domain.recurrence import Period
from chalicelib.domain.tally import Tally
from chalicelib.domain.time_terms import RoundedPer, RoundingMode, TimeRate, TimeRounding, in_hours
from chalicelib.domain.usage_price import Tier, UsageModel, UsagePrice, checked
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.businesses import DueTermsShape
from chalicelib.entrypoints.http.shapes.documents import Codes
from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    CurrencyCode,
    Day,
    Figure,
    Instant,
    LongText,
    PositiveQuantity,
    Price,
    Quantity,
    Shape,
    ShortText,
    refusal,
)
from chalicelib.usecases.metering import Consumption

MOST_MONTHS, MOST_DAYS = 120, 366
MOST_EVENTS = 40

Type = Annotated[ContractType, Field(strict=False)]
BillableStateOfContract = Literal["ready", "partly_ready", "locked"]


class PeriodShape(Shape):
    """How long a billing period is: a number of months, or of days."""

    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)] | None = None
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise refusal("one_of", "Give exactly one of months and days.")
        return self

    def period(self) -> Period:
        return Period(months=self.months or 0, days=self.days or 0)

    @classmethod
    def of(cls, period: Period) -> "PeriodShape":
        return cls(months=period.months or None, days=period.days or None)


class FeeShape(Shape):
    """What each period costs, whatever is done in it.

    code: what tells it from the contract's other fees. timing: billed as the period begins, or when it has ended.
    """

    code: Code = "fee"
    description: LongText
    quantity: Quantity = Decimal(1)
    unit: ShortText | None = None
    unit_price: Price
    taxes: Codes | None = None
    timing: Annotated[Timing, Field(strict=False)] = Timing.ADVANCE

    def fee(self) -> Fee:
        taxes = None if self.taxes is None else tuple(self.taxes)
        return Fee(**self.model_dump(exclude={"taxes"}), taxes=taxes)

    @classmethod
    def of(cls, fee: Fee) -> "FeeShape":
        return cls(
            code=fee.code,
            description=fee.description,
            quantity=fee.quantity,
            unit=fee.unit,
            unit_price=fee.unit_price,
            taxes=None if fee.taxes is None else list(fee.taxes),
            timing=fee.timing,
        )


class TimeRateShape(Shape):
    """What an hour costs: of one person, of one code of the catalogue, of both, or of anybody's anything."""

    unit_price: Price
    person: Code | None = None
    catalog_code: Code | None = None

    def rate(self) -> TimeRate:
        return TimeRate(**self.model_dump())


class TimeRateOut(Shape):
    unit_price: Figure
    person: str | None
    catalog_code: str | None

    @classmethod
    def of(cls, rate: TimeRate) -> "TimeRateOut":
        return cls(unit_price=plain(rate.unit_price), person=rate.person, catalog_code=rate.catalog_code)


class TimeRoundingShape(Shape):
    """How time is rounded: to a step, up, down or to the nearest, each entry or all of a day together.

    least_minutes: what is billed at least of anything at all.
    """

    step_minutes: Annotated[int, Field(ge=1, le=480)]
    mode: Annotated[RoundingMode, Field(strict=False)] = RoundingMode.UP
    per: Annotated[RoundedPer, Field(strict=False)] = RoundedPer.ENTRY
    least_minutes: Annotated[int, Field(ge=0, le=480)] = 0

    def rounding(self) -> TimeRounding:
        steps = {"step_minutes": Decimal(self.step_minutes), "least_minutes": Decimal(self.least_minutes)}
        return TimeRounding(mode=self.mode, per=self.per, **steps)

    @classmethod
    def of(cls, rounding: TimeRounding) -> "TimeRoundingShape":
        return cls(
            step_minutes=int(rounding.step_minutes),
            mode=rounding.mode,
            per=rounding.per,
            least_minutes=int(rounding.least_minutes),
        )


class TierIn(Shape):
    """up_to: the last unit of the tier, inclusive; left out in the last. flat: once, for reaching it."""

    up_to: PositiveQuantity | None = None
    unit_price: Price = Decimal(0)
    flat: Price = Decimal(0)


class TierOut(Shape):
    up_to: Figure | None
    unit_price: Figure
    flat: Figure


class MeterIn(Shape):
    """Something that is consumed. graduated: each unit at its tier's price; volume: all at that of the tier reached.

    package: by packages of ``size`` at ``price``, each that was started in full. free: so many units cost nothing.
    minimum: what a period costs at least.
    """

    code: Code
    name: ShortText
    unit: ShortText | None = None
    model: Annotated[UsageModel, Field(strict=False)] = UsageModel.GRADUATED
    tiers: Annotated[list[TierIn], Field(max_length=50)] = Field(default_factory=list)
    size: PositiveQuantity = Decimal(1)
    price: Price = Decimal(0)
    free: Quantity = Decimal(0)
    minimum: Price = Decimal(0)
    taxes: Codes | None = None

    def meter(self, place: int) -> Meter:
        price = UsagePrice(
            model=self.model,
            tiers=tuple(Tier(**tier.model_dump()) for tier in self.tiers),
            **self.model_dump(include={"size", "price", "free", "minimum"}),
        )
        taxes = None if self.taxes is None else tuple(self.taxes)
        sound = checked(price, at=f"/meters/{place}")
        return Meter(code=self.code, name=self.name, unit=self.unit, price=sound, taxes=taxes)


class MeterOut(Shape):
    code: str
    name: str
    unit: str | None
    model: UsageModel
    tiers: list[TierOut]
    size: Figure
    price: Figure
    free: Figure
    minimum: Figure
    taxes: list[str] | None

    @classmethod
    def of(cls, meter: Meter) -> "MeterOut":
        price = meter.price
        return cls(
            code=meter.code,
            name=meter.name,
            unit=meter.unit,
            model=price.model,
            tiers=[
                TierOut(
                    up_to=None if tier.up_to is None else plain(tier.up_to),
                    unit_price=plain(tier.unit_price),
                    flat=plain(tier.flat),
                )
                for tier in price.tiers
            ],
            size=plain(price.size),
            price=plain(price.price),
            free=plain(price.free),
            minimum=plain(price.minimum),
            taxes=None if meter.taxes is None else list(meter.taxes),
        )


class FeeOut(Shape):
    code: str
    description: str
    quantity: Figure
    unit: str | None
    unit_price: Figure
    taxes: list[str] | None
    timing: Timing

    @classmethod
    def of(cls, fee: Fee) -> "FeeOut":
        return cls(
            code=fee.code,
            description=fee.description,
            quantity=plain(fee.quantity),
            unit=fee.unit,
            unit_price=plain(fee.unit_price),
            taxes=None if fee.taxes is None else list(fee.taxes),
            timing=fee.timing,
        )


class ContractFields(Shape):
    """What of a contract may be given at any time; what was accrued so far stays.

    taxable: whether it is taxed at all; taxes: codes, left out the business's usual ones.
    grace_days: how long after its end a period stays open for what is still to be entered.
    rates, time_rounding: how time is billed. included_hours, included_amount: what of it the fees of a period cover.
    meters: what is consumed, and its price.
    """

    name: ShortText | None = None
    taxable: bool | None = None
    taxes: Codes | None = None
    ends_on: Day | None = None
    grace_days: Annotated[int, Field(ge=0, le=90)] | None = None
    fees: Annotated[list[FeeShape], Field(max_length=MOST_FEES)] | None = None
    rates: Annotated[list[TimeRateShape], Field(max_length=100)] | None = None
    time_rounding: TimeRoundingShape | None = None
    included_hours: Quantity | None = None
    included_amount: Amount | None = None
    meters: Annotated[list[MeterIn], Field(max_length=MOST_METERS)] | None = None
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
    billing_period: PeriodShape | None = None
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


class UsageEventIn(Shape):
    """transaction_id: the sender's own name for it: told again, it counts once."""

    transaction_id: Annotated[ShortText, Field(min_length=1)]
    meter: Code
    quantity: Quantity
    occurred_at: Instant

    def consumption(self) -> Consumption:
        return Consumption(**self.model_dump())


class UsageIn(Shape):
    events: Annotated[list[UsageEventIn], Field(min_length=1, max_length=MOST_EVENTS)]


class UsageEventOut(Shape):
    """period: in which it counts: its own, or the first that was still open when it came."""

    transaction_id: str
    meter: str
    quantity: Figure
    occurred_at: datetime
    period: int

    @classmethod
    def of(cls, record: UsageRecord) -> "UsageEventOut":
        return cls(
            transaction_id=record.transaction_id,
            meter=record.meter,
            quantity=plain(record.quantity),
            occurred_at=record.occurred_at,
            period=record.period,
        )


class MeteredOut(Shape):
    """recorded: the events that count from now on; repeated: how many counted already."""

    recorded: list[UsageEventOut]
    repeated: int


class MeterStandingOut(Shape):
    """What was consumed in a period so far, and what that costs."""

    meter: str
    units: Figure
    charge: Figure


class UsageOut(Shape):
    period: int
    closed: bool
    hours: Figure
    currency: str
    meters: list[MeterStandingOut]

    @classmethod
    def of(cls, contract: Contract, tally: Tally) -> "UsageOut":
        units = {meter.code: tally.units.get(meter.code, Decimal(0)) for meter in contract.meters}
        return cls(
            period=tally.period,
            closed=tally.period < contract.closed,
            hours=plain(in_hours(tally.minutes)),
            currency=contract.currency,
            meters=[
                MeterStandingOut(
                    meter=meter.code,
                    units=plain(units[meter.code]),
                    charge=f"{meter.price.charge(units[meter.code], contract.currency)}",
                )
                for meter in contract.meters
            ],
        )


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
    billing_period: PeriodShape | None
    anchor: date | None
    grace_days: int
    fees: list[FeeOut]
    rates: list[TimeRateOut]
    time_rounding: TimeRoundingShape | None
    included_hours: Figure | None
    included_amount: Figure | None
    meters: list[MeterOut]
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
        "billing_period": PeriodShape.of(contract.every) if contract.every else None,
        "fees": [FeeOut.of(fee) for fee in contract.fees],
        "rates": [TimeRateOut.of(rate) for rate in contract.rates],
        "time_rounding": TimeRoundingShape.of(contract.time_rounding) if contract.time_rounding else None,
        "included_hours": None if contract.included_hours is None else plain(contract.included_hours),
        "included_amount": None if contract.included_amount is None else f"{contract.included_amount}",
        "meters": [MeterOut.of(meter) for meter in contract.meters],
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
