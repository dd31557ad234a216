"""Whether each planned invoice of a batch was drafted once, or told as one that could not be (I21)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from chalicelib.domain import batch_plan
from chalicelib.domain.batch import Batch, Step, invoice_id
from chalicelib.domain.batch_events import BatchAsked, BatchProgressed
from chalicelib.domain.books import Books, Thing, Violation
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_life import was_taken_back
from chalicelib.domain.journal import Envelope
from chalicelib.domain.sound_items import ending_of


def of_batches(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    """All batches of a business and their invoices, where its events are at hand."""
    made: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in books.invoices:
        made[invoice.batch_id or ""].append(invoice)
    for batch in books.others if books.envelopes is not None else ():
        if isinstance(batch, Batch):
            ids = ids_of(batch)
            strangers = sorted(one.id for one in made[batch.id] if one.id not in ids)
            reason = f"{', '.join(strangers)} is of it, and nobody planned it"
            yield from Thing(batch.id, f"batch {batch.id}").unless(not strangers, "I21", reason)
            removed = {id for id in ids if was_taken_out(by_subject.get(id, ()))}
            yield from of_batch(batch, made[batch.id], by_subject.get(batch.id, ()), removed=removed)


def was_taken_out(told: Iterable[Envelope]) -> bool:
    """Whether somebody deleted or voided an invoice; a draft that ended for want of an item was never drafted."""
    ending = ending_of(told)
    return ending is not None and not was_taken_back(ending)


def ids_of(batch: Batch) -> Collection[str]:
    """Every id that an invoice of a batch may have."""
    return {invoice_id(batch, place) for place in range(batch.parts * batch_plan.AT_ONCE)}


def of_batch(
    batch: Batch, invoices: Iterable[Invoice], told: Iterable[Envelope], *, removed: Collection[str]
) -> Iterator[Violation]:
    """A batch beside its invoices and its own events; removed: the drafts that were deleted or voided since."""
    thing, steps, there = Thing(batch.id, f"batch {batch.id}"), _steps(told), list(invoices)
    parts = [event.part for event in steps.get(batch.step, ())] if batch.step else []
    yield from thing.unless_equal("I21", ("its parts went by as", parts), ("it says", list(range(batch.next_part))))
    if batch.step:
        sums = tuple(sum(getattr(event, name) for event in steps[batch.step]) for name in ("done", "failed"))
        yield from thing.unless_equal("I21", ("done and failed are", sums), ("it says", (batch.done, batch.failed)))
    if batch.drafted_at:
        done, failed = (sum(getattr(event, name) for event in steps[Step.DRAFT]) for name in ("done", "failed"))
        yield from thing.unless_equal("I21", ("drafted and failed are", done + failed), ("it planned", batch.invoices))
        known = len({one.id for one in there} | set(removed))
        yield from thing.unless_equal("I21", ("its drafts, there or removed, are", known), ("it says", done))
    if batch.step is Step.ISSUE:
        issued = sum(1 for one in there if one.issued_at)
        yield from thing.unless(issued >= batch.done, "I21", f"{issued} are issued of {batch.done} that it issued")


def _steps(told: Iterable[Envelope]) -> Mapping[str, Sequence[BatchProgressed]]:
    """What it told of each step since it was asked for last, oldest first."""
    steps: dict[str, list[BatchProgressed]] = defaultdict(list)
    step = ""
    for event in sorted((envelope.event for envelope in told), key=lambda event: event.version):
        if isinstance(event, BatchAsked):
            step = event.step
            steps[step] = []
        if isinstance(event, BatchProgressed):
            steps[step].append(event)
    return steps
