"""/v1/catalog: what is sold, and price lists taken in; /v1/clients/{id}/prices: what was agreed with a client."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.catalogue import AgreedPrice, CatalogueEntry
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.catalogue import (
    EntryIn,
    EntryOut,
    EntryPatch,
    ImportIn,
    ImportOut,
    ImportQuery,
    PriceIn,
    PriceOut,
)
from chalicelib.entrypoints.http.shapes.price_lists import rows_in
from chalicelib.ports import Filter
from chalicelib.usecases import configuring, importing, pricing
from chalicelib.usecases.checking import present_client


def _entry(call: Call, code: str) -> EntryOut:
    return EntryOut.of(call.store.get(CatalogueEntry, code))


@operation("GET", "/catalog", needs="catalog.read", query=PageQuery, answer=Listed[EntryOut])
def list_catalog(call: Call) -> Listed[EntryOut]:
    """What the business sells."""
    return listed(call, CatalogueEntry, Filter(), EntryOut.of)


@operation(
    "POST",
    "/catalog",
    needs="catalog.write",
    body=EntryIn,
    answer=EntryOut,
    status=201,
    place="/catalog",
    refusals=(409,),
    again=_entry,
)
def add_catalog_entry(call: Call, body: EntryIn) -> EntryOut:
    """Add a product, a service or an intervention code."""
    taxes = None if body.taxes is None else tuple(body.taxes)
    entry = CatalogueEntry(
        id=body.code,
        name=body.name,
        description=body.description,
        unit=body.unit,
        unit_price=body.unit_price,
        taxes=taxes,
        kind=body.kind,
    )
    added = configuring.add_entry(entry, business=call.business, now=call.now, store=call.store)
    return EntryOut.of(added)


@operation("GET", "/catalog/{code}", needs="catalog.read", answer=EntryOut, refusals=(404,))
def get_catalog_entry(call: Call, code: str) -> EntryOut:
    """One thing sold."""
    return _entry(call, code)


@operation(
    "PATCH",
    "/catalog/{code}",
    needs="catalog.write",
    body=EntryPatch,
    answer=EntryOut,
    refusals=(404, 412),
    again=_entry,
)
def change_catalog_entry(call: Call, code: str, body: EntryPatch) -> EntryOut:
    """Change a thing sold; documents that name it keep what they say."""
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if given.get("taxes") is not None:
        given["taxes"] = tuple(given["taxes"])
    kept = {
        name: value for name, value in given.items() if value is not None or name in {"description", "unit", "taxes"}
    }
    changed = configuring.change_entry(
        code,
        lambda entry: replace(entry, **kept),
        business=call.business,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return EntryOut.of(changed)


@operation("DELETE", "/catalog/{code}", needs="catalog.write", status=204, refusals=(404, 412))
def remove_catalog_entry(call: Call, code: str) -> Answer:
    """Take a thing out of the catalogue."""
    configuring.remove_entry(code, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/catalog/import",
    needs="catalog.write",
    body=ImportIn,
    query=ImportQuery,
    answer=ImportOut,
    refusals=(400, 413),
    harmless=True,
)
def import_price_list(call: Call, body: ImportIn) -> ImportOut:
    """Take a price list in, line by line: what is wrong with one line stops no other.

    The list is CSV in UTF-8, as the body (text/csv) or as ``csv`` in JSON; columns, by their names in the first line,
    are code, name, description, unit, unit_price, taxes (codes between spaces) and kind, between commas, semicolons
    or tabs. An empty cell leaves what is there; a line whose price may be a thousand, such as 1.234, is refused.
    With ``dry_run=true`` nothing is written. Taken in again, a list changes nothing more, and its lines are told as
    unchanged.
    """
    outcomes = importing.import_entries(
        rows_in(body.csv), dry_run=call.query.dry_run, business=call.business, now=call.now, store=call.store
    )
    return ImportOut.of(outcomes, dry_run=call.query.dry_run)


def _price(call: Call, id: str) -> PriceOut:
    return PriceOut.of(call.store.get(AgreedPrice, id))


@operation(
    "GET",
    "/clients/{client_id}/prices",
    needs="catalog.read",
    query=PageQuery,
    answer=Listed[PriceOut],
    refusals=(404,),
)
def list_prices(call: Call, client_id: str) -> Listed[PriceOut]:
    """The prices agreed with a client."""
    client = present_client(client_id, call.store)
    return listed(call, AgreedPrice, Filter(parent=client.id), PriceOut.of)


@operation("GET", "/clients/{client_id}/prices/{code}", needs="catalog.read", answer=PriceOut, refusals=(404,))
def get_price(call: Call, client_id: str, code: str) -> PriceOut:
    """The price that was agreed with a client for one thing sold."""
    return PriceOut.of(pricing.present_price(client_id, code, call.store))


@operation(
    "PUT",
    "/clients/{client_id}/prices/{code}",
    needs="catalog.write",
    body=PriceIn,
    answer=PriceOut,
    refusals=(404, 412),
    again=_price,
)
def agree_on_price(call: Call, client_id: str, code: str, body: PriceIn) -> PriceOut:
    """Agree on a price with a client: lines and items of theirs that name the code bear it from now on."""
    price = pricing.agree_on_price(
        client_id, code, unit_price=body.unit_price, if_match=call.if_match, now=call.now, store=call.store
    )
    return PriceOut.of(price)


@operation("DELETE", "/clients/{client_id}/prices/{code}", needs="catalog.write", status=204, refusals=(404, 412))
def end_price(call: Call, client_id: str, code: str) -> Answer:
    """End a price that was agreed with a client; the catalogue's holds again."""
    pricing.end_price(client_id, code, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()
