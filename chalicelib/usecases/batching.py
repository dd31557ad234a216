"""Batches of invoices over contracts: foreseen, planned, run exactly so or not at all, held and gone on with."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import batch as batches
from chalicelib.domain.batch import UNUSUAL, Batch, Step
from chalicelib.domain.batch_plan import (
    AT_ONCE,
    BatchPlan,
    PlannedInvoice,
    PlanPart,
    Row,
    Selection,
    Totals,
    differences,
    row_of,
    to_invoice,
    totals_of,
)
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import AlreadyDone, Changed, NotFound, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.money import Money
from chalicelib.ports import Add, Filter, Ids, Keep, Save, Store
from chalicelib.usecases.billing import itemiser_for
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.reading import every

KEPT_FOR = timedelta(days=7)
PARTS_AT_ONCE = 20
"""So many parts of a plan are kept in one transaction."""
MOST_TOLD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A plan with what it was worked out from: the contracts' rows, and its totals by currency."""

    plan: BatchPlan
    rows: tuple[Row, ...]
    totals: tuple[Totals, ...]


def preview_batch(selection: Selection, *, now: datetime, real_now: datetime, store: Store) -> Foreseen:
    """What a batch would be; the plan is kept for a week, so that it can be run by its hash."""
    foreseen = foresee(selection, now=now, store=store)
    _keep(foreseen.plan.parts(foreseen.plan.hash, kept_until=real_now + KEPT_FOR), store)
    return foreseen


def plan_batch(
    name: str, *, plan_hash: str | None, selection: Selection | None, now: datetime, ids: Ids, store: Store
) -> Batch:
    """A batch that does what was foreseen; it bills nothing until it is run.

    Raises NotFound for a hash that nobody foresaw, Changed (``plan_changed``) with what is otherwise now.
    """
    foreseen = _unchanged(plan_hash, selection, now=now, store=store)
    id = ids("bat")
    parts = foreseen.plan.parts(id)
    _keep(parts[PARTS_AT_ONCE:], store.aside())
    amounts = tuple(one.total for one in foreseen.totals)
    batch, event = batches.planned(id, name, foreseen.plan, amounts=amounts, at=now)
    store.commit(Add(batch, event), *(Keep(part) for part in parts[:PARTS_AT_ONCE]))
    return batch


def run_batch(
    batch_id: str, *, plan_hash: str | None, confirm: bool, if_match: int | None, now: datetime, store: Store
) -> Batch:
    """Have the batch's drafts written. Raises Changed where it would not be what was planned any more.

    Raises Refused (``batch_unusual``) for one over three times the last one that ran, unless it is confirmed.
    """
    batch = unchanged(store.get(Batch, batch_id), if_match)
    if plan_hash not in {None, batch.plan_hash}:
        raise Changed("plan_changed", f"You cannot run batch {batch_id} by another plan than its own.")
    if batch.step is None:
        _must_be_as_planned(batch, now=now, store=store)
        if not confirm:
            _must_be_usual(batch, store)

    def deed() -> Batch:
        known = unchanged(store.get(Batch, batch_id), if_match)
        after, event = batches.asked(known, Step.DRAFT, at=now)
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)


def issue_batch(batch_id: str, *, send: bool, if_match: int | None, now: datetime, store: Store) -> Batch:
    """Have every draft of the batch issued, and mailed where that is asked for."""
    return _moved(lambda batch: batches.asked(batch, Step.ISSUE, send=send, at=now), batch_id, if_match, store)


def pause_batch(batch_id: str, *, if_match: int | None, now: datetime, store: Store) -> Batch:
    return _moved(lambda batch: batches.paused(batch, at=now), batch_id, if_match, store)


def resume_batch(batch_id: str, *, if_match: int | None, now: datetime, store: Store) -> Batch:
    return _moved(lambda batch: batches.resumed(batch, at=now), batch_id, if_match, store)


def cancel_batch(batch_id: str, *, if_match: int | None, now: datetime, store: Store) -> Batch:
    return _moved(lambda batch: batches.cancelled(batch, at=now), batch_id, if_match, store)


def foresee(selection: Selection, *, now: datetime, store: Store) -> Foreseen:
    """What a batch would be now; nothing is written. Two queries for all contracts, and one read for each client."""
    business = store.get(Business)
    shown = {one.id: one for one in _contracts(selection, store)}
    items: dict[str, list[Item]] = defaultdict(list)
    for item in every(Item, Filter(collected=_only(selection)), store, at_once=500):
        if item.contract_id in shown:
            items[item.contract_id].append(item)
    days = {item.id: business.today(item.occurred_at) for some in items.values() for item in some}
    made = (row_of(one, items[id], days, selection) for id, one in shown.items())
    rows = tuple(row for row in made if row)
    invoices = _priced(to_invoice(rows, selection.per), selection, business=business, store=store)
    plan = BatchPlan(on=business.today(now), selection=selection, invoices=invoices).hashed()
    return Foreseen(plan=plan, rows=rows, totals=totals_of(rows, invoices))


def parts_of(holder: str, store: Store) -> Iterable[PlanPart]:
    """A kept plan, part by part. Raises NotFound for one that is not kept, or not any more."""
    first = store.find(PlanPart, f"{holder}/00000")
    if first is None:
        raise NotFound("plan", holder)
    yield first
    for number in range(1, first.parts):
        yield part_of(holder, number, store)


