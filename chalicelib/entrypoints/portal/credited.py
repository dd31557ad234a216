"""The credit notes of an invoice, shown with it and given out as they were kept."""

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import NotFound
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letterhead import DOT
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.portal.looks import pdf_file
from chalicelib.entrypoints.portal.pages import Visit, page
from chalicelib.usecases import sending
from chalicelib.usecases.reading import notes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit note below its invoice; path: of its PDF, empty until that is kept."""

    path: str
    title: str
    detail: str
    amount: str


@page("GET", "/credit-notes/{credit_note_id}/pdf")
def credit_note_pdf(visit: Visit, credit_note_id: str) -> Response:
    found = visit.store.get(CreditNote, credit_note_id)
    if found.client_id != visit.client.id:
        raise NotFound("creditnote", credit_note_id)
    if found.pdf is None:
        raise NotFound("PDF", found.id)
    return pdf_file(wiring.files().get(sending.pdf_key(visit.business.id, found)), sending.pdf_name(found.name))


def rows(visit: Visit, invoice: Invoice, words: Wording) -> list[Credit]:
    """The credit notes of an invoice, the newest first."""
    notes = notes_of(invoice.id, visit.store) if invoice.credited_total else ()
    return [_row(note, words) for note in notes]


def _row(note: CreditNote, words: Wording) -> Credit:
    return Credit(
        path=f"/credit-notes/{note.id}/pdf" if note.pdf else "",
        title=words.text("Credit note {number}", number=note.name),
        detail=DOT.join((words.day(note.issue_date), note.reason)),
        amount=words.money(note.figures.amount_due),
    )
