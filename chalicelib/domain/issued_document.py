"""What an issued document says on paper, be it an invoice or a credit note."""

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.credit_note_document import credit_note_document
from chalicelib.domain.document import Document
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_document import invoice_document
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.wording import Wording


def laid_out(document: Invoice | CreditNote, content: Content, parties: Parties, wording: Wording) -> Document:
    """content: priced, as ``worked_out`` leaves it."""
    if isinstance(document, CreditNote):
        return credit_note_document(document, content, parties, wording=wording)
    return invoice_document(document, content, parties, wording=wording)
