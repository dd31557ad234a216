"""Items claimed by the document whose lines name them, and released again.

An item is on one document at most (I7): a claim saves the item as it was read, so of two drafts that want it one wins.
Only what a document in force claims counts. A void or deleted one may still stand in its items for a while; since
neither ever comes back, whoever wants such an item takes it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest

from chalicelib.domain import item as items
from chalicelib.domain.accrual import taxes_of
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract, waits_until
from chalicelib.domain.errors import Invalid, NotFound, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus
from chalicelib.domain.sales import Content
from chalicelib.domain.values import dataclass
from chalicelib.ports import Change, Filter, Save, Store
from chalicelib.usecases.reading import content_of, every

MOST_ITEMS = 1_000
"""On one document."""

AT_ONCE = 40
"""In one transaction: an item takes two writes of the 100 that it may hold. So many the head of a document names."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item that a line names; version: as the line was written from it, None where it does not say."""

    id: str
    version: int | None = None


def claiming(draft: Invoice, content: Content, *, now: datetime, store: Store) -> tuple[Invoice, tuple[Change, ...]]:
    """A new draft with the items that its lines name, and what claims them in the transaction that writes it.

    More than fit into one are claimed afterwards (``holding``); that they can be billed is seen before.
    Raises NotFound for an unknown item, Refused for one that cannot be billed, Invalid for too many or a double.
    """
    wanted = _named(content)
    must_fit(len(wanted))
    taken = billable(wanted, draft, store)
    if len(wanted) > AT_ONCE:
        return replace(_naming(draft, wanted), claims_left=len(wanted)), ()
    after = replace(_naming(draft, wanted), items_total=items.total_of(taken, draft.currency)) if wanted else draft
    return after, claims(taken, draft, now=now)


def taking(draft: Invoice, taken: Sequence[Item], *, now: datetime) -> tuple[Invoice, tuple[Change, ...]]:
    """A new draft with these items, which were looked at just before, and what claims them; at most ``AT_ONCE``."""
    named = replace(draft, item_ids=tuple(item.id for item in taken), items_total=items.total_of(taken, draft.currency))
    return named, claims(taken, draft, now=now)


def exchanging(
    invoice: Invoice, content: Content, *, now: datetime, store: Store
) -> tuple[Invoice, tuple[Change, ...]]:
    """An edited draft with the items that its lines name now, and what claims the new ones and releases the others.

    invoice: as it claims so far, and all of it. The changes go into the transaction that writes it.
    Raises like ``claiming``; Invalid too for more than one transaction moves.
    """
    wanted, held_so_far = _named(content), set(named_by(invoice, store))
    coming = [one for one in wanted if one.id not in held_so_far]
    going = held_so_far - set(_ids(wanted))
    must_fit(len(wanted), moved=len(coming) + len(going))
    if not coming and not going:
        return _naming(invoice, wanted), ()
    taken = billable(coming, invoice, store)
    given_back = store.many(Item, sorted(going)) if going else ()
    change = items.total_of(taken, invoice.currency) - items.total_of(given_back, invoice.currency)
    after = replace(_naming(invoice, wanted), items_total=invoice.billed + change)
    releases = (Save(*items.released(item, at=now)) for item in given_back)
    return after, (*claims(taken, invoice, now=now), *releases)


def releasing(invoice: Invoice, *, now: datetime, store: Store) -> tuple[Change, ...]:
    """What gives back all that a document claims (H24, H59); many are given back after its end (``holding``)."""
    if invoice.items_in_body or not invoice.item_ids:
        return ()
    known = store.many(Item, invoice.item_ids)
    return tuple(Save(*items.released(item, at=now)) for item in known if item.invoice_id == invoice.id)


def named_by(invoice: Invoice, store: Store) -> tuple[str, ...]:
    """The items that a document's lines name; of many the head knows the number only."""
    return ids_in(content_of(invoice, store)) if invoice.items_in_body else invoice.item_ids


def held(item: Item, store: Store) -> tuple[Item, Invoice | None]:
    """The item, and the document in force that claims it; without one the item is as good as free."""
    holder = items.in_force(store.find(Invoice, item.invoice_id)) if item.invoice_id else None
    return items.as_held(item, holder), holder


def billable(wanted: Sequence[Wanted], draft: Invoice, store: Store) -> list[Item]:
    """The items that lines name, each as it may be claimed for a draft now.

    Holders are read after the items: whoever takes one in between changes the item, and then the claim is refused.
    """
    known = {item.id: item for item in store.many(Item, _ids(wanted))} if wanted else {}
    claimants = dict.fromkeys(item.invoice_id for item in known.values() if item.invoice_id)
    holders = {one.id: one for one in store.many(Invoice, claimants)} if claimants else {}
    waits = waits_of(known.values(), store)
    for one in wanted:
        item = known.get(one.id)
        if item is None:
            raise NotFound("item", one.id)
        _must_be_billable(one, item, items.in_force(holders.get(item.invoice_id or "")), draft)
        if item.id in waits:
            detail = f"You cannot bill item {item.id} because its contract's period is open until {waits[item.id]}."
            raise Refused("open_period", detail)
    return [known[id] for id in _ids(wanted)]


