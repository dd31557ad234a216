"""What happens to reminders of invoices, and to the invoices they are of."""

from datetime import date, datetime
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRequested(Event):
    """Somebody rang the bell; the mail follows."""

    type: ClassVar[str] = "invoice.reminder_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderStepReached(Event):
    """An invoice came to a step of the ladder; the mail follows. passed_over: the missed steps that it stands for."""

    type: ClassVar[str] = "invoice.reminder_step"
    reminder_id: str
    days: int
    due_on: date
    passed_over: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersPlanned(Event):
    """When the invoice's follow-up is looked at again changed; None: nothing comes of it by itself."""

    type: ClassVar[str] = "invoice.reminders_planned"
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersSwitched(Event):
    """A person took an invoice off the ladder, or put it back."""

    type: ClassVar[str] = "invoice.reminders_switched"
    off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPromised(Event):
    """The client promised to pay by a day; without a day the promise was taken back."""

    type: ClassVar[str] = "invoice.payment_promised"
    promised_on: date | None
    note: str | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderQueued(Event):
    """A client is to be reminded of some invoices, in one mail."""

    type: ClassVar[str] = "reminder.queued"
    client_id: str
    day: date
    invoice_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderMailed(Event):
    """The mail provider accepted it. What it said: its template, its language, and each of its facts by its label.

    invoice_ids: those it named in the end.
    """

    type: ClassVar[str] = "reminder.mailed"
    to: str
    message_id: str
    template: str
    language: str
    facts: tuple[tuple[str, str], ...]
    invoice_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderWithdrawn(Event):
    """Nothing was left to remind of, or its day had passed: nothing went out."""

    type: ClassVar[str] = "reminder.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderReturned(Event):
    """The mail was refused, or came back."""

    type: ClassVar[str] = "reminder.failed"
    reason: str
