"""Documents drawn for whoever asks, and not kept."""

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.quote import Quote
from chalicelib.domain.quote_document import quote_document
from chalicelib.domain.sales import parties_of
from chalicelib.ports import Renderer, Store, Wordings
from chalicelib.usecases.reading import content_of


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
