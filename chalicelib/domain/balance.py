"""What moves on the balance that a business has at the payment provider: payments, what they cost, and payouts."""

from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class MovementKind(StrEnum):
    """What a movement is of; the rest is nothing that we book."""

    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    PAYOUT = "payout"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of the provider's own report.

    amount: in the account's currency, before the fee; a payout's is below zero, what comes back of one above.
    type:   the provider's word; source: the charge, refund, dispute or payout that it is of.
    payment_intent_id: of what it is of a payment; empty for all else.
    arrives_on: at the bank, of a payout.
    """

    account: str
    payment_intent_id: str
    amount: Money
    id: str = ""
    kind: MovementKind = MovementKind.CHARGE
    type: str = ""
    fee: Money | None = None
    source: str = ""
    at: datetime | None = None
    arrives_on: date | None = None

    @property
    def net(self) -> Money:
        return self.amount - self.fee if self.fee else self.amount
