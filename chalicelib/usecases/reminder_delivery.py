"""The mail of a reminder: sent, put off where its hour has passed, and what is heard of it later."""

from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.domain import invoice_reminders
from chalicelib.domain import reminder as reminders
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import Conflict, Refused
from chalicelib.domain.follow_up import follow_up_of
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.reminder import Entry, Reminder
from chalicelib.domain.values import dataclass
from chalicelib.ports import Files, Press, Save, Store
from chalicelib.usecases import sending
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.reminder_letters import ReminderLetter, draft_letter

Outcome = Callable[[Invoice, Entry], Save]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What a reminder is mailed with."""

    now: datetime
    store: Store
    press: Press
    files: Files
    post: Post


def deliver_reminder(reminder_id: str, *, now: datetime, store: Store, press: Press, files: Files, post: Post) -> None:
    """Mail the reminder that was asked for, of what is still owed. Running it again sends no second one."""
    reminder = store.find(Reminder, reminder_id)
    if reminder is None or reminder.delivery.state is not DeliveryState.QUEUED:
        return
    hands = Hands(now=now, store=store, press=press, files=files, post=post)
    business, client = store.get(Business), store.get(Client, reminder.client_id)
    if _is_too_late(reminder, client, business, now=now):
        _put_off(reminder, now=now, store=store)
    elif still := _still_owed(reminder, store):
        named = _with_pdfs(still, business, hands) if reminder.attach_pdf else still
        _mail(draft_letter(reminder, named, client, business, wordings=post.wordings), hands)
    else:
        _withdraw(reminder, now=now, store=store)


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
                Save(*invoice_reminders.failed(one, reason=reason, at=now, state=state))
                for one in named
                if one.reminder.is_about(message_id)
            ),
        )

    store.persistently(deed)


def _is_too_late(reminder: Reminder, client: Client, business: Business, *, now: datetime) -> bool:
    """Whether it would go out on the day of the next one; or at night, though no person asked for it.

    A sandbox's clock jumps, and has no nights.
    """
    follow_up = follow_up_of(client, business)
    if business.clock is not None:
        return False
    if follow_up.today(now) > reminder.day:
        return True
    return reminder.by_itself and follow_up.opening(reminder.day, now=now) > now


def _still_owed(reminder: Reminder, store: Store) -> list[Invoice]:
    entries = {entry.invoice_id: entry for entry in reminder.entries}
    return [
        one for one in store.many(Invoice, entries) if reminders.is_still_owed(one, entries[one.id], on=reminder.day)
    ]


def _with_pdfs(invoices: Iterable[Invoice], business: Business, hands: Hands) -> list[Invoice]:
    return [
        one
        if one.pdf
        else sending.kept(one, business, now=hands.now, store=hands.store, press=hands.press, files=hands.files)
        for one in invoices
    ]


def _mail(letter: ReminderLetter, hands: Hands) -> None:
    reminder, store, post = letter.reminder, hands.store, hands.post
    key = f"reminder:{reminder.id}:{reminder.delivery.requests}"
    try:
        to = sending.address_of(letter.client)
        message_id = post.send(key, lambda: letter.written(files=hands.files, post=post, store=store), store=store)
    except Refused as refused:
        _note_failure(reminder, refused.detail, now=hands.now, store=store)
        return
    _note_mail(letter, to=to, message_id=message_id, now=hands.now, store=store)


def _note_mail(letter: ReminderLetter, *, to: str, message_id: str, now: datetime, store: Store) -> None:
    """It went out; what it does not name was paid meanwhile."""
    named = tuple(one.id for one in letter.invoices)

    def gone(reminder: Reminder) -> Save:
        return Save(
            *reminders.mailed(
                reminder,
                to=to,
                message_id=message_id,
                template=letter.template,
                language=letter.language,
                facts=letter.facts,
                invoice_ids=named,
                at=now,
            )
        )

    def of_each(invoice: Invoice, _: Entry) -> Save:
        if invoice.id in named:
            return Save(*invoice_reminders.sent(invoice, to=to, message_id=message_id, at=now))
        return Save(*invoice_reminders.dropped(invoice, at=now))

    _record(letter.reminder, gone, of_each, store)


def _note_failure(reminder: Reminder, reason: str, *, now: datetime, store: Store) -> None:
    _record(
        reminder,
        lambda r: Save(*reminders.returned(r, reason=reason, at=now)),
        lambda one, _: Save(*invoice_reminders.failed(one, reason=reason, at=now)),
        store,
    )


def _put_off(reminder: Reminder, *, now: datetime, store: Store) -> None:
    """Nothing goes out, and the steps that it was for are looked at anew."""
    _record(
        reminder,
        lambda r: Save(*reminders.withdrawn(r, at=now)),
        lambda one, entry: Save(*invoice_reminders.put_off(one, entry, at=now)),
        store,
    )


def _withdraw(reminder: Reminder, *, now: datetime, store: Store) -> None:
    """Nothing is left to remind of."""
    _record(
        reminder,
        lambda r: Save(*reminders.withdrawn(r, at=now)),
        lambda one, _: Save(*invoice_reminders.dropped(one, at=now)),
        store,
    )


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
