"""How a contract goes from a draft to its end, a period at a time."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.business import Business
from chalicelib.domain.contract import (
    Contract,
    ContractStatus,
    ContractType,
    Timing,
    closes_on,
    must_be_active,
    opens_on,
    releases_on,
)
from chalicelib.domain.contract_events import (
    ContractActivated,
    ContractEdited,
    ContractEnded,
    ContractPeriodClosed,
    ContractPeriodOpened,
    ContractRemoved,
)
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.project import Project, agreed_anew

AGREED = ("type", "currency", "starts_on", "every", "anchor", "counts_hours")
"""What is not changed any more once a contract is active: its periods, and what counts in them, hang on it."""

MOST_BEHIND = 200
"""Periods that are opened and closed one by one while whoever activates a contract waits."""


def filed(contract: Contract, *, client_name: str, job_id: str) -> Contract:
    """A new contract under its client's name, in its job."""
    return replace(contract, client_name=client_name, job_id=job_id)


def edited(
    contract: Contract, wanted: Contract, *, fields: tuple[str, ...], at: datetime
) -> tuple[Contract, ContractEdited]:
    """The contract with what is wanted of it; what was accrued so far stays.

    Raises Refused (``contract_active``) for what its periods hang on, once it is active; ``project_billed`` for lines
    that would come to less than was asked for them. Raises Invalid for a last day before its last opened period, or
    after one that was billed in advance as a cut one.
    """
    if contract.status is ContractStatus.ENDED:
        raise Refused("contract_ended", f"You cannot edit contract {contract.id} because it has ended.")
    moved = [name for name in AGREED if getattr(contract, name) != getattr(wanted, name)]
    if contract.activated_at and moved:
        detail = f"You cannot change {', '.join(moved)} of contract {contract.id} because it is active; end it first."
        raise Refused("contract_active", detail)
    project = wanted.project
    if contract.activated_at:
        project = _project(contract, wanted)
        _must_keep_meters(contract, wanted)
        _must_keep_timing(contract, wanted)
    if wanted.ends_on and wanted.ends_on != contract.ends_on:
        _must_not_cut(contract, wanted.ends_on, at="/ends_on")
    _must_not_lengthen(contract, wanted)
    after = _over(replace(wanted, version=contract.version + 1, project=project), at=at)
    return after, ContractEdited(subject=contract.id, version=after.version, at=at, fields=fields)


def activated(
    contract: Contract, *, business: Business, invoice: bool = False, at: datetime
) -> tuple[Contract, ContractActivated]:
    """The contract in force; its periods are opened as their days come, those of days gone by at once.

    invoice: what is due at once is to be drafted, too.
    Raises Refused for one that is no draft, that lacks what its type is named for (``contract_incomplete``), or that
    began too many periods ago (``contract_too_old``).
    """
    if contract.status is not ContractStatus.DRAFT:
        raise Refused("contract_active", f"You cannot activate contract {contract.id} because it is {contract.status}.")
    _must_be_complete(contract)
    _must_be_recent(contract, business.today(at))
    active = looked_at(replace(contract, version=contract.version + 1, activated_at=at), business)
    event = ContractActivated(
        subject=contract.id, version=active.version, at=at, client_id=contract.client_id, invoice=invoice
    )
    return active, event


def opened(
    contract: Contract, *, amount: Money, business: Business, at: datetime
) -> tuple[Contract, ContractPeriodOpened]:
    """The contract with its next period begun; amount: what is billed of it in advance."""
    period = contract.period(contract.opened)
    if period is None:
        raise ValueError(f"{contract.id} has no period {contract.opened}")
    after = replace(contract, version=contract.version + 1, opened=contract.opened + 1)
    event = ContractPeriodOpened(
        subject=contract.id, version=after.version, at=at, period=period.number, starts=period.starts, amount=amount
    )
    return looked_at(after, business), event


def closed(
    contract: Contract, *, amount: Money, business: Business, at: datetime
) -> tuple[Contract, ContractPeriodClosed]:
    """The contract with its earliest open period closed; amount: what is accrued with that.

    With its last period the contract has ended.
    """
    period = contract.period(contract.closed)
    if period is None or contract.closed >= contract.opened:
        raise ValueError(f"{contract.id} has no open period")
    after = replace(contract, version=contract.version + 1, closed=contract.closed + 1)
    after = _over(after, at=at)
    event = ContractPeriodClosed(
        subject=contract.id, version=after.version, at=at, period=period.number, ends=period.ends, amount=amount
    )
    return looked_at(after, business), event


