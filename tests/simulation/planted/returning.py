"""Bugs in money that is moved or given back."""

from dataclasses import replace
from itertools import count
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.stripe import gateway
from chalicelib.domain import payment_life, refund
from chalicelib.usecases import allocating, refunding
from tests.simulation.planted.book import both, bug


@bug("nothing is held of a payment while the provider is asked for its refund", "it_is_refunded_by_two_at_once")
def a_reservation_forgotten() -> Any:
    right = refund.reserved

    def reserved(paid: Any, asked: Any, *, at: Any) -> Any:
        after, event = right(paid, asked, at=at)
        return replace(after, refunding=()), event

    return patch.object(refund, "reserved", reserved)


@bug(
    "money that goes back is not taken from the other invoices it is on",
    "it_is_refunded_and_disputed_at_once",
    "credit_is_used_by_two_clerks_at_once",
)
def an_allocation_not_taken_back() -> Any:
    right = payment_life.changed

    def changed(*given: Any, **named: Any) -> Any:
        after, event, share = right(*given, **named)
        return after, event, replace(share, elsewhere=())

    return patch.object(payment_life, "changed", changed)


@bug("what is put on another invoice is not taken from the credit", "credit_is_used_by_two_clerks_at_once")
def credit_used_twice() -> Any:
    right = allocating.following

    def following(after: Any, share: Any, *given: Any, **named: Any) -> Any:
        return right(after, replace(share, to_credit=share.to_credit - share.to_credit), *given, **named)

    return patch.object(allocating, "following", following)


@bug(
    "a refund whose answer was lost is asked again with another key",
    "it_is_refunded_by_two_at_once",
    when="stripe_crash",
)
def refund_asked_twice() -> Any:
    """And nobody looks whether the provider made it: either of the two would do."""
    right, asked = gateway.idempotency_key, count()

    def another(*named: str) -> str:
        return f"{right(*named)}/{next(asked)}"

    unseen = patch.object(refunding, "_is_known", lambda *_: False)
    return both(unseen, patch.object(gateway, "idempotency_key", another))


@bug("a refund that the provider refused still holds its money", "it_is_refunded_by_two_at_once")
def a_refusal_that_keeps_the_money() -> Any:
    right = refund.released

    def released(paid: Any, asked: Any, *, at: Any) -> Any:
        after, event = right(paid, asked, at=at)
        return replace(after, refunding=paid.refunding), event

    return patch.object(refund, "released", released)
