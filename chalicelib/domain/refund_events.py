"""What happens to refunds, and to the payments they are of."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested(Event):
    """A refund was made by hand, or is to be asked of the provider."""

    type: ClassVar[str] = "refund.requested"
    payment_id: str
    client_id: str | None
    amount: Money
    reason: str
    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundChanged(Event):
    """The provider told of it: it is done, under way, or came to nothing."""

    type: ClassVar[str] = "refund.changed"
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefundReserved(Event):
    """So much of a payment is held for a refund that the provider is about to be asked for."""

    type: ClassVar[str] = "payment.refund_reserved"
    refund_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefundReleased(Event):
    """A refund came to nothing; nothing is held for it any more."""

    type: ClassVar[str] = "payment.refund_released"
    refund_id: str
    amount: Money
