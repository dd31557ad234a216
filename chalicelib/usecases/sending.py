"""Documents delivered: drawn, kept and mailed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from chalicelib.domain import dispatch
from chalicelib.domain.business import Business
from chalicelib.domain.chain import Issued
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.dispatch import Kept
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.issued_document import laid_out
from chalicelib.domain.letter import Letter
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import parties_of
from chalicelib.ports import Files, Press, Save, Store
from chalicelib.usecases.document_letters import PDF, letter_with_pdf, pdf_name, quote_letter, tags_of
from chalicelib.usecases.drawing import drawn_again
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.printing import quote_pdf
from chalicelib.usecases.reading import content_of, frozen_parties, issued_of

__all__ = [
    "PDF",
    "address_of",
    "deliver",
    "deliver_quote",
    "drawn_now",
    "is_kept",
    "kept",
    "pdf_in",
    "pdf_key",
    "pdf_name",
    "tags_of",
    "xml_key",
]

XML = "application/xml"
FOLDERS = {Invoice: "invoices", CreditNote: "credit-notes"}
MAILS = {Invoice: "invoice", CreditNote: "credit_note"}
"""What the lease of a mail is called by."""
Mailed = TypeVar("Mailed", Invoice, CreditNote, Quote)


def pdf_key(business_id: str, document: Invoice | CreditNote) -> str:
    """Where an issued document's PDF is kept; the hash in it makes a key mean one content for ever."""
    sha256 = document.pdf.sha256 if document.pdf else ""
    return f"{business_id}/{FOLDERS[type(document)]}/{document.id}/{sha256}.pdf"


def xml_key(business_id: str, document: Invoice | CreditNote) -> str:
    """Where the XML that goes with an issued document's PDF is kept."""
    report = document.pdf.e_invoice if document.pdf else None
    return f"{business_id}/{FOLDERS[type(document)]}/{document.id}/{report.sha256 if report else ''}.xml"


def deliver(
    kind: type[Kept],
    document_id: str,
    *,
    now: datetime,
    store: Store,
    press: Press,
    files: Files,
    post: Post,
) -> None:
    """Do what a document's state asks for: its PDF kept, its mail sent. Running it again does no more."""
    document = store.find(kind, document_id)
    if document is None or not document.number:
        return
    business = store.get(Business)
    if document.pdf is None:
        document = kept(document, business, now=now, store=store, press=press, files=files)
    void = isinstance(document, Invoice) and document.voided_at
    if document.delivery.state is DeliveryState.QUEUED and not void:
        _mailed(document, business, now=now, store=store, press=press, files=files, post=post)


def is_kept(document: Invoice | CreditNote, template: Template | None) -> bool:
    """Whether its PDF in a template is the kept document: the one in its own; any other is drawn anew."""
    return document.pdf is not None and template in {None, document.template}


def pdf_in(
    document: Invoice | CreditNote,
    business: Business,
    *,
    template: Template | None = None,
    language: str | None = None,
    store: Store,
    files: Files,
    press: Press,
) -> bytes:
    """The PDF in a template and a language: the kept one in the document's own, any other drawn anew."""
    shown = replace(document, template=template or document.template, language=language or document.language)
    if document.pdf is not None and shown == document:
        return files.get(pdf_key(business.id, document))
    return drawn_now(document, business, shown=shown, store=store, press=press)


def drawn_now(
    document: Invoice | CreditNote,
    business: Business,
    *,
    shown: Invoice | CreditNote | None = None,
    store: Store,
    press: Press,
) -> bytes:
    """The PDF of a document as it stands, a draft's with the client and the business as they are now.

    shown: the same in another template or language. An issued one says what was frozen at issue whatever it looks
    like, and holds its e-invoice where the kept one does.
    """
    content, frozen = content_of(document, store), frozen_parties(document, store)
    if frozen:
        return drawn_again(document, Issued(content=content, parties=frozen), press, shown=shown).body
    client, look = store.get(Client, document.client_id), shown or document
    parties = parties_of(document.id, content, seller=business.as_seller(), buyer=client.as_buyer())
    wording = press.wordings(look.language, business.country)
    return press.renderer().render(laid_out(look, content, parties, wording)).pdf


def deliver_quote(quote_id: str, *, now: datetime, store: Store, press: Press, post: Post) -> None:
    """Mail a quote whose mail was asked for, with its PDF. Running it again sends no second one."""
    quote = store.find(Quote, quote_id)
    if quote is None or quote.delivery.state is not DeliveryState.QUEUED:
        return
    business, client = store.get(Business), store.get(Client, quote.client_id)
    key = f"quote:{quote.id}:{quote.delivery.requests}"

    def letter() -> Letter:
        template, renderer, wordings = quote.delivery.template, press.renderer(), press.wordings
        pdf = quote_pdf(quote, business, template=template, store=store, renderer=renderer, wordings=wordings)
        return quote_letter(quote, pdf, business, client, store=store, post=post)

    try:
        to = address_of(client)
        message_id = post.send(key, letter, store=store)
    except Refused as refused:
        reason = refused.detail
        _record(quote, lambda q: Save(*dispatch.quote_failed(q, reason=reason, at=now)), store)
        return
    _record(quote, lambda q: Save(*dispatch.quote_sent(q, to=to, message_id=message_id, at=now)), store)


def kept(document: Kept, business: Business, *, now: datetime, store: Store, press: Press, files: Files) -> Kept:
    """The issued document with its PDF kept, and what goes beside it."""
    made = drawn_again(document, issued_of(document, store), press)
    pdf = made.pdf
    drawn = replace(document, pdf=pdf)
    if made.xml:
        files.put(xml_key(business.id, drawn), made.xml, content_type=XML)
    files.put(pdf_key(business.id, drawn), made.body, content_type=PDF)

    def deed() -> Kept:
        current = store.get(type(document), document.id)
        if current.pdf:
            return current
        after, event = dispatch.rendered(current, pdf, at=now)
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)


def address_of(client: Client) -> str:
    """Where the client is mailed to. Raises Refused (``no_email``)."""
    if not client.email:
        raise Refused("no_email", "The client has no e-mail address.")
    return client.email


def _mailed(
    document: Kept,
    business: Business,
    *,
    now: datetime,
    store: Store,
    press: Press,
    files: Files,
    post: Post,
) -> None:
    client = store.get(Client, document.client_id)
    key = f"{MAILS[type(document)]}:{document.id}:{document.delivery.requests}"

    def letter() -> Letter:
        template = document.delivery.template
        pdf = pdf_in(document, business, template=template, store=store, files=files, press=press)
        return letter_with_pdf(document, pdf, business, client, store=store, post=post)

    try:
        to = address_of(client)
        message_id = post.send(key, letter, store=store)
    except Refused as refused:
        reason = refused.detail
        _record(document, lambda one: Save(*dispatch.failed(one, reason=reason, at=now)), store)
        return
    _record(document, lambda one: Save(*dispatch.sent(one, to=to, message_id=message_id, at=now)), store)


def _record(document: Mailed, outcome: Callable[[Mailed], Save], store: Store) -> None:
    """Write what became of the mail that this request asked for, unless another request has come since."""

    def deed() -> None:
        current = store.get(type(document), document.id)
        same_request = current.delivery.requests == document.delivery.requests
        if same_request and current.delivery.state is DeliveryState.QUEUED:
            store.commit(outcome(current))

    store.persistently(deed)
