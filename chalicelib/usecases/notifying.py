"""Telling the business what happened, and thanking the client."""

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Letter
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote, QuoteStatus
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.webhook import Webhook
from chalicelib.ports import Store
from chalicelib.usecases.mailing import Post


def announce_payment(payment_id: str, *, store: Store, post: Post) -> None:
    """Tell the business that a payment arrived (P26), and give the client a receipt; each once."""
    payment, business = store.get(Payment, payment_id), store.get(Business)
    invoice = store.find(Invoice, payment.invoice_id) if payment.invoice_id else None
    client = store.find(Client, payment.client_id) if payment.client_id else None
    if business.email:
        notice = _notice(payment, business, invoice, client, post)
        post.send_once(f"notice:{payment.id}", lambda: notice, store=store)
    if invoice and client and client.email:
        post.send_once(
            f"receipt:{payment.id}", lambda: _receipt(payment, business, invoice, client, store, post), store=store
        )


def announce_answer(quote_id: str, *, reason: str, store: Store, post: Post) -> None:
    """Tell the business that a client approved or declined a quote."""
    quote, business = store.get(Quote, quote_id), store.get(Business)
    if not business.email:
        return
    template = "quote_declined" if quote.status is QuoteStatus.DECLINED else "quote_approved"
    letter = Letter(
        template=template,
        business=business,
        language=business.languages[0],
        to=business.email,
        values={
            "client": quote.client_name,
            "number": quote.number or quote.id,
            "by": quote.declined_by or quote.approved_by or "",
            "reason": reason,
        },
    )
    post.send_once(f"answer:{quote.id}:{template}", lambda: letter, store=store)


def announce_failure(document_id: str, *, event: str, reason: str, store: Store, post: Post) -> None:
    """Tell the business that a mail did not reach its client (C44), once for each event that says so."""
    client_id, number = _told_of(document_id, store)
    business, client = store.get(Business), store.get(Client, client_id)
    if not business.email:
        return
    letter = Letter(
        template="delivery_failed",
        business=business,
        language=business.languages[0],
        to=business.email,
        values={
            "client": client.name,
            "number": number,
            "to": client.email or "\N{EM DASH}",
            "reason": reason,
        },
    )
    post.send_once(f"failure:{event}", lambda: letter, store=store)


def announce_silence(webhook_id: str, *, event: str, store: Store, post: Post) -> None:
    """Tell the business that events are not posted to a webhook any more, once for each event that says so."""
    one, business = store.find(Webhook, webhook_id), store.get(Business)
    if one is None or one.enabled or not business.email:
        return
    letter = Letter(
        template="webhook_disabled",
        business=business,
        language=business.languages[0],
        to=business.email,
        values={"url": one.url},
    )
    post.send_once(f"webhook:{event}", lambda: letter, store=store)


def _told_of(document_id: str, store: Store) -> tuple[str, str]:
    """Whose mail it was, and the number of the document it was about; of a reminder's, the first and how many more."""
    if document_id.startswith("rem_"):
        reminder = store.get(Reminder, document_id)
        first, *others = store.many(Invoice, [entry.invoice_id for entry in reminder.entries])
        return reminder.client_id, f"{first.name} (+{len(others)})" if others else first.name
    document: Quote | Invoice = (
        store.get(Quote, document_id) if document_id.startswith("quo_") else store.get(Invoice, document_id)
    )
    return document.client_id, document.number or document.id


def _notice(payment: Payment, business: Business, invoice: Invoice | None, client: Client | None, post: Post) -> Letter:
    wording = post.wordings(business.languages[0], business.country)
    facts = [(wording.text("Amount"), wording.money(payment.amount))]
    if invoice:
        facts += [
            (wording.text("Invoice"), invoice.name),
            (wording.text("Amount due"), wording.money(invoice.amount_due)),
        ]
    if payment.quarantine:
        facts.append((wording.text("To be matched by hand"), payment.quarantine))
    return Letter(
        template="payment_notice",
        business=business,
        language=business.languages[0],
        to=business.email or "",
        values={
            "client": client.name if client else "\N{EM DASH}",
            "number": invoice.name if invoice else "\N{EM DASH}",
            "amount": wording.money(payment.amount),
        },
        facts=tuple(facts),
    )


def _receipt(
    payment: Payment, business: Business, invoice: Invoice, client: Client, store: Store, post: Post
) -> Letter:
    wording = post.wordings(invoice.language, business.country)
    return Letter(
        template="receipt",
        business=business,
        language=invoice.language,
        to=client.email or "",
        values={"client": client.name, "number": invoice.name, "amount": wording.money(payment.amount)},
        facts=(
            (wording.text("Amount"), wording.money(payment.amount)),
            (wording.text("Received on"), wording.day(payment.received_on)),
            (wording.text("Amount due"), wording.money(invoice.amount_due)),
        ),
        link=post.link_to(invoice.id, client_id=client.id, store=store),
    )
