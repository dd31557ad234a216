"""What a credit note says on paper. It reads only what was frozen when it was made, so it says the same for ever.

It names the number and the day of the invoice that it corrects, as the law wants it (France, CGI art. 289, I-5;
Canada, Credit Note and Debit Note Information (GST/HST) Regulations, s. 3).
"""

from dataclasses import replace

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.document import Document, Emphasis, Fact, Panel, Passage, Total
from chalicelib.domain.invoice_document import columns_of, groups_of
from chalicelib.domain.invoice_totals import totals_of
from chalicelib.domain.letterhead import buyer_of, letterhead, places_of, seller_of
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import legal_notices
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.wording import Wording


def credit_note_document(note: CreditNote, content: Content, parties: Parties, *, wording: Wording) -> Document:
    """The credit note as a document in one language; its amounts are above zero.

    content: priced, as `worked_out` leaves it.
    """
    text, seller = wording.text, parties.seller
    return Document(
        **letterhead(seller, wording),
        template=note.template,
        dated=note.issue_date,
        title=text("Credit note"),
        number=text("No. {number}", number=note.number),
        heading=text("Credit note {number}", number=note.number),
        parties=(
            seller_of(note.figures, parties, wording),
            buyer_of(parties, text("Billed to"), wording),
            *places_of(parties, wording),
        ),
        panel=Panel(
            label=text("Amount credited"),
            amount=wording.money(note.figures.amount_due),
            note=corrects(note, wording),
        ),
        facts=(
            Fact(label=text("Issue date"), value=wording.day(note.issue_date)),
            Fact(label=text("Invoice corrected"), value=note.invoice_number),
            Fact(label=text("Invoice date"), value=wording.day(note.invoice_date)),
        ),
        columns=columns_of(content, seller, wording),
        groups=groups_of(content, seller, wording),
        totals=totals_of_credit(note, wording),
        passages=(
            Passage(title=text("Reason"), paragraphs=(note.reason,)),
            *legal_notices(
                Case(kind=PaperKind.CREDIT_NOTE, figures=note.figures, parties=parties, on=note.issue_date), wording
            ),
        ),
    )


def corrects(note: CreditNote, wording: Wording) -> str:
    """Which invoice it corrects, by number and day."""
    return wording.text(
        "Corrects invoice {number} of {day}", day=wording.day(note.invoice_date), number=note.invoice_number
    )


def totals_of_credit(note: CreditNote, wording: Wording) -> tuple[Total, ...]:
    """As on an invoice, but that the last figure is credited, and asks for nothing."""
    *others, last = totals_of(note.figures, wording)
    return (*others, replace(last, label=wording.text("Total credited"), emphasis=Emphasis.FINAL))
