"""Reminding clients of invoices: by the bell (H56, H57), and by the ladder, once a day at most (K22, K26, C42)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain import reminder as reminders
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import AlreadyDone, Conflict, Refused
from chalicelib.domain.follow_up import FollowUp, Owed, follow_up_of, is_followed, next_look, owed
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.reminder import MOST_INVOICES, Entry, Reminder
from chalicelib.domain.reminder_events import ReminderQueued
from chalicelib.ports import Add, Change, Files, Filter, Renderer, Save, Store, Unfinished
from chalicelib.usecases import sending
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.quoting import must_have_email
from chalicelib.usecases.reading import every
from chalicelib.usecases.reminder_letters import draft_letter

AT_ONCE = 100


def ask_to_remind(invoice_id: str, *, if_match: int | None = None, now: datetime, store: Store) -> Invoice:
    """Ask for the client to be reminded; the mail follows.

    Raises Refused for what is a draft, void, paid or disputed, without anybody to mail to, and for a second
    reminder of the client on one day (``reminded_today``), whoever asked for the first.
    """

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        asked, event = reminders.requested(invoice, at=now)
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
        stepped, event = reminders.stepped(invoice, due, reminder_id=reminder.id, at=now)
        later = next_look(stepped, follow_up, now=now, not_before=_after(day))
        changes.append(Save(replace(stepped, remind_at=later), event))
    _commit(reminder, queued, changes, store, first=True)
    return reminder


def deliver_reminder(
    reminder_id: str, *, now: datetime, store: Store, renderer: Renderer, files: Files, post: Post
) -> None:
    """Mail the reminder that was asked for, of what is still owed. Running it again sends no second one."""
    reminder = store.find(Reminder, reminder_id)
    if reminder is None or reminder.delivery.state is not DeliveryState.QUEUED:
        return
    business = store.get(Business)
    client, follow_up = _followed(reminder.client_id, store)
    if business.clock is None and follow_up.today(now) > reminder.day:
        _put_off(reminder, now=now, store=store)  # it would go out on the day of the next one, or at night
        return
    entries = {entry.invoice_id: entry for entry in reminder.entries}
    still = [
        one for one in store.many(Invoice, entries) if reminders.is_still_owed(one, entries[one.id], on=reminder.day)
    ]
    if not still:
        _record(reminder, lambda r: Save(*reminders.withdrawn(r, at=now)), _dropped(now), store)
        return
    if reminder.attach_pdf:
        still = [
            one
            if one.pdf
            else sending.drawn(one, business, now=now, store=store, renderer=renderer, files=files, post=post)
            for one in still
        ]
    named = {one.id for one in still}
    letter = draft_letter(reminder, still, client, business, wordings=post.wordings)
    key = f"reminder:{reminder.id}:{reminder.delivery.requests}"
    try:
        to = sending.address_of(client)
        message_id = post.send(key, lambda: letter.written(files=files, post=post, store=store), store=store)
    except Refused as refused:
        reason = refused.detail
        _record(
            reminder,
            lambda r: Save(*reminders.returned(r, reason=reason, at=now)),
            lambda one, _: Save(*reminders.failed(one, reason=reason, at=now)),
            store,
        )
        return
    _record(
        reminder,
        lambda r: Save(
            *reminders.mailed(
                r,
                to=to,
                message_id=message_id,
                template=letter.template,
                language=letter.language,
                facts=letter.facts,
                invoice_ids=tuple(named),
                at=now,
            )
        ),
        lambda one, _: Save(
            *(
                reminders.sent(one, to=to, message_id=message_id, at=now)
                if one.id in named
                else reminders.dropped(one, at=now)
            )
        ),
        store,
    )


def learn_of_reminder(
    reminder_id: str, message_id: str, *, outcome: str, reason: str, now: datetime, store: Store
) -> None:
    """What the provider says of a reminder later; news of an older mail are old.

    Raises Conflict for a mail whose sending is not written down yet: come again.
    """

    def deed() -> None:
        reminder = store.get(Reminder, reminder_id)
        if reminder.delivery.state is DeliveryState.QUEUED:
            raise Conflict("mail_under_way", "This mail is being sent right now.")
        state = DeliveryState(outcome)
        if outcome == "delivered" or not reminder.delivery.is_about(message_id) or reminder.delivery.state is state:
            return
        named = store.many(Invoice, [entry.invoice_id for entry in reminder.entries])
        store.commit(
            Save(*reminders.returned(reminder, reason=reason, at=now, state=state)),
            *(
                Save(*reminders.failed(one, reason=reason, at=now, state=state))
                for one in named
                if one.reminder.is_about(message_id)
            ),
        )

    store.persistently(deed)


Outcome = Callable[[Invoice, Entry], Save]


def _record(reminder: Reminder, outcome: Callable[[Reminder], Save], of_each: Outcome, store: Store) -> None:
    """Write what became of the mail that this request asked for, for each invoice too, unless that was done."""

    def deed() -> None:
        current = store.get(Reminder, reminder.id)
        same_request = current.delivery.requests == reminder.delivery.requests
        if not same_request or current.delivery.state is not DeliveryState.QUEUED:
            return
        entries = {entry.invoice_id: entry for entry in current.entries}
        waiting = [one for one in store.many(Invoice, entries) if one.reminder.state is DeliveryState.QUEUED]
        store.commit(outcome(current), *(of_each(one, entries[one.id]) for one in waiting))

    store.persistently(deed)


def _put_off(reminder: Reminder, *, now: datetime, store: Store) -> None:
    """Its day is over: nothing goes out, and the steps that it was for are looked at anew."""
    _record(
        reminder,
        lambda r: Save(*reminders.withdrawn(r, at=now)),
        lambda one, entry: Save(*reminders.put_off(one, entry, at=now)),
        store,
    )


def _dropped(now: datetime) -> Outcome:
    return lambda one, _: Save(*reminders.dropped(one, at=now))


def _followed(client_id: str, store: Store) -> tuple[Client, FollowUp]:
    client = store.get(Client, client_id)
    return client, follow_up_of(client, store.get(Business))


def _look_later(invoice: Invoice, at: datetime | None, *, now: datetime, store: Store) -> bool:
    store.commit(Save(*reminders.planned(invoice, next_at=at, at=now)))
    return True


def _commit(
    reminder: Reminder, queued: ReminderQueued, changes: Iterable[Change], store: Store, *, first: bool = False
) -> None:
    """Write a reminder and its invoices; a repeated request is answered with what stands first.

    Raises Conflict when the client's reminder of the day was made at the same moment.
    """
    asked = (Add if reminder.version == 1 else Save)(reminder, queued)
    try:
        store.commit(*((asked, *changes) if first else (*changes, asked)))
    except AlreadyDone as done:
        if done.code != "already_done":
            raise
        raise Conflict("conflict", "Somebody else reminded this client at the same moment.") from done


def _reminded_today(invoice: Invoice, before: Reminder, follow_up: FollowUp) -> Refused:
    at = (before.delivery.at or before.created_at).astimezone(follow_up.zone)
    return Refused(
        "reminded_today",
        f"You cannot remind of invoice {invoice.name} because its client was reminded today at {at:%H:%M}.",
    )


def _after(day: date) -> date:
    return day + timedelta(days=1)
