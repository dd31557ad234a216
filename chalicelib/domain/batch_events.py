"""What happens to batches of invoices."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlanned(Event):
    type: ClassVar[str] = "batch.planned"
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAsked(Event):
    """Its invoices are to be drafted, or issued; send: and mailed."""

    type: ClassVar[str] = "batch.asked"
    step: str
    send: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgressed(Event):
    """One part of the step is behind it; done, failed: how many invoices of it."""

    type: ClassVar[str] = "batch.progressed"
    part: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPaused(Event):
    type: ClassVar[str] = "batch.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResumed(Event):
    type: ClassVar[str] = "batch.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCancelled(Event):
    type: ClassVar[str] = "batch.cancelled"
