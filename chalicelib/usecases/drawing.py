"""What is issued, drawn before its number is given for good: its pages, and its XML where one is due.

Only what is frozen at issue is read, so whoever draws it again gets the same bytes.
"""

import hashlib

from chalicelib.domain.chain import Issued
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoicing import EInvoiceForm
from chalicelib.domain.invoice import Invoice, Pdf
from chalicelib.domain.issued_document import laid_out
from chalicelib.domain.values import dataclass
from chalicelib.ports import Press
from chalicelib.usecases.e_invoicing import attachment_of, made_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An issued document as files: ``body`` is its PDF, ``pdf`` what is kept about that, ``xml`` what is for machines.

    xml: where one is due; a Factur-X PDF holds it, too.
    """

    body: bytes
    pdf: Pdf
    xml: bytes | None


def drawn(document: Invoice | CreditNote, issued: Issued, press: Press) -> Drawn:
    """A document under its number. Raises Invalid for an invoice of which no e-invoice can be though one is due."""
    terms = issued.parties.seller.e_invoicing
    wording = press.wordings(document.language, issued.parties.seller.home)
    made = made_of(document, issued, wording=wording, e_invoices=press.e_invoices) if terms.is_on else None
    xml, report = made or (None, None)
    inside = xml is not None and terms.form is EInvoiceForm.FACTUR_X
    attached = (attachment_of(document, xml, wording, profile=terms.profile),) if xml and inside else ()
    rendering = press.renderer().render(laid_out(document, issued.content, issued.parties, wording), attached)
    return Drawn(
        body=rendering.pdf,
        pdf=Pdf(
            sha256=hashlib.sha256(rendering.pdf).hexdigest(),
            missing_glyphs=rendering.missing_glyphs,
            e_invoice=report,
        ),
        xml=xml,
    )
