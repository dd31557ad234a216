"""Batches of invoices over contracts: foreseen, planned, run exactly so or not at all, held and gone on with."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.domain import batch as batches
from chalicelib.domain.batch import UNUSUAL, Batch, Step
from chalicelib.domain.batch_changes import differences
from chalicelib.domain.batch_plan import AT_ONCE, PlannedInvoice, PlanPart, Selection
from chalicelib.domain.errors import Changed, NotFound, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.ports import Add, Filter, Ids, Keep, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.foreseeing import Foreseen, foresee

KEPT_FOR = timedelta(days=7)
PARTS_AT_ONCE = 10
"""So many parts of a plan are kept in one transaction: 4 MB, a selection of thousands of names among them."""
MOST_TOLD = 100


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

    Raises Refused (``batch_unusual``) for one over three times the last one that ran, in its amount or in its number of
    invoices, unless it is confirmed.
    """

    def deed() -> Batch:
        batch = unchanged(store.get(Batch, batch_id), if_match)
        if plan_hash not in {None, batch.plan_hash}:
            raise Changed("plan_changed", f"You cannot run batch {batch_id} by another plan than its own.")
        if batch.step is None:
            _as_foreseen(_first_part(batch.id, store), batch.plan_hash, now=now, store=store)
            if not confirm:
                _must_be_usual(batch, store)
        after, event = batches.asked(batch, Step.DRAFT, at=now)
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


def parts_of(holder: str, store: Store) -> Iterable[PlanPart]:
    """A kept plan, part by part. Raises NotFound for one that is not kept, or not any more."""
    first = _first_part(holder, store)
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


def _first_part(holder: str, store: Store) -> PlanPart:
    first = store.find(PlanPart, f"{holder}/00000")
    if first is None:
        raise NotFound("plan", holder)
    return first


def _unchanged(plan_hash: str | None, selection: Selection | None, *, now: datetime, store: Store) -> Foreseen:
    """What is foreseen now, provided it is what was foreseen under the hash."""
    if plan_hash is None:
        return foresee(selection or Selection(), now=now, store=store)
    first = _first_part(plan_hash, store)
    if selection not in {None, first.selection}:
        raise Changed("plan_changed", f"Plan {plan_hash} is of another selection than this one.")
    return _as_foreseen(first, plan_hash, now=now, store=store)


def _as_foreseen(first: PlanPart, plan_hash: str, *, now: datetime, store: Store) -> Foreseen:
    """What a kept plan would be now, provided it is what it was; first: its first part."""
    foreseen = foresee(first.selection or Selection(), now=now, store=store)
    if foreseen.plan.hash != plan_hash:
        before = [one for part in parts_of(first.holder, store) for one in part.invoices]
        raise _changed(before, foreseen.plan.invoices)
    return foreseen


def _changed(before: Sequence[PlannedInvoice], now: Sequence[PlannedInvoice]) -> Changed:
    told = list(differences(before, now))
    return Changed(
        "plan_changed",
        f"You cannot run this plan because {len(told)} things changed since; preview it again.",
        changes=tuple(told[:MOST_TOLD]),
    )


def _must_be_usual(batch: Batch, store: Store) -> None:
    """Raise Refused for one that is more than three times the last one that ran in its currency."""
    for amount in batch.amounts:
        last = _last_one(batch, amount.currency, store)
        if last is None:
            continue
        usual = last.amount_in(amount.currency)
        if amount.minor > UNUSUAL * usual.minor:
            raise _unusual(batch, f"comes to {amount} {amount.currency}", f"{usual} of batch {last.id}")
        if batch.invoices > UNUSUAL * last.invoices:
            raise _unusual(batch, f"has {batch.invoices} invoices", f"{last.invoices} of batch {last.id}")


def _last_one(batch: Batch, currency: str, store: Store) -> Batch | None:
    """The last batch before this one that ran and billed something in a currency."""

    def ran(one: Batch) -> bool:
        return one.drafted_at is not None and one.id != batch.id and one.amount_in(currency).minor > 0

    rows: tuple[Batch, ...] = store.page(Batch, Filter(fits=ran), limit=1).rows
    return rows[0] if rows else None


def _unusual(batch: Batch, said: str, usual: str) -> Refused:
    detail = f"You cannot run batch {batch.id} unasked because it {said}, more than {UNUSUAL} times the {usual}"
    return Refused("batch_unusual", f"{detail}; confirm it.")


def _moved(
    move: Callable[[Batch], tuple[Batch, batches.BatchMoved]], batch_id: str, if_match: int | None, store: Store
) -> Batch:
    def deed() -> Batch:
        after, event = move(unchanged(store.get(Batch, batch_id), if_match))
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)


def _keep(parts: Sequence[PlanPart], store: Store) -> None:
    """Keep a plan, its first part last."""
    last_first = parts[::-1]
    for start in range(0, len(parts), PARTS_AT_ONCE):
        store.commit(*(Keep(part) for part in last_first[start : start + PARTS_AT_ONCE]))
