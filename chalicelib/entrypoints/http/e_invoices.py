"""E-invoices: what was issued as XML or within its PDF, and what others sent (K16)."""

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoicing import Syntax
from chalicelib.domain.invoice import Invoice
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.shapes.e_invoices import BillOut, EInvoiceIn, EInvoiceQuery
from chalicelib.usecases.document_letters import PDF, pdf_name
from chalicelib.usecases.e_invoice_copies import e_invoice_xml, factur_x_pdf
from chalicelib.usecases.e_invoicing import received

XML = "application/xml"


@operation(
    "GET",
    "/invoices/{invoice_id}/e-invoice",
    needs="invoices.read",
    query=EInvoiceQuery,
    refusals=(404, 409),
    file=True,
)
def get_e_invoice(call: Call, invoice_id: str) -> Response:
    """The issued invoice as XML (EN 16931), in the business's profile; refused where a rule of it is broken."""
    return _as_xml(call, call.store.get(Invoice, invoice_id))


@operation(
    "GET",
    "/credit-notes/{credit_note_id}/e-invoice",
    needs="credit_notes.read",
    query=EInvoiceQuery,
    refusals=(404, 409),
    file=True,
)
def get_credit_note_as_e_invoice(call: Call, credit_note_id: str) -> Response:
    """The credit note as XML (EN 16931), in the business's profile; refused where a rule of it is broken."""
    return _as_xml(call, call.store.get(CreditNote, credit_note_id))


@operation("GET", "/invoices/{invoice_id}/facturx", needs="invoices.read", refusals=(404, 409))
def get_factur_x(call: Call, invoice_id: str) -> Response:
    """The issued invoice as Factur-X: its PDF, with the same as XML in it."""
    return _as_factur_x(call, call.store.get(Invoice, invoice_id))


@operation("GET", "/credit-notes/{credit_note_id}/facturx", needs="credit_notes.read", refusals=(404, 409))
def get_credit_note_as_factur_x(call: Call, credit_note_id: str) -> Response:
    """The credit note as Factur-X: its PDF, with the same as XML in it."""
    return _as_factur_x(call, call.store.get(CreditNote, credit_note_id))


@operation(
    "POST",
    "/e-invoices/preview",
    needs="business.read",
    body=EInvoiceIn,
    answer=BillOut,
    refusals=(400, 413),
    harmless=True,
)
def preview_e_invoice(call: Call, body: EInvoiceIn) -> BillOut:  # noqa: ARG001 - nothing of the business is read
    """Read an e-invoice that somebody sent: Factur-X, CII or UBL. Nothing is kept.

    The answer says what it bills, which rules it breaks, and each figure that our own reckoning does not come to.
    """
    return BillOut.of(received(body.file, e_invoices=wiring.e_invoices()))


def _as_xml(call: Call, document: Invoice | CreditNote) -> Response:
    syntax = Syntax(call.query.syntax)
    xml = e_invoice_xml(document, call.business, syntax, store=call.store, files=wiring.files(), press=wiring.press())
    return _file(xml.decode(), XML, pdf_name(document.name).removesuffix(".pdf") + ".xml", shown="attachment")


def _as_factur_x(call: Call, document: Invoice | CreditNote) -> Response:
    pdf = factur_x_pdf(document, call.business, store=call.store, files=wiring.files(), press=wiring.press())
    return _file(pdf, PDF, pdf_name(document.name), shown="inline")


def _file(body: bytes | str, kind: str, name: str, *, shown: str) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": kind,
        "Content-Disposition": f'{shown}; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers)
