"""Documents as PDF, to be printed or downloaded: each time in the template that is chosen for it (K17 to K19)."""

from dataclasses import replace
from typing import Literal, TypeVar

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.dispatch import Kept
from chalicelib.domain.errors import NotFound
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.sales import PLACES, Place, named
from chalicelib.entrypoints.http.shapes.addresses import LanguageAsked
from chalicelib.entrypoints.http.shapes.scalars import Disposition, PageNumber, Shape, TemplateName
from chalicelib.usecases.printing import invoice_pdf_now, quote_pdf, reminder_pdf, sale_pdf
from chalicelib.usecases.receipting import language_of, receipt_of, receipt_pdf
from chalicelib.usecases.selling import of_kind
from chalicelib.usecases.sending import PDF, is_kept, pdf_in, pdf_name

PNG = "image/png"
Spoken = TypeVar("Spoken", Invoice, CreditNote, Quote, SalesDocument)


class PdfQuery(Shape):
    """How this output is: in a template and a language, left out, the document's own; as PDF, or one page as PNG.

    Beside a picture, the header ``Page-Count`` says how many pages there are.
    """

    template: TemplateName | None = None
    language: LanguageAsked | None = None
    format: Literal["pdf", "png"] = "pdf"
    page: PageNumber = 1
    disposition: Disposition = "inline"


class InvoicePdfQuery(PdfQuery):
    """standing: as it was ``issued``, or as it stands ``now``: with what was paid and credited since."""

    standing: Literal["issued", "now"] = "issued"


@operation("GET", "/invoices/{invoice_id}/pdf", needs="invoices.read", query=InvoicePdfQuery, refusals=(404, 422))
def get_invoice_pdf(call: Call, invoice_id: str) -> Response:
    """The invoice as PDF: the kept document once it is issued, a draft drawn as it stands.

    In another ``template`` or ``language`` than its own, an issued invoice is drawn anew from what was frozen at issue.
    Whatever is drawn of a void invoice is stamped so, and with ``standing=now`` that of a paid one.
    """
    invoice = call.store.get(Invoice, invoice_id)
    if invoice.is_imported:  # its document is the former system's
        raise NotFound("PDF", invoice.id)
    said = in_language(call, invoice)
    is_kept_so = said == invoice and is_kept(invoice, call.query.template) and call.query.format == "pdf"
    if call.query.standing == "issued" and (is_kept_so or not invoice.voided_at):
        return _kept_or_drawn(call, invoice)
    body = invoice_pdf_now(
        said,
        call.business,
        on=call.business.today(call.now),
        template=call.query.template,
        store=call.store,
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return printed(call, body, invoice.name)


@operation("GET", "/credit-notes/{credit_note_id}/pdf", needs="credit_notes.read", query=PdfQuery, refusals=(404, 422))
def get_credit_note_pdf(call: Call, credit_note_id: str) -> Response:
    """The credit note as PDF: the kept document; in another ``template`` drawn anew from what was frozen."""
    return _kept_or_drawn(call, call.store.get(CreditNote, credit_note_id))


@operation("GET", "/quotes/{quote_id}/pdf", needs="quotes.read", query=PdfQuery, refusals=(404, 422))
def get_quote_pdf(call: Call, quote_id: str) -> Response:
    """The quote as PDF, drawn as it stands."""
    quote = in_language(call, call.store.get(Quote, quote_id))
    body = quote_pdf(
        quote,
        call.business,
        template=call.query.template,
        store=call.store,
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return printed(call, body, quote.number or quote.id)


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
        language=call.query.language
        or language_of(receipt, call.store.get(Client, payment.client_id or ""), call.business),
        template=call.query.template,
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return printed(call, body, receipt.reference)


def _prints_sale(place: Place) -> None:
    @operation("GET", f"{place.path}/pdf", needs="sales.read", query=PdfQuery, refusals=(404, 422))
    @named(f"get_{place.kind}_pdf", f"The {place.one} as PDF, drawn as it stands.")
    def _(call: Call, **id: str) -> Response:
        sale = in_language(call, of_kind(place.kind, id[f"{place.kind}_id"], call.store))
        body = sale_pdf(
            sale,
            call.business,
            template=call.query.template,
            store=call.store,
            renderer=wiring.renderer(),
            wordings=wiring.wording,
        )
        return printed(call, body, sale.number or sale.id)


for _place in PLACES.values():
    _prints_sale(_place)


@operation(
    "GET",
    "/invoices/{invoice_id}/reminder",
    needs="invoices.read",
    query=PdfQuery,
    refusals=(404, 409, 422),
)
def get_invoice_reminder(call: Call, invoice_id: str) -> Response:
    """A reminder of an issued invoice that is not paid, as PDF, to be printed and posted; nothing is mailed."""
    invoice = in_language(call, call.store.get(Invoice, invoice_id))
    body = reminder_pdf(
        invoice,
        call.business,
        on=call.business.today(call.now),
        template=call.query.template,
        store=call.store,
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return printed(call, body, f"reminder {invoice.name}")


def _kept_or_drawn(call: Call, document: Kept) -> Response:
    body = pdf_in(
        document,
        call.business,
        template=call.query.template,
        language=call.query.language,
        store=call.store,
        files=wiring.files(),
        press=wiring.press(),
    )
    return printed(call, body, document.name)


def in_language(call: Call, document: Spoken) -> Spoken:
    """The document in the language that is asked for, else in its own."""
    return replace(document, language=call.query.language) if call.query.language else document


def printed(call: Call, body: bytes, name: str) -> Response:
    """A PDF, or the page of it that is asked for as a picture: nobody else's, to be looked at or saved under a name."""
    if call.query.format == "png":
        picture = wiring.pictures().picture(body, page=call.query.page)
        stem = pdf_name(name).removesuffix(".pdf")
        response = _file(call, picture.png, PNG, f"{stem}-{call.query.page}.png")
        response.headers["Page-Count"] = f"{picture.pages}"
        return response
    return _file(call, body, PDF, pdf_name(name))


def _file(call: Call, body: bytes, kind: str, name: str) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": kind,
        "Content-Disposition": f'{call.query.disposition}; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers)
