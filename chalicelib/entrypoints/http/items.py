"""/v1/items: interventions, time, products and expenses, written, published, edited until billed, waived."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemKind, ItemState, ItemStatus, worth
from chalicelib.domain.visit import Visit
from chalicelib.entrypoints.http.contents import must_be_taxes
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import ItemQuery, Listed, PublishQuery, listed, matches, within
from chalicelib.entrypoints.http.seeing import only_of, seen_items, seen_job
from chalicelib.entrypoints.http.shapes.items import (
    ItemFields,
    ItemIn,
    ItemOut,
    ItemPatch,
    PublicationOut,
    item_out,
)
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.entrypoints.http.timing import timed_by
from chalicelib.ports import Filter
from chalicelib.usecases import publishing
from chalicelib.usecases.claiming import waits_of
from chalicelib.usecases.pricing import has_price, holders_for, sold_to
from chalicelib.usecases.publishing import Publication
from chalicelib.usecases.visiting import visit_of

KINDS = {"intervention": ItemKind.INTERVENTION, "product": ItemKind.PRODUCT, "service": ItemKind.INTERVENTION}
"""What the kinds of the catalogue are when they are done for a client."""

MAY_BE_EMPTY = {"unit", "taxes", "catalog_code", "contract_id", "notes", "professional_notes", "visit_id", "job_id"}


def shown_items(call: Call, items: Iterable[Item]) -> list[ItemOut]:
    """The items as they stand with the invoices that claim them; three reads however many they are."""
    all_of = tuple(items)
    holders, waits = {invoice.id: invoice for invoice in _holders(call, all_of)}, waits_of(all_of, call.store)
    return [ItemOut.of(item, holders.get(item.invoice_id or ""), waits_until=waits.get(item.id)) for item in all_of]


def _item(call: Call, item_id: str) -> ItemOut:
    (item,) = shown_items(call, [_own(call, item_id)])
    return item


def _own(call: Call, item_id: str) -> Item:
    """The item, provided the caller may see it. Raises NotFound."""
    item = call.store.get(Item, item_id)
    if not seen_items(call, [item]):
        raise NotFound("item", item_id)
    return item


@operation("GET", "/items", needs="items.read", query=ItemQuery, answer=Listed[ItemOut])
def list_items(call: Call) -> Listed[ItemOut]:
    """The items, newest first."""
    query: ItemQuery = call.query
    shown: dict[str, ItemOut] = {}

    def sift(items: Sequence[Item]) -> list[Item]:
        rows = shown_items(call, seen_items(call, items))
        shown.update({row.id: row for row in rows if query.status in {None, row.status}})
        return [item for item in items if item.id in shown]

    visit = call.store.find(Visit, query.visit_id) if query.visit_id else None
    contract = call.store.find(Contract, query.contract_id) if query.contract_id else None
    whose = visit or contract
    wanted = Filter(
        client_id=query.client_id or (whose.client_id if whose else None),
        job_id=query.job_id,
        fits=lambda item: _fits(item, query, call),
        sift=sift,
    )
    return listed(call, Item, wanted, lambda item: shown[item.id])


@operation(
    "POST",
    "/items",
    needs="items.write",
    body=ItemIn,
    answer=ItemOut,
    status=201,
    place="/items",
    refusals=(404, 409, 422),
    again=_item,
)
def add_item(call: Call, body: ItemIn) -> ItemOut:
    """Write an item as a draft; a catalogue code gives what is left out. One of a contract is in its currency."""
    contract = call.store.find(Contract, body.contract_id) if body.contract_id else None
    currency = contract.currency if contract else call.business.currency
    given = _given(call, body, client_id=body.client_id, contract_id=body.contract_id, currency=currency)
    for name in ("description", "unit_price"):
        if given.get(name) is None:
            detail = "An item needs a description and a unit price, or a catalogue code."
            raise Invalid("missing", detail, at=f"/{name}")
    price, quantity = given["unit_price"], given.get("quantity", Decimal(1))
    plain: dict[str, Any] = {"kind": ItemKind.INTERVENTION, "occurred_at": call.now}
    item = Item(
        id=call.ids("itm"),
        client_id=body.client_id,
        amount=worth(quantity=quantity, unit_price=price, currency=currency),
        created_at=call.now,
        **plain | given,
    )
    (shown,) = shown_items(call, [publishing.draft_item(item, now=call.now, store=call.store)])
    return shown


@operation("GET", "/items/{item_id}", needs="items.read", answer=ItemOut, refusals=(404,))
def get_item(call: Call, item_id: str) -> ItemOut:
    """One item."""
    return _item(call, item_id)


@operation(
    "PATCH",
    "/items/{item_id}",
    needs="items.write",
    body=ItemPatch,
    answer=ItemOut,
    refusals=(404, 409, 412, 422),
    again=_item,
)
def edit_item(call: Call, item_id: str, body: ItemPatch) -> ItemOut:
    """Change an item that is not billed yet; a new code brings its price, and a draft that it is on follows."""

    def change(item: Item) -> Item:
        contract_id = body.contract_id if "contract_id" in body.model_fields_set else item.contract_id
        currency = item.amount.currency
        given = _given(call, body, client_id=item.client_id, contract_id=contract_id, currency=currency, known=item)
        return replace(item, **given)

    _own(call, item_id)
    publishing.edit_item(item_id, change, if_match=call.if_match, now=call.now, store=call.store)
    return _item(call, item_id)


@operation("DELETE", "/items/{item_id}", needs="items.write", status=204, refusals=(404, 409, 412))
def remove_item(call: Call, item_id: str) -> Answer:
    """Delete a draft; a published item can be waived."""
    _own(call, item_id)
    publishing.remove_item(item_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


def _published(call: Call, item_id: str) -> PublicationOut:
    item = call.store.get(Item, item_id)
    unbilled = call.store.balance(item.client_id, item.amount.currency).unbilled_total
    return _publication(call, Publication(item=item, change=item.amount, unbilled_total=unbilled), dry_run=False)


@operation(
    "POST",
    "/items/{item_id}/publish",
    needs="items.publish",
    query=PublishQuery,
    body=Nothing,
    answer=PublicationOut,
    refusals=(404, 409, 412),
    again=_published,
    forever=True,
)
def publish_item(call: Call, item_id: str, body: Nothing) -> PublicationOut:  # noqa: ARG001
    """Make an item part of its client's balance; with ``dry_run`` only say by how much that would change it."""
    query: PublishQuery = call.query
    _own(call, item_id)
    publication = publishing.publish_item(
        item_id, dry_run=query.dry_run, if_match=call.if_match, now=call.now, store=call.store
    )
    return _publication(call, publication, dry_run=query.dry_run)


