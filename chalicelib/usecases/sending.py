"""Documents delivered: drawn, kept, mailed, and what the mail provider says of it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from chalicelib.domain import dispatch
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Conflict, Refused
from chalicelib.domain.invoice import Invoice, Pdf
from chalicelib.domain.invoice_document import invoice_document
from chalicelib.domain.letter import Attachment, Letter
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Parties, parties_of
from chalicelib.ports import Files, Renderer, Save, Store, Wordings
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.reading import content_of

PDF = "application/pdf"
Mailed = TypeVar("Mailed", Invoice, Quote)


def pdf_key(business_id: str, invoice: Invoice) -> str:
    """Where an issued invoice's PDF is kept; the hash in it makes a key mean one content for ever."""
    sha256 = invoice.pdf.sha256 if invoice.pdf else ""
    return f"{business_id}/invoices/{invoice.id}/{sha256}.pdf"


def pdf_name(name: str) -> str:
    """What a document's PDF is called where it is saved: letters and digits that every header and disk takes."""
    stem = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return f"{stem}.pdf"


def deliver_invoice(
    invoice_id: str, *, now: datetime, store: Store, renderer: Renderer, files: Files, post: Post
) -> None:
    """Do what an issued invoice's state asks for: its PDF kept, its mail sent. Running it again does no more."""
    invoice = store.find(Invoice, invoice_id)
    if invoice is None or not invoice.issued_at:
        return
    business = store.get(Business)
    if invoice.pdf is None:
        invoice = drawn(invoice, business, now=now, store=store, renderer=renderer, files=files, post=post)
    if invoice.delivery.state is DeliveryState.QUEUED and not invoice.voided_at:
        _mailed(invoice, business, now=now, store=store, renderer=renderer, files=files, post=post)


def is_kept(invoice: Invoice, template: Template | None) -> bool:
    """Whether the invoice's PDF in a template is the kept document: the one in its own; any other is drawn anew."""
    return invoice.pdf is not None and template in {None, invoice.template}


def drawn_now(
    invoice: Invoice,
    business: Business,
    *,
    template: Template | None = None,
    store: Store,
    renderer: Renderer,
    wordings: Wordings,
) -> tuple[bytes, Pdf]:
    """The PDF of an invoice as it stands, a draft's with the client and the business as they are now.

    An issued invoice's says what was frozen at issue, whatever the template.
    """
    content = content_of(invoice, store)
    parties = store.find(Parties, invoice.id) or parties_of(
        invoice.id, content, seller=business.as_seller(), buyer=store.get(Client, invoice.client_id).as_buyer()
    )
    wording = wordings(invoice.language, business.country)
    looking = replace(invoice, template=template or invoice.template)
    rendering = renderer.render(invoice_document(looking, content, parties, wording=wording))
    sha256 = hashlib.sha256(rendering.pdf).hexdigest()
    return rendering.pdf, Pdf(sha256=sha256, missing_glyphs=rendering.missing_glyphs)


def deliver_quote(quote_id: str, *, now: datetime, store: Store, post: Post) -> None:
    """Mail a quote whose mail was asked for. Running it again sends no second one."""
    quote = store.find(Quote, quote_id)
    if quote is None or quote.delivery.state is not DeliveryState.QUEUED:
        return
    business, client = store.get(Business), store.get(Client, quote.client_id)
    key = f"quote:{quote.id}:{quote.delivery.requests}"
    try:
        to = address_of(client)
        message_id = post.send(key, lambda: _quote_letter(quote, business, client, store, post), store=store)
    except Refused as refused:
        reason = refused.detail
        _record(quote, lambda q: Save(*dispatch.quote_failed(q, reason=reason, at=now)), store)
        return
    _record(quote, lambda q: Save(*dispatch.quote_sent(q, to=to, message_id=message_id, at=now)), store)


def learn_of_mail(document_id: str, message_id: str, *, outcome: str, reason: str, now: datetime, store: Store) -> None:
    """What the provider says of a mail later: ``delivered``, ``bounced`` or ``failed``; news of older mails is old.

    Raises Conflict for a mail whose sending is not written down yet: come again.
    """
    kind: type[Quote | Invoice] = Quote if document_id.startswith("quo_") else Invoice
    document = store.find(kind, document_id)
    if document and _is_under_way(document, message_id):
        raise Conflict("mail_under_way", "This mail is being sent right now.")

    def deed() -> None:
        invoice = store.find(Invoice, document_id)
        if invoice is None or not invoice.delivery.is_about(message_id):
            return
        if outcome == "delivered" and invoice.delivery.state is DeliveryState.SENT:
            store.commit(Save(*dispatch.delivered(invoice, at=now)))
        if outcome == "bounced" and invoice.delivery.state is not DeliveryState.BOUNCED:
            store.commit(Save(*dispatch.bounced(invoice, reason=reason, at=now)))
        if outcome == "failed" and invoice.delivery.state is not DeliveryState.FAILED:
            failed, event = dispatch.failed(invoice, reason=reason, at=now)
            store.commit(Save(replace(failed, sent_at=failed.delivery.sent_before), event))

    if isinstance(document, Quote):
        _learn_of_quote(document_id, message_id, outcome=outcome, reason=reason, now=now, store=store)
    else:
        store.persistently(deed)


