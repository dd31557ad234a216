"""What happens to reminders of invoices."""

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.domain.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRequested(Event):
    """Somebody rang the bell; the mail follows."""

    type: ClassVar[str] = "invoice.reminder_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReminded(Event):
    """The mail provider accepted the reminder."""

    type: ClassVar[str] = "invoice.reminded"
    to: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDropped(Event):
    """The invoice was paid, or taken out of force, before its reminder was mailed: nothing went out."""

    type: ClassVar[str] = "invoice.reminder_dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFailed(Event):
    """The reminder was refused, or came back."""

    type: ClassVar[str] = "invoice.reminder_failed"
    reason: str
