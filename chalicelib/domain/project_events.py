"""What happens to projects."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMilestoneCompleted(Event):
    """A milestone was reached. situation: counted from 1; amount: what becomes due by it."""

    type: ClassVar[str] = "contract.milestone_completed"
    milestone_id: str
    situation: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractProgressed(Event):
    """More or less is done than before. situation: counted from 1; amount: what becomes due, below zero for less."""

    type: ClassVar[str] = "contract.progressed"
    situation: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAccepted(Event):
    """The client accepted the work. due_on: when what is withheld is released at the latest."""

    type: ClassVar[str] = "contract.accepted"
    on: date
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRetainageReleased(Event):
    """What was withheld can be billed."""

    type: ClassVar[str] = "contract.retainage_released"
    amount: Money