def invoices_of(batch: Batch, store: Store) -> Iterator[Invoice]:
    """The invoices of a batch that are there, in the order of its plan; one read for each part."""
    for part in parts_of(batch.id, store):
        ids = [batches.invoice_id(batch, place) for place, _ in places_of(part)]
        found = {one.id: one for one in store.many(Invoice, ids)} if ids else {}
        yield from (found[id] for id in ids if id in found)


def places_of(part: PlanPart) -> Iterable[tuple[int, PlannedInvoice]]:
    """The invoices of a part, each with its place in the whole plan."""
    return enumerate(part.invoices, start=part.number * AT_ONCE)


def part_of(holder: str, number: int, store: Store) -> PlanPart:
    return store.get(PlanPart, f"{holder}/{number:05d}")


def _contracts(selection: Selection, store: Store) -> Sequence[Contract]:
    if selection.contracts is not None:
        found = store.many(Contract, selection.contracts) if selection.contracts else ()
        for missing in sorted(set(selection.contracts) - {one.id for one in found}):
            raise NotFound("contract", missing)
        return [one for one in found if selection.shows(one)]
    return list(every(Contract, Filter(fits=selection.shows), store, at_once=500))


def _only(selection: Selection) -> str:
    """The one contract whose items need be read, or none for those of all."""
    return selection.contracts[0] if selection.contracts and len(selection.contracts) == 1 else ""


def _priced(
    groups: Sequence[Sequence[Row]], selection: Selection, *, business: Business, store: Store
) -> tuple[PlannedInvoice, ...]:
    """The invoices with what they come to, tax included: as they will be, since they are written in the same way."""
    wanted = dict.fromkeys(rows[0].contract.client_id for rows in groups)
    clients = {client.id: client for client in store.many(Client, wanted)} if wanted else {}
    items = [item for rows in groups for row in rows for item in row.billed]
    contracts = [row.contract for rows in groups for row in rows]
    itemiser = itemiser_for(items, contracts, grouping=selection.grouping, business=business, store=store)
    made = []
    for rows in groups:
        client = clients.get(rows[0].contract.client_id)
        if client is None or client.removed_at:
            continue
        billed = [item for row in rows for item in row.billed]
        currency = rows[0].contract.currency
        figures = itemiser.content(billed, client, currency=currency).figures()
        made.append(
            PlannedInvoice(
                client_id=client.id,
                client_name=client.name,
                contracts=tuple(row.contract.id for row in rows),
                items=tuple((item.id, item.version) for item in billed),
                net=figures.net_total,
                tax=figures.tax_total,
                total=figures.total,
            )
        )
    return tuple(made)


def _unchanged(plan_hash: str | None, selection: Selection | None, *, now: datetime, store: Store) -> Foreseen:
    """What is foreseen now, provided it is what was foreseen under the hash."""
    if plan_hash is None:
        return foresee(selection or Selection(), now=now, store=store)
    kept = tuple(parts_of(plan_hash, store))
    if selection not in {None, kept[0].selection}:
        raise Changed("plan_changed", f"Plan {plan_hash} is of another selection than this one.")
    foreseen = foresee(kept[0].selection, now=now, store=store)
    if foreseen.plan.hash != plan_hash:
        before = [one for part in kept for one in part.invoices]
        raise _changed(before, foreseen.plan.invoices)
    return foreseen


def _must_be_as_planned(batch: Batch, *, now: datetime, store: Store) -> None:
    foreseen = foresee(batch.selection, now=now, store=store)
    if foreseen.plan.hash != batch.plan_hash:
        before = [one for part in parts_of(batch.id, store) for one in part.invoices]
        raise _changed(before, foreseen.plan.invoices)


def _changed(before: Sequence[PlannedInvoice], now: Sequence[PlannedInvoice]) -> Changed:
    told = list(differences(before, now))
    return Changed(
        "plan_changed",
        f"You cannot run this plan because {len(told)} things changed since; preview it again.",
        changes=tuple(told[:MOST_TOLD]),
    )


def _must_be_usual(batch: Batch, store: Store) -> None:
    """Raise Refused for one that comes to more than three times the last one that ran."""

    def ran(one: Batch) -> bool:
        return one.drafted_at is not None and one.id != batch.id

    last: tuple[Batch, ...] = store.page(Batch, Filter(fits=ran), limit=1).rows
    before = {amount.currency: amount for amount in (last[0].amounts if last else ())}
    for amount in batch.amounts:
        usual = before.get(amount.currency, Money.zero(amount.currency))
        if usual.minor and amount.minor > UNUSUAL * usual.minor:
            detail = (
                f"You cannot run batch {batch.id} unasked because it comes to {amount} {amount.currency}, more than "
                f"{UNUSUAL} times the {usual} of batch {last[0].id}; confirm it."
            )
            raise Refused("batch_unusual", detail)


def _moved(
    move: Callable[[Batch], tuple[Batch, batches.BatchMoved]], batch_id: str, if_match: int | None, store: Store
) -> Batch:
    def deed() -> Batch:
        after, event = move(unchanged(store.get(Batch, batch_id), if_match))
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)


def _keep(parts: Sequence[PlanPart], store: Store) -> None:
    """Keep a plan, its first part last; one that is kept already is the same."""
    last_first = parts[::-1]
    for start in range(0, len(parts), PARTS_AT_ONCE):
        try:
            store.commit(*(Keep(part) for part in last_first[start : start + PARTS_AT_ONCE]))
        except AlreadyDone:
            continue
