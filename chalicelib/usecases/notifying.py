"""Telling the business what happened, and thanking the client."""

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Letter, to_business
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote, QuoteStatus
from chalicelib.domain.receipt import placed_on
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.webhook import Webhook
from chalicelib.ports import Renderer, Store
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.receipting import receipt_letter


def announce_payment(payment_id: str, *, store: Store, renderer: Renderer, post: Post) -> None:
    """Tell the business that a payment arrived (P26), and give the client its receipt (P28); each once."""
    payment, business = store.get(Payment, payment_id), store.get(Business)
    client = store.find(Client, payment.client_id) if payment.client_id else None
    if business.email:

        def notice() -> Letter:
            return _notice(payment, client, business, store, post)

        post.send_once(f"notice:{payment.id}", notice, store=store)
    if client and client.email:

        def thanks() -> Letter:
            return receipt_letter(payment, client, business, store=store, renderer=renderer, post=post)

        post.send_once(f"receipt:{payment.id}", thanks, store=store)


def announce_answer(quote_id: str, *, reason: str, store: Store, post: Post) -> None:
    """Tell the business that a client approved or declined a quote."""
    quote, business = store.get(Quote, quote_id), store.get(Business)
    if not business.email:
        return
    template = "quote_declined" if quote.status is QuoteStatus.DECLINED else "quote_approved"
    letter = to_business(
        template,
        business,
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
    letter = to_business(
        "delivery_failed" if client.email else "no_address",
        business,
        values={
            "client": client.name,
            "number": number,
            "to": client.email or "",
            "reason": reason,
        },
    )
    post.send_once(f"failure:{event}", lambda: letter, store=store)


def announce_silence(webhook_id: str, *, event: str, store: Store, post: Post) -> None:
    """Tell the business that events are not posted to a webhook any more, once for each event that says so."""
    one, business = store.find(Webhook, webhook_id), store.get(Business)
    if one is None or one.enabled or not business.email:
        return
    letter = to_business(
        "webhook_disabled",
        business,
        values={"url": one.url},
    )
    post.send_once(f"webhook:{event}", lambda: letter, store=store)


def announce_unknown_rate(invoice_id: str, *, store: Store, post: Post) -> None:
    """Tell the business that a late fee waits for the rate of the law; once a month, since one rate lacks for many."""
    invoice, business = store.get(Invoice, invoice_id), store.get(Business)
    if not business.email:
        return
    letter = to_business("rate_unknown", business, values={"client": invoice.client_name, "number": invoice.name})
    post.send_once(f"rate_unknown:{post.real_now:%Y-%m}", lambda: letter, store=store)


def _told_of(document_id: str, store: Store) -> tuple[str, str]:
    """Whose mail it was, and the number of the document it was about; of a reminder's, the first and how many more."""
    if document_id.startswith("rem_"):
        reminder = store.get(Reminder, document_id)
        first, *others = store.many(Invoice, [entry.invoice_id for entry in reminder.entries])
        return reminder.client_id, f"{first.name} (+{len(others)})" if others else first.name
    kinds: dict[str, type[CreditNote | Invoice | Quote]] = {"crn": CreditNote, "inv": Invoice, "quo": Quote}
    document = store.get(kinds[document_id.partition("_")[0]], document_id)
    return document.client_id, document.number or document.id


def _notice(payment: Payment, client: Client | None, business: Business, store: Store, post: Post) -> Letter:
    wording = post.wording_of(business)
    invoices = store.many(Invoice, placed_on(payment))
    facts = [(wording.text("Amount"), wording.money(payment.amount))]
    if len(invoices) == 1:
        facts += [
            (wording.text("Invoice"), invoices[0].name),
            (wording.text("Amount due"), wording.money(invoices[0].amount_due)),
        ]
    else:
        facts += [
            (wording.text("Invoice {number}", number=one.name), wording.money(payment.on(one.id))) for one in invoices
        ]
    if payment.credited:
        facts.append((wording.text("Credit of the client"), wording.money(payment.credited)))
    if payment.quarantine:
        facts.append((wording.text("To be matched by hand"), payment.quarantine))
    kinds = {0: "payment_notice_on_account", 1: "payment_notice"}
    return to_business(
        kinds.get(len(invoices), "payment_notice_several"),
        business,
        values={
            "client": client.name if client else "\N{EM DASH}",
            "number": invoices[0].name if invoices else "\N{EM DASH}",
            "count": f"{len(invoices)}",
            "amount": wording.money(payment.amount),
        },
        facts=tuple(facts),
    )