def _learn_of_quote(quote_id: str, message_id: str, *, outcome: str, reason: str, now: datetime, store: Store) -> None:
    def deed() -> None:
        quote = store.find(Quote, quote_id)
        if quote is None or not quote.delivery.is_about(message_id) or outcome == "delivered":
            return
        state = DeliveryState(outcome)
        if quote.delivery.state is not state:
            store.commit(Save(*dispatch.quote_failed(quote, reason=reason, at=now, state=state)))

    store.persistently(deed)


def _is_under_way(document: Quote | Invoice, message_id: str) -> bool:
    """Whether a mail that nobody knows by this id yet may be the one."""
    return document.delivery.state is DeliveryState.QUEUED and document.delivery.message_id != message_id


def tags_of(business: Business, document_id: str) -> Mapping[str, str]:
    """What the provider's news about a mail says of where it belongs."""
    return {"business": business.id, "document": document_id}


def drawn(
    invoice: Invoice,
    business: Business,
    *,
    now: datetime,
    store: Store,
    renderer: Renderer,
    files: Files,
    post: Post,
) -> Invoice:
    """The issued invoice with its PDF kept."""
    body, pdf = drawn_now(invoice, business, store=store, renderer=renderer, wordings=post.wordings)
    files.put(pdf_key(business.id, replace(invoice, pdf=pdf)), body, content_type=PDF)

    def deed() -> Invoice:
        current = store.get(Invoice, invoice.id)
        if current.pdf:
            return current
        drawn, event = dispatch.rendered(current, pdf, at=now)
        store.commit(Save(drawn, event))
        return drawn

    return store.persistently(deed)


def _mailed(
    invoice: Invoice,
    business: Business,
    *,
    now: datetime,
    store: Store,
    renderer: Renderer,
    files: Files,
    post: Post,
) -> None:
    client = store.get(Client, invoice.client_id)
    key = f"invoice:{invoice.id}:{invoice.delivery.requests}"
    try:
        to = address_of(client)
        message_id = post.send(
            key,
            lambda: _invoice_letter(invoice, business, client, store=store, renderer=renderer, files=files, post=post),
            store=store,
        )
    except Refused as refused:
        reason = refused.detail
        _record(invoice, lambda i: Save(*dispatch.failed(i, reason=reason, at=now)), store)
        return
    _record(invoice, lambda i: Save(*dispatch.sent(i, to=to, message_id=message_id, at=now)), store)


def address_of(client: Client) -> str:
    """Where the client is mailed to. Raises Refused (``no_email``)."""
    if not client.email:
        raise Refused("no_email", "The client has no e-mail address.")
    return client.email


def _record(document: Mailed, outcome: Callable[[Mailed], Save], store: Store) -> None:
    """Write what became of the mail that this request asked for, unless another request has come since."""

    def deed() -> None:
        current = store.get(type(document), document.id)
        same_request = current.delivery.requests == document.delivery.requests
        if same_request and current.delivery.state is DeliveryState.QUEUED:
            store.commit(outcome(current))

    store.persistently(deed)


def _invoice_letter(
    invoice: Invoice,
    business: Business,
    client: Client,
    *,
    store: Store,
    renderer: Renderer,
    files: Files,
    post: Post,
) -> Letter:
    wording = post.wordings(invoice.language, business.country)
    due = invoice.next_due()
    facts = [
        (wording.text("Invoice"), invoice.name),
        (wording.text("Amount due"), wording.money(invoice.amount_due)),
    ]
    if due:
        facts.append((wording.text("Due date"), wording.day(due)))
    template = invoice.delivery.template
    if is_kept(invoice, template):
        pdf = files.get(pdf_key(business.id, invoice))
    else:
        pdf, _ = drawn_now(invoice, business, template=template, store=store, renderer=renderer, wordings=post.wordings)
    return letter_with_pdf("invoice_sent", tuple(facts), pdf, invoice, business, client, store=store, post=post)


def letter_with_pdf(
    template: str,
    facts: tuple[tuple[str, str], ...],
    pdf: bytes,
    invoice: Invoice,
    business: Business,
    client: Client,
    *,
    store: Store,
    post: Post,
) -> Letter:
    """A letter to the client about an issued invoice, with its PDF and a portal link that opens at it."""
    return Letter(
        template=template,
        business=business,
        language=invoice.language,
        to=client.email or "",
        values={"client": client.name, "number": invoice.name},
        facts=facts,
        link=post.link_to(invoice.id, client_id=client.id, store=store),
        attachments=(Attachment(name=pdf_name(invoice.name), content_type=PDF, body=pdf),),
        tags=tags_of(business, invoice.id),
    )


def _quote_letter(quote: Quote, business: Business, client: Client, store: Store, post: Post) -> Letter:
    wording = post.wordings(quote.language, business.country)
    facts = [
        (wording.text("Quote"), quote.number or quote.id),
        (wording.text("Total"), wording.money(quote.figures.total)),
    ]
    if quote.valid_until:
        facts.append((wording.text("Valid until"), wording.day(quote.valid_until)))
    return Letter(
        template="quote_sent",
        business=business,
        language=quote.language,
        to=client.email or "",
        values={"client": client.name, "number": quote.number or quote.id},
        facts=tuple(facts),
        link=post.link_to(quote.id, client_id=client.id, store=store),
        tags=tags_of(business, quote.id),
    )
