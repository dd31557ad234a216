"""What happens to payouts."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReceived(Event):
    """The provider paid out to the business's bank; arrives_on: when it is there."""

    type: ClassVar[str] = "payout.received"
    account: str
    amount: Money
    arrives_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReturned(Event):
    """The bank sent so much of a payout back."""

    type: ClassVar[str] = "payout.returned"
    account: str
    amount: Money
