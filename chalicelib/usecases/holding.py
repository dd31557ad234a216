"""The many items of one document, claimed and released some at a time; whoever goes on may be another than who began.

A draft with more items than one transaction moves is written first, its lines naming them all; then it claims them in
the order of their ids, each step in one transaction with its head. The request goes on to the end; after a crash the
draft's event has it done. One that another document took meanwhile ends the draft: it has billed nothing, and what it
holds is given back.
"""

from datetime import datetime
from functools import partial

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain import item as items
from chalicelib.domain import visit as visits
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.events import InvoiceRemoved
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.sales import Body
from chalicelib.domain.visit import Visit
from chalicelib.ports import Change, Remove, Save, Store
from chalicelib.usecases import claiming
from chalicelib.usecases.reading import content_of


def whole(draft: Invoice, *, now: datetime, store: Store) -> Invoice:
    """The draft with all items claimed that its lines name.

    Raises Refused (``items_taken``) where one was taken by another meanwhile; then the draft is gone.
    """
    if not draft.claims_left:
        return draft
    found = claim_rest(draft.id, now=now, store=store)
    if found is None:
        must_not_be_taken_back(draft.id, store)
        raise NotFound("invoice", draft.id)
    return found


def claim_rest(invoice_id: str, *, now: datetime, store: Store) -> Invoice | None:
    """Claim what a draft names and does not claim yet; None for one that is gone, or is gone now for want of an item.

    Done again, at once or later, it claims nothing twice.
    """
    beside = store.aside()
    while True:
        draft = beside.persistently(lambda: _with_some_more(invoice_id, now=now, store=beside))
        if draft is None or not draft.claims_left:
            return draft


def release_rest(invoice_id: str, revision: int | None, *, now: datetime, store: Store) -> None:
    """Give back the many items of a document that is void or deleted; revision: whose lines name them.

    Done again, at once or later, it takes nothing from another document.
    """
    body = store.find(Body, invoice_id, str(revision)) if revision else None
    ids = sorted(claiming.ids_in(body.content)) if body else []
    beside = store.aside()
    for start in range(0, len(ids), claiming.AT_ONCE):
        some = ids[start : start + claiming.AT_ONCE]
        beside.persistently(partial(_release, some, invoice_id, now=now, store=beside))


def must_not_be_taken_back(invoice_id: str, store: Store) -> None:
    """Raise Refused (``items_taken``) for a draft that ended for want of an item."""
    told = store.history(invoice_id)
    last = told[-1].event if told else None
    if isinstance(last, InvoiceRemoved) and last.reason:
        raise Refused("items_taken", last.reason)


def visit_without(draft: Invoice, now: datetime, store: Store) -> tuple[Change, ...]:
    """The visit that a draft bills as one to be billed again; to be committed with the draft's end."""
    visit = store.find(Visit, draft.visit_id) if draft.visit_id else None
    if visit is None or visit.invoice_id != draft.id:
        return ()
    return (Save(*visits.freed(visit, at=now)),)


def _with_some_more(invoice_id: str, *, now: datetime, store: Store) -> Invoice | None:
    draft = store.find(Invoice, invoice_id)
    if draft is None or not draft.claims_left:
        return draft
    wanted = _next_of(draft, store)
    try:
        taken = claiming.billable(wanted, draft, store)
    except (NotFound, Refused) as lost:
        gone = invoices.removal(draft, reason=lost.detail, at=now)
        store.commit(Remove(draft, gone), *visit_without(draft, now, store))
        release_rest(draft.id, gone.revision, now=now, store=store)
        return None
    worth = items.total_of(taken, draft.currency)
    after, event = invoices.items_claimed(draft, count=len(wanted), worth=worth, at=now)
    store.commit(Save(after, event), *claiming.claims(taken, draft, now=now))
    return after


def _next_of(draft: Invoice, store: Store) -> list[claiming.Wanted]:
    """The items that are claimed next: of two drafts that share items, one takes the first of them and goes on.

    A draft that lacks some is not edited, so they are those that it began with.
    """
    named = claiming.named_in(content_of(draft, store))
    left = sorted(named, key=lambda one: one.id)[len(named) - draft.claims_left :]
    return left[: claiming.AT_ONCE]


def _release(ids: list[str], invoice_id: str, *, now: datetime, store: Store) -> None:
    held = [item for item in store.many(Item, ids) if item.invoice_id == invoice_id]
    store.commit(*(Save(*items.released(item, at=now)) for item in held))
