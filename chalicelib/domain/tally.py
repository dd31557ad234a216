"""What is counted in one period of a contract: hours against an allowance or rounded by the day, and consumption.

Whatever counts is counted in the transaction that publishes it, so a period is closed over exactly what is in it.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from chalicelib.domain.errors import Conflict
from chalicelib.domain.item import Item, ItemKind, ItemStatus
from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.time_terms import MINUTES, in_hours
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyCounted(Event):
    """Something was counted, or is counted no more."""

    type: ClassVar[str] = "tally.counted"
    contract_id: str
    period: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyClosed(Event):
    """Nothing is counted any more; what comes later counts in a later period."""

    type: ClassVar[str] = "tally.closed"
    contract_id: str
    period: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """So many of the units were consumed before their period, on days from first to last (C41)."""

    units: Decimal
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """hours: minutes that count, by day and price of an hour; worth: of the items that they are of.

    units: what was consumed, by meter; late: what of that came after its own period was closed.
    """

    id: str
    version: int = 0
    contract_id: str
    client_id: str
    period: int
    worth: Money
    hours: Mapping[str, Decimal] = field(default_factory=dict)
    units: Mapping[str, Decimal] = field(default_factory=dict)
    late: Mapping[str, Late] = field(default_factory=dict)
    closed_at: datetime | None = None

    @property
    def minutes(self) -> Decimal:
        return sum(self.hours.values(), Decimal(0))


def tally_id(contract_id: str, period: int) -> str:
    return f"{contract_id}.{period:05d}"


def hours_key(day: date, unit_price: Decimal) -> str:
    return f"{day.isoformat()} {unit_price.normalize():f}"


def day_and_price(key: str) -> tuple[date, Decimal]:
    day, _, price = key.partition(" ")
    return date.fromisoformat(day), Decimal(price)


def is_counted(item: Item) -> bool:
    """Whether an item counts in a period: one of time that was given one as it was published."""
    plain = item.kind is ItemKind.TIME and item.status is ItemStatus.PUBLISHED and not item.accrued
    return plain and item.contract_id is not None and item.period is not None


def minutes_of(item: Item) -> Decimal:
    """The minutes that an item of time counts: as many as it bills, exactly where its quantity is rounded off."""
    exact = item.minutes is not None and in_hours(item.minutes) == item.quantity
    return item.minutes if exact and item.minutes is not None else item.quantity * MINUTES


def counted(tally: Tally, item: Item, *, day: date, sign: int = 1) -> Tally:
    """The tally with an item of time, or without it."""
    key = hours_key(day, item.unit_price)
    minutes = tally.hours.get(key, Decimal(0)) + sign * minutes_of(item)
    hours = {name: value for name, value in {**tally.hours, key: minutes}.items() if value}
    worth = tally.worth + item.amount if sign > 0 else tally.worth - item.amount
    return replace(tally, hours=hours, worth=worth)


def consumed(tally: Tally, meter: str, quantity: Decimal, *, late_from: date | None = None) -> Tally:
    """The tally with units consumed; late_from: their day, where that is before the period."""
    units = {**tally.units, meter: tally.units.get(meter, Decimal(0)) + quantity}
    if late_from is None:
        return replace(tally, units=units)
    known = tally.late.get(meter) or Late(units=Decimal(0), first=late_from, last=late_from)
    late = Late(units=known.units + quantity, first=min(known.first, late_from), last=max(known.last, late_from))
    return replace(tally, units=units, late={**tally.late, meter: late})


def moved(tally: Tally, *, at: datetime) -> tuple[Tally, TallyCounted]:
    """The tally one version on. Raises Conflict for one that was closed meanwhile."""
    if tally.closed_at:
        raise Conflict("conflict", "The period was closed at the same moment; try again.")
    after = replace(tally, version=tally.version + 1)
    event = TallyCounted(
        subject=tally.id, version=after.version, at=at, contract_id=tally.contract_id, period=tally.period
    )
    return after, event


def closed(tally: Tally, *, at: datetime) -> tuple[Tally, TallyClosed]:
    after = replace(tally, version=tally.version + 1, closed_at=at)
    event = TallyClosed(
        subject=tally.id, version=after.version, at=at, contract_id=tally.contract_id, period=tally.period
    )
    return after, event


def cost(minutes: Decimal, unit_price: Decimal) -> Fraction:
    """What minutes cost at the price of an hour, unrounded."""
    return Fraction(in_hours(minutes)) * Fraction(unit_price)
