"""Consumption as programs tell of it, and what was counted of it, as JSON."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from chalicelib.domain.contract import (
    Contract,
)
from chalicelib.domain.tally import Tally
from chalicelib.domain.time_terms import in_hours
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.scalars import (
    Code,
    Figure,
    Instant,
    Quantity,
    Shape,
    ShortText,
)
from chalicelib.usecases.metering import Consumption

MOST_EVENTS = 40


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
