"""What collected on contracts, as draft invoices; each period is billed once, however often it is asked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import count

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract, must_be_active, waits_until
from chalicelib.domain.errors import AlreadyDone, Conflict, Invalid, Refused
from chalicelib.domain.events import InvoiceRemoved
from chalicelib.domain.figures import Figures
from chalicelib.domain.ids import derived_id
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.itemised import Grouping, Itemiser
from chalicelib.domain.job import Job
from chalicelib.domain.party import Address
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.domain.visit import Visit
from chalicelib.ports import Add, Filter, Ids, Keep, Store
from chalicelib.usecases.checking import present_client
from chalicelib.usecases.claiming import claiming, must_fit, taken_first
from chalicelib.usecases.contracting import turn_periods
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.filing import sited
from chalicelib.usecases.holding import whole
from chalicelib.usecases.reading import every

LOOKS = 4
"""Items that an invoice just claimed leave the index a moment before the invoice itself can be read."""


def bill_contract(
    contract_id: str,
    *,
    period: int | None,
    grouping: Grouping,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Invoice:
    """A draft for what can be billed of a contract; of a period, up to its end and once for ever (C1).

    What one document does not take is left for the next.
    Asked again for the same period it answers the invoice that there is; one that was deleted or voided is made anew.
    Raises Refused (``nothing_to_bill``) where nothing is due, Invalid (``no_such_period``) for a period it never has.
    """
    contract = store.get(Contract, contract_id)
    if period is None:
        return _billed(contract, None, id=ids("inv"), grouping=grouping, now=now, store=store)
    if contract.period(period) is None:
        raise Invalid("no_such_period", f"Contract {contract_id} has no period {period}.", at="/period")
    for attempt in count():
        id = _id_of(contract, period, attempt)
        known = store.find(Invoice, id)
        if known and not known.voided_at:
            return whole(known, now=now, store=store)
        if known or _was_removed(id, store):
            continue
        try:
            return _billed(contract, period, id=id, grouping=grouping, now=now, store=store)
        except AlreadyDone:
            return whole(store.get(Invoice, id), now=now, store=store)
    raise AssertionError


def open_contract(contract_id: str, *, invoice: bool, now: datetime, ids: Ids, store: Store) -> None:
    """What follows from putting a contract in force: its periods, and an invoice for what is due at once, once.

    One that was deleted or voided since is not made anew.
    """
    contract = turn_periods(contract_id, now=now, store=store)
    first = _id_of(contract, 0, 0)
    if not (invoice and contract.opened) or _was_removed(first, store):
        return
    known = store.find(Invoice, first)
    if known and known.voided_at:
        return
    with suppress(Refused):  # nothing is due at once
        bill_contract(contract_id, period=0, grouping=Grouping.TIME_ENTRY, now=now, ids=ids, store=store)


def to_be_billed(contract: Contract, period: int | None, *, business: Business, store: Store) -> tuple[Item, ...]:
    """The items of a contract that can be billed now; of a period, those done until its end."""
    last = contract.period(period) if period is not None else None

    def is_ready(item: Item) -> bool:
        done = business.today(item.occurred_at)
        return not waits_until(contract, item, done) and (last is None or done < last.ends)

    wanted = Filter(collected=contract.id, fits=is_ready)
    found = [item.id for item in every(Item, wanted, store, at_once=500)]
    exact = store.many(Item, found) if found else ()  # the index may lag
    return tuple(item for item in exact if item.invoice_id is None and is_ready(item))


def itemiser_for(
    items: Sequence[Item], contracts: Sequence[Contract], *, grouping: Grouping, business: Business, store: Store
) -> Itemiser:
    """What writes the lines of items; a read for the titles of their visits and jobs, where tickets are asked for."""
    titles: dict[str, str] = {}
    if grouping is Grouping.TICKET:
        visits = dict.fromkeys(item.visit_id for item in items if item.visit_id)
        jobs = dict.fromkeys(item.job_id for item in items if item.job_id and not item.visit_id)
        titles |= {visit.id: visit.title for visit in store.many(Visit, visits)} if visits else {}
        titles |= {job.id: job.title for job in store.many(Job, jobs)} if jobs else {}
    return Itemiser(business=business, contracts={one.id: one for one in contracts}, titles=titles, grouping=grouping)


def sites_of(contracts: Sequence[Contract], store: Store) -> Mapping[str, Address]:
    """Where the jobs of contracts are, by job; one read for each hundred."""
    jobs = store.many(Job, dict.fromkeys(one.job_id for one in contracts)) if contracts else ()
    return {job.id: job.address for job in jobs if job.address}


def wish_for(
    items: Sequence[Item],
    contracts: Sequence[Contract],
    client: Client,
    *,
    itemiser: Itemiser,
    sites: Mapping[str, Address],
    batch_id: str | None = None,
) -> Wish:
    """What an invoice for items of contracts is to be; what the first contract agreed counts for all of it.

    What several jobs are billed in together was done at no one place.
    """
    first = contracts[0]
    site = sites.get(first.job_id) if {one.job_id for one in contracts} == {first.job_id} else None
    return Wish(
        client_id=client.id,
        content=sited(itemiser.content(items, client, currency=first.currency), site),
        purchase_order=first.purchase_order,
        due_terms=first.due,
        job_id=first.job_id,
        contract_id=first.id if len(contracts) == 1 else None,
        batch_id=batch_id,
        service_period=_served(items, itemiser),
    )


def _served(items: Sequence[Item], itemiser: Itemiser) -> ServicePeriod:
    """The days for which items are billed: of what a contract made by itself its period, else the day it was done."""
    spans = [_span(item, itemiser.contracts[item.contract_id or ""], itemiser.business) for item in items]
    return ServicePeriod(start=min(start for start, _ in spans), end=max(end for _, end in spans))


def _span(item: Item, contract: Contract, business: Business) -> tuple[date, date]:
    period = contract.period(item.period) if contract.every and item.accrued and item.period is not None else None
    day = business.today(item.occurred_at)
    return (period.starts, period.last_day) if period else (day, day)


def write_draft(wish: Wish, client: Client, *, id: str, business: Business, now: datetime, store: Store) -> Invoice:
    """The draft with all that its lines name claimed.

    Raises AlreadyDone where it was written before, Refused (``negative_total``) where more is taken off than asked for.
    """
    must_fit(sum(len(line.items) for line in wish.content.lines))

    def deed() -> Invoice:
        invoice, body = drafted(wish, id=id, client=client, business=business, now=now)
        must_ask_for_money(invoice.figures)
        invoice, claims = claiming(invoice, body.content, now=now, store=store)
        store.commit(Add(invoice, coming(invoice, now)), Keep(body), *claims)
        return invoice

    return whole(store.persistently(deed), now=now, store=store)


def must_ask_for_money(figures: Figures) -> None:
    """Raise Refused (``negative_total``) for what comes to less than nothing, as after a correction of progress."""
    total = figures.total
    if total.minor < 0:
        detail = (
            f"You cannot bill this now because it comes to {total} {total.currency}. It is taken off what is billed "
            "next; if nothing is, give a credit note on what was billed and waive these items."
        )
        raise Refused("negative_total", detail)


def _billed(
    contract: Contract, period: int | None, *, id: str, grouping: Grouping, now: datetime, store: Store
) -> Invoice:
    if contract.ended_at is None:
        must_be_active(contract, "bill")
    business, client = store.get(Business), present_client(contract.client_id, store)
    items = taken_first(_found(contract, period, id=id, business=business, store=store))
    itemiser = itemiser_for(items, [contract], grouping=grouping, business=business, store=store)
    wish = wish_for(items, [contract], client, itemiser=itemiser, sites=sites_of([contract], store))
    try:
        return write_draft(wish, client, id=id, business=business, now=now, store=store)
    except Refused:
        _must_not_be_there(id, store)  # another request of the same kind was quicker with the items
        raise


def _found(contract: Contract, period: int | None, *, id: str, business: Business, store: Store) -> tuple[Item, ...]:
    """What is to be billed.

    Raises AlreadyDone where the invoice is there by now, Refused where there is nothing to bill.
    """
    looks = count(1)

    def look() -> tuple[Item, ...]:
        items = to_be_billed(contract, period, business=business, store=store)
        if items:
            return items
        _must_not_be_there(id, store)
        if period is not None and next(looks) < LOOKS:
            raise Conflict("conflict", "Somebody else may be billing this at the same moment.")
        detail = f"You cannot bill contract {contract.id} because nothing of it can be billed now."
        raise Refused("nothing_to_bill", detail)

    return store.persistently(look)


def _was_removed(id: str, store: Store) -> bool:
    told = store.history(id)
    return bool(told) and isinstance(told[-1].event, InvoiceRemoved)


def _must_not_be_there(id: str, store: Store) -> None:
    if store.find(Invoice, id):
        raise AlreadyDone("already_done", f"Invoice {id} is there already.")


def _id_of(contract: Contract, period: int, attempt: int) -> str:
    """The same for the same period; another after one that was deleted or voided."""
    return derived_id("inv", f"{contract.id}\n{period}\n{attempt}", at=contract.created_at)
