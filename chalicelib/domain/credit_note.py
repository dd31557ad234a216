"""A credit note: what is taken back of an issued invoice, under a number of its own series, for ever.

An issued invoice is never changed (CGI ann. II art. 242 nonies A; Excise Tax Act s. 232): what it said too much, a
credit note takes back. Its figures are positive, as in a document of type 381 of EN 16931.
"""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.business import Business, Numbering
from chalicelib.domain.credit_events import CreditNoteIssued, CreditNoteSendRequested, InvoiceCredited
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice, Pdf, following_from_due, must_be_issued
from chalicelib.domain.journal import Account, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number
from chalicelib.domain.schedule import places_by_day
from chalicelib.domain.values import dataclass

SERIES = "credit_note"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    """The head of a credit note; its lines are in its only body, each with the line of the invoice it takes back.

    figures: what is taken back, above zero; figures.amount_due is what the invoice is due less by it.
    freed: what of the invoice's payments became the client's credit by it.
    earned: where what it takes back was booked.
    exports: the newest exports that it is in, the last one last; booked_in: the programs that have it from us.
    """

    id: str
    version: int = 1
    revision: int = 1
    invoice_id: str
    invoice_number: str
    invoice_date: date
    client_id: str
    client_name: str
    job_id: str | None = None
    reason: str
    figures: Figures
    freed: Money
    earned: Account = Account.REVENUE
    number: str
    seq: int
    series: str = SERIES
    issue_date: date
    language: str
    template: Template = Template.MODERN
    delivery: Delivery = Delivery()
    pdf: Pdf | None = None
    sent_at: datetime | None = None
    exported_at: datetime | None = None
    exports: tuple[str, ...] = ()
    booked_in: tuple[str, ...] = ()
    created_at: datetime

    @property
    def currency(self) -> str:
        return self.figures.currency

    @property
    def name(self) -> str:
        return self.number


def numbering_of(business: Business) -> Numbering:
    """Credit notes are counted for themselves, under a prefix of their own."""
    return replace(business.numbering, prefix=f"CN-{business.numbering.prefix}", start=1)


def must_be_creditable(invoice: Invoice) -> None:
    """Raise Refused for a draft or void invoice, and one that is disputed or written off."""
    must_be_issued(invoice, "credit")
    if invoice.disputed_total:
        raise Refused("invoice_disputed", f"You cannot credit invoice {invoice.name} because it is disputed.")
    if invoice.written_off:
        raise Refused(
            "invoice_written_off", f"You cannot credit invoice {invoice.name} because it is written off; restore it."
        )


def issued(
    id: str, invoice: Invoice, figures: Figures, *, number: Number, reason: str, send: bool, at: datetime
) -> tuple[CreditNote, CreditNoteIssued]:
    """The credit note under its number, and what it books: the mirror of what the invoice booked."""
    note = CreditNote(
        id=id,
        invoice_id=invoice.id,
        invoice_number=invoice.name,
        invoice_date=invoice.issue_date or number.issue_date,
        client_id=invoice.client_id,
        client_name=invoice.client_name,
        job_id=invoice.job_id,
        reason=reason,
        figures=figures,
        freed=beyond_due(invoice, figures),
        earned=invoice.lessens,
        number=number.id,
        seq=number.seq,
        issue_date=number.issue_date,
        language=invoice.language,
        template=invoice.template,
        delivery=Delivery(state=DeliveryState.QUEUED, requests=1) if send else Delivery(),
        created_at=at,
    )
    event = CreditNoteIssued(
        subject=id,
        version=1,
        at=at,
        number=number.id,
        client_id=note.client_id,
        invoice_id=invoice.id,
        total=figures.total,
        reason=reason,
        send=send,
        postings=_booked(figures, invoice),
    )
    return note, event


def credited(invoice: Invoice, note: CreditNote, *, at: datetime) -> tuple[Invoice, InvoiceCredited]:
    """The invoice after a credit note; what was paid beyond what is then due of it is credit of the client.

    What is freed is taken from the instalments that are due last.
    """
    after = replace(
        invoice,
        version=invoice.version + 1,
        credited_total=invoice.credited_total + note.figures.amount_due,
        paid_total=invoice.paid_total - note.freed,
        instalments_paid=_less(invoice, note.freed),
        checkout=None,
    )
    after = following_from_due(after, at=at)
    event = InvoiceCredited(
        subject=invoice.id,
        version=after.version,
        at=at,
        credit_note_id=note.id,
        amount=note.figures.amount_due,
        amount_due=after.amount_due,
    )
    return after, event


def send_requested(
    note: CreditNote, *, template: Template | None, at: datetime
) -> tuple[CreditNote, CreditNoteSendRequested]:
    """The credit note with its mail asked for; template: of the PDF in this mail, where it is not the note's own."""
    delivery = replace(
        note.delivery,
        state=DeliveryState.QUEUED,
        detail=None,
        template=template,
        requests=note.delivery.requests + 1,
    )
    asked = replace(note, version=note.version + 1, delivery=delivery)
    return asked, CreditNoteSendRequested(subject=note.id, version=asked.version, at=at)


def beyond_due(invoice: Invoice, figures: Figures) -> Money:
    """What was paid of an invoice beyond what is due once so much of it is credited."""
    return max(figures.amount_due - invoice.amount_due, Money.zero(invoice.currency))


def _less(invoice: Invoice, freed: Money) -> tuple[Money, ...]:
    left, paid = freed, list(invoice.instalments_paid)
    for place in reversed(places_by_day(invoice.schedule)):
        step = min(left, paid[place])
        paid[place] -= step
        left -= step
    return tuple(paid)


def _booked(figures: Figures, invoice: Invoice) -> tuple[Posting, ...]:
    taxes = [Posting(Account.TAX, tax.amount, tax.code) for tax in figures.taxes if not tax.withheld]
    return balanced(
        Posting(Account.RECEIVABLE, -figures.amount_due, invoice.id),
        Posting(Account.WITHHELD, -figures.withheld_total),
        Posting(Account.PREPAID, -figures.drawn),
        Posting(Account.ROUNDING, figures.rounding_adjustment),
        Posting(invoice.lessens, figures.earned),
        *taxes,
    )
