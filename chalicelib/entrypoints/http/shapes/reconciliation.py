"""What was compared with the payment provider, and payouts, as we give them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, Field

from chalicelib.domain.balance import MovementKind
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.reconciliation import Finding, Seen, Standing, What
from chalicelib.domain.suggestion import Because, Suggestion
from chalicelib.entrypoints.http.shapes.scalars import Figure, Shape


class SeenOut(Shape):
    """A payment's money at one moment."""

    amount: Figure
    refunded: Figure
    disputed: Figure
    fee: Figure
    currency: str

    @classmethod
    def of(cls, seen: Seen) -> Self:
        return cls(
            amount=f"{seen.amount}",
            refunded=f"{seen.refunded}",
            disputed=f"{seen.disputed}",
            fee=f"{seen.fee}",
            currency=seen.amount.currency,
        )


class HealedOut(Shape):
    """because: the event that nobody had told us, or what was compared; before: null where it was not in the books."""

    payment_intent: str
    payment_id: str | None
    what: What
    because: str
    before: SeenOut | None
    after: SeenOut
    at: datetime


class UnbookedOut(Shape):
    """What moved on the balance at the provider and is nothing that we book; type is the provider's word."""

    type: str
    amount: Figure
    currency: str
    at: datetime


class FindingOut(Shape):
    """A difference that a comparison brought to light.

    because: the event that nobody had told us, what was compared, or the provider's word for what moved.
    before: null where a payment was not in the books; after: null for a movement that is nothing we book.
    amount: of such a movement.
    """

    id: str
    account: str
    what: What
    because: str
    payment_intent: str
    payment_id: str | None
    before: SeenOut | None
    after: SeenOut | None
    amount: Figure | None
    currency: str | None
    at: datetime

    @classmethod
    def of(cls, one: Finding) -> Self:
        return cls(
            id=one.id,
            account=one.account,
            what=one.what,
            because=one.because,
            payment_intent=one.payment_intent_id,
            payment_id=one.payment_id,
            before=SeenOut.of(one.before) if one.before else None,
            after=SeenOut.of(one.after) if one.after else None,
            amount=f"{one.amount}" if one.amount else None,
            currency=one.amount.currency if one.amount else None,
            at=one.at,
        )


class SuggestionOut(Shape):
    invoice_id: str
    client_id: str
    number: str
    because: list[Because]


class UnmatchedOut(Shape):
    """A payment that belongs to nobody; age_days: since it was booked so."""

    payment_id: str
    payment_intent: str
    amount: Figure
    currency: str
    reason: str
    description: str
    age_days: int
    suggestions: list[SuggestionOut]

    @classmethod
    def of(cls, payment: Payment, suggestions: Sequence[Suggestion], *, now: datetime) -> Self:
        return cls(
            payment_id=payment.id,
            payment_intent=payment.facts.payment_intent_id if payment.facts else "",
            amount=f"{payment.amount}",
            currency=payment.amount.currency,
            reason=payment.quarantine or "",
            description=payment.facts.description if payment.facts else "",
            age_days=(now - payment.created_at).days,
            suggestions=[
                SuggestionOut(
                    invoice_id=one.invoice_id, client_id=one.client_id, number=one.number, because=list(one.because)
                )
                for one in suggestions
            ],
        )


class ComparedOut(Shape):
    """One payment account at its last comparison.

    events_missed: of those seen, that nobody had told us. compared_at: when it was last compared payment by payment.
    refused: why the provider let nobody in; what was missed is read when it does again.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    account: str
    since: Annotated[datetime, Field(alias="from")]
    until: Annotated[datetime, Field(alias="to")]
    checked_at: datetime | None
    compared_at: datetime | None
    events_seen: int
    events_missed: int
    refused: str | None
    healed: list[HealedOut]
    unbooked: list[UnbookedOut]
    unmatched: list[UnmatchedOut]

    @classmethod
    def of(cls, standing: Standing, findings: Sequence[Finding], unmatched: list[UnmatchedOut]) -> Self:
        period: dict[str, Any] = {"from": standing.read_from, "to": standing.read_up_to}
        return cls(
            account=standing.id,
            **period,
            checked_at=standing.checked_at,
            compared_at=standing.compared_at,
            events_seen=standing.events_seen,
            events_missed=standing.missed,
            refused=standing.refused,
            healed=[_healed(one, one.after) for one in findings if one.after],
            unbooked=[
                UnbookedOut(type=one.because, amount=f"{one.amount}", currency=one.amount.currency, at=one.at)
                for one in findings
                if one.amount
            ],
            unmatched=unmatched,
        )


class ReconciliationOut(Shape):
    """checked_at: the earliest of the last comparisons; null before the first of any account."""

    checked_at: datetime | None
    accounts: list[ComparedOut]


class PayoutPartOut(Shape):
    """What one movement of a payment is in a payout; payment_id is null where the payment is not in our books."""

    payment_id: str | None
    payment_intent: str
    kind: MovementKind
    amount: Figure
    fee: Figure
    net: Figure


class PayoutOut(Shape):
    """returned: what the bank sent back; payments_count: the movements of payments in it."""

    id: str
    version: int
    account: str
    amount: Figure
    returned: Figure
    fee: Figure
    currency: str
    arrives_on: date
    payments_count: int
    created_at: datetime

    @classmethod
    def of(cls, payout: Payout) -> Self:
        return cls(**_payout(payout))


class PayoutDetailOut(PayoutOut):
    """payments: the movements of payments in it, at most 500, where the provider tells."""

    payments: list[PayoutPartOut]

    @classmethod
    def with_payments(cls, payout: Payout, ids: dict[str, str]) -> Self:
        parts = [
            PayoutPartOut(
                payment_id=ids.get(part.payment_intent_id),
                payment_intent=part.payment_intent_id,
                kind=part.kind,
                amount=f"{part.amount}",
                fee=f"{part.fee}",
                net=f"{part.amount - part.fee}",
            )
            for part in payout.parts
        ]
        return cls(**_payout(payout), payments=parts)


def _payout(payout: Payout) -> dict[str, Any]:
    return {
        "id": payout.id,
        "version": payout.version,
        "account": payout.account,
        "amount": f"{payout.amount}",
        "returned": f"{payout.returned}",
        "fee": f"{payout.fee}",
        "currency": payout.amount.currency,
        "arrives_on": payout.arrives_on,
        "payments_count": payout.parts_count,
        "created_at": payout.created_at,
    }


def _healed(one: Finding, after: Seen) -> HealedOut:
    return HealedOut(
        payment_intent=one.payment_intent_id,
        payment_id=one.payment_id,
        what=one.what,
        because=one.because,
        before=SeenOut.of(one.before) if one.before else None,
        after=SeenOut.of(after),
        at=one.at,
    )