def ended(contract: Contract, *, on: date, business: Business, at: datetime) -> tuple[Contract, ContractEnded]:
    """The contract with its last day; one that would begin later never does.

    What was billed in advance beyond that day is credited by hand.
    Raises Refused for one that is not active, Invalid for a day before the last period that was opened.
    """
    must_be_active(contract, "end")
    _must_not_cut(contract, on, at="/on")
    after = _over(replace(contract, version=contract.version + 1, ends_on=on), at=at)
    if not contract.opened and (contract.every is None or on < contract.starts_on):
        after = replace(after, ended_at=at)
    after = looked_at(after, business)
    return after, ContractEnded(subject=contract.id, version=after.version, at=at, ends_on=on)


def removal(contract: Contract, *, at: datetime) -> ContractRemoved:
    """What tells that a draft is taken away. Raises Refused (``contract_active``) for any other."""
    if contract.status is not ContractStatus.DRAFT:
        raise Refused("contract_active", f"You cannot delete contract {contract.id} because it is {contract.status}.")
    return ContractRemoved(subject=contract.id, version=contract.version + 1, at=at)


def looked_at(contract: Contract, business: Business) -> Contract:
    """The contract with the instant at which something is to be done for it."""
    days = [day for day in (opens_on(contract), closes_on(contract), releases_on(contract)) if day]
    return replace(contract, look_at=business.morning_of(min(days)) if days else None)


def _over(contract: Contract, *, at: datetime) -> Contract:
    """The contract as one that has ended, where every period that it has was opened and closed."""
    over = contract.opened and contract.closed >= contract.opened and contract.period(contract.opened) is None
    return replace(contract, ended_at=at) if over else contract


def _must_be_complete(contract: Contract) -> None:
    """Raise Refused where everything would be billed that its type says is covered, or nothing of what it counts."""
    wanted = {
        ContractType.BLOCK_HOURS: ("included_hours", contract.included_hours is not None),
        ContractType.USAGE: ("meters", bool(contract.meters)),
    }
    name, there = wanted.get(contract.type, ("", True))
    if not there:
        detail = f"You cannot activate contract {contract.id} because one of type {contract.type} has {name}."
        raise Refused("contract_incomplete", detail)


def _must_be_recent(contract: Contract, today: date) -> None:
    present = contract.period_of(today)
    if present and present.number > MOST_BEHIND:
        detail = (
            f"You cannot activate contract {contract.id} because {present.number} of its periods have gone by since "
            f"{contract.starts_on}, and at most {MOST_BEHIND} are billed afterwards; let it begin later."
        )
        raise Refused("contract_too_old", detail)


def _must_not_cut(contract: Contract, last_day: date, *, at: str) -> None:
    """Raise Invalid for a last day before a period that was opened; at: where it was said."""
    last = contract.period(contract.opened - 1) if contract.opened else None
    if last and last_day < last.starts:
        detail = f"You cannot end contract {contract.id} before {last.starts} because that period was opened."
        raise Invalid("period_opened", detail, at=at)


def _must_not_lengthen(contract: Contract, wanted: Contract) -> None:
    """Raise Invalid where a cut period that was billed in advance would have more days than were billed."""
    number = contract.opened - 1
    last, after = (one.period(number) if contract.opened else None for one in (contract, wanted))
    in_advance = any(fee.timing is Timing.ADVANCE for fee in contract.fees)
    if last and after and in_advance and last.whole_days and not last.is_whole and after.ends > last.ends:
        detail = (
            f"You cannot move the end of contract {contract.id} because its period from {last.starts} was billed in "
            f"advance until {last.last_day}; let it end, and agree on another from then on."
        )
        raise Invalid("period_opened", detail, at="/ends_on")


def _must_keep_timing(contract: Contract, wanted: Contract) -> None:
    """Raise Refused where an open period would be charged twice for a fee, or not at all."""
    timings = {fee.code: fee.timing for fee in contract.fees}
    moved = [fee.code for fee in wanted.fees if timings.get(fee.code, fee.timing) is not fee.timing]
    if moved and contract.closed < contract.opened:
        detail = (
            f"You cannot change when fee {', '.join(moved)} of contract {contract.id} is billed because period "
            f"{contract.closed} is open; close it first."
        )
        raise Refused("contract_active", detail)


def _must_keep_meters(contract: Contract, wanted: Contract) -> None:
    """Raise Refused where a meter would go with what was consumed of it."""
    gone = sorted({meter.code for meter in contract.meters} - {meter.code for meter in wanted.meters})
    if gone:
        detail = (
            f"You cannot take meter {', '.join(gone)} out of contract {contract.id} because it is active and what was "
            "consumed would be lost; let it cost nothing."
        )
        raise Refused("contract_active", detail)


def _project(contract: Contract, wanted: Contract) -> Project | None:
    """What is agreed of a project in force; one cannot come or go any more."""
    before, after = contract.project, wanted.project
    if before is None and after is None:
        return None
    if before is None or after is None:
        detail = f"You cannot make or unmake a project of contract {contract.id} because it is active."
        raise Refused("contract_active", detail)
    return before if before == after else agreed_anew(before, after)
