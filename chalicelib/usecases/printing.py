"""Documents drawn for whoever asks, and not kept."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Document, Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.invoice_standing import invoice_as_it_stands
from chalicelib.domain.order_document import order_document
from chalicelib.domain.quote import Quote
from chalicelib.domain.quote_document import quote_document
from chalicelib.domain.reminder_document import reminder_document
from chalicelib.domain.sales import Content, Parties, parties_of
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.wording import Wording
from chalicelib.ports import Renderer, Store, Wordings
from chalicelib.usecases.reading import content_of, frozen_parties


def invoice_on_paper(invoice: Invoice, business: Business, *, on: date, store: Store, words: Wording) -> Document:
    """What an invoice says as it stands on a day, whoever shows it."""
    content = content_of(invoice, store)
    parties = frozen_parties(invoice, store) or _parties_now(invoice, content, business, store)
    return invoice_as_it_stands(invoice, content, parties, on=on, wording=words)


def invoice_pdf_now(
    invoice: Invoice,
    business: Business,
    *,
    on: date,
    template: Template | None = None,
    store: Store,
    renderer: Renderer,
    wordings: Wordings,
) -> bytes:
    """The PDF of an invoice as it stands on a day: with what was paid of it since; what is over is stamped."""
    looking = replace(invoice, template=template or invoice.template)
    words = wordings(invoice.language, business.country)
    return renderer.render(invoice_on_paper(looking, business, on=on, store=store, words=words)).pdf


def quote_on_paper(
    quote: Quote, business: Business, *, template: Template | None = None, store: Store, words: Wording
) -> Document:
    """What a quote says as it stands, with the client and the business as they are now, whoever shows it."""
    content = content_of(quote, store)
    return quote_document(
        quote,
        content,
        _parties_now(quote, content, business, store),
        template=template or quote.template,
        dated=business.today(quote.created_at),
        wording=words,
    )


def quote_pdf(
    quote: Quote,
    business: Business,
    *,
    template: Template | None = None,
    store: Store,
    renderer: Renderer,
    wordings: Wordings,
) -> bytes:
    """The PDF of a quote as it stands."""
    words = wordings(quote.language, business.country)
    return renderer.render(quote_on_paper(quote, business, template=template, store=store, words=words)).pdf


def sale_pdf(
    sale: SalesDocument,
    business: Business,
    *,
    template: Template | None = None,
    store: Store,
    renderer: Renderer,
    wordings: Wordings,
) -> bytes:
    """The PDF of a deal, an order or a delivery note as it stands, with the client and the business as they are now."""
    content = content_of(sale, store)
    document = order_document(
        replace(sale, template=template or sale.template),
        content,
        _parties_now(sale, content, business, store),
        dated=business.today(sale.created_at),
        wording=wordings(sale.language, business.country),
    )
    return renderer.render(document).pdf


def reminder_pdf(
    invoice: Invoice,
    business: Business,
    *,
    on: date,
    template: Template | None = None,
    store: Store,
    renderer: Renderer,
    wordings: Wordings,
) -> bytes:
    """A reminder of one invoice as it stands on a day. Raises Refused for one of which nothing is to be paid."""
    must_be_issued(invoice, "remind of")
    if invoice.amount_due.minor <= 0:
        raise Refused("nothing_due", f"You cannot remind of invoice {invoice.name} because nothing of it is due.")
    client = store.get(Client, invoice.client_id)
    frozen = frozen_parties(invoice, store)
    document = reminder_document(
        (invoice,),
        Parties(
            id=invoice.id,
            seller=business.as_seller(),
            buyer=frozen.buyer if frozen else client.as_buyer(),
        ),
        on=on,
        template=template or invoice.template,
        wording=wordings(invoice.language, business.country),
    )
    return renderer.render(document).pdf


def _parties_now(
    document: Invoice | Quote | SalesDocument, content: Content, business: Business, store: Store
) -> Parties:
    buyer = store.get(Client, document.client_id).as_buyer()
    return parties_of(document.id, content, seller=business.as_seller(), buyer=buyer)
