"""What reminders mean for each invoice that they are of: a step, a mail, a plan, and what holds them back."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import Refused
from chalicelib.domain.follow_up import Owed, asks_for_money
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.ladder import reached_of, with_reached
from chalicelib.domain.reminder import Entry
from chalicelib.domain.reminder_events import (
    InvoiceReminded,
    PaymentPromised,
    ReminderDropped,
    ReminderFailed,
    ReminderRequested,
    RemindersPlanned,
    RemindersSwitched,
    ReminderStepReached,
)


def requested(invoice: Invoice, *, at: datetime) -> tuple[Invoice, ReminderRequested]:
    """The invoice with a reminder asked for by the bell.

    Raises Refused for what is a draft, void, paid, refunded or disputed.
    """
    must_be_issued(invoice, "remind of")
    if invoice.is_refunded:
        raise Refused("invoice_refunded", f"You cannot remind of invoice {invoice.name} because it was refunded.")
    if not asks_for_money(invoice):
        raise Refused("invoice_paid", f"You cannot remind of invoice {invoice.name} because it is paid.")
    if invoice.disputed_total:
        raise Refused("invoice_disputed", f"You cannot remind of invoice {invoice.name} because it is disputed.")
    asked = _asked(invoice, at=at)
    return asked, ReminderRequested(subject=invoice.id, version=asked.version, at=at)


def stepped(invoice: Invoice, owed: Owed, *, reminder_id: str, at: datetime) -> tuple[Invoice, ReminderStepReached]:
    """The invoice on a step of the ladder, which it is never on again."""
    reached = with_reached(invoice.reached, owed.marks)
    asked = replace(_asked(invoice, at=at), reached=reached)
    event = ReminderStepReached(
        subject=invoice.id,
        version=asked.version,
        at=at,
        reminder_id=reminder_id,
        days=owed.step.days,
        due_on=owed.due_on,
        passed_over=owed.passed_over,
    )
    return asked, event


def _asked(invoice: Invoice, *, at: datetime) -> Invoice:
    reminder = replace(
        invoice.reminder, state=DeliveryState.QUEUED, detail=None, requests=invoice.reminder.requests + 1, at=at
    )
    return replace(invoice, version=invoice.version + 1, reminder=reminder)


def sent(invoice: Invoice, *, to: str, message_id: str, at: datetime) -> tuple[Invoice, InvoiceReminded]:
    reminder = replace(
        invoice.reminder,
        state=DeliveryState.SENT,
        message_id=message_id,
        at=at,
        sent_before=invoice.reminded_at,
    )
    gone = replace(invoice, version=invoice.version + 1, reminder=reminder, reminded_at=at)
    return gone, InvoiceReminded(subject=invoice.id, version=gone.version, at=at, to=to, message_id=message_id)


def dropped(invoice: Invoice, *, at: datetime) -> tuple[Invoice, ReminderDropped]:
    reminder = replace(invoice.reminder, state=DeliveryState.NONE)
    quiet = replace(invoice, version=invoice.version + 1, reminder=reminder)
    return quiet, ReminderDropped(subject=invoice.id, version=quiet.version, at=at)


def put_off(invoice: Invoice, entry: Entry, *, at: datetime) -> tuple[Invoice, ReminderDropped]:
    """The invoice whose reminder was not mailed on its day: the step is still before it, and is looked at anew."""
    quiet, event = dropped(invoice, at=at)
    if entry.due_on is None or reached_of(invoice.reached, entry.due_on) != entry.days:
        return quiet, event
    return replace(quiet, reached=entry.before, remind_at=at), event


def failed(
    invoice: Invoice, *, reason: str, at: datetime, state: DeliveryState = DeliveryState.FAILED
) -> tuple[Invoice, ReminderFailed]:
    """The client was not reminded of it, whatever the provider said first."""
    came_back = invoice.reminder.state is DeliveryState.SENT
    reminded_at = invoice.reminder.sent_before if came_back else invoice.reminded_at
    reminder = replace(invoice.reminder, state=state, detail=reason, at=at)
    stuck = replace(invoice, version=invoice.version + 1, reminder=reminder, reminded_at=reminded_at)
    return stuck, ReminderFailed(subject=invoice.id, version=stuck.version, at=at, reason=reason)


def planned(invoice: Invoice, *, next_at: datetime | None, at: datetime) -> tuple[Invoice, RemindersPlanned]:
    later = replace(invoice, version=invoice.version + 1, remind_at=next_at)
    return later, RemindersPlanned(subject=invoice.id, version=later.version, at=at, next_at=next_at)


def switched(
    invoice: Invoice, *, off: bool, next_at: datetime | None, at: datetime
) -> tuple[Invoice, RemindersSwitched]:
    """The invoice taken off the ladder, or put back. Raises Refused for a draft and for what is void."""
    must_be_issued(invoice, "stop reminders of" if off else "start reminders of")
    turned = replace(invoice, version=invoice.version + 1, reminders_off=off, remind_at=next_at)
    return turned, RemindersSwitched(subject=invoice.id, version=turned.version, at=at, off=off)


def promised(
    invoice: Invoice, *, on: date | None, note: str | None, next_at: datetime | None, at: datetime
) -> tuple[Invoice, PaymentPromised]:
    """The invoice with the day by which its client will pay; None takes the promise back."""
    kept = replace(invoice, version=invoice.version + 1, promised_on=on, remind_at=next_at)
    return kept, PaymentPromised(subject=invoice.id, version=kept.version, at=at, promised_on=on, note=note)
