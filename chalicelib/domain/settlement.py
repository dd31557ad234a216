"""What is known of one payment, and how much of it was received; the same whatever order the news came in.

A payment's own status goes back and forth (a failed bank debit is ``processing``, then open again), so it is never
used. A charge, a refund and a dispute only move forward: their facts are joined, and everything else follows.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class ChargeStatus(StrEnum):
    """In the order in which a charge moves."""

    PENDING = "pending"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


class RefundStatus(StrEnum):
    """In the order in which a refund moves: it may fail even after it succeeded, and the money comes back."""

    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    FAILED = "failed"


class DisputeStatus(StrEnum):
    """In the order in which a dispute moves: an inquiry (warning_*) may become a dispute, a lost one may be won later.

    An appeal of a lost dispute stays lost here until it is won: the money is gone all the while.
    """

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    APPEAL_NEEDS_RESPONSE = "appeal_needs_response"
    APPEAL_UNDER_REVIEW = "appeal_under_review"
    PREVENTED = "prevented"
    LOST = "lost"
    WON = "won"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One try at taking the money.

    amount:  what was captured if it succeeded, else what was tried.
    fee:     what the provider kept, in the account's own currency; known a little later than the charge.
    settled: what it came to before the fee where the account is in another currency; known when the fee is.
    method:  the provider's word, e.g. ``card``, ``us_bank_account``; label: what a person knows it by (``visa 4242``).
    """

    id: str
    status: ChargeStatus
    amount: Money
    method: str = ""
    label: str = ""
    receipt_url: str = ""
    failure: str = ""
    fee: Money | None = None
    settled: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """ours: the id of our own refund that it was asked for by; empty for one made elsewhere, as in a dashboard.

    failure: why it came to nothing, in the provider's words.
    fee: what the provider kept for it, or gave back, in the account's own currency.
    settled: what it moved there, below zero, where that is another currency; nothing once it came back.
    """

    id: str
    status: RefundStatus
    amount: Money
    ours: str = ""
    failure: str = ""
    fee: Money | None = None
    settled: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """movements: how many times the provider has taken or given back money for it; only ever grows.

    fee: what it kept for all of them, in the account's own currency; settled: what they moved, where that is another.
    reason: the payer's, in the provider's words; due_by: until when evidence is taken.
    evidence: what was handed in so far, by the provider's names; submissions: how often.
    """

    id: str
    status: DisputeStatus
    amount: Money
    movements: int = 0
    fee: Money | None = None
    settled: Money | None = None
    reason: str = ""
    due_by: datetime | None = None
    evidence: dict[str, str] = field(default_factory=dict)
    submissions: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to decide, or to answer, also of a mere inquiry."""
        return self.status not in _DECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """All that the provider has ever said about one payment.

    account:  the connected account it is on; empty with a tenant's own key.
    currency: ISO 4217, upper case; every charge, refund and dispute is in it.
    metadata: as we wrote it when the payment was opened; empty if somebody else opened it.
    description: what they wrote then, whoever they are.
    charges, refunds, disputes: each in the order of their ids.
    """

    payment_intent_id: str
    account: str
    currency: str
    metadata: dict[str, str]
    description: str = ""
    canceled: bool = False
    charges: tuple[Charge, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()


def joined(known: PaymentFacts | None, news: PaymentFacts) -> PaymentFacts:
    """What is known after the news: order, repetition and grouping make no difference.

    Raises ValueError if the two are about different payments.
    """
    if known is None:
        return news
    if _identity(known) != _identity(news):
        raise ValueError(f"{news.payment_intent_id} is not {known.payment_intent_id}")
    return PaymentFacts(
        payment_intent_id=known.payment_intent_id,
        account=known.account,
        currency=known.currency,
        metadata=max(known.metadata, news.metadata, key=_metadata_order),
        description=max(known.description, news.description),
        canceled=known.canceled or news.canceled,
        charges=_furthest(known.charges + news.charges, _charge_order),
        refunds=_furthest(known.refunds + news.refunds, _refund_order),
        disputes=_furthest(known.disputes + news.disputes, _dispute_order),
    )


def received(facts: PaymentFacts) -> Money:
    """What stays of the payment now: taken, less given back, less held back for disputes; never below zero.

    A dispute over the whole charge after a partial refund takes more than was left; that loss is not the invoice's.
    """
    left = taken(facts) - refunded(facts) - disputed(facts)
    return max(left, Money.zero(facts.currency))


def taken(facts: PaymentFacts) -> Money:
    """What the succeeded charges brought, before refunds and disputes."""
    return _sum(facts, _charged(facts))


def refunded(facts: PaymentFacts) -> Money:
    """What was given back or is on its way back; a refund that failed gives nothing back."""
    return _sum(facts, _given_back(facts))


def disputed(facts: PaymentFacts) -> Money:
    """What is held back or lost for disputes; an inquiry holds nothing back."""
    return _sum(facts, _held_back(facts))


def exchanged(facts: PaymentFacts) -> Money:
    """What of all that the account holds in another currency, as far as it is known what it came to there."""
    said = (_charged(facts), _given_back(facts), _held_back(facts))
    came, back, held = (_sum(facts, (one for one in parts if one.settled is not None)) for parts in said)
    return came - back - held


def under_dispute(facts: PaymentFacts) -> Money:
    """What is held back for disputes that are still open."""
    return _sum(facts, (dispute for dispute in facts.disputes if dispute.status in _UNDECIDED))


def pending(facts: PaymentFacts) -> Money:
    """What is on its way (a bank debit takes days); nothing once a charge succeeded or the payment was cancelled."""
    if facts.canceled or taken(facts):
        return Money.zero(facts.currency)
    return _sum(facts, (charge for charge in facts.charges if charge.status is ChargeStatus.PENDING))


def _charged(facts: PaymentFacts) -> Iterator[Charge]:
    return (charge for charge in facts.charges if charge.status is ChargeStatus.SUCCEEDED)


def _given_back(facts: PaymentFacts) -> Iterator[Refund]:
    nothing = {RefundStatus.FAILED, RefundStatus.CANCELED}
    return (refund for refund in facts.refunds if refund.status not in nothing)


def _held_back(facts: PaymentFacts) -> Iterator[Dispute]:
    held = _UNDECIDED | {DisputeStatus.LOST}
    return (dispute for dispute in facts.disputes if dispute.status in held)


def _identity(facts: PaymentFacts) -> tuple[str, str, str]:
    return facts.payment_intent_id, facts.account, facts.currency


_Fact = TypeVar("_Fact", Charge, Refund, Dispute)
_Order = tuple[Any, ...]

_CHARGE_STEPS = tuple(ChargeStatus)
_REFUND_STEPS = tuple(RefundStatus)
_DISPUTE_STEPS = tuple(DisputeStatus)
_DECIDED = {DisputeStatus.WARNING_CLOSED, DisputeStatus.PREVENTED, DisputeStatus.LOST, DisputeStatus.WON}
_UNDECIDED = {
    DisputeStatus.NEEDS_RESPONSE,
    DisputeStatus.UNDER_REVIEW,
    DisputeStatus.APPEAL_NEEDS_RESPONSE,
    DisputeStatus.APPEAL_UNDER_REVIEW,
}


def _furthest(facts: Iterable[_Fact], order: Callable[[_Fact], _Order]) -> tuple[_Fact, ...]:
    """The furthest of each id, in the order of the ids."""
    furthest: dict[str, _Fact] = {}
    for fact in facts:
        before = furthest.get(fact.id)
        if before is None or order(fact) > order(before):
            furthest[fact.id] = fact
    return tuple(furthest[id_] for id_ in sorted(furthest))


def _charge_order(charge: Charge) -> _Order:
    told = (charge.method, charge.label, charge.receipt_url, charge.failure)
    known = _order_of(charge.fee), _order_of(charge.settled)
    return (_CHARGE_STEPS.index(charge.status), *known, charge.amount.minor, told)


def _refund_order(refund: Refund) -> _Order:
    step = _REFUND_STEPS.index(refund.status)
    known = _order_of(refund.fee), _order_of(refund.settled)
    return (step, refund.amount.minor, refund.ours, *known, refund.failure)


def _dispute_order(dispute: Dispute) -> _Order:
    status = _DISPUTE_STEPS.index(dispute.status)
    told = (dispute.reason, f"{dispute.due_by}", tuple(sorted(dispute.evidence.items())))
    known = _order_of(dispute.fee), _order_of(dispute.settled)
    return (dispute.movements, status, dispute.amount.minor, dispute.submissions, *known, told)


def _order_of(amount: Money | None) -> _Order:
    return () if amount is None else (amount.minor, amount.currency)


def _metadata_order(metadata: dict[str, str]) -> _Order:
    return (len(metadata), tuple(sorted(metadata.items())))


def _sum(facts: PaymentFacts, parts: Iterable[Charge | Refund | Dispute]) -> Money:
    return sum((part.amount for part in parts), Money.zero(facts.currency))
