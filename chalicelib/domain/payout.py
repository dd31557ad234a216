"""Money that the payment provider paid out to the business's bank."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.balance import Movement, MovementKind
from chalicelib.domain.journal import Account, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.payout_events import PayoutReceived, PayoutReturned

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


def received(
    movement: Movement, *, parts: Sequence[Movement], today: date, at: datetime
) -> tuple[Payout, PayoutReceived]:
    """The payout that a movement tells of for the first time."""
    zero = Money.zero(movement.amount.currency)
    fee = movement.fee or zero
    payout = Payout(
        id=movement.source,
        account=movement.account,
        amount=-movement.amount,
        fee=fee,
        returned=zero,
        arrives_on=movement.arrives_on or today,
        movements=(movement.id,),
        parts=tuple(_part(one) for one in parts[:MOST_PARTS]),
        parts_count=len(parts),
        created_at=at,
    )
    event = PayoutReceived(
        subject=payout.id,
        version=1,
        at=at,
        account=payout.account,
        amount=payout.amount,
        arrives_on=payout.arrives_on,
        postings=_moved(-movement.amount, fee),
    )
    return payout, event


def returned(payout: Payout, movement: Movement, *, at: datetime) -> tuple[Payout, PayoutReturned]:
    """The payout of which the bank sent something back."""
    fee = movement.fee or Money.zero(movement.amount.currency)
    after = replace(
        payout,
        version=payout.version + 1,
        returned=payout.returned + movement.amount,
        fee=payout.fee + fee,
        movements=(*payout.movements, movement.id),
    )
    event = PayoutReturned(
        subject=payout.id,
        version=after.version,
        at=at,
        account=payout.account,
        amount=movement.amount,
        postings=_moved(-movement.amount, fee),
    )
    return after, event


def _moved(to_bank: Money, fee: Money) -> tuple[Posting, ...]:
    return balanced(
        Posting(Account.BANK, to_bank), Posting(Account.FEES, fee), Posting(Account.CLEARING, -to_bank - fee)
    )


def _part(movement: Movement) -> Part:
    fee = movement.fee or Money.zero(movement.amount.currency)
    return Part(payment_intent_id=movement.payment_intent_id, kind=movement.kind, amount=movement.amount, fee=fee)
