"""What a batch of invoices over contracts would be now; nothing is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.batch_plan import (
    BatchPlan,
    Obstacle,
    PlannedInvoice,
    Row,
    Selection,
    Totals,
    row_of,
    to_invoice,
    totals_of,
)
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Invalid, NotFound, Refused
from chalicelib.domain.item import Item
from chalicelib.domain.itemised import Itemiser
from chalicelib.domain.values import dataclass
from chalicelib.ports import Filter, Store
from chalicelib.usecases.billing import itemiser_for, must_ask_for_money
from chalicelib.usecases.claiming import taken_first
from chalicelib.usecases.reading import every


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A plan with what it was worked out from: the contracts' rows, and its totals by currency."""

    plan: BatchPlan
    rows: tuple[Row, ...]
    totals: tuple[Totals, ...]


def foresee(selection: Selection, *, now: datetime, store: Store) -> Foreseen:
    """What a batch would be. Two queries for all contracts, and one read for each hundred clients.

    What cannot be billed is no part of the plan and stops nothing else; its contracts' rows say why.
    """
    business = store.get(Business)
    groups, idle = _groups(selection, business, store)
    clients = _clients(groups, store)
    items = [item for rows in groups for row in rows for item in row.billed]
    contracts = [row.contract for rows in groups for row in rows]
    itemiser = itemiser_for(items, contracts, grouping=selection.grouping, business=business, store=store)
    invoices, rows = [], idle
    for group in map(_fitting, groups):
        planned = _priced(group, clients.get(group[0].contract.client_id), itemiser)
        if isinstance(planned, Obstacle):
            rows += [row.stopped(planned) for row in group]
            continue
        invoices.append(planned)
        rows += group
    plan = BatchPlan(on=business.today(now), selection=selection, invoices=tuple(invoices)).hashed()
    return Foreseen(plan=plan, rows=tuple(rows), totals=totals_of(rows, invoices))


def _groups(selection: Selection, business: Business, store: Store) -> tuple[Sequence[Sequence[Row]], list[Row]]:
    """The rows that become an invoice together, and those of which nothing is selected."""
    shown = {one.id: one for one in _contracts(selection, store)}
    items: dict[str, list[Item]] = defaultdict(list)
    for item in every(Item, Filter(collected=_only(selection)), store, at_once=500):
        if item.contract_id in shown:
            items[item.contract_id].append(item)
    days = {item.id: business.today(item.occurred_at) for some in items.values() for item in some}
    rows = [row for id, one in shown.items() if (row := row_of(one, items[id], days, selection))]
    return to_invoice(rows, selection.per), [row for row in rows if not row.selected]


def _contracts(selection: Selection, store: Store) -> Sequence[Contract]:
    if selection.contracts is not None:
        found = store.many(Contract, selection.contracts) if selection.contracts else ()
        for missing in sorted(set(selection.contracts) - {one.id for one in found}):
            raise NotFound("contract", missing)
        return [one for one in found if selection.shows(one)]
    return list(every(Contract, Filter(fits=selection.shows), store, at_once=500))


def _only(selection: Selection) -> str:
    """The one contract whose items need be read, or none for those of all."""
    return selection.contracts[0] if selection.contracts and len(selection.contracts) == 1 else ""


def _clients(groups: Sequence[Sequence[Row]], store: Store) -> dict[str, Client]:
    wanted = dict.fromkeys(rows[0].contract.client_id for rows in groups)
    return {client.id: client for client in store.many(Client, wanted)} if wanted else {}


def _fitting(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of an invoice with so many items as it takes; they tell how many are left for the next batch."""
    billed = [item for row in rows for item in row.billed]
    taken = {item.id for item in taken_first(billed)}
    if len(taken) == len(billed):
        return rows
    detail = f"{len(billed) - len(taken)} items are left for the next batch because one invoice does not take them all."
    left = Obstacle(code="too_many_items", detail=detail)
    return [replace(row, selected=row.selected & taken, obstacle=left) for row in rows]


def _priced(group: Sequence[Row], client: Client | None, itemiser: Itemiser) -> PlannedInvoice | Obstacle:
    """An invoice with what it comes to, tax included: as it will be, since it is written in the same way."""
    rows = [row for row in group if row.selected]
    first = rows[0].contract
    billed = [item for row in rows for item in row.billed]
    try:
        client = _present(client, first.client_id)
        figures = itemiser.content(billed, client, currency=first.currency).figures()
        must_ask_for_money(figures)
    except (Invalid, NotFound, Refused) as refused:
        return Obstacle(code=refused.code, detail=refused.detail)
    return PlannedInvoice(
        client_id=client.id,
        client_name=client.name,
        contracts=tuple(row.contract.id for row in rows),
        items=tuple((item.id, item.version) for item in billed),
        net=figures.net_total,
        tax=figures.tax_total,
        total=figures.total,
    )


def _present(client: Client | None, id: str) -> Client:
    if client is None or client.removed_at:
        raise NotFound("client", id)
    return client
