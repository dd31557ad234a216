"""Why a figure of an invoice is what it is, as of any instant."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from chalicelib.domain.explained_figures import explained
from chalicelib.domain.explanation import Rule, Step, leaf, summed
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Envelope, Event
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.ports import Filter, Store
from chalicelib.usecases.reading import content_of, every, notes_of

AT_ONCE = 100
DUE = "amount_due"


def explain(invoice: Invoice, figure: str, *, at: datetime | None, store: Store) -> Step:
    """The steps that lead to a figure of an invoice; what is due, by all that was booked until an instant.

    Raises Invalid (``unknown_figure``).
    """
    if figure != DUE or not invoice.issued_at:
        return explained(figure, content_of(invoice, store), invoice.figures)
    of_document = explained(DUE, content_of(invoice, store), invoice.figures) if not invoice.is_imported else None
    booked = sorted(
        (envelope for envelope in _told(invoice, store) if at is None or envelope.event.at <= at),
        key=lambda envelope: (envelope.event.at, envelope.event.subject != invoice.id, envelope.event.version),
    )
    steps = [
        _booked(envelope.event, amount, of_document)
        for envelope in booked
        if (amount := _moved(envelope.event, invoice))
    ]
    return summed(DUE, steps, invoice.currency)


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


def _booked(event: Event, amount: Money, of_document: Step | None) -> Step:
    """One event; that of issue with what the document comes to."""
    label = event.subject
    if of_document and event.type == "invoice.issued" and of_document.value == Fraction(amount.decimal):
        return summed(event.type, [of_document], amount.currency, label=label, because=event)
    return leaf(event.type, Rule.BOOKED, amount, label=label, because=event)
