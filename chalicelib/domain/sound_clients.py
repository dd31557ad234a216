"""Whether a client's aggregates are the sums of what they stand for (I5, I6)."""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.books import Thing, Violation, total
from chalicelib.domain.client import ClientBalance
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment


def of_client(
    balance: ClientBalance, invoices: Iterable[Invoice], payments: Iterable[Payment], *, unbilled: Sequence[Money] = ()
) -> Iterator[Violation]:
    """A client's aggregates in one currency.

    invoices, payments: at least all of this client in this currency; unbilled: the worth of each item to be billed.
    """
    currency = balance.amount_due.currency
    due = total((one.amount_due for one in invoices if one.client_id == balance.id and one.issued_at), currency)
    credit = total((one.credited for one in payments if one.client_id == balance.id), currency)
    yield from of_totals(balance, unbilled=total(unbilled, currency), due=due, credit=credit)


def of_totals(balance: ClientBalance, *, unbilled: Money, due: Money, credit: Money) -> Iterator[Violation]:
    """A client's aggregates in one currency, beside what they should be."""
    thing = Thing(balance.id, f"client {balance.id}")
    yield from thing.unless_equal(
        "I5", ("what is to be billed comes to", unbilled), ("it says", balance.unbilled_total)
    )
    yield from thing.unless_equal("I6", ("what is due comes to", due), ("it says", balance.amount_due))
    yield from thing.unless_equal("I6", ("its credit comes to", credit), ("it says", balance.credit_total))
