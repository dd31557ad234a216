"""What happens to contracts."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDrafted(Event):
    type: ClassVar[str] = "contract.drafted"
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEdited(Event):
    type: ClassVar[str] = "contract.edited"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractActivated(Event):
    """invoice: an opening invoice is wanted for what is due at once."""

    type: ClassVar[str] = "contract.activated"
    client_id: str
    invoice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPeriodOpened(Event):
    """A period began; what it costs in advance can be billed. starts: its first day; amount: what that comes to."""

    type: ClassVar[str] = "contract.period_opened"
    period: int
    starts: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPeriodClosed(Event):
    """What collected in a period can be billed. ends: the day after its last; amount: what was accrued with it."""

    type: ClassVar[str] = "contract.period_closed"
    period: int
    ends: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEnded(Event):
    """Its last day was agreed on: no period begins after it."""

    type: ClassVar[str] = "contract.ended"
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRemoved(Event):
    type: ClassVar[str] = "contract.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAccrued(Event):
    """What a contract's period costs became due, as an item of the client's balance."""

    type: ClassVar[str] = "item.accrued"
    client_id: str
    contract_id: str
    period: int
    amount: Money
