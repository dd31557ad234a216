"""What closing a period of a contract brings besides its fees: rounded days, what is included, what was consumed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.accrual import accrual_id, described, taxes_of
from chalicelib.domain.business import Business
from chalicelib.domain.contract import BillingPeriod, Contract
from chalicelib.domain.item import Item, ItemKind, ItemStatus
from chalicelib.domain.money import Money
from chalicelib.domain.tally import Late, Tally, cost, day_and_price
from chalicelib.domain.time_terms import MINUTES, RoundedPer, in_hours
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that a period costs: what it is told as, and what it comes to; below zero where it is included."""

    code: str
    description: str
    amount: Money
    kind: ItemKind = ItemKind.FEE
    taxes: tuple[str, ...] | None = None


def brought_by(
    contract: Contract, period: BillingPeriod, tally: Tally, *, business: Business, at: datetime
) -> tuple[Item, ...]:
    """The items of a period that was counted; what comes to nothing is left out."""
    rounding = tuple(_rounded_days(contract, tally))
    parts = (*rounding, *_included(contract, tally, rounding), *_consumed(contract, tally))
    return tuple(_item(contract, period, part, business=business, at=at) for part in parts if part.amount.minor)


def _rounded_days(contract: Contract, tally: Tally) -> Iterator[Part]:
    """What rounding each day adds to what its entries cost, of all days together."""
    if contract.time_rounding is None or contract.time_rounding.per is not RoundedPer.DAY:
        return
    exact = sum((cost(_billed(contract, minutes), _price(key)) for key, minutes in tally.hours.items()), Fraction(0))
    added = Money.rounded(exact, contract.currency) - tally.worth
    billed = in_hours(_billed_minutes(contract, tally))
    text = f"{contract.name}: {in_hours(tally.minutes):f} h \N{RIGHTWARDS ARROW} {billed:f} h"
    yield Part(code="rounding", description=text, amount=added)


def _included(contract: Contract, tally: Tally, rounding: tuple[Part, ...]) -> Iterator[Part]:
    """What of the hours the period's fee covers, taken off again: the earliest hours, then an amount of the rest."""
    worth = sum((part.amount for part in rounding), tally.worth)
    if contract.included_hours is not None and tally.minutes:
        covered, rest = _covered(contract, tally)
        text = f"{contract.name}: {in_hours(covered):f} h / {contract.included_hours:f} h"
        left = Money.rounded(rest, contract.currency)
        yield Part(code="included", description=text, amount=left - worth)
        worth = left
    if contract.included_amount is not None and worth.minor > 0:
        credit = min(worth, contract.included_amount)
        text = f"{contract.name}: {credit} / {contract.included_amount} {contract.currency}"
        yield Part(code="included_amount", description=text, amount=-credit)


def _covered(contract: Contract, tally: Tally) -> tuple[Decimal, Fraction]:
    """So many minutes are included, and what those beyond them cost."""
    left = (contract.included_hours or Decimal(0)) * MINUTES
    covered, rest = Decimal(0), Fraction(0)
    for key in sorted(tally.hours):
        billed = _billed(contract, tally.hours[key])
        minutes = min(billed, left)
        covered, left = covered + minutes, left - minutes
        rest += cost(billed - minutes, _price(key))
    return covered, rest


def _price(key: str) -> Decimal:
    return day_and_price(key)[1]


def _billed_minutes(contract: Contract, tally: Tally) -> Decimal:
    return sum((_billed(contract, minutes) for minutes in tally.hours.values()), Decimal(0))


def _billed(contract: Contract, minutes: Decimal) -> Decimal:
    """The minutes of a day that are billed; those that are only taken off again are not rounded."""
    rounding = contract.time_rounding
    by_day = rounding is not None and rounding.per is RoundedPer.DAY
    return rounding.rounded(minutes) if rounding and by_day and minutes > 0 else minutes


def _consumed(contract: Contract, tally: Tally) -> Iterator[Part]:
    for meter in contract.meters:
        units = tally.units.get(meter.code, Decimal(0))
        amount = meter.price.charge(units, contract.currency)
        text = f"{meter.name}: {units.normalize():f} {meter.unit or ''}".rstrip() + _told_late(
            tally.late.get(meter.code)
        )
        yield Part(code=f"meter:{meter.code}", description=text, amount=amount, kind=ItemKind.USAGE, taxes=meter.taxes)


def _told_late(late: Late | None) -> str:
    """The true days of what came late, and how much it was."""
    if late is None or not late.units:
        return ""
    days = f"{late.first}" if late.first == late.last else f"{late.first} \N{EN DASH} {late.last}"
    return f", {days}: {late.units.normalize():f}"


def _item(contract: Contract, period: BillingPeriod, part: Part, *, business: Business, at: datetime) -> Item:
    due_at = business.morning_of(period.last_day).astimezone(UTC)
    return Item(
        id=accrual_id(contract.id, period.number, part.code, at=due_at),
        client_id=contract.client_id,
        client_name=contract.client_name,
        kind=part.kind,
        description=described(part.description, contract, period),
        occurred_at=due_at,
        unit_price=part.amount.decimal,
        taxes=taxes_of(contract, part.taxes),
        amount=part.amount,
        job_id=contract.job_id,
        contract_id=contract.id,
        period=period.number,
        accrued=True,
        status=ItemStatus.PUBLISHED,
        created_at=at,
        published_at=at,
    )
