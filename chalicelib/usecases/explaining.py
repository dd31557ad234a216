"""Why a figure of a document is what it is; what moves after its issue, as of any instant."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.domain.credit_events import (
    CreditNoteIssued,
    InvoiceRestored,
    InvoiceWrittenOff,
    PaymentAllocated,
    PaymentMatched,
)
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.events import InvoiceIssued
from chalicelib.domain.explained_figures import explained
from chalicelib.domain.explanation import Rule, Step, leaf, summed, taken_off
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Envelope, Event
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.domain.payment_events import PaymentChanged, PaymentReceived
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.ports import Filter, Store
from chalicelib.usecases.reading import content_of, every, notes_of

AT_ONCE = 100
DUE = "amount_due"
TAKEN: Mapping[str, tuple[type[Event], ...]] = {
    "paid_total": (PaymentReceived, PaymentChanged, PaymentAllocated, PaymentMatched),
    "credited_total": (CreditNoteIssued,),
    "written_off_total": (InvoiceWrittenOff, InvoiceRestored),
}
"""What is taken off what is due after issue, and by what."""


def explain_document(document: CreditNote | Quote | SalesDocument, figure: str, *, store: Store) -> Step:
    """The steps that lead to a figure of a document of which nothing moves. Raises Invalid (``unknown_figure``)."""
    part_of = document.invoice_id if isinstance(document, CreditNote) else ""
    return explained(figure, content_of(document, store), document.figures, part_of=part_of)


def explain(invoice: Invoice, figure: str, *, at: datetime | None, now: datetime, store: Store) -> Step:
    """The steps that lead to a figure of an invoice; what moves after issue, by all that was booked until an instant.

    Raises Invalid (``unknown_figure``, ``in_the_future``), Refused (``not_issued``) for the past of a draft: no figure
    was owed then, nor is one kept.
    """
    must_not_be_to_come(at, now)
    moves = figure == DUE or figure in TAKEN
    if at and (invoice.issued_at is None or (at < invoice.issued_at and not moves)):
        detail = f"You cannot ask for {figure} of invoice {invoice.name} at {at:%Y-%m-%dT%H:%M:%SZ}: it was a draft."
        raise Refused("not_issued", detail)
    if not moves or (invoice.issued_at is None and figure == DUE):
        return _of_document(invoice, figure, store)
    booked = [envelope.event for envelope in _told(invoice, store) if at is None or envelope.event.at <= at]
    booked.sort(key=lambda event: (event.at, event.subject != invoice.id, event.version))
    return _of_events(invoice, figure, booked, store)


def must_not_be_to_come(at: datetime | None, now: datetime) -> None:
    """Raise Invalid (``in_the_future``): nobody knows what will have been booked."""
    if at and at > now:
        raise Invalid("in_the_future", "What will have been booked at an instant to come is not known.", at="/at")


def _of_document(invoice: Invoice, figure: str, store: Store) -> Step:
    part_of = invoice.quote_id or next(iter(invoice.sources), "")
    return explained(figure, content_of(invoice, store), invoice.figures, part_of=part_of)


def _of_events(invoice: Invoice, figure: str, booked: Iterable[Event], store: Store) -> Step:
    steps = [
        _booked(event, amount, invoice, store)
        for event in booked
        if isinstance(event, TAKEN.get(figure, Event)) and (amount := _moved(event, invoice))
    ]
    return summed(figure, steps if figure == DUE else map(taken_off, steps), invoice.currency)


def _told(invoice: Invoice, store: Store) -> Iterable[Envelope]:
    """All that happened to it, its payments and its credit notes."""
    payments = every(Payment, Filter(parent=invoice.id), store, at_once=AT_ONCE)
    ids = [invoice.id, *(one.id for one in payments), *(note.id for note in notes_of(invoice.id, store))]
    return [envelope for id in ids for envelope in store.history(id)]


def _moved(event: Event, invoice: Invoice) -> Money:
    """What an event booked as receivable of the invoice."""
    own = getattr(event, "invoice_id", None) or event.subject
    moved = (
        posting.amount
        for posting in event.postings
        if posting.account is Account.RECEIVABLE and (posting.code or own) == invoice.id
    )
    return sum(moved, Money.zero(invoice.currency))


def _booked(event: Event, amount: Money, invoice: Invoice, store: Store) -> Step:
    """One event; that of issue with what the document comes to."""
    if isinstance(event, InvoiceIssued):
        return summed(event.type, [_of_document(invoice, DUE, store)], amount.currency, because=event)
    return leaf(event.type, Rule.BOOKED, amount, because=event, of="" if event.subject == invoice.id else event.subject)
