"""Whether each period of a contract was opened and closed once, over all that counted in it (I20, I13)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.batch import Batch
from chalicelib.domain.books import Books, Thing, Violation, total
from chalicelib.domain.contract import Contract
from chalicelib.domain.contract_events import ContractPeriodClosed, ContractPeriodOpened, ItemAccrued
from chalicelib.domain.item import Item
from chalicelib.domain.journal import Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.tally import Tally, is_counted, minutes_of, tally_id
from chalicelib.domain.usage_record import UsageRecord


def of_contracts(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    """All contracts and tallies of a business."""
    contracts = {one.id: one for one in books.others if isinstance(one, Contract)}
    tallies = {one.id: one for one in books.others if isinstance(one, Tally)}
    counted: dict[str, list[Item]] = defaultdict(list)
    for item in books.items:
        if is_counted(item):
            counted[tally_id(item.contract_id or "", item.period or 0)].append(item)
    told = _by_period(books.usage or ())
    for id in sorted({*tallies, *counted, *told}):
        records = None if books.usage is None else told.get(id, ())
        yield from of_tally(id, tallies.get(id), items=counted.get(id, ()), records=records)
    accrued: dict[str, list[ItemAccrued]] = defaultdict(list)
    for envelope in books.envelopes or ():
        if isinstance(envelope.event, ItemAccrued):
            accrued[envelope.event.contract_id].append(envelope.event)
    for one in contracts.values():
        yield from of_closing(one, tallies)
        if books.envelopes is not None:
            yield from of_contract(one, by_subject.get(one.id, ()), accrued.get(one.id, ()))


def of_contract(contract: Contract, told: Iterable[Envelope], accrued: Iterable[ItemAccrued]) -> Iterator[Violation]:
    """A contract beside its own events; accrued: all that tells of an item that it made."""
    thing, events = Thing(contract.id, f"contract {contract.id}"), [envelope.event for envelope in told]
    opened = [event for event in events if isinstance(event, ContractPeriodOpened)]
    closed = [event for event in events if isinstance(event, ContractPeriodClosed)]
    for deed, periods, number in (
        ("opened", [event.period for event in opened], contract.opened),
        ("closed", [event.period for event in closed], contract.closed),
    ):
        yield from thing.unless_equal(
            "I20", (f"it tells that it {deed} the periods", sorted(periods)), ("it says", list(range(number)))
        )
    if contract.project:
        return  # what its work comes to is judged by its billing plan (I19)
    said: dict[int, list[Money]] = defaultdict(list)
    made: dict[int, list[Money]] = defaultdict(list)
    for period, amount in ((event.period, event.amount) for some in (opened, closed) for event in some):
        said[period].append(amount)
    for item in accrued:
        made[item.period].append(item.amount)
    for period in sorted({*said, *made}):
        asked, found = (total(amounts[period], contract.currency) for amounts in (said, made))
        yield from thing.unless_equal(
            "I20", (f"the items of its period {period} came to", found), ("it tells of", asked)
        )


def of_closing(contract: Contract, tallies: Mapping[str, Tally]) -> Iterator[Violation]:
    """A contract beside the tallies of its periods, by id: each was closed with its period, and none before."""
    thing = Thing(contract.id, f"contract {contract.id}")
    for period in range(contract.opened):
        tally = tallies.get(tally_id(contract.id, period))
        is_closed = tally is not None and tally.closed_at is not None
        if period >= contract.closed:
            yield from thing.unless(not is_closed, "I20", f"its period {period} is open, and what counts in it is not")
        elif tally or contract.counts_hours:  # meters may have come later
            yield from thing.unless(is_closed, "I20", f"its period {period} was closed without what counted in it")


def of_tally(
    id: str, tally: Tally | None, *, items: Iterable[Item], records: Iterable[UsageRecord] | None
) -> Iterator[Violation]:
    """A tally beside all that counts in it; records: of consumption, where they are at hand."""
    thing, counted = Thing(id, f"tally {id}"), [item for item in items if is_counted(item)]
    minutes = sum((minutes_of(item) for item in counted), Decimal(0))
    told = tally.minutes if tally else Decimal(0)
    yield from thing.unless_equal("I20", ("its items are of so many minutes", minutes), ("it says", told))
    if tally and counted:
        worth = total((item.amount for item in counted), tally.worth.currency)
        yield from thing.unless_equal("I20", ("its items are worth", worth), ("it says", tally.worth))
    if records is not None:
        units: dict[str, Decimal] = defaultdict(Decimal)
        for record in records:
            units[record.meter] += record.quantity
        said = dict(tally.units) if tally else {}
        yield from thing.unless_equal("I20", ("what was consumed comes to", dict(units)), ("it says", said))


def of_turning(one: Batch | Contract, *, late: datetime) -> Iterator[Violation]:
    """What goes on by itself; late: what should have gone on by then."""
    waits = one.look_at is not None and one.look_at <= late
    name = "contract" if isinstance(one, Contract) else "batch"
    yield from Thing(one.id, f"{name} {one.id}").unless(
        not waits, "I13", f"it was to go on at {one.look_at}, and nothing was heard of it since"
    )


def _by_period(records: Iterable[UsageRecord]) -> Mapping[str, Sequence[UsageRecord]]:
    """By the tally in which they count."""
    found: dict[str, list[UsageRecord]] = defaultdict(list)
    for record in records:
        found[tally_id(record.contract_id, record.period)].append(record)
    return found
