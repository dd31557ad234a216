"""How a client's account stands: what is to be billed, what is due, what is overdue, what was paid."""

from collections.abc import Iterator
from datetime import date
from itertools import takewhile

from chalicelib.domain.books import total
from chalicelib.domain.client import ClientBalance
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass
from chalicelib.ports import Filter, Store, Unfinished
from chalicelib.usecases.claiming import named_by
from chalicelib.usecases.reading import every

LISTED = 100
"""How many of each kind an account shows; its totals count all."""

OVERDUE_AT_ONCE = 1_000
"""How many are asked for at once beyond those, to be added up: about two answers of 1 MB, DynamoDB's largest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A client's account by stage (H23): not billed yet, billed and unpaid, billed and paid.

    unbilled: the earliest done first, with the drafts that claim some of them (H24);
    unpaid:   the earliest due first; paid: of the newest invoices.
    """

    balance: ClientBalance
    overdue_total: Money
    unbilled: tuple[Item, ...]
    drafts: tuple[Invoice, ...]
    unpaid: tuple[Invoice, ...]
    paid: tuple[Invoice, ...]


def reckon(client_id: str, *, currency: str, today: date, store: Store) -> Account:
    """A client's account, by so many requests however long its history is.

    Only beyond a hundred overdue invoices there are more, one for some five hundred: what is late depends on the day,
    so no sum of it is kept.
    """
    drafts = store.page(Invoice, Filter(account_of=client_id, unfinished=Unfinished.DRAFT), limit=LISTED).rows
    unpaid = store.page(Invoice, Filter(account_of=client_id, unfinished=Unfinished.DUE), limit=LISTED).rows
    newest = store.page(Invoice, Filter(client_id=client_id), limit=LISTED).rows
    free = store.page(Item, Filter(account_of=client_id), limit=LISTED).rows
    return Account(
        balance=store.balance(client_id, currency),
        overdue_total=total((one.overdue(today) for one in _overdue(client_id, today, unpaid, store)), currency),
        unbilled=_in_order((*free, *_claimed(drafts, store)))[:LISTED],
        drafts=drafts,
        unpaid=unpaid,
        paid=tuple(one for one in newest if one.paid_at and not one.voided_at),
    )


def to_bill(client_id: str, *, store: Store) -> tuple[Item, ...]:
    """All of a client's items that are not billed yet, whether on a draft or on none, the earliest done first."""
    drafts = tuple(every(Invoice, Filter(account_of=client_id, unfinished=Unfinished.DRAFT), store, at_once=LISTED))
    return _in_order((*every(Item, Filter(account_of=client_id), store, at_once=LISTED), *_claimed(drafts, store)))


def _claimed(drafts: tuple[Invoice, ...], store: Store) -> tuple[Item, ...]:
    ids = dict.fromkeys(id for draft in drafts for id in named_by(draft, store))
    return store.many(Item, ids) if ids else ()


def _in_order(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Each once, since the list of the free ones may lag behind a claim."""
    once = {item.id: item for item in items}
    return tuple(sorted(once.values(), key=lambda item: (item.occurred_at, item.id)))


def _overdue(client_id: str, today: date, first: tuple[Invoice, ...], store: Store) -> Iterator[Invoice]:
    """The invoices with money overdue; they are the first of those to be paid."""
    if len(first) < LISTED or not first[-1].overdue(today):
        yield from first
    else:
        due = Filter(account_of=client_id, unfinished=Unfinished.DUE)
        everything = every(Invoice, due, store, at_once=OVERDUE_AT_ONCE)
        yield from takewhile(lambda invoice: invoice.overdue(today), everything)
