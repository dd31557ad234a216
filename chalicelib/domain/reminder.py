"""Reminders by hand: the bell beside an issued invoice that is not paid (H56, H57)."""

from dataclasses import replace
from datetime import datetime, tzinfo

from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.reminder_events import InvoiceReminded, ReminderDropped, ReminderFailed, ReminderRequested


def asks_for_money(invoice: Invoice) -> bool:
    """Whether there is anything to remind of: issued, in force, not wholly paid, and not given back."""
    return invoice.issued_at is not None and invoice.amount_due.minor > 0 and not _was_refunded(invoice)


def _was_refunded(invoice: Invoice) -> bool:
    return bool(invoice.refunded_total) and not invoice.paid_total


def requested(invoice: Invoice, *, zone: tzinfo, at: datetime) -> tuple[Invoice, ReminderRequested]:
    """The invoice with a reminder asked for.

    zone: the business's, whose days count. Raises Refused for what is a draft, void, paid or disputed, and for a
    second reminder on one day (``reminded_today``).
    """
    must_be_issued(invoice, "remind of")
    if _was_refunded(invoice):
        raise Refused("invoice_refunded", f"You cannot remind of invoice {invoice.name} because it was refunded.")
    if not asks_for_money(invoice):
        raise Refused("invoice_paid", f"You cannot remind of invoice {invoice.name} because it is paid.")
    if invoice.disputed_total:
        raise Refused("invoice_disputed", f"You cannot remind of invoice {invoice.name} because it is disputed.")
    _must_be_another_day(invoice, zone=zone, at=at)
    reminder = replace(
        invoice.reminder,
        state=DeliveryState.QUEUED,
        detail=None,
        requests=invoice.reminder.requests + 1,
        at=at,
    )
    asked = replace(invoice, version=invoice.version + 1, reminder=reminder)
    return asked, ReminderRequested(subject=invoice.id, version=asked.version, at=at)


def _must_be_another_day(invoice: Invoice, *, zone: tzinfo, at: datetime) -> None:
    """A reminder that never went out, or came back, does not count."""
    reminder = invoice.reminder
    counts = reminder.state in {DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DELIVERED}
    if counts and reminder.at and reminder.at.astimezone(zone).date() == at.astimezone(zone).date():
        raise Refused(
            "reminded_today",
            f"You cannot remind of invoice {invoice.name} because its client was reminded today"
            f" at {reminder.at.astimezone(zone):%H:%M}.",
        )


def sent(invoice: Invoice, *, to: str, message_id: str, at: datetime) -> tuple[Invoice, InvoiceReminded]:
    """The mail was accepted by the provider; only now is the client reminded (C44)."""
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


def failed(
    invoice: Invoice, *, reason: str, at: datetime, state: DeliveryState = DeliveryState.FAILED
) -> tuple[Invoice, ReminderFailed]:
    """The mail was refused, or came back: the client was not reminded, whatever the provider said first."""
    came_back = invoice.reminder.state is DeliveryState.SENT
    reminded_at = invoice.reminder.sent_before if came_back else invoice.reminded_at
    reminder = replace(invoice.reminder, state=state, detail=reason, at=at)
    stuck = replace(invoice, version=invoice.version + 1, reminder=reminder, reminded_at=reminded_at)
    return stuck, ReminderFailed(subject=invoice.id, version=stuck.version, at=at, reason=reason)
