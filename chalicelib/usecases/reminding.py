"""Reminding a client of an invoice by hand: the bell (H56, H57)."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain import reminder as reminders
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Letter
from chalicelib.domain.wording import Wording
from chalicelib.ports import Files, Renderer, Save, Store
from chalicelib.usecases import sending
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.paying import payable
from chalicelib.usecases.quoting import must_have_email


def ask_to_remind(invoice_id: str, *, if_match: int | None = None, now: datetime, store: Store) -> Invoice:
    """Ask for the client to be reminded; the mail follows.

    Raises Refused for what is a draft, void, paid or disputed, without anybody to mail to, or asked for today already.
    """

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        asked, event = reminders.requested(invoice, zone=store.get(Business).zone, at=now)
        must_have_email(store.get(Client, invoice.client_id), "remind of invoice", invoice.name)
        store.commit(Save(asked, event))
        return asked

    return store.persistently(deed)


def deliver_reminder(
    invoice_id: str, *, now: datetime, store: Store, renderer: Renderer, files: Files, post: Post
) -> None:
    """Mail the reminder that was asked for, unless the money came meanwhile. Running it again sends no second one."""
    invoice = store.find(Invoice, invoice_id)
    if invoice is None or invoice.reminder.state is not DeliveryState.QUEUED:
        return
    if not reminders.asks_for_money(invoice):
        _record(invoice, lambda i: Save(*reminders.dropped(i, at=now)), store)
        return
    business = store.get(Business)
    if invoice.pdf is None:
        invoice = sending.drawn(invoice, business, now=now, store=store, renderer=renderer, files=files, post=post)
    client = store.get(Client, invoice.client_id)
    key = f"reminder:{invoice.id}:{invoice.reminder.requests}"
    try:
        to = sending.address_of(client)
        message_id = post.send(
            key, lambda: _letter(invoice, business, client, now=now, store=store, files=files, post=post), store=store
        )
    except Refused as refused:
        reason = refused.detail
        _record(invoice, lambda i: Save(*reminders.failed(i, reason=reason, at=now)), store)
        return
    _record(invoice, lambda i: Save(*reminders.sent(i, to=to, message_id=message_id, at=now)), store)


def _record(invoice: Invoice, outcome: Callable[[Invoice], Save], store: Store) -> None:
    """Write what became of the reminder that this request asked for, unless another request has come since."""

    def deed() -> None:
        current = store.get(Invoice, invoice.id)
        same_request = current.reminder.requests == invoice.reminder.requests
        if same_request and current.reminder.state is DeliveryState.QUEUED:
            store.commit(outcome(current))

    store.persistently(deed)


def _letter(
    invoice: Invoice,
    business: Business,
    client: Client,
    *,
    now: datetime,
    store: Store,
    files: Files,
    post: Post,
) -> Letter:
    facts = _facts(invoice, business, post.wordings(invoice.language, business.country), now)
    pdf = files.get(sending.pdf_key(business.id, invoice))
    return sending.letter_with_pdf("reminder", facts, pdf, invoice, business, client, store=store, post=post)


def _facts(invoice: Invoice, business: Business, wording: Wording, now: datetime) -> tuple[tuple[str, str], ...]:
    """What is due, by when, and how long ago that was; of an instalment beside the whole."""
    facts = [(wording.text("Invoice"), invoice.name)]
    asked = payable(invoice)[0]
    if asked.choice == "due":
        facts.append((wording.text("Instalment due"), wording.money(asked.amount)))
    facts.append((wording.text("Amount due"), wording.money(invoice.amount_due)))
    if due := invoice.next_due():
        facts.append((wording.text("Due date"), wording.day(due)))
        late = (business.today(now) - due).days
        if late > 0:
            facts.append((wording.text("Days overdue"), f"{late}"))
    return tuple(facts)
