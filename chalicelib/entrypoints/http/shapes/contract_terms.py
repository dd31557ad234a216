"""What contracts agree on, as JSON: periods, fees, rates of time, prices of consumption."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.domain.contract import (
    Fee,
    Meter,
    Timing,
)
from chalicelib.domain.recurrence import Period
from chalicelib.domain.time_terms import RoundedPer, RoundingMode, TimeRate, TimeRounding
from chalicelib.domain.usage_price import Tier, UsageModel, UsagePrice, checked
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.documents import Codes
from chalicelib.entrypoints.http.shapes.scalars import (
    Code,
    Figure,
    LongText,
    PositiveQuantity,
    Price,
    Quantity,
    Shape,
    ShortText,
    refusal,
)

MOST_MONTHS, MOST_DAYS = 120, 366


class BillingIntervalShape(Shape):
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
    def of(cls, period: Period) -> "BillingIntervalShape":
        return cls(months=period.months or None, days=period.days or None)


class ContractFeeIn(Shape):
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


class ContractFeeOut(Shape):
    code: str
    description: str
    quantity: Figure
    unit: str | None
    unit_price: Figure
    taxes: list[str] | None
    timing: Timing

    @classmethod
    def of(cls, fee: Fee) -> "ContractFeeOut":
        return cls(
            code=fee.code,
            description=fee.description,
            quantity=plain(fee.quantity),
            unit=fee.unit,
            unit_price=plain(fee.unit_price),
            taxes=None if fee.taxes is None else list(fee.taxes),
            timing=fee.timing,
        )
