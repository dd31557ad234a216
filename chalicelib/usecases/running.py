"""A batch gone on with, a part at a time; whoever goes on may be another than who began.

Each invoice of a plan has an id that follows from its place, so a part that is done again drafts nothing twice. What
cannot be drafted or issued is told with the reason and stops nothing else (C51).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import batch as batches
from chalicelib.domain.batch import Batch, Failure, Outcome, Step, invoice_id
from chalicelib.domain.batch_plan import PlannedInvoice, PlanPart
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Conflict, DomainError, NotFound, Refused
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_life import was_never_mailed, was_taken_back
from chalicelib.domain.item import Item
from chalicelib.domain.itemised import Itemiser
from chalicelib.domain.party import Address
from chalicelib.domain.sales import parties_of
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Keep, Press, Save, Store
from chalicelib.usecases import claiming
from chalicelib.usecases.batching import part_of, places_of
from chalicelib.usecases.billing import itemiser_for, must_ask_for_money, sites_of, wish_for, write_draft
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.holding import whole
from chalicelib.usecases.invoicing import remove_invoice
from chalicelib.usecases.packing import packed

BESIDE = 3
"""Writes of the batch itself in the transaction that ends a part: its head, its event, and what failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that the invoices of a part are made of, read at once."""

    business: Business
    clients: Mapping[str, Client]
    contracts: Mapping[str, Contract]
    items: Mapping[str, Item]
    drafts: Mapping[str, Invoice]
    itemiser: Itemiser
    sites: Mapping[str, Address]


def go_on(
    batch_id: str,
    *,
    enough: Callable[[], bool],
    breathe: Callable[[], None],
    clock: Callable[[], datetime],
    store: Store,
    press: Press,
) -> bool:
    """Do what is asked of a batch until it is done or that is enough for now; answers whether more is left.

    breathe: waits a moment between transactions, so that an invoice that somebody issues by hand gets in between.
    clock: the business's.
    """
    while True:
        batch = store.find(Batch, batch_id)
        if batch is None or not batch.is_running:
            return False
        if enough():
            return True
        part = part_of(batch.id, batch.next_part, store)
        if batch.step is Step.DRAFT:
            _draft(batch, part, now=clock(), store=store)
        else:
            _issue(batch, part, breathe=breathe, now=clock(), store=store, press=press)


def remove_from_batch(batch_id: str, invoice_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take a draft out of its batch (A37); what it billed can be billed again.

    Raises NotFound for an invoice of another batch.
    """
    batch, invoice = store.get(Batch, batch_id), store.get(Invoice, invoice_id)
    if invoice.batch_id != batch.id:
        raise NotFound("invoice", invoice_id)
    remove_invoice(unchanged(invoice, if_match).id, if_match=invoice.version, now=now, store=store)


def _draft(batch: Batch, part: PlanPart, *, now: datetime, store: Store) -> None:
    known = _known(batch, part, store)
    failures: list[Failure] = []
    done = 0
    for place, planned in places_of(part):
        id = invoice_id(batch, place)
        try:
            if id in known.drafts:
                whole(known.drafts[id], now=now, store=store)
            else:
                _write(batch, planned, id, known, now=now, store=store)
            done += 1
        except Conflict:
            raise
        except DomainError as refused:
            told = store.history(id)
            if told and not was_taken_back(told[-1].event):  # by a worker that was taken for dead; it may be gone since
                done += 1
            else:
                failures.append(Failure(place=place, code=refused.code, detail=refused.detail))
    _end(batch, part, done=done, failures=failures, now=now, store=store)


def _known(batch: Batch, part: PlanPart, store: Store) -> Known:
    business = store.get(Business)
    client_ids = dict.fromkeys(one.client_id for one in part.invoices)
    contract_ids = dict.fromkeys(id for one in part.invoices for id in one.contracts)
    item_ids = dict.fromkeys(id for one in part.invoices for id, _ in one.items)
    items = _by_id(store.many(Item, item_ids)) if item_ids else {}
    contracts = _by_id(store.many(Contract, contract_ids)) if contract_ids else {}
    return Known(
        business=business,
        clients=_by_id(store.many(Client, client_ids)) if client_ids else {},
        contracts=contracts,
        items=items,
        drafts=_drafts(batch, part, store),
        itemiser=itemiser_for(
            list(items.values()),
            list(contracts.values()),
            grouping=batch.grouping,
            business=business,
            store=store,
        ),
        sites=sites_of(list(contracts.values()), store),
    )


def _drafts(batch: Batch, part: PlanPart, store: Store) -> dict[str, Invoice]:
    ids = [invoice_id(batch, place) for place, _ in places_of(part)]
    return _by_id(store.many(Invoice, ids)) if ids else {}


