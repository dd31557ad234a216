"""Payments, links and numbers as we give them."""

from datetime import date, datetime

from chalicelib.domain.payment import Method, Payment
from chalicelib.entrypoints.http.shapes.scalars import Figure, Shape


class AllocationOut(Shape):
    invoice_id: str
    amount: Figure


class PaymentOut(Shape):
    """applied is on the invoice it was made for, allocations on others, credited is the client's credit.

    quarantine says why a payment is unmatched.
    """

    id: str
    version: int
    client_id: str | None
    invoice_id: str | None
    instalment_id: str | None
    method: Method
    currency: str
    amount: Figure
    refunded: Figure
    disputed: Figure
    applied: Figure
    allocations: list[AllocationOut]
    credited: Figure
    received_on: date
    reference: str | None
    quarantine: str | None
    created_at: datetime

    @classmethod
    def of(cls, payment: Payment) -> "PaymentOut":
        return cls(
            id=payment.id,
            version=payment.version,
            client_id=payment.client_id,
            invoice_id=payment.invoice_id,
            instalment_id=payment.instalment_id,
            method=payment.method,
            currency=payment.amount.currency,
            amount=f"{payment.amount}",
            refunded=f"{payment.refunded}",
            disputed=f"{payment.disputed}",
            applied=f"{payment.applied}",
            allocations=[
                AllocationOut(invoice_id=one.invoice_id, amount=f"{one.amount}")
                for one in payment.allocations
                if one.amount
            ],
            credited=f"{payment.credited}",
            received_on=payment.received_on,
            reference=payment.reference,
            quarantine=payment.quarantine,
            created_at=payment.created_at,
        )


class PaymentLinkOut(Shape):
    url: str
    amount: Figure
    currency: str


class PortalLinkOut(Shape):
    url: str
    expires_at: datetime
