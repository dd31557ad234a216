"""Whether every period of a recurring plan has one invoice, and none was passed over (I14, I13)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.books import Books, Thing, Violation
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_events import PlanBilled
from chalicelib.domain.sound_items import ending_of


def of_plans(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    """All plans of a business, where its events are at hand."""
    if books.envelopes is None:
        return
    made: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in books.invoices:
        made[invoice.plan_id or ""].append(invoice)
    removed = {id for id, told in by_subject.items() if ending_of(told)}
    for plan in books.others:
        if isinstance(plan, Plan):
            invoices, told = made.get(plan.id, ()), by_subject.get(plan.id, ())
            yield from of_plan(plan, invoices=invoices, envelopes=told, removed=removed)


def of_plan(
    plan: Plan, *, invoices: Sequence[Invoice], envelopes: Iterable[Envelope], removed: Collection[str] = ()
) -> Iterator[Violation]:
    """A plan beside its invoices and its own events.

    invoices: those that name it; removed: the drafts that were deleted, where that is known.
    """
    thing = Thing(plan.id, f"plan {plan.id}")
    told = [envelope.event for envelope in envelopes if isinstance(envelope.event, PlanBilled)]
    counts = Counter(event.period for event in told)
    left_out = {number for gap in plan.left_out for number in range(gap.first, gap.last + 1)}
    for number in range(1, plan.number):
        wanted = 0 if number in left_out else 1
        yield from thing.unless_equal(
            "I14", (f"its period {number} was billed", counts[number]), ("it should have been", wanted)
        )
    ahead = sorted(number for number in counts if number >= plan.number)
    yield from thing.unless(not ahead, "I14", f"its periods {ahead} are billed, and its next is {plan.number}")
    yield from _of_invoices(thing, told, invoices, removed)


def of_plan_work(plan: Plan, *, late: datetime) -> Iterator[Violation]:
    """A plan's next period; late: by when it must have been due to be billed, or written down as hindered, by now."""
    due_at = plan.due_at
    yield from Thing(plan.id, f"plan {plan.id}").unless(
        due_at is None or due_at > late, "I13", f"its period {plan.number} was due at {due_at} and was not looked at"
    )


def _of_invoices(
    thing: Thing, told: Sequence[PlanBilled], invoices: Sequence[Invoice], removed: Collection[str]
) -> Iterator[Violation]:
    periods = {event.invoice_id: event.period for event in told}
    for invoice in invoices:
        yield from thing.unless_equal(
            "I14",
            (f"invoice {invoice.name} bills its period", invoice.plan_period),
            ("it told of period", periods.get(invoice.id)),
        )
    lost = sorted(periods.keys() - {invoice.id for invoice in invoices} - set(removed))
    yield from thing.unless(not lost, "I14", f"its invoices {lost} are not there")
