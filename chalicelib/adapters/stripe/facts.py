"""A payment as Stripe tells it, as the facts that the domain joins."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

import stripe

from chalicelib.adapters.stripe.amounts import from_stripe
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import (
    Charge,
    ChargeStatus,
    Dispute,
    DisputeStatus,
    PaymentFacts,
    Refund,
    RefundStatus,
)

_Status = TypeVar("_Status", bound=StrEnum)


def facts_of(
    intent: stripe.PaymentIntent,
    *,
    account: str,
    charges: Iterable[stripe.Charge],
    refunds: Iterable[stripe.Refund],
    disputes: Iterable[stripe.Dispute],
) -> PaymentFacts:
    """account: the connected account the intent was read on, or the endpoint of a business's own key."""
    return PaymentFacts(
        payment_intent_id=intent.id,
        account=account,
        currency=intent.currency.upper(),
        metadata=intent.metadata.to_dict() if intent.metadata else {},
        canceled=intent.status == "canceled",
        charges=tuple(sorted((_charge(charge) for charge in charges), key=lambda charge: charge.id)),
        refunds=tuple(sorted((_refund(refund) for refund in refunds), key=lambda refund: refund.id)),
        disputes=tuple(sorted((_dispute(dispute) for dispute in disputes), key=lambda dispute: dispute.id)),
    )


def _charge(charge: stripe.Charge) -> Charge:
    status = _known(charge.status, ChargeStatus, otherwise=ChargeStatus.PENDING)
    if status is ChargeStatus.SUCCEEDED and not charge.captured:
        status = ChargeStatus.PENDING  # authorised only
    units = charge.amount_captured if status is ChargeStatus.SUCCEEDED else charge.amount
    return Charge(
        id=charge.id,
        status=status,
        amount=from_stripe(units, charge.currency),
        method=charge.payment_method_details.type if charge.payment_method_details else "",
        label=_label(charge),
        receipt_url=charge.receipt_url or "",
        failure=charge.failure_code or "",
        fee=_fee(charge),
    )


def _label(charge: stripe.Charge) -> str:
    card = getattr(charge.payment_method_details, "card", None)  # absent, not null, for anything but a card
    return f"{card.brand or ''} {card.last4 or ''}".strip() if card else ""


def _fee(charge: stripe.Charge) -> Money | None:
    movement = charge.balance_transaction
    if movement is None or isinstance(movement, str):
        return None
    return from_stripe(movement.fee, movement.currency)


def _refund(refund: stripe.Refund) -> Refund:
    return Refund(
        id=refund.id,
        status=_known(refund.status, RefundStatus, otherwise=RefundStatus.PENDING),
        amount=from_stripe(refund.amount, refund.currency),
        ours=(refund.metadata.to_dict() if refund.metadata else {}).get("refund_id", ""),
    )


def _dispute(dispute: stripe.Dispute) -> Dispute:
    return Dispute(
        id=dispute.id,
        status=_known(dispute.status, DisputeStatus, otherwise=DisputeStatus.UNDER_REVIEW),
        amount=from_stripe(dispute.amount, dispute.currency),
        movements=len(dispute.balance_transactions),
    )


def _known(status: str | None, kind: type[_Status], *, otherwise: _Status) -> _Status:
    """Stripe adds statuses without a new version; one we do not know moves no money our way."""
    return kind(status) if status in set(kind) else otherwise