def waits_of(some: Iterable[Item], store: Store) -> dict[str, date]:
    """By id, the day on which those of the items can be billed whose contract's period is open (A20)."""
    collected = [item for item in some if item.contract_id]
    if not collected:
        return {}
    contracts = {
        one.id: one for one in store.many(Contract, {item.contract_id: None for item in collected if item.contract_id})
    }
    business = store.get(Business)
    days = {
        item.id: waits_until(contracts.get(item.contract_id or ""), item, business.today(item.occurred_at))
        for item in collected
    }
    return {id: day for id, day in days.items() if day}


def as_agreed(some: Sequence[Item], store: Store) -> tuple[Item, ...]:
    """The items with the taxes that their contracts agree on: of one that is not taxable none (A17)."""
    wanted = dict.fromkeys(item.contract_id for item in some if item.contract_id)
    contracts = {one.id: one for one in store.many(Contract, wanted)} if wanted else {}
    found = ((item, contracts.get(item.contract_id or "")) for item in some)
    return tuple(replace(item, taxes=taxes_of(one, item.taxes)) if one else item for item, one in found)


def claims(taken: Iterable[Item], draft: Invoice, *, now: datetime) -> tuple[Change, ...]:
    return tuple(Save(*items.claimed(item, invoice_id=draft.id, at=now)) for item in taken)


def ids_in(content: Content) -> tuple[str, ...]:
    return _ids(named_in(content))


def named_in(content: Content) -> list[Wanted]:
    """The items that a document's lines name, in their order."""
    return [
        Wanted(id, version)
        for line in content.lines
        for id, version in zip_longest(line.items, (line.item_version,) if line.item_id else line.item_versions)
    ]


def to_be_billed(client_id: str, fits: Callable[[Item], bool], *, store: Store) -> tuple[Item, ...]:
    """A client's items that can be billed now and fit, the earliest done first; those in an open period wait.

    Raises Refused (``nothing_to_bill``) when there are none, Invalid (``too_many_items``) for more than one
    document takes.
    """
    found = list(every(Item, Filter(account_of=client_id, fits=fits), store, at_once=500))
    if not found:
        raise Refused("nothing_to_bill", f"You cannot bill items of client {client_id} because none are to be billed.")
    waits = waits_of(found, store)
    ready = [item.id for item in found if item.id not in waits]
    if not ready:
        detail = (
            f"You cannot bill items of client {client_id} because their periods are open until {min(waits.values())}."
        )
        raise Refused("nothing_to_bill", detail)
    must_fit(len(ready))
    exact = store.many(Item, ready)  # the list may lag
    return tuple(sorted(exact, key=lambda item: (item.occurred_at, item.id)))


def taken_first(some: Sequence[Item]) -> tuple[Item, ...]:
    """Those of the items that one document takes; the others are for the next.

    What is taken off goes first, so that never more is asked for than is owed, then what was done first.
    """
    ordered = sorted(some, key=lambda item: (item.amount.minor >= 0, item.occurred_at, item.id))
    return tuple(ordered[:MOST_ITEMS]) if len(some) > MOST_ITEMS else tuple(some)


def must_fit(count: int, *, moved: int = 0) -> None:
    """Raise Invalid (``too_many_items``) for more than a document, or one change of it, takes."""
    if count > MOST_ITEMS:
        detail = f"You cannot bill {count} items at once because an invoice takes at most {MOST_ITEMS}; choose fewer."
        raise Invalid("too_many_items", detail, at="/items")
    if moved > AT_ONCE:
        detail = (
            f"You cannot exchange {moved} items at once because one change of a draft moves at most {AT_ONCE}; "
            "make several, or delete the draft and write it anew."
        )
        raise Invalid("too_many_items", detail, at="/lines")


def _named(content: Content) -> list[Wanted]:
    """The items that its lines name, each once."""
    named = named_in(content)
    if len(set(_ids(named))) < len(named):
        raise Invalid("item_twice", "An item cannot be on a document twice.", at="/lines")
    return named


def _naming(invoice: Invoice, wanted: Sequence[Wanted]) -> Invoice:
    """The head with the items themselves, or with their number where they are many."""
    many = len(wanted) > AT_ONCE
    return replace(invoice, item_ids=() if many else _ids(wanted), items_in_body=len(wanted) if many else 0)


def _ids(wanted: Iterable[Wanted]) -> tuple[str, ...]:
    return tuple(one.id for one in wanted)


def _must_be_billable(one: Wanted, item: Item, holder: Invoice | None, draft: Invoice) -> None:
    if item.client_id != draft.client_id:
        raise Refused("item_of_another_client", f"You cannot bill item {item.id} because it is another client's.")
    items.must_not_be_billed(item, holder, "bill")
    if item.status is ItemStatus.DRAFT:
        raise Refused("item_unpublished", f"You cannot bill item {item.id} because it is a draft; publish it first.")
    if holder:
        raise Refused("item_claimed", f"You cannot bill item {item.id} because it is on draft {holder.id}.")
    if item.amount.currency != draft.currency:
        detail = f"You cannot bill item {item.id} in {draft.currency} because it is in {item.amount.currency}."
        raise Refused("currency_mismatch", detail)
    if one.version not in {None, item.version}:
        raise Refused("item_changed", f"You cannot bill item {item.id} because it was just changed; try again.")