def _write(batch: Batch, planned: PlannedInvoice, id: str, known: Known, *, now: datetime, store: Store) -> None:
    """Draft one invoice exactly as it was planned.

    Raises Refused where something of it is otherwise now: an item, or what it comes to since taxes changed.
    """
    client = known.clients.get(planned.client_id)
    if client is None or client.removed_at:
        raise NotFound("client", planned.client_id)
    items = [_as_planned(item_id, version, known) for item_id, version in planned.items]
    contracts = [known.contracts[contract_id] for contract_id in planned.contracts]
    wish = wish_for(items, contracts, client, itemiser=known.itemiser, sites=known.sites, batch_id=batch.id)
    _must_come_to(planned, wish.content.figures())
    if len(items) > claiming.AT_ONCE:
        write_draft(wish, client, id=id, business=known.business, now=now, store=store)
        return
    try:
        _commit(wish, items, client, id, known, now=now, store=store)
    except Conflict:  # an item was changed or taken this very moment: look at it anew
        write_draft(wish, client, id=id, business=known.business, now=now, store=store)


def _commit(
    wish: Wish, items: Sequence[Item], client: Client, id: str, known: Known, *, now: datetime, store: Store
) -> None:
    draft, body = drafted(wish, id=id, client=client, business=known.business, now=now)
    must_ask_for_money(draft.figures)
    seller, buyer = known.business.as_seller(), client.as_buyer()
    body = replace(body, parties=parties_of(id, body.content, seller=seller, buyer=buyer))
    of = {item.id: item for item in items}
    draft, claims = claiming.taking(draft, [of[one] for one in claiming.ids_in(body.content)], now=now)
    store.commit(Add(draft, coming(draft, now)), Keep(body), *claims)


def _must_come_to(planned: PlannedInvoice, figures: Figures) -> None:
    if (figures.net_total, figures.tax_total, figures.total) != (planned.net, planned.tax, planned.total):
        detail = (
            f"You cannot bill {planned.client_name} as planned because it comes to {figures.total} {figures.currency} "
            f"now, {figures.tax_total} of it tax, not to {planned.total} with {planned.tax}; plan it anew."
        )
        raise Refused("plan_changed", detail)


def _as_planned(item_id: str, version: int, known: Known) -> Item:
    item = known.items.get(item_id)
    if item is None:
        raise NotFound("item", item_id)
    if item.version != version or item.invoice_id:
        raise Refused("item_changed", f"You cannot bill item {item_id} because it changed since the batch was planned.")
    return item


def _issue(
    batch: Batch, part: PlanPart, *, breathe: Callable[[], None], now: datetime, store: Store, press: Press
) -> None:
    """Issue the drafts of a part, all that fit into one transaction at once; the last one ends the part."""
    failures: dict[str, Failure] = {}
    places = {invoice_id(batch, place): place for place, _ in places_of(part)}

    def deed() -> bool:
        current = store.get(Batch, batch.id)
        if not current.is_running or current.next_part != part.number or current.step is not batch.step:
            return False
        invoices_ = _drafts(batch, part, store)
        left = [one for one in invoices_.values() if not one.issued_at and one.id not in failures]
        business = store.get(Business)
        pack, rest = packed(
            left, send=current.send, beside=BESIDE, business=business, now=now, store=store, press=press
        )
        for id, refused in pack.refused.items():
            failures[id] = Failure(place=places[id], code=refused.code, detail=refused.detail)
        unsent = [one for one in invoices_.values() if current.send and was_never_mailed(one)]
        if rest or not all(pack.mail(one) for one in unsent):
            store.commit(*pack.changes)
            return True
        issued = len(pack.issued) + sum(1 for one in invoices_.values() if one.issued_at)
        ending = _ended(current, part, done=issued, failures=[*failures.values()], now=now)
        store.commit(*pack.changes, *ending)
        return False

    while store.persistently(deed):
        breathe()
    breathe()


def _end(batch: Batch, part: PlanPart, *, done: int, failures: Sequence[Failure], now: datetime, store: Store) -> None:
    """Put a part behind the batch, unless somebody was quicker, or it was held meanwhile and is done again later.

    Of one that was cancelled meanwhile the part counts: its drafts are there.
    """

    def deed() -> None:
        current = store.get(Batch, batch.id)
        if not current.paused_at and current.next_part == part.number and current.step is batch.step:
            store.commit(*_ended(current, part, done=done, failures=failures, now=now))

    store.persistently(deed)


def _ended(
    batch: Batch, part: PlanPart, *, done: int, failures: Sequence[Failure], now: datetime
) -> tuple[Save | Keep, ...]:
    after, event = batches.progressed(batch, done=done, failed=len(failures), at=now)
    if not failures or batch.step is None:
        return (Save(after, event),)
    outcome = Outcome(batch_id=batch.id, step=batch.step, part=part.number, failures=tuple(failures))
    return Save(after, event), Keep(outcome)


def _by_id(some: Iterable[Item | Contract | Client | Invoice]) -> dict:  # type: ignore[type-arg]
    return {one.id: one for one in some}