@operation(
    "POST",
    "/items/{item_id}/waive",
    needs="items.publish",
    body=Nothing,
    answer=ItemOut,
    refusals=(404, 409, 412),
    again=_item,
    forever=True,
)
def waive_item(call: Call, item_id: str, body: Nothing) -> ItemOut:  # noqa: ARG001
    """Take an item out of the client's balance for ever; nothing brings it back."""
    _own(call, item_id)
    return ItemOut.of(publishing.waive_item(item_id, if_match=call.if_match, now=call.now, store=call.store), None)


@operation("GET", "/items/{item_id}/timeline", needs="items.read", answer=Listed[EventOut], refusals=(404,))
def get_item_timeline(call: Call, item_id: str) -> Listed[EventOut]:
    """Everything that happened to an item, oldest first; a deleted draft's story stays."""
    history = call.store.history(item_id) if item_id.startswith("itm_") else ()
    kept = call.store.find(Item, item_id)
    if kept or not history or only_of(call):
        _own(call, item_id)
    return Listed[EventOut](data=[EventOut.of(one) for one in history], next_cursor=None)


def _given(
    call: Call, body: ItemFields, *, client_id: str, contract_id: str | None, currency: str, known: Item | None = None
) -> dict[str, Any]:
    """What a request says of an item, after what the catalogue says of its code; known: the item that is changed.

    Raises Invalid for an unknown code or tax.
    """
    said = {name: getattr(body, name) for name in body.model_fields_set & set(ItemFields.model_fields)}
    said = {name: value for name, value in said.items() if value is not None or name in MAY_BE_EMPTY}
    if said.get("visit_id"):
        visit_of(only_of(call), said["visit_id"], call.store)
    if said.get("job_id"):
        seen_job(call, said["job_id"])
    if said.get("taxes") is not None:
        said["taxes"] = tuple(said["taxes"])
        must_be_taxes(call, said["taxes"], at="/taxes")
    if not said.get("description", "-").strip():
        raise Invalid("empty", "This text is empty.", at="/description")
    timed = timed_by(call, said, contract_id, known)
    code = said.get("catalog_code")
    if code is None:
        return timed | said
    entry = sold_to([code], holders=holders_for(client_id, contract_id), store=call.store).get(code)
    if entry is None:
        raise Invalid("unknown_catalog_code", f"There is no {code!r} in the catalogue.", at="/catalog_code")
    given = _from_catalogue(entry) | _untaxed(call, client_id) | timed | said
    foreign = currency != call.business.currency and not {"unit_price"} & (timed.keys() | said.keys())
    if foreign and not (contract_id and has_price(contract_id, entry.id, call.store)):
        detail = f"A price in {currency} is needed here, because the catalogue's are in {call.business.currency}."
        raise Invalid("currency_mismatch", detail, at="/unit_price")
    return given


def _from_catalogue(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "description": entry.told,
        "unit": entry.unit,
        "unit_price": entry.unit_price,
        "taxes": entry.taxes,
        "kind": KINDS[entry.kind],
    }


def _untaxed(call: Call, client_id: str) -> dict[str, Any]:
    """What an item of an exempt client does not take from the catalogue: it is billed as its client is."""
    client = call.store.find(Client, client_id)
    return {"taxes": None} if client and client.tax_exempt else {}


def _publication(call: Call, publication: Publication, *, dry_run: bool) -> PublicationOut:
    currency, item = publication.change.currency, publication.item
    verb = "would change" if dry_run else "changed"
    return PublicationOut(
        **item_out(item, None, waits_until=waits_of([item], call.store).get(item.id)),
        dry_run=dry_run,
        balance_change=f"{publication.change}",
        unbilled_total=f"{publication.unbilled_total}",
        message=f"Publishing {verb} what is to be billed by {publication.change} {currency}, "
        f"to {publication.unbilled_total} {currency}.",
    )


def _fits(item: Item, query: ItemQuery, call: Call) -> bool:
    """Whether an item may be what is asked for, as far as it says itself."""
    statuses = {ItemState.DRAFT: ItemStatus.DRAFT, ItemState.WAIVED: ItemStatus.WAIVED}
    return (
        (query.status is None or item.status is statuses.get(query.status, ItemStatus.PUBLISHED))
        and query.client_id in {None, item.client_id}
        and query.job_id in {None, item.job_id}
        and query.visit_id in {None, item.visit_id}
        and query.contract_id in {None, item.contract_id}
        and within(call.business.today(item.occurred_at), query)
        and matches(query, item.description, item.catalog_code, item.notes, item.client_name, ids=[item.id])
    )


def _holders(call: Call, items: Iterable[Item]) -> tuple[Invoice, ...]:
    ids = dict.fromkeys(item.invoice_id for item in items if item.invoice_id)
    return call.store.many(Invoice, ids) if ids else ()
