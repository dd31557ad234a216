"""Finding invoices that a payment which belongs to nobody may be for."""

from collections.abc import Iterator

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Payment
from chalicelib.domain.suggestion import Suggestion, suggestions, words_with_digits
from chalicelib.ports import Filter, Store, Unfinished

MOST_DUE = 1_000
"""Invoices that are looked at by their amount, those due first."""


def suggest(payments: tuple[Payment, ...], *, store: Store) -> dict[str, tuple[Suggestion, ...]]:
    """What each of the payments may be for, by its id; the invoices due are read once for all."""
    if not payments:
        return {}
    due: tuple[Invoice, ...] = store.page(Invoice, Filter(unfinished=Unfinished.DUE), limit=MOST_DUE).rows
    return {one.id: suggestions(one, (*due, *_named(one, store))) for one in payments}


def _named(payment: Payment, store: Store) -> Iterator[Invoice]:
    """The invoices whose numbers are in its description."""
    for word in words_with_digits(payment.facts.description if payment.facts else ""):
        yield from store.page(Invoice, Filter(number=word), limit=1).rows
