"""Bugs in charging stored cards: too soon, once more, beside another way to pay."""

from typing import Any
from unittest.mock import patch

from chalicelib.adapters.stripe.gateway import StripeGateway
from chalicelib.domain.card import Decline, DeclineKind
from chalicelib.domain.charge import ChargeOutcome
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.usecases import checkouts
from tests.simulation.planted.book import bug

CHARGED = ("a_card_is_charged_twice_at_once", "a_card_is_charged_against_cash")


@bug("a charge that was not answered counts as refused, and another is tried", *CHARGED, when="stripe_lost_answer")
def a_new_attempt_after_an_unknown_outcome() -> Any:
    right = StripeGateway.charge

    def charge(*given: Any, **named: Any) -> Any:
        try:
            return right(*given, **named)
        except UnknownOutcome:
            lost = Decline(code="no_answer", kind=DeclineKind.SOFT, reason="nothing was answered")
            return ChargeOutcome(payment_intent_id="", decline=lost)

    return patch.object(StripeGateway, "charge", charge)


@bug("a page to pay is opened while a card is charged", "a_card_is_charged_against_an_open_page")
def a_page_beside_a_charge() -> Any:
    return patch.object(checkouts, "must_be_a_page", lambda _: None)
