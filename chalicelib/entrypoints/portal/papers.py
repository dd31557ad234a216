"""What a client saves: its invoices as they were kept, and its quotes as they stand."""

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.errors import NotFound
from chalicelib.entrypoints.portal.looks import pdf_file
from chalicelib.entrypoints.portal.owned import invoice_of, quote_of
from chalicelib.entrypoints.portal.pages import Visit, page
from chalicelib.usecases.printing import invoice_pdf_now, quote_pdf
from chalicelib.usecases.sending import pdf_key, pdf_name


@page("GET", "/invoices/{invoice_id}/pdf")
def pdf(visit: Visit, invoice_id: str) -> Response:
    """The kept document; of a void invoice one that says so."""
    found = invoice_of(visit, invoice_id)
    if found.pdf is None:
        raise NotFound("PDF", found.id)
    if found.voided_at:
        body = invoice_pdf_now(
            found,
            visit.business,
            on=visit.today,
            store=visit.store,
            renderer=wiring.renderer(),
            wordings=wiring.wording,
        )
    else:
        body = wiring.files().get(pdf_key(visit.business.id, found))
    return pdf_file(body, pdf_name(found.name))


@page("GET", "/quotes/{quote_id}/pdf")
def quote_as_pdf(visit: Visit, quote_id: str) -> Response:
    found = quote_of(visit, quote_id)
    body = quote_pdf(found, visit.business, store=visit.store, renderer=wiring.renderer(), wordings=wiring.wording)
    return pdf_file(body, pdf_name(found.number or found.id))
