"""What the law wants told on a document, as an e-invoice tells it: its remarks, the tax point, what is sold."""

from collections.abc import Mapping

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoice import Note, TaxPoint
from chalicelib.domain.e_invoicing import FRENCH, Profile
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.legal import Operations, VatScheme
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import notices_of
from chalicelib.domain.party import Party
from chalicelib.domain.sales import Parties
from chalicelib.domain.wording import Wording

LETTERS: Mapping[Operations, str] = {Operations.GOODS: "B", Operations.SERVICES: "S", Operations.MIXED: "M"}
PLAIN, AFTER_DEPOSIT = "1", "4"  # the case, second sign of BT-23 in France (AFNOR XP Z12-012)
PEPPOL_BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def notes_of(
    document: Invoice | CreditNote, own: str | None, parties: Parties, wording: Wording, *, profile: Profile
) -> tuple[Note, ...]:
    """The marks of the law, each under its subject, then what the document says itself.

    A credit note tells the marks of the invoice, as France's platforms want them on both (BR-FR-05). Peppol takes one
    remark only (PEPPOL-EN16931-R002).
    """
    on = document.issue_date or document.created_at.date()
    case = Case(kind=PaperKind.INVOICE, figures=document.figures, parties=parties, on=on)
    marks = tuple(Note(text=notice.text, subject=notice.rule.subject) for notice in notices_of(case, wording))
    notes = (*marks, Note(text=own)) if own else marks
    if profile is Profile.PEPPOL and notes:
        return (Note(text="\n".join(note.text for note in notes)),)
    return notes


def tax_point_of(seller: Party) -> TaxPoint | None:
    """When the tax falls due in France: of services when they are paid, unless by option on debits (CGI, art. 269)."""
    if seller.home != "FR":
        return None
    if seller.legal.vat_scheme is VatScheme.DEBITS:
        return TaxPoint.INVOICE
    return TaxPoint.PAYMENT if seller.legal.operations is Operations.SERVICES else None


def process_of(profile: Profile, seller: Party, *, after_deposit: bool) -> str:
    """The business process (BT-23)."""
    if profile is Profile.PEPPOL:
        return PEPPOL_BILLING
    if profile in FRENCH:
        letter = LETTERS[seller.legal.operations or Operations.MIXED]
        return letter + (AFTER_DEPOSIT if after_deposit else PLAIN)
    return ""
