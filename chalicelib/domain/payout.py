"""Money that the payment provider paid out to the business's bank."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.balance import Movement, MovementKind
from chalicelib.domain.journal import Account, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.payout_events import PayoutReceived, PayoutReturned
from chalicelib.domain.values import dataclass

MOST_PARTS = 500
"""Kept of one payout; of more, how many there were is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one movement of a payment is in a payout: the amount before the fee, and the fee."""

    payment_intent_id: str
    kind: MovementKind
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """One payout, by the provider's id of it.

    amount:  what was paid out. returned: what the bank sent back of it.
    parts:   the movements of payments in it, where the provider tells; parts_count: how many there are.
    """

    id: str
    version: int = 1
    account: str
    amount: Money
    fee: Money
    returned: Money
    arrives_on: date
    movements: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    parts_count: int = 0
    created_at: datetime


def blank(movement: Movement, *, parts: Sequence[Movement], today: date, at: datetime) -> Payout:
    """A payout of which nothing is booked yet."""
    zero = Money.zero(movement.amount.currency)
    return Payout(
        id=movement.source,
        version=0,
        account=movement.account,
        amount=zero,
        fee=zero,
        returned=zero,
        arrives_on=movement.arrives_on or today,
        parts=tuple(_part(one) for one in parts[:MOST_PARTS]),
        parts_count=len(parts),
        created_at=at,
    )


def moved(payout: Payout, movement: Movement, *, at: datetime) -> tuple[Payout, PayoutReceived | PayoutReturned]:
    """The payout with one more movement: what went to the bank, or came back, in whatever order it is heard of."""
    zero = Money.zero(movement.amount.currency)
    fee = movement.fee or zero
    after = replace(
        payout,
        version=payout.version + 1,
        amount=payout.amount + max(-movement.amount, zero),
        returned=payout.returned + max(movement.amount, zero),
        fee=payout.fee + fee,
        movements=(*payout.movements, movement.id),
    )
    postings = _moved(-movement.amount, fee)
    if movement.amount.minor > 0:
        back = PayoutReturned(
            subject=payout.id,
            version=after.version,
            at=at,
            account=payout.account,
            amount=movement.amount,
            postings=postings,
        )
        return after, back
    out = PayoutReceived(
        subject=payout.id,
        version=after.version,
        at=at,
        account=payout.account,
        amount=-movement.amount,
        arrives_on=payout.arrives_on,
        postings=postings,
    )
    return after, out


def _moved(to_bank: Money, fee: Money) -> tuple[Posting, ...]:
    return balanced(
        Posting(Account.BANK, to_bank), Posting(Account.FEES, fee), Posting(Account.CLEARING, -to_bank - fee)
    )


def _part(movement: Movement) -> Part:
    fee = movement.fee or Money.zero(movement.amount.currency)
    return Part(payment_intent_id=movement.payment_intent_id, kind=movement.kind, amount=movement.amount, fee=fee)
