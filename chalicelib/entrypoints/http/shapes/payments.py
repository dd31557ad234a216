"""Payments, links and numbers as we give them."""

from datetime import date, datetime

from chalicelib.domain.imputation import Reservation
from chalicelib.domain.payment import Method, Payment, kept_of
from chalicelib.domain.settlement import Dispute, DisputeStatus, RefundStatus
from chalicelib.entrypoints.http.shapes.scalars import Figure, Shape


class AllocationOut(Shape):
    invoice_id: str
    amount: Figure


class FeeOut(Shape):
    amount: Figure
    currency: str


class PaymentRefundOut(Shape):
    """One time some of a payment went back. id: of our refund; null for one made in the provider's own dashboard.

    provider_id: null for one made by hand, and until the provider has told of it. failure: why it came to nothing.
    """

    id: str | None
    provider_id: str | None
    status: RefundStatus
    amount: Figure
    failure: str | None

    @classmethod
    def all_of(cls, payment: Payment) -> "list[PaymentRefundOut]":
        """By hand, then as the provider tells them, then those it has not told of yet."""
        told = payment.facts.refunds if payment.facts else ()
        return [
            *(cls._ours(one, RefundStatus.SUCCEEDED) for one in payment.given_back),
            *(
                cls(
                    id=one.ours or None,
                    provider_id=one.id,
                    status=one.status,
                    amount=f"{one.amount}",
                    failure=one.failure or None,
                )
                for one in told
            ),
            *(cls._ours(one, RefundStatus.PENDING) for one in payment.refunding),
        ]

    @classmethod
    def _ours(cls, one: Reservation, status: RefundStatus) -> "PaymentRefundOut":
        return cls(id=one.id, provider_id=None, status=status, amount=f"{one.amount}", failure=None)


class DisputeOut(Shape):
    """As the provider tells of it. due_by: until when it takes evidence; evidence: what was handed in, shortened."""

    id: str
    status: DisputeStatus
    amount: Figure
    reason: str
    due_by: datetime | None
    evidence: dict[str, str]
    submissions: int

    @classmethod
    def of(cls, dispute: Dispute) -> "DisputeOut":
        return cls(
            id=dispute.id,
            status=dispute.status,
            amount=f"{dispute.amount}",
            reason=dispute.reason,
            due_by=dispute.due_by,
            evidence=dispute.evidence,
            submissions=dispute.submissions,
        )


class PaymentOut(Shape):
    """applied is on the invoice it was made for, allocations on others, credited is the client's credit.

    refunds: every one, those made elsewhere among them. quarantine says why a payment is unmatched.
    fees: what the provider kept, by currency; fee: of that what is in the payment's; null until it has told.
    net: what is left of the payment, in its currency. settled: what it came to, before fees, on a balance that the
    provider keeps in another currency.
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
    refunds: list[PaymentRefundOut]
    disputes: list[DisputeOut]
    fee: Figure | None
    fees: list[FeeOut]
    settled: list[FeeOut]
    net: Figure
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
            refunds=PaymentRefundOut.all_of(payment),
            disputes=[DisputeOut.of(one) for one in (payment.facts.disputes if payment.facts else ())],
            fee=f"{payment.costs.fee_in(payment.amount.currency)}" if payment.costs.fees else None,
            fees=[FeeOut(amount=f"{one}", currency=one.currency) for one in payment.costs.fees],
            settled=[FeeOut(amount=f"{one}", currency=one.currency) for one in payment.costs.settled],
            net=f"{kept_of(payment) - payment.costs.all_in(payment.amount.currency)}",
            created_at=payment.created_at,
        )


class PaymentLinkOut(Shape):
    url: str
    amount: Figure
    currency: str


class PortalLinkOut(Shape):
    url: str
    expires_at: datetime
