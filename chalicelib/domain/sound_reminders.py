"""Whether nobody is reminded twice, or of what was paid (I17)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.credit_events import InvoiceCredited
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.events import InvoiceVoided
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.payment_events import InvoiceSettled
from chalicelib.domain.reminder import Reminder, id_of
from chalicelib.domain.reminder_events import (
    InvoiceReminded,
    ReminderDropped,
    ReminderFailed,
    ReminderMailed,
    ReminderRequested,
    ReminderReturned,
    ReminderStepReached,
)


def of_reminder(reminder: Reminder, envelopes: Sequence[Envelope]) -> Iterator[Violation]:
    """A reminder beside its own events: it is mailed again only after it came back."""
    thing = Thing(reminder.id, f"reminder {reminder.id}")
    wanted = id_of(reminder.client_id, reminder.day)
    yield from thing.unless_equal("I17", ("its id is", reminder.id), ("that of its client's day is", wanted))
    is_out = False
    for envelope in sorted(envelopes, key=lambda one: one.event.version):
        if isinstance(envelope.event, ReminderMailed):
            yield from thing.unless(not is_out, "I17", f"it was mailed twice, again at {envelope.event.at}")
            is_out = True
        if isinstance(envelope.event, ReminderReturned):
            is_out = False


def of_days(reminders: Iterable[Reminder]) -> Iterator[Violation]:
    """All the reminders of a business: a client has one of a day at most."""
    days = Counter((one.client_id, one.day) for one in reminders if one.stands)
    for (client_id, day), count in sorted(days.items()):
        thing = Thing(client_id, f"client {client_id}")
        yield from thing.unless(count == 1, "I17", f"it was reminded {count} times on {day}")


def of_steps(invoice: Invoice, envelopes: Sequence[Envelope]) -> Iterator[Violation]:
    """An invoice beside its own events: it is on each step once, and on none when nothing is due."""
    thing = Thing(invoice.id, f"invoice {invoice.name}")
    on: dict[date, list[int]] = {}
    latest: ReminderStepReached | None = None
    is_due = True
    for event in sorted((envelope.event for envelope in envelopes), key=lambda one: one.version):
        match event:
            case InvoiceSettled(amount_due=amount_due) | InvoiceCredited(amount_due=amount_due):
                is_due = amount_due.minor > 0
            case InvoiceVoided():
                is_due = False
            case ReminderStepReached(due_on=due_on, days=days):
                before = on.setdefault(due_on, [])
                yield from thing.unless(
                    not before or days > before[-1], "I17", f"its step {days} of {due_on} came after {before}"
                )
                yield from thing.unless(is_due, "I17", f"its step {days} of {due_on} came when nothing was due")
                before.append(days)
                latest = event
            case InvoiceReminded() | ReminderFailed() | ReminderRequested():
                latest = None
            case ReminderDropped() if latest:  # it did not go out, and may come again
                on[latest.due_on].remove(latest.days)
                latest = None


def of_reminder_work(reminder: Reminder, *, late: datetime) -> Iterator[Violation]:
    """What is to be mailed is mailed within minutes (I13)."""
    asked = reminder.delivery.at or reminder.created_at
    unsent = reminder.delivery.state is DeliveryState.QUEUED
    thing = Thing(reminder.id, f"reminder {reminder.id}")
    yield from thing.unless(asked > late or not unsent, "I13", f"it was to be sent at {asked} and is not")
