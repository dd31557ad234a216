"""What is issued, drawn before its number is given for good: its pages, and its XML where one is due.

Only what is frozen at issue is read, so whoever draws it again gets the same bytes.
"""

import hashlib
from dataclasses import replace

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


def drawn(
    document: Invoice | CreditNote, issued: Issued, press: Press, *, shown: Invoice | CreditNote | None = None
) -> Drawn:
    """A document under its number.

    shown: the same in another template or language, for the pages; its XML is the same in all of them.
    Raises Invalid for what can be no e-invoice though it is due to be one.
    """
    seller = issued.parties.seller
    wording = press.wordings(document.language, seller.home)
    xml, report = made_of(document, issued, wording=wording, e_invoices=press.e_invoices) or (None, None)
    attached = (
        (attachment_of(document, xml, wording, profile=report.profile),)
        if xml and report and report.form is EInvoiceForm.FACTUR_X
        else ()
    )
    shown = shown or document
    words = press.wordings(shown.language, seller.home)
    rendering = press.renderer().render(laid_out(shown, issued.content, issued.parties, words), attached)
    return Drawn(
        body=rendering.pdf,
        pdf=Pdf(
            sha256=hashlib.sha256(rendering.pdf).hexdigest(),
            missing_glyphs=rendering.missing_glyphs,
            e_invoice=report,
        ),
        xml=xml,
    )


def drawn_again(
    document: Invoice | CreditNote, issued: Issued, press: Press, *, shown: Invoice | CreditNote | None = None
) -> Drawn:
    """What has its number already: whatever our rules are by now, its pages are drawn."""
    seller = issued.parties.seller
    terms = replace(seller.e_invoicing, where_possible=True)
    parties = replace(issued.parties, seller=replace(seller, e_invoicing=terms))
    return drawn(document, replace(issued, parties=parties), press, shown=shown)
