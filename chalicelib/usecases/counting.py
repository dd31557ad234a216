"""Items of time counted in the period of their contract, in the transaction that publishes, edits or waives them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import tally as tallies
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import AlreadyDone, Conflict, Refused
from chalicelib.domain.item import Item, ItemKind, ItemStatus
from chalicelib.domain.money import Money
from chalicelib.domain.tally import Tally, tally_id
from chalicelib.ports import Add, Change, Save, Store


def counting(before: Item, after: Item, *, now: datetime, store: Store) -> tuple[Item, list[Change]]:
    """An item as it counts from now on, and what counts it: in its period, or the first one that is still open.

    What nothing is counted of is in its own period, and can be billed at once where it came late.

    Raises Refused (``item_counted``) where it counted in a period that was closed over it.
    """
    business = store.get(Business)
    known = _contracts({before.contract_id, after.contract_id}, store)
    old, new = known.get(before.contract_id or ""), known.get(after.contract_id or "")
    if new and after.status is ItemStatus.PUBLISHED and (before.status is ItemStatus.DRAFT or new != old):
        done = business.today(after.occurred_at)
        after = replace(after, period=new.counts_in(done) if _counts(after, new) else None)
    changed: dict[str, Tally] = {}
    for item, contract, sign in ((before, old, -1), (after, new, 1)):
        if contract and _counts(item, contract):
            if sign < 0 and _is_same(before, after):
                return after, []
            _must_be_open(item, contract)
            tally = changed.get(_id(item, contract)) or tally_of(contract, item.period or 0, store)
            day = business.today(item.occurred_at)
            changed[tally.id] = tallies.counted(tally, item, day=day, sign=sign)
    return after, [moving(tally, now=now) for tally in changed.values()]


def tally_of(contract: Contract, period: int, store: Store) -> Tally:
    """What was counted in a period so far."""
    known = store.find(Tally, tally_id(contract.id, period))
    return known or Tally(
        id=tally_id(contract.id, period),
        contract_id=contract.id,
        client_id=contract.client_id,
        period=period,
        worth=Money.zero(contract.currency),
    )


def moving(tally: Tally, *, now: datetime) -> Add | Save:
    """What writes a tally that counts more or less. Raises Conflict for one that was closed meanwhile."""
    after, event = tallies.moved(tally, at=now)
    return Save(after, event) if tally.version else Add(after, event)


def closing(tally: Tally, *, now: datetime) -> Add | Save:
    after, event = tallies.closed(tally, at=now)
    return Save(after, event) if tally.version else Add(after, event)


def commit_counted(store: Store, changes: Sequence[Change]) -> None:
    """Commit; a tally that somebody else began at the same moment is a lost race like any other."""
    try:
        store.commit(*changes)
    except AlreadyDone as done:
        if done.code != "already_done":
            raise
        raise Conflict("conflict", "Somebody else counted the first of this period; try again.") from done


def _contracts(ids: set[str | None], store: Store) -> dict[str, Contract]:
    wanted = sorted(id for id in ids if id)
    return {one.id: one for one in store.many(Contract, wanted)} if wanted else {}


def _counts(item: Item, contract: Contract) -> bool:
    return item.kind is ItemKind.TIME and item.status is ItemStatus.PUBLISHED and contract.counts_hours


def _is_same(before: Item, after: Item) -> bool:
    """Whether it counts as it did."""
    names = ("contract_id", "period", "kind", "status", "quantity", "minutes", "unit_price", "amount", "occurred_at")
    return all(getattr(before, name) == getattr(after, name) for name in names)


def _id(item: Item, contract: Contract) -> str:
    return tally_id(contract.id, item.period or 0)


def _must_be_open(item: Item, contract: Contract) -> None:
    if item.period is not None and item.period < contract.closed:
        detail = (
            f"You cannot change item {item.id} because its hours were counted when period {item.period} of contract "
            f"{contract.id} was closed; bill it, and credit what is not owed."
        )
        raise Refused("item_counted", detail)
