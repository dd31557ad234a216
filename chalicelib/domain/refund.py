"""Money given back: by hand, or through the provider, who is asked only after it was written down.

The truth of an online refund is the provider's: until it tells of it, so much of the payment is held for it, so that
two refunds never take the same money.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.imputation import Reservation, total_of
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.refund_events import PaymentRefundReleased, PaymentRefundReserved, RefundChanged, RefundRequested
from chalicelib.domain.settlement import Refund as ProviderRefund
from chalicelib.domain.settlement import RefundStatus
from chalicelib.domain.values import dataclass

ASKED_AGAIN = timedelta(minutes=5)
"""After so long, the provider is asked again for what it has not told of; then every minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund of a payment.

    invoice_id: what the payment was made for. provider_id: the provider's, once it told of it.
    failure: why it came to nothing; the money is where it was.
    """

    id: str
    version: int = 1
    payment_id: str
    client_id: str | None
    invoice_id: str | None
    amount: Money
    reason: str
    method: Method
    reference: str | None = None
    status: RefundStatus
    provider_id: str | None = None
    failure: str | None = None
    created_at: datetime

    @property
    def is_to_be_asked(self) -> bool:
        """Whether the provider may not know of it yet."""
        return self.method is Method.ONLINE and self.provider_id is None and self.status is RefundStatus.PENDING


def refundable(payment: Payment) -> Money:
    """What can be given back of a payment now: what is kept of it and held for no other refund."""
    return payment.kept - total_of(payment.refunding, payment.amount.currency)


def must_be_refundable(payment: Payment, amount: Money) -> None:
    """Raise Refused for a disputed payment (C35) or one of which nothing is left, Invalid for more than is left."""
    if payment.disputed:
        raise Refused("payment_disputed", f"You cannot refund payment {payment.id} because it is disputed.")
    if payment.client_id is None:
        raise Refused("payment_unmatched", f"You cannot refund payment {payment.id} before it is matched.")
    left = refundable(payment)
    if left.minor <= 0:
        raise Refused("nothing_to_refund", f"You cannot refund payment {payment.id}: nothing is left of it.")
    if amount.minor <= 0:
        raise Invalid("not_positive", "A refund is above 0.", at="/amount")
    if amount > left:
        raise Invalid("more_than_left", f"Of this payment {left} can be given back.", at="/amount")


def requested(
    id: str, payment: Payment, amount: Money, *, reason: str, reference: str | None, at: datetime
) -> tuple[Refund, RefundRequested]:
    """A refund as it begins: one by hand is done, one online is to be asked for."""
    online = payment.method is Method.ONLINE
    refund = Refund(
        id=id,
        payment_id=payment.id,
        client_id=payment.client_id,
        invoice_id=payment.invoice_id,
        amount=amount,
        reason=reason,
        method=payment.method,
        reference=reference,
        status=RefundStatus.PENDING if online else RefundStatus.SUCCEEDED,
        created_at=at,
    )
    event = RefundRequested(
        subject=id,
        version=1,
        at=at,
        payment_id=payment.id,
        client_id=payment.client_id,
        amount=amount,
        reason=reason,
        online=online,
    )
    return refund, event


def reserved(payment: Payment, refund: Refund, *, at: datetime) -> tuple[Payment, PaymentRefundReserved]:
    """The payment with so much of it held for a refund."""
    held = (*payment.refunding, Reservation(id=refund.id, amount=refund.amount))
    after = replace(payment, version=payment.version + 1, refunding=held)
    event = PaymentRefundReserved(
        subject=payment.id, version=after.version, at=at, refund_id=refund.id, amount=refund.amount
    )
    return after, event


def released(payment: Payment, refund: Refund, *, at: datetime) -> tuple[Payment, PaymentRefundReleased]:
    """The payment with nothing held any more for a refund that came to nothing."""
    held = tuple(one for one in payment.refunding if one.id != refund.id)
    after = replace(payment, version=payment.version + 1, refunding=held)
    event = PaymentRefundReleased(
        subject=payment.id, version=after.version, at=at, refund_id=refund.id, amount=refund.amount
    )
    return after, event


def told(refund: Refund, said: ProviderRefund, *, at: datetime) -> tuple[Refund, RefundChanged]:
    """The refund as the provider tells of it."""
    return _changed(replace(refund, status=said.status, provider_id=said.id, failure=said.failure or None), at=at)


def refused(refund: Refund, *, reason: str, at: datetime) -> tuple[Refund, RefundChanged]:
    """The refund that the provider will not make."""
    return _changed(replace(refund, status=RefundStatus.FAILED, failure=reason), at=at)


def _changed(refund: Refund, *, at: datetime) -> tuple[Refund, RefundChanged]:
    after = replace(refund, version=refund.version + 1)
    event = RefundChanged(
        subject=refund.id, version=after.version, at=at, status=after.status, reason=after.failure or ""
    )
    return after, event
