"""Consumption told by programs: each event counts once, in the period of its contract that is still open (C41)."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain import tally as tallies
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract, must_be_active
from chalicelib.domain.errors import Invalid
from chalicelib.domain.tally import Tally
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.domain.values import dataclass
from chalicelib.ports import Keep, Store
from chalicelib.usecases.counting import commit_counted, moving, tally_of

AHEAD = timedelta(days=1)
"""So far a sender's clock may be wrong, or his day another than ours."""

MOST_PERIODS = 30
"""In one request: a period's tally takes two writes of the 100 that a transaction may hold, an event one of 40."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """transaction_id: the program's own name for it, by which it counts once for ever."""

    transaction_id: str
    meter: str
    quantity: Decimal
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """recorded: those that count from now on; repeated: those that counted already."""

    recorded: tuple[UsageRecord, ...]
    repeated: int


def record_usage(contract_id: str, events: Sequence[Consumption], *, now: datetime, store: Store) -> Metered:
    """Count consumption, all of it or nothing; what came before is passed over.

    Raises Invalid for a meter that the contract does not have, one event twice, or told otherwise before, one of a day
    to come, or events of more periods than one transaction holds; Refused unless it is active.
    """
    _each_once(events)
    _must_have_happened(events, now)

    def deed() -> Metered:
        contract, business = store.get(Contract, contract_id), store.get(Business)
        must_be_active(contract, "meter")
        _must_have_meters(contract, events)
        ids = {event.transaction_id: record_id(contract.id, event.transaction_id) for event in events}
        known = {record.id: record for record in store.many(UsageRecord, ids.values())}
        _must_be_the_same(events, {event.transaction_id: known.get(ids[event.transaction_id]) for event in events})
        new = [event for event in events if ids[event.transaction_id] not in known]
        records = tuple(
            UsageRecord(
                id=ids[event.transaction_id],
                transaction_id=event.transaction_id,
                contract_id=contract.id,
                meter=event.meter,
                quantity=event.quantity,
                occurred_at=event.occurred_at,
                period=contract.counts_in(business.today(event.occurred_at)),
                recorded_at=now,
            )
            for event in new
        )
        if records:
            counted = [moving(tally, now=now) for tally in _tallies(contract, records, business, store)]
            commit_counted(store, [*counted, *(Keep(record) for record in records)])
        return Metered(recorded=records, repeated=len(events) - len(records))

    return store.persistently(deed)


def record_id(contract_id: str, transaction_id: str) -> str:
    return f"{contract_id}/{hashlib.sha256(transaction_id.encode()).hexdigest()[:40]}"


def _tallies(contract: Contract, records: Sequence[UsageRecord], business: Business, store: Store) -> list[Tally]:
    by_period: dict[int, list[UsageRecord]] = defaultdict(list)
    for record in records:
        by_period[record.period].append(record)
    if len(by_period) > MOST_PERIODS:
        detail = (
            f"You cannot tell of {len(by_period)} periods at once because one request takes at most {MOST_PERIODS}; "
            "tell of their events in several."
        )
        raise Invalid("too_many_periods", detail, at="/events")
    found = []
    for period, some in by_period.items():
        tally = tally_of(contract, period, store)
        whole = contract.period(period)
        for record in some:
            day = business.today(record.occurred_at)
            late = day if whole and day < whole.starts else None
            tally = tallies.consumed(tally, record.meter, record.quantity, late_from=late)
        _must_not_be_less_than_nothing(tally)
        _must_have_a_price(contract, tally)
        found.append(tally)
    return found


def _must_not_be_less_than_nothing(tally: Tally) -> None:
    """Raise Invalid for more taken off than was counted in a period: what is below zero is billed to nobody."""
    for meter, units in tally.units.items():
        if units < 0:
            detail = (
                f"You cannot take off so much of meter {meter!r} because period {tally.period} would come to "
                f"{units.normalize():f}; credit the invoice on which it was billed."
            )
            raise Invalid("below_zero", detail, at="/events")


def _must_have_a_price(contract: Contract, tally: Tally) -> None:
    """Raise Invalid for more than can be billed, before its period cannot be closed over it."""
    for meter in contract.meters:
        meter.price.charge(tally.units.get(meter.code, Decimal(0)), contract.currency)


def _each_once(events: Sequence[Consumption]) -> None:
    seen: set[str] = set()
    for place, event in enumerate(events):
        if event.transaction_id in seen:
            detail = f"Event {event.transaction_id!r} is told twice here."
            raise Invalid("event_twice", detail, at=f"/events/{place}/transaction_id")
        seen.add(event.transaction_id)


def _must_be_the_same(events: Sequence[Consumption], known: Mapping[str, UsageRecord | None]) -> None:
    """Raise Invalid for an event that was told otherwise before: it would count to nobody."""
    for place, event in enumerate(events):
        before = known[event.transaction_id]
        told = (event.meter, event.quantity, event.occurred_at)
        if before and told != (before.meter, before.quantity, before.occurred_at):
            detail = (
                f"Event {event.transaction_id!r} was told before as {before.quantity.normalize():f} of "
                f"{before.meter!r} at {before.occurred_at:%Y-%m-%dT%H:%M:%SZ}; give another one another name."
            )
            raise Invalid("event_differs", detail, at=f"/events/{place}/transaction_id")


def _must_have_happened(events: Sequence[Consumption], now: datetime) -> None:
    for place, event in enumerate(events):
        if event.occurred_at > now + AHEAD:
            detail = f"Event {event.transaction_id!r} is of {event.occurred_at:%Y-%m-%d}, a day that has not come."
            raise Invalid("day_to_come", detail, at=f"/events/{place}/occurred_at")


def _must_have_meters(contract: Contract, events: Sequence[Consumption]) -> None:
    known = {meter.code for meter in contract.meters}
    for place, event in enumerate(events):
        if event.meter not in known:
            detail = f"There is no meter {event.meter!r} in contract {contract.id}."
            raise Invalid("unknown_meter", detail, at=f"/events/{place}/meter")
