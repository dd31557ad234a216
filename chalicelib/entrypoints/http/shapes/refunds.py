"""Refunds as they are asked for and as we give them."""

from datetime import datetime

from chalicelib.domain.payment import Method
from chalicelib.domain.refund import Refund
from chalicelib.domain.settlement import RefundStatus
from chalicelib.entrypoints.http.shapes.scalars import Amount, Figure, LongText, Shape, ShortText


class RefundIn(Shape):
    """amount: all that is left of the payment, unless said; reference: of money given back by hand."""

    amount: Amount | None = None
    reason: LongText = ""
    reference: ShortText | None = None


class RefundOut(Shape):
    """status: as the provider tells of an online one; one by hand is done. failure says why it came to nothing."""

    id: str
    version: int
    payment_id: str
    invoice_id: str | None
    client_id: str | None
    currency: str
    amount: Figure
    reason: str
    method: Method
    reference: str | None
    status: RefundStatus
    failure: str | None
    created_at: datetime

    @classmethod
    def of(cls, refund: Refund) -> "RefundOut":
        return cls(
            id=refund.id,
            version=refund.version,
            payment_id=refund.payment_id,
            invoice_id=refund.invoice_id,
            client_id=refund.client_id,
            currency=refund.amount.currency,
            amount=f"{refund.amount}",
            reason=refund.reason,
            method=refund.method,
            reference=refund.reference,
            status=refund.status,
            failure=refund.failure,
            created_at=refund.created_at,
        )
