"""How a contract goes from a draft to its end, a period at a time."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract, ContractStatus, closes_on, must_be_active, opens_on
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

AGREED = ("type", "currency", "starts_on", "every", "anchor")
"""What is not changed any more once a contract is active: its periods are counted from it."""


def filed(contract: Contract, *, client_name: str, job_id: str) -> Contract:
    """A new contract under its client's name, in its job."""
    return replace(contract, client_name=client_name, job_id=job_id)


def edited(
    contract: Contract, wanted: Contract, *, fields: tuple[str, ...], at: datetime
) -> tuple[Contract, ContractEdited]:
    """The contract with what is wanted of it; what was accrued so far stays.

    Raises Refused (``contract_active``) for what its periods hang on, once it is active.
    """
    if contract.status is ContractStatus.ENDED:
        raise Refused("contract_ended", f"You cannot edit contract {contract.id} because it has ended.")
    moved = [name for name in AGREED if getattr(contract, name) != getattr(wanted, name)]
    if contract.activated_at and moved:
        detail = f"You cannot change {', '.join(moved)} of contract {contract.id} because it is active; end it first."
        raise Refused("contract_active", detail)
    after = replace(wanted, version=contract.version + 1)
    return after, ContractEdited(subject=contract.id, version=after.version, at=at, fields=fields)


def activated(contract: Contract, *, business: Business, at: datetime) -> tuple[Contract, ContractActivated]:
    """The contract in force; its periods are opened as their days come, those of days gone by at once."""
    if contract.status is not ContractStatus.DRAFT:
        raise Refused("contract_active", f"You cannot activate contract {contract.id} because it is {contract.status}.")
    active = looked_at(replace(contract, version=contract.version + 1, activated_at=at), business)
    return active, ContractActivated(subject=contract.id, version=active.version, at=at, client_id=contract.client_id)


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
    over = contract.period(after.closed) is None and contract.period(after.opened) is None
    after = replace(after, ended_at=at if over else None)
    event = ContractPeriodClosed(
        subject=contract.id, version=after.version, at=at, period=period.number, ends=period.ends, amount=amount
    )
    return looked_at(after, business), event


def ended(contract: Contract, *, on: date, business: Business, at: datetime) -> tuple[Contract, ContractEnded]:
    """The contract with its last day. What was billed in advance beyond it is credited by hand.

    Raises Refused for one that is not active, Invalid for a day before the last period that was opened.
    """
    must_be_active(contract, "end")
    last = contract.period(contract.opened - 1) if contract.opened else None
    if last and on < last.starts:
        detail = f"You cannot end contract {contract.id} before {last.starts} because that period was opened."
        raise Invalid("period_opened", detail, at="/on")
    if on < contract.starts_on:
        raise Invalid("before_start", f"You cannot end a contract before it begins on {contract.starts_on}.", at="/on")
    after = looked_at(replace(contract, version=contract.version + 1, ends_on=on), business)
    if contract.every is None and not last:
        after = replace(after, ended_at=at, look_at=None)
    return after, ContractEnded(subject=contract.id, version=after.version, at=at, ends_on=on)


def removal(contract: Contract, *, at: datetime) -> ContractRemoved:
    """What tells that a draft is taken away. Raises Refused (``contract_active``) for any other."""
    if contract.status is not ContractStatus.DRAFT:
        raise Refused("contract_active", f"You cannot delete contract {contract.id} because it is {contract.status}.")
    return ContractRemoved(subject=contract.id, version=contract.version + 1, at=at)


def looked_at(contract: Contract, business: Business) -> Contract:
    """The contract with the instant at which something is to be done for it."""
    days = [day for day in (opens_on(contract), closes_on(contract)) if day]
    return replace(contract, look_at=business.morning_of(min(days)) if days else None)
