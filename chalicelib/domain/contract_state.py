"""What of a contract can be billed now, and what stands in the way of the rest (A19 to A21, G4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from chalicelib.domain.contract import Contract, ContractStatus, Timing, opens_on, waits_until
from chalicelib.domain.item import Item, total_of
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class BillableContract(StrEnum):
    """Whether all, some, or nothing of what collected can be billed."""

    READY = "ready"
    PARTLY_READY = "partly_ready"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What collected on a contract and is on no document.

    waits: by item, the day on which it can be billed, of those that cannot yet. total: what all of it is worth;
    ready: what can be billed now. clears_on: the first day on which more can be billed, where one is known.
    """

    state: BillableContract
    reason: str
    clears_on: date | None
    total: Money
    ready: Money
    waits: Mapping[str, date]


def standing_of(contract: Contract, items: Sequence[Item], days: Mapping[str, date]) -> Standing:
    """How a contract stands.

    items: what collected on it and is on no document; days: by item, when it was done, where the business is.
    """
    waits = {item.id: day for item in items if (day := waits_until(contract, item, days[item.id]))}
    total = total_of(items, contract.currency)
    ready = total_of((item for item in items if item.id not in waits), contract.currency)
    clears_on = min(waits.values(), default=None) or _more_on(contract)
    state, reason = _told(contract, items, waits, clears_on)
    return Standing(state=state, reason=reason, clears_on=clears_on, total=total, ready=ready, waits=waits)


def _more_on(contract: Contract) -> date | None:
    """The day on which more can be billed of a contract in force: its next fee in advance, or all that is counted."""
    in_advance = any(fee.timing is Timing.ADVANCE for fee in contract.fees)
    ends = contract.clears_on(contract.closed) if contract.activated_at else None
    days = [day for day in (opens_on(contract) if in_advance else None, ends) if day]
    return min(days, default=None)


def _told(
    contract: Contract, items: Sequence[Item], waits: Mapping[str, date], clears_on: date | None
) -> tuple[BillableContract, str]:
    if contract.status is ContractStatus.DRAFT:
        return BillableContract.LOCKED, "It is a draft; activate it first."
    if not items:
        more = f" before {clears_on}" if clears_on else ""
        return BillableContract.LOCKED, f"Nothing of it is to be billed{more}."
    if len(waits) == len(items):
        return BillableContract.LOCKED, f"Its period is open until {clears_on}."
    if waits:
        return BillableContract.PARTLY_READY, f"{len(waits)} of {len(items)} items wait until {clears_on}."
    return BillableContract.READY, "It can be billed."
