"""What happens to the accounting programs that are connected."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingConnected(Event):
    type: ClassVar[str] = "accounting.connected"
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingRenewed(Event):
    """What lets us in was traded for the next."""

    type: ClassVar[str] = "accounting.renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingRefused(Event):
    """The program lets us in no more; the business has to connect it again."""

    type: ClassVar[str] = "accounting.refused"
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingDisconnected(Event):
    type: ClassVar[str] = "accounting.disconnected"
    target: str
