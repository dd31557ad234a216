"""Contracts: agreed on, put in force, changed and ended; their periods opened and closed as the days come."""

from collections.abc import Callable
from datetime import date, datetime

from chalicelib.domain import contract_life as contracts
from chalicelib.domain import project_life as projects
from chalicelib.domain.accrual import fees_of
from chalicelib.domain.business import Business
from chalicelib.domain.closing import brought_by
from chalicelib.domain.contract import Contract, Timing, closes_on, must_be_active, opens_on, releases_on
from chalicelib.domain.contract_events import ContractDrafted
from chalicelib.domain.errors import Refused
from chalicelib.domain.item import Item, total_of
from chalicelib.ports import Add, Change, Filter, Ids, Remove, Save, Store
from chalicelib.usecases.accruing import accruing
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.counting import closing, commit_counted, must_keep_counted, tally_of
from chalicelib.usecases.filing import filed
from chalicelib.usecases.projecting import asking, released
from chalicelib.usecases.reading import every


def draft_contract(wanted: Contract, *, job_id: str | None, now: datetime, ids: Ids, store: Store) -> Contract:
    """A contract that is not in force yet; without a job it opens one of its own name.

    Raises NotFound for an unknown client or job, Invalid for a job of another client's.
    """
    client = present_client(wanted.client_id, store)
    job, opening = filed(job_id, client=client, title=wanted.name, now=now, ids=ids, store=store)
    contract = contracts.filed(wanted, client_name=client.name, job_id=job.id)
    event = ContractDrafted(subject=contract.id, version=1, at=now, client_id=client.id)
    store.commit(Add(contract, event), *opening)
    return contract


def edit_contract(
    contract_id: str,
    change: Callable[[Contract], Contract],
    *,
    fields: tuple[str, ...],
    if_match: int | None,
    now: datetime,
    store: Store,
) -> Contract:
    """The contract with what ``change`` makes of it, from the next period on. fields: what that is, for the journal."""

    def deed() -> Contract:
        contract = unchanged(store.get(Contract, contract_id), if_match)
        after, event = contracts.edited(contract, change(contract), fields=fields, at=now)
        after = contracts.looked_at(after, store.get(Business))
        must_keep_counted(contract, after, now=now, store=store)
        _must_suit_items(contract, after, store)
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)


def activate_contract(
    contract_id: str, *, invoice: bool = False, if_match: int | None, now: datetime, store: Store
) -> Contract:
    """Put a contract in force, ask for its deposit, open what has begun; done again, it changes nothing (C2).

    invoice: its event asks for an invoice of what is due at once.
    """

    def deed() -> Contract:
        contract = unchanged(store.get(Contract, contract_id), if_match)
        if contract.activated_at and not contract.ended_at:
            return contract
        active, event = contracts.activated(contract, business=store.get(Business), invoice=invoice, at=now)
        active, dues = projects.begun(active)
        store.commit(Save(active, event), *asking(active, dues, now=now, store=store))
        return active

    store.persistently(deed)
    return turn_periods(contract_id, now=now, store=store.aside())


def end_contract(contract_id: str, *, on: date, if_match: int | None, now: datetime, store: Store) -> Contract:
    """Agree on a contract's last day; what collected until then is billed like that of any period."""

    def deed() -> Contract:
        contract = unchanged(store.get(Contract, contract_id), if_match)
        after, event = contracts.ended(contract, on=on, business=store.get(Business), at=now)
        must_keep_counted(contract, after, now=now, store=store)
        store.commit(Save(after, event))
        return after

    store.persistently(deed)
    return turn_periods(contract_id, now=now, store=store.aside())


