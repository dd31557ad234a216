"""Bugs in money that is moved or given back."""

from dataclasses import replace
from itertools import count
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.stripe.gateway import StripeGateway
from chalicelib.domain import payment, refund
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
    "each try at a refund has a key of its own, and nobody looks whether it was made",
    "it_is_refunded_by_two_at_once",
    when="stripe_crash",
)
def a_refund_made_twice() -> Any:
    tries, right = count(), StripeGateway.refund

    def asked(self: StripeGateway, *given: Any, business_id: str, **named: Any) -> None:
        right(self, *given, business_id=f"{business_id}{next(tries)}", **named)

    return both(
        patch.object(refunding, "_is_known", lambda *_: False),
        patch.object(StripeGateway, "refund", asked),
    )


@bug(
    "money that goes back is not taken from the other invoices it is on",
    "it_is_refunded_and_disputed_at_once",
    "credit_is_used_by_two_clerks_at_once",
)
def an_allocation_not_taken_back() -> Any:
    right = payment.changed

    def changed(*given: Any, **named: Any) -> Any:
        after, event, share = right(*given, **named)
        return after, event, replace(share, elsewhere=())

    return patch.object(payment, "changed", changed)


@bug("what is put on another invoice is not taken from the credit", "credit_is_used_by_two_clerks_at_once")
def credit_used_twice() -> Any:
    right = allocating.following

    def following(after: Any, share: Any, *given: Any, **named: Any) -> Any:
        return right(after, replace(share, to_credit=share.to_credit - share.to_credit), *given, **named)

    return patch.object(allocating, "following", following)


@bug("a refund that the provider refused still holds its money", "it_is_refunded_by_two_at_once")
def a_refusal_that_keeps_the_money() -> Any:
    right = refund.released

    def released(paid: Any, asked: Any, *, at: Any) -> Any:
        after, event = right(paid, asked, at=at)
        return replace(after, refunding=paid.refunding), event

    return patch.object(refund, "released", released)


@bug(
    "who asks for a refund gives up when the provider does not answer",
    "it_is_refunded_by_two_at_once",
    when="stripe_lost_request",
)
def a_refund_never_asked_again() -> Any:
    right = refunding.ask_for
    asked: set[str] = set()

    def ask_for(refund_id: str, **named: Any) -> None:
        if refund_id not in asked:
            asked.add(refund_id)
            right(refund_id, **named)

    return patch.object(refunding, "ask_for", ask_for)
