"""Documents drawn for whoever asks, and not kept."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.order_document import order_document
from chalicelib.domain.quote import Quote
from chalicelib.domain.quote_document import quote_document
from chalicelib.domain.reminder_document import reminder_document
from chalicelib.domain.sales import Parties, parties_of
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.ports import Renderer, Store, Wordings
from chalicelib.usecases.reading import content_of, frozen_parties


def quote_pdf(
    quote: Quote,
    business: Business,
    *,
    template: Template | None = None,
    store: Store,
    renderer: Renderer,
    wordings: Wordings,
) -> bytes:
    """The PDF of a quote as it stands, with the client and the business as they are now."""
    content = content_of(quote, store)
    buyer = store.get(Client, quote.client_id).as_buyer()
    parties = parties_of(quote.id, content, seller=business.as_seller(), buyer=buyer)
    document = quote_document(
        quote,
        content,
        parties,
        template=template or quote.template,
        dated=business.today(quote.created_at),
        wording=wordings(quote.language, business.country),
    )
    return renderer.render(document).pdf


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
    buyer = store.get(Client, sale.client_id).as_buyer()
    document = order_document(
        replace(sale, template=template or sale.template),
        content,
        parties_of(sale.id, content, seller=business.as_seller(), buyer=buyer),
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
