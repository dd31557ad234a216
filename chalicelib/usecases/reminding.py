"""Reminding clients of invoices: by the bell (H56, H57), and by the ladder, once a day at most (K22, K26, C42)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain import invoice_reminders
from chalicelib.domain import reminder as reminders
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Conflict, Refused
from chalicelib.domain.follow_up import FollowUp, Owed, follow_up_of, is_followed, next_look, owed
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.reminder import MOST_INVOICES, Reminder
from chalicelib.domain.reminder_events import ReminderQueued
from chalicelib.ports import Add, Change, Filter, Save, Store, Unfinished
from chalicelib.usecases.checking import commit_anew, unchanged
from chalicelib.usecases.quoting import must_have_email
from chalicelib.usecases.reading import every

AT_ONCE = 100


def ask_to_remind(invoice_id: str, *, if_match: int | None = None, now: datetime, store: Store) -> Invoice:
    """Ask for the client to be reminded; the mail follows.

    Raises Refused for what is a draft, void, paid or disputed, without anybody to mail to, and for a second
    reminder of the client on one day (``reminded_today``), whoever asked for the first.
    """

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        asked, event = invoice_reminders.requested(invoice, at=now)
        client, follow_up = _followed(invoice.client_id, store)
        must_have_email(client, "remind of invoice", invoice.name)
        day = follow_up.today(now)
        before = store.find(Reminder, reminders.id_of(client.id, day))
        if before and before.stands:
            raise _reminded_today(invoice, before, follow_up)
        reminder, queued = reminders.rung(invoice, client_name=client.name, day=day, before=before, at=now)
        _commit(reminder, queued, [Save(asked, event)], store)
        return asked

    return store.persistently(deed)


def remind_when_due(invoice_id: str, *, now: datetime, store: Store) -> bool:
    """Ask for the reminder of the steps that an invoice's client owes, if the time of this one has come.

    All of the client's invoices that owe a step share one mail. Answers whether there was something to do.
    """

    def deed() -> bool:
        invoice = store.find(Invoice, invoice_id)
        if invoice is None or invoice.remind_at is None or invoice.remind_at > now:
            return False
        client, follow_up = _followed(invoice.client_id, store)
        day = follow_up.today(now)
        due = owed(invoice, follow_up.ladder, on=day) if follow_up.by_itself else None
        before = store.find(Reminder, reminders.id_of(client.id, day))
        opens = follow_up.opening(day, now=now)
        if not is_followed(invoice):
            return False  # nothing is due any more, and it is not looked for
        if due is None:
            return _look_later(invoice, next_look(invoice, follow_up, now=now), now=now, store=store)
        if opens > now:
            return _look_later(invoice, opens, now=now, store=store)
        if before and before.stands:
            return _look_later(invoice, follow_up.opening(_after(day), now=now), now=now, store=store)
        pairs = owed_by(client.id, follow_up, on=day, first=invoice, store=store)
        if not pairs:
            raise Conflict("conflict", "What this client owes changed at the same moment.")
        ask_for_steps(pairs, client, follow_up, before=before, plan=None, now=now, store=store)
        return True

    return store.persistently(deed)


def owed_by(
    client_id: str, follow_up: FollowUp, *, on: date, first: Invoice | None, older: bool = False, store: Store
) -> list[tuple[Invoice, Owed]]:
    """The steps that a client's invoices owe on a day, of as many as one mail names, the longest due first.

    first: an invoice that is to be among them though lists may not show it yet.
    """
    listed = every(Invoice, Filter(account_of=client_id, unfinished=Unfinished.DUE), store, at_once=AT_ONCE)
    named = [one.id for one in listed if owed(one, follow_up.ladder, on=on, older=older)][:MOST_INVOICES]
    if first is not None and first.id not in named:
        named = [first.id, *named][:MOST_INVOICES]
    now = store.many(Invoice, named)
    return [(one, due) for one in now if (due := owed(one, follow_up.ladder, on=on, older=older))]


def ask_for_steps(
    pairs: list[tuple[Invoice, Owed]],
    client: Client,
    follow_up: FollowUp,
    *,
    before: Reminder | None,
    plan: str | None,
    now: datetime,
    store: Store,
) -> Reminder:
    """Put each invoice on its step and ask for the one mail that says so, in one transaction.

    Raises Conflict when somebody else reminded the client at the same moment, or an invoice changed.
    """
    day = follow_up.today(now)
    reminder, queued = reminders.of_steps(pairs, client_name=client.name, day=day, before=before, plan=plan, at=now)
    changes = []
    for invoice, due in pairs:
        stepped, event = invoice_reminders.stepped(invoice, due, reminder_id=reminder.id, at=now)
        later = next_look(stepped, follow_up, now=now, not_before=_after(day))
        changes.append(Save(replace(stepped, remind_at=later), event))
    _commit(reminder, queued, changes, store, first=True)
    return reminder


def _followed(client_id: str, store: Store) -> tuple[Client, FollowUp]:
    client = store.get(Client, client_id)
    return client, follow_up_of(client, store.get(Business))


def _look_later(invoice: Invoice, at: datetime | None, *, now: datetime, store: Store) -> bool:
    store.commit(Save(*invoice_reminders.planned(invoice, next_at=at, at=now)))
    return True


def _commit(
    reminder: Reminder, queued: ReminderQueued, changes: Iterable[Change], store: Store, *, first: bool = False
) -> None:
    """Write a reminder and its invoices; a repeated request is answered with what stands first.

    Raises Conflict when the client's reminder of the day was made at the same moment.
    """
    asked = (Add if reminder.version == 1 else Save)(reminder, queued)
    in_order = (asked, *changes) if first else (*changes, asked)
    commit_anew(store, in_order, lost="Somebody else reminded this client at the same moment.")


def _reminded_today(invoice: Invoice, before: Reminder, follow_up: FollowUp) -> Refused:
    at = (before.delivery.at or before.created_at).astimezone(follow_up.zone)
    return Refused(
        "reminded_today",
        f"You cannot remind of invoice {invoice.name} because its client was reminded today at {at:%H:%M}.",
    )


def _after(day: date) -> date:
    return day + timedelta(days=1)
