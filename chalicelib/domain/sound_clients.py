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
    thing, currency = Thing(balance.id, f"client {balance.id}"), balance.amount_due.currency
    yield from thing.unless_equal(
        "I5", ("what is to be billed comes to", total(unbilled, currency)), ("it says", balance.unbilled_total)
    )
    due = total((one.amount_due for one in invoices if one.client_id == balance.id and one.issued_at), currency)
    yield from thing.unless_equal("I6", ("what is due comes to", due), ("it says", balance.amount_due))
    credit = total((one.credited for one in payments if one.client_id == balance.id), currency)
    yield from thing.unless_equal("I6", ("its credit comes to", credit), ("it says", balance.credit_total))
