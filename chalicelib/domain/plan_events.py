"""What happens to recurring plans."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAdded(Event):
    type: ClassVar[str] = "plan.added"
    client_id: str
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    """What it bills, or when; from its next period on."""

    type: ClassVar[str] = "plan.changed"
    total: Money
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBilled(Event):
    """A period has its invoice; since, through: the days that it bills."""

    type: ClassVar[str] = "plan.billed"
    period: int
    invoice_id: str
    since: date
    through: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNotBilled(Event):
    """A period was due and has no invoice; tries: how often it was tried; parked: it will not be again by itself."""

    type: ClassVar[str] = "plan.not_billed"
    period: int
    since: date
    through: date
    code: str
    reason: str
    tries: int
    parked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPaused(Event):
    type: ClassVar[str] = "plan.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResumed(Event):
    """left_out: how many periods are never billed, from the next one on."""

    type: ClassVar[str] = "plan.resumed"
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMoved(Event):
    """Its next instant is another, since a clock is."""

    type: ClassVar[str] = "plan.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRemoved(Event):
    type: ClassVar[str] = "plan.removed"