def close_period(
    contract_id: str, *, number: int | None, if_match: int | None, now: datetime, store: Store
) -> Contract:
    """Close a contract's open period before its time, so that what collected in it can be billed now.

    number: of the period that is meant; one that is closed already is left so, so asking twice closes one.
    Raises Refused (``no_open_period``) where none has begun, or another is to be closed first.
    """

    def deed() -> Contract:
        contract = unchanged(store.get(Contract, contract_id), if_match)
        must_be_active(contract, "close a period of")
        if number is not None and number < contract.closed:
            return contract
        if contract.every is None or contract.closed >= contract.opened or number not in {None, contract.closed}:
            detail = f"You cannot close this period of contract {contract_id} because it is not the open one."
            raise Refused("no_open_period", detail)
        return _close(contract, now=now, store=store)

    return store.persistently(deed)


def remove_contract(contract_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take a draft away. Raises Refused for any other, and for one that something was entered for."""

    def deed() -> None:
        contract = unchanged(store.get(Contract, contract_id), if_match)
        removal = contracts.removal(contract, at=now)
        for item in store.page(Item, Filter(collected=contract.id), limit=1).rows:
            detail = f"You cannot delete contract {contract_id} because item {item.id} was entered for it."
            raise Refused("items_entered", detail)
        store.commit(Remove(contract, removal))

    store.persistently(deed)


def turn_periods(contract_id: str, *, now: datetime, store: Store) -> Contract:
    """Open and close every period whose day has come, each in a transaction of its own; doing it again is harmless."""
    while True:
        before = store.get(Contract, contract_id).version
        after = store.persistently(lambda: _turned(contract_id, now=now, store=store))
        if after.version == before:
            return after


def turn_when_due(contract_id: str, *, now: datetime, store: Store) -> bool:
    """Whether there was a period to be opened or closed; one that was a while ago, too."""
    contract = store.find(Contract, contract_id)
    if contract is None or contract.look_at is None or contract.look_at > now:
        return False
    turn_periods(contract_id, now=now, store=store)
    return True


def _must_suit_items(before: Contract, after: Contract, store: Store) -> None:
    """Raise Refused (``items_entered``) where what was entered for a draft would count elsewhere, or in other money."""
    moved = [name for name in contracts.AGREED if getattr(before, name) != getattr(after, name)]
    if before.activated_at or moved in ([], ["type"]):
        return
    for item in every(Item, Filter(collected=before.id), store, at_once=500):
        if item.period is not None or item.amount.currency != after.currency:
            detail = (
                f"You cannot change {', '.join(moved)} of contract {before.id} because item {item.id} was entered for "
                "it; take it off, or waive it, first."
            )
            raise Refused("items_entered", detail)


def _turned(contract_id: str, *, now: datetime, store: Store) -> Contract:
    """The contract one step on, if a step is due: what ends is closed before what follows is opened."""
    contract = store.get(Contract, contract_id)
    today = store.get(Business).today(now)
    closes, opens, releases = closes_on(contract), opens_on(contract), releases_on(contract)
    if releases and releases <= today:
        return released(contract, now=now, store=store)
    if closes and closes <= today and (opens is None or closes <= opens):
        return _close(contract, now=now, store=store)
    if opens and opens <= today:
        return _open(contract, now=now, store=store)
    return contract


def _open(contract: Contract, *, now: datetime, store: Store) -> Contract:
    business, period = store.get(Business), contract.period(contract.opened)
    items = fees_of(contract, period, Timing.ADVANCE, business=business, at=now) if period else ()
    amount = total_of(items, contract.currency)
    after, event = contracts.opened(contract, amount=amount, business=business, at=now)
    store.commit(Save(after, event), *accruing(items, contract.opened, now))
    return after


def _close(contract: Contract, *, now: datetime, store: Store) -> Contract:
    business, period = store.get(Business), contract.period(contract.closed)
    items = fees_of(contract, period, Timing.ARREARS, business=business, at=now) if period else ()
    counted: list[Change] = []
    if contract.counts and period:
        tally = tally_of(contract, period.number, store)
        items += brought_by(contract, period, tally, business=business, at=now)
        counted.append(closing(tally, now=now))
    amount = total_of(items, contract.currency)
    after, event = contracts.closed(contract, amount=amount, business=business, at=now)
    commit_counted(store, [Save(after, event), *counted, *accruing(items, contract.closed, now)])
    return after
