"""Documents as PDF, to be printed or downloaded: each time in the template that is chosen for it (K17 to K19)."""

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.dispatch import Kept
from chalicelib.domain.document import Template
from chalicelib.domain.errors import NotFound
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.shapes.scalars import Shape, TemplateName
from chalicelib.usecases.printing import quote_pdf
from chalicelib.usecases.receipting import language_of, receipt_of, receipt_pdf
from chalicelib.usecases.sending import PDF, drawn_now, is_kept, pdf_key, pdf_name


class PdfQuery(Shape):
    """In which template this output is; left out, in the document's own."""

    template: TemplateName | None = None


@operation("GET", "/invoices/{invoice_id}/pdf", needs="invoices.read", query=PdfQuery, refusals=(404, 422))
def get_invoice_pdf(call: Call, invoice_id: str) -> Response:
    """The invoice as PDF: the kept document once it is issued, a draft drawn as it stands.

    In another ``template`` than its own, an issued invoice is drawn anew from what was frozen at issue.
    """
    invoice = call.store.get(Invoice, invoice_id)
    if invoice.is_imported:  # its document is the former system's
        raise NotFound("PDF", invoice.id)
    return _kept_or_drawn(call, invoice)


@operation("GET", "/credit-notes/{credit_note_id}/pdf", needs="credit_notes.read", query=PdfQuery, refusals=(404, 422))
def get_credit_note_pdf(call: Call, credit_note_id: str) -> Response:
    """The credit note as PDF: the kept document; in another ``template`` drawn anew from what was frozen."""
    return _kept_or_drawn(call, call.store.get(CreditNote, credit_note_id))


@operation("GET", "/quotes/{quote_id}/pdf", needs="quotes.read", query=PdfQuery, refusals=(404, 422))
def get_quote_pdf(call: Call, quote_id: str) -> Response:
    """The quote as PDF, drawn as it stands."""
    quote = call.store.get(Quote, quote_id)
    body = quote_pdf(
        quote,
        call.business,
        template=call.query.template,
        store=call.store,
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return printed(body, pdf_name(quote.number or quote.id))


@operation(
    "GET",
    "/payments/{payment_id}/receipt",
    needs="payments.read",
    query=PdfQuery,
    refusals=(404, 409, 422),
)
def get_payment_receipt(call: Call, payment_id: str) -> Response:
    """The receipt of a payment as PDF, drawn as the payment stands: with what was refunded of it since."""
    payment = call.store.get(Payment, payment_id)
    receipt = receipt_of(payment, call.business, store=call.store)
    body = receipt_pdf(
        receipt,
        call.business,
        language=language_of(receipt, call.store.get(Client, payment.client_id or ""), call.business),
        template=call.query.template,
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return printed(body, pdf_name(receipt.reference))


def _kept_or_drawn(call: Call, document: Kept) -> Response:
    template: Template | None = call.query.template
    if is_kept(document, template):
        body = wiring.files().get(pdf_key(call.business.id, document))
    else:
        body, _ = drawn_now(
            document,
            call.business,
            template=template,
            store=call.store,
            renderer=wiring.renderer(),
            wordings=wiring.wording,
        )
    return printed(body, pdf_name(document.name))


def printed(body: bytes, name: str) -> Response:
    """A PDF that is nobody else's, to be looked at or saved under a name."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": PDF,
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers)
