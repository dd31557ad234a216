"""Bugs in how accounts are compared with the provider: something is passed over, or booked again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain import costs, payout, reconciliation
from chalicelib.domain.reconciliation import Finding
from chalicelib.ports import Keep, Once
from chalicelib.usecases import settling
from tests.simulation.planted.book import both, bug, commits

COMPARED = ("it_is_compared_while_it_is_paid", "it_is_paid_and_refunded")
PAID_OUT = ("it_is_paid_out_while_it_is_refunded",)


@bug("the cursor moves on past pages that nobody has read, and no day is compared", *COMPARED, when="stripe_never_told")
def a_page_passed_over() -> Any:
    """Either alone is healed by the other: that is what they are both for."""
    turned, begun = reconciliation.turned, reconciliation.begun
    return both(
        patch.object(reconciliation, "turned", lambda round_, _after, **counted: turned(round_, None, **counted)),
        patch.object(reconciliation, "begun", lambda *given, **named: replace(begun(*given, **named), daily=False)),
    )


@bug("what a comparison heals is booked without looking whether a webhook was quicker", *COMPARED)
def healed_twice() -> Any:
    def without(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        heals = any(isinstance(c, Keep) and isinstance(c.record, Finding) for c in changes)
        kept = [c for c in changes if not (heals and isinstance(c, Once) and c.key.startswith("payment:"))]
        commit(store, *kept)

    return commits(without)


@bug("a fee is booked anew whenever more is known of its payment", *COMPARED)
def a_fee_booked_again() -> Any:
    right = costs.booked
    return patch.object(costs, "booked", lambda _before, after: right(costs.NOTHING, after))


@bug("what was booked of a payout is not remembered", *PAID_OUT)
def a_payout_booked_again() -> Any:
    right = payout.moved

    def moved(known: Any, movement: Any, **named: Any) -> Any:
        after, event = right(known, movement, **named)
        return replace(after, movements=()), event

    return patch.object(payout, "moved", moved)


@bug("what a comparison finds is not booked", *COMPARED, when="stripe_never_told")
def found_and_left() -> Any:
    right = settling.settle

    def settle(*given: Any, healing: str | None = None, **named: Any) -> Any:
        return None if healing else right(*given, **named)

    return patch.object(settling, "settle", settle)
