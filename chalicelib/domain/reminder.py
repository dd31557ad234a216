"""A reminder: the one mail of a day in which a client is reminded of its invoices (H56, K22)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.follow_up import Owed, asks_for_money, is_followed, is_waiting, unpaid_days
from chalicelib.domain.ids import derived_id
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ladder import Reached, Step, Tone, sternest
from chalicelib.domain.reminder_events import ReminderMailed, ReminderQueued, ReminderReturned, ReminderWithdrawn
from chalicelib.domain.values import dataclass

MOST_INVOICES = 40
"""Invoices of one mail: each takes two writes of one transaction, at most 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One invoice that a reminder is of.

    days:   the step of the ladder, for the due date; None where a person rang the bell.
    before: the steps that were reached before it.
    """

    invoice_id: str
    due_on: date | None = None
    days: int | None = None
    before: tuple[Reached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The mail by which a client is reminded on one day; its id follows from the two, so that there is one at most.

    day:  where the client is. tone: None where a person rang the bell.
    plan: the plan that it was sent by, if a person ran one.
    """

    id: str
    version: int = 1
    client_id: str
    client_name: str
    day: date
    entries: tuple[Entry, ...]
    tone: Tone | None = None
    language: str | None = None
    attach_pdf: bool = True
    pay_link: bool = True
    plan: str | None = None
    delivery: Delivery
    created_at: datetime

    @property
    def stands(self) -> bool:
        """Whether it went out, or will: one that never did, or came back, does not count for its day."""
        return self.delivery.state in {DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DELIVERED}

    @property
    def by_itself(self) -> bool:
        """Whether the ladder alone asked for it, and nobody rang the bell or ran a plan."""
        return self.tone is not None and self.plan is None


def id_of(client_id: str, day: date) -> str:
    """The id of a client's reminder of a day."""
    return derived_id("rem", f"{client_id}/{day.isoformat()}", at=datetime.combine(day, time(12), UTC))


def rung(
    invoice: Invoice, *, client_name: str, day: date, before: Reminder | None, at: datetime
) -> tuple[Reminder, ReminderQueued]:
    """The reminder of a day that a person asked for by the bell."""
    return _queued(
        Reminder(
            id=id_of(invoice.client_id, day),
            client_id=invoice.client_id,
            client_name=client_name,
            day=day,
            entries=(Entry(invoice_id=invoice.id),),
            delivery=Delivery(state=DeliveryState.QUEUED, requests=1, at=at),
            created_at=at,
        ),
        before,
        at=at,
    )


def of_steps(
    owed: Iterable[tuple[Invoice, Owed]],
    *,
    client_name: str,
    day: date,
    before: Reminder | None,
    plan: str | None,
    at: datetime,
) -> tuple[Reminder, ReminderQueued]:
    """The reminder of a day of all the steps that one client's invoices owe; there must be one."""
    pairs = tuple(owed)
    step: Step = sternest(due.step for _, due in pairs)
    client_id = pairs[0][0].client_id
    return _queued(
        Reminder(
            id=id_of(client_id, day),
            client_id=client_id,
            client_name=client_name,
            day=day,
            entries=tuple(
                Entry(
                    invoice_id=invoice.id,
                    due_on=due.due_on,
                    days=due.step.days,
                    before=invoice.reached,
                )
                for invoice, due in pairs
            ),
            tone=step.tone,
            language=step.language,
            attach_pdf=step.attach_pdf,
            pay_link=step.pay_link,
            plan=plan,
            delivery=Delivery(state=DeliveryState.QUEUED, requests=1, at=at),
            created_at=at,
        ),
        before,
        at=at,
    )


def _queued(wanted: Reminder, before: Reminder | None, *, at: datetime) -> tuple[Reminder, ReminderQueued]:
    """In the place of one of the same day that never went out, or came back."""
    if before is not None:
        delivery = replace(wanted.delivery, requests=before.delivery.requests + 1)
        wanted = replace(wanted, version=before.version + 1, delivery=delivery, created_at=before.created_at)
    event = ReminderQueued(
        subject=wanted.id,
        version=wanted.version,
        at=at,
        client_id=wanted.client_id,
        day=wanted.day,
        invoice_ids=tuple(entry.invoice_id for entry in wanted.entries),
    )
    return wanted, event


def is_still_owed(invoice: Invoice, entry: Entry, *, on: date) -> bool:
    """Whether an invoice is still to be named by a reminder that is about to go out.

    Who rang the bell knew of a promise, and of what was switched off.
    """
    if entry.days is None:
        return asks_for_money(invoice) and not invoice.disputed_total
    return is_followed(invoice) and not is_waiting(invoice, on=on) and entry.due_on in unpaid_days(invoice)


def mailed(
    reminder: Reminder,
    *,
    to: str,
    message_id: str,
    template: str,
    language: str,
    facts: tuple[tuple[str, str], ...],
    invoice_ids: tuple[str, ...],
    at: datetime,
) -> tuple[Reminder, ReminderMailed]:
    """The mail was accepted by the provider; only now is the client reminded (C44)."""
    delivery = replace(reminder.delivery, state=DeliveryState.SENT, message_id=message_id, at=at)
    gone = replace(reminder, version=reminder.version + 1, delivery=delivery)
    event = ReminderMailed(
        subject=reminder.id,
        version=gone.version,
        at=at,
        to=to,
        message_id=message_id,
        template=template,
        language=language,
        facts=facts,
        invoice_ids=invoice_ids,
    )
    return gone, event


def withdrawn(reminder: Reminder, *, at: datetime) -> tuple[Reminder, ReminderWithdrawn]:
    delivery = replace(reminder.delivery, state=DeliveryState.NONE)
    quiet = replace(reminder, version=reminder.version + 1, delivery=delivery)
    return quiet, ReminderWithdrawn(subject=reminder.id, version=quiet.version, at=at)


def returned(
    reminder: Reminder, *, reason: str, at: datetime, state: DeliveryState = DeliveryState.FAILED
) -> tuple[Reminder, ReminderReturned]:
    """The mail was refused, or came back: the client was not reminded, whatever the provider said first."""
    delivery = replace(reminder.delivery, state=state, detail=reason, at=at)
    stuck = replace(reminder, version=reminder.version + 1, delivery=delivery)
    return stuck, ReminderReturned(subject=reminder.id, version=stuck.version, at=at, reason=reason)
