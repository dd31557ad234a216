"""Why a balance of a client is what it is, and what it was at any instant."""

from datetime import datetime, timedelta

from chalicelib.domain.business import Business
from chalicelib.domain.client import ClientBalance
from chalicelib.domain.errors import Invalid
from chalicelib.domain.explained_accounts import BALANCES, WORK, AccountBook
from chalicelib.domain.explanation import Step
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass
from chalicelib.ports import Store
from chalicelib.usecases.checking import present_client
from chalicelib.usecases.explaining import must_not_be_to_come
from chalicelib.usecases.stating import bookings_of

TICK = timedelta(microseconds=1)
"""The least that is told apart of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of which client, in which currency, as of when: what was booked until that instant counts, and at it."""

    client_id: str
    currency: str
    at: datetime


def explain_balance(figure: str, asked: Asked, *, business: Business, now: datetime, store: Store) -> Step:
    """The steps that lead to a balance of a client.

    Told from the index of its journal: what was booked a moment ago may not be in it yet.
    Raises NotFound, Invalid (``unknown_figure``, ``in_the_future``).
    """
    if figure not in BALANCES:
        raise Invalid("unknown_figure", f"There is no figure {figure!r} of a client.", at="/figure")
    book = _book(asked, now=now, store=store)
    if figure == "unbilled_total":
        ids = book.unbilled_items
        return book.unbilled_total(store.many(Item, ids) if ids else ())
    if figure == "overdue_total":
        return _overdue(book, asked, business, store)
    return book.amount_due() if figure == "amount_due" else book.credit_total()


def balance_at(asked: Asked, *, business: Business, now: datetime, store: Store) -> tuple[ClientBalance, Money]:
    """A client's balance at an instant, and what of it was overdue. Raises NotFound, Invalid (``in_the_future``)."""
    book = _book(asked, now=now, store=store)
    return book.balance, Money.rounded(_overdue(book, asked, business, store).value, asked.currency)


def _book(asked: Asked, *, now: datetime, store: Store) -> AccountBook:
    must_not_be_to_come(asked.at, now)
    book = AccountBook(client_id=present_client(asked.client_id, store).id, currency=asked.currency)
    also = frozenset(kind.type for kind in WORK)
    for envelope in bookings_of(asked.client_id, asked.at + TICK, store, also=also):
        book.take(envelope.event)
    return book


def _overdue(book: AccountBook, asked: Asked, business: Business, store: Store) -> Step:
    ids = book.open_invoices
    return book.overdue_total(business.today(asked.at), store.many(Invoice, ids) if ids else ())
