"""Items of time counted in the period of their contract, in the transaction that publishes, edits or waives them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import tally as tallies
from chalicelib.domain.accrual import taxes_of
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Refused
from chalicelib.domain.item import Item, ItemKind, ItemStatus
from chalicelib.domain.money import Money
from chalicelib.domain.tally import Tally, tally_id
from chalicelib.ports import Add, Change, Save, Store
from chalicelib.usecases.checking import commit_anew


def counting(before: Item, after: Item, *, now: datetime, store: Store) -> tuple[Item, list[Change]]:
    """An item as it counts from now on, and what counts it: in its period, or the first one that is still open.

    What nothing is counted of is in its own period, and can be billed at once where it came late.

    Raises Refused (``item_counted``) where it counted in a period that was closed over it; ``taxes_differ`` where it is
    taxed otherwise than what is taken off of it.
    """
    business = store.get(Business)
    contract = store.find(Contract, after.contract_id) if after.contract_id else None
    after = replace(after, period=_period(before, after, contract, business))
    same = _is_same(before, after)
    if contract and tallies.is_counted(after) and not (same and before.taxes == after.taxes):
        _must_be_taxed_alike(after, contract, business)
    if same:
        return after, []
    changed: dict[str, Tally] = {}
    if tallies.is_counted(before):
        tally = store.get(Tally, _id(before))
        _must_be_open(tally, before)
        counted_on = before.counted_on or business.today(before.occurred_at)
        changed[tally.id] = tallies.counted(tally, before, day=counted_on, sign=-1)
    if contract and tallies.is_counted(after):
        tally = changed.get(_id(after)) or tally_of(contract, after.period or 0, store)
        day = business.today(after.occurred_at)
        after = replace(after, counted_on=day)
        changed[tally.id] = tallies.counted(tally, after, day=day)
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


def must_keep_counted(before: Contract, after: Contract, *, now: datetime, store: Store) -> None:
    """Raise Refused (``period_counted``) for a last day before something that was counted: nobody would bill it."""
    if not before.counts or after.ends_on is None or after.ends_on == before.ends_on:
        return
    tomorrow = store.get(Business).today(now) + timedelta(days=1)
    last, latest = after.period_of(after.ends_on), before.period_of(tomorrow)
    numbers = range(last.number + 1, latest.number + 1) if last and latest else range(0)
    tallies = store.many(Tally, [tally_id(after.id, number) for number in numbers]) if numbers else ()
    if any(tally.units or tally.hours for tally in tallies):
        detail = f"You cannot end contract {after.id} on {after.ends_on} because something later was counted already."
        raise Refused("period_counted", detail)


def commit_counted(store: Store, changes: Sequence[Change]) -> None:
    """Commit; a tally that somebody else began at the same moment is a lost race like any other."""
    commit_anew(store, changes, lost="Somebody else counted the first of this period; try again.")


def _period(before: Item, after: Item, contract: Contract | None, business: Business) -> int | None:
    """In which period an item counts: looked for anew where anything changed on which that hangs."""
    names = ("status", "contract_id", "kind", "occurred_at")
    hangs = any(getattr(before, name) != getattr(after, name) for name in names)
    if after.status is not ItemStatus.PUBLISHED or after.accrued or not hangs:
        return after.period
    counts = contract is not None and contract.counts_hours and after.kind is ItemKind.TIME
    return contract.counts_in(business.today(after.occurred_at)) if contract and counts else None


def _is_same(before: Item, after: Item) -> bool:
    """Whether it counts as it did."""
    names = ("contract_id", "period", "kind", "status", "quantity", "minutes", "unit_price", "amount", "occurred_at")
    return all(getattr(before, name) == getattr(after, name) for name in names)


def _id(item: Item) -> str:
    return tally_id(item.contract_id or "", item.period or 0)


def _must_be_taxed_alike(item: Item, contract: Contract, business: Business) -> None:
    """Raise Refused where hours would be taken off with other taxes than they bear."""
    own, agreed = (
        set(business.taxes_named(business.default_taxes if codes is None else codes))
        for codes in (taxes_of(contract, item.taxes), taxes_of(contract, None))
    )
    if own != agreed:
        detail = (
            f"You cannot count item {item.id} on contract {contract.id} because it bears other taxes, and "
            "what is included or rounded is billed with the contract's."
        )
        raise Refused("taxes_differ", detail)


def _must_be_open(tally: Tally, item: Item) -> None:
    if tally.closed_at:
        detail = (
            f"You cannot change item {item.id} because its hours were counted when period {tally.period} of contract "
            f"{tally.contract_id} was closed; bill it, and credit what is not owed."
        )
        raise Refused("item_counted", detail)
