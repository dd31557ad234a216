"""Items claimed by the document whose lines name them, and released again.

An item is on one document at most (I7): a claim saves the item as it was read, so of two drafts that want it one wins.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import item as items
from chalicelib.domain.errors import Invalid, NotFound, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content
from chalicelib.ports import Change, Filter, Save, Store
from chalicelib.usecases.reading import every

MOST_ITEMS = 40
"""On one document, and in one change of it: an item takes two writes of the 100 that a transaction may hold."""


def claiming(invoice: Invoice, content: Content, *, now: datetime, store: Store) -> tuple[Invoice, tuple[Change, ...]]:
    """The draft with the items that its lines name, and what claims the new ones and releases the others.

    invoice: as it claims so far; a new one claims nothing. The changes go into the transaction that writes it.
    Raises NotFound for an unknown item, Refused for one that cannot be billed, Invalid for too many or a double.
    """
    wanted = _named(content)
    held = set(invoice.item_ids)
    coming = [line for line in wanted if line.item_id not in held]
    going = held - {line.item_id for line in wanted}
    must_fit(len(wanted), moved=len(coming) + len(going))
    if not coming and not going:
        return replace(invoice, item_ids=_ids(wanted)), ()
    known = {item.id: item for item in store.many(Item, [*_ids(coming), *sorted(going)])}
    for line in coming:
        _must_be_billable(line, known.get(line.item_id or ""), invoice, store)
    taken, given_back = [known[id] for id in _ids(coming)], [known[id] for id in sorted(going)]
    worth = _worth(taken, invoice.currency) - _worth(given_back, invoice.currency)
    after = replace(invoice, item_ids=_ids(wanted), items_total=invoice.billed + worth)
    claims = [Save(*items.claimed(item, invoice_id=invoice.id, at=now)) for item in taken]
    return after, (*claims, *(Save(*items.released(item, at=now)) for item in given_back))


def releasing(invoice: Invoice, *, now: datetime, store: Store) -> tuple[Change, ...]:
    """What gives back all that a document claims (H24, H59)."""
    known = store.many(Item, invoice.item_ids)
    return tuple(Save(*items.released(item, at=now)) for item in known if item.invoice_id == invoice.id)


def to_be_billed(client_id: str, fits: Callable[[Item], bool], *, store: Store) -> tuple[Item, ...]:
    """A client's items that can be billed now and fit, the earliest done first.

    Raises Refused (``nothing_to_bill``) when there are none, Invalid (``too_many_items``) for more than one
    document takes.
    """
    found = list(every(Item, Filter(account_of=client_id, fits=fits), store, at_once=500))
    if not found:
        raise Refused("nothing_to_bill", f"You cannot bill items of client {client_id} because none are to be billed.")
    must_fit(len(found))
    exact = store.many(Item, [item.id for item in found])  # the list may lag
    return tuple(sorted(exact, key=lambda item: (item.occurred_at, item.id)))


def must_fit(count: int, *, moved: int = 0) -> None:
    """Raise Invalid (``too_many_items``) for more than a document, or one change of it, takes."""
    if count > MOST_ITEMS:
        detail = f"You cannot bill {count} items at once because an invoice takes at most {MOST_ITEMS}; choose fewer."
        raise Invalid("too_many_items", detail, at="/items")
    if moved > MOST_ITEMS:
        detail = f"You cannot exchange {moved} items at once because one change moves at most {MOST_ITEMS}."
        raise Invalid("too_many_items", detail, at="/lines")


def _named(content: Content) -> list[Line]:
    """The lines that name an item."""
    named = [line for line in content.lines if line.item_id]
    if len(set(_ids(named))) < len(named):
        raise Invalid("item_twice", "An item cannot be on a document twice.", at="/lines")
    return named


def _ids(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.item_id for line in lines if line.item_id)


def _worth(some: Sequence[Item], currency: str) -> Money:
    return sum((item.amount for item in some), Money.zero(currency))


def _must_be_billable(line: Line, item: Item | None, invoice: Invoice, store: Store) -> None:
    if item is None:
        raise NotFound("item", line.item_id or "")
    if item.client_id != invoice.client_id:
        raise Refused("item_of_another_client", f"You cannot bill item {item.id} because it is another client's.")
    holder = store.find(Invoice, item.invoice_id) if item.invoice_id else None
    items.must_not_be_billed(item, holder, "bill")
    if item.status is ItemStatus.DRAFT:
        raise Refused("item_unpublished", f"You cannot bill item {item.id} because it is a draft; publish it first.")
    if item.invoice_id:
        raise Refused("item_claimed", f"You cannot bill item {item.id} because it is on draft {item.invoice_id}.")
    if item.amount.currency != invoice.currency:
        detail = f"You cannot bill item {item.id} in {invoice.currency} because it is in {item.amount.currency}."
        raise Refused("currency_mismatch", detail)
    if line.item_version not in {None, item.version}:
        raise Refused("item_changed", f"You cannot bill item {item.id} because it was just changed; try again.")
