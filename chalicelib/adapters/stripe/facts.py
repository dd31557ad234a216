"""A payment as Stripe tells it, as the facts that the domain joins."""

from collections.abc import Iterable
from datetime import UTC, datetime
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

LONGEST_WORDS = 500
"""Of each piece of evidence: Stripe takes 150,000 characters, and a payment is kept with all that is known of it."""

_Movements = Iterable[stripe.BalanceTransaction | str | None]
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
    metadata = intent.metadata.to_dict() if intent.metadata else {}
    return PaymentFacts(
        payment_intent_id=intent.id,
        account=account,
        currency=intent.currency.upper(),
        metadata=metadata,
        description="" if metadata.get("invoice_id") else intent.description or "",
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
        fee=_fees([charge.balance_transaction]),
        settled=_settled([charge.balance_transaction], charge.currency),
    )


def _label(charge: stripe.Charge) -> str:
    card = getattr(charge.payment_method_details, "card", None)  # absent, not null, for anything but a card
    return f"{card.brand or ''} {card.last4 or ''}".strip() if card else ""


def _fees(movements: _Movements) -> Money | None:
    """What was kept for all movements; None where none is known yet."""
    known = _known_of(movements)
    return from_stripe(sum(moved.fee for moved in known), known[0].currency) if known else None


def _settled(movements: _Movements, currency: str) -> Money | None:
    """What all movements came to where the account is in another currency; None where not, or none is known yet."""
    known = [moved for moved in _known_of(movements) if moved.currency != currency]
    return from_stripe(sum(moved.amount for moved in known), known[0].currency) if known else None


def _known_of(movements: _Movements) -> list[stripe.BalanceTransaction]:
    return [moved for moved in movements if moved is not None and not isinstance(moved, str)]


def _refund(refund: stripe.Refund) -> Refund:
    movements = [refund.balance_transaction, getattr(refund, "failure_balance_transaction", None)]
    return Refund(
        id=refund.id,
        status=_known(refund.status, RefundStatus, otherwise=RefundStatus.PENDING),
        amount=from_stripe(refund.amount, refund.currency),
        ours=(refund.metadata.to_dict() if refund.metadata else {}).get("refund_id", ""),
        failure=getattr(refund, "failure_reason", None) or "",
        fee=_fees(movements),
        settled=_settled(movements, refund.currency),
    )


def _dispute(dispute: stripe.Dispute) -> Dispute:
    details = dispute.evidence_details
    return Dispute(
        id=dispute.id,
        status=_known(dispute.status, DisputeStatus, otherwise=DisputeStatus.UNDER_REVIEW),
        amount=from_stripe(dispute.amount, dispute.currency),
        movements=len(dispute.balance_transactions),
        fee=_fees(dispute.balance_transactions),
        settled=_settled(dispute.balance_transactions, dispute.currency),
        reason=dispute.reason or "",
        due_by=datetime.fromtimestamp(details.due_by, UTC) if details.due_by else None,
        evidence=_evidence(dispute),
        submissions=details.submission_count,
    )


def _evidence(dispute: stripe.Dispute) -> dict[str, str]:
    """What was handed in: words, shortened, and the ids of files."""
    given = dispute.evidence.to_dict()
    return {name: value[:LONGEST_WORDS] for name, value in sorted(given.items()) if isinstance(value, str) and value}


def _known(status: str | None, kind: type[_Status], *, otherwise: _Status) -> _Status:
    """Stripe adds statuses without a new version; one we do not know moves no money our way."""
    return kind(status) if status in set(kind) else otherwise
