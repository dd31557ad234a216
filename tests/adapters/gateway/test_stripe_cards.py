"""Stored cards and charging them, with the real SDK, over HTTP, from the stand-in."""

from datetime import timedelta

import pytest

from chalicelib.domain.card import Card, CardSetup, DeclineKind
from chalicelib.domain.charge import ChargeAttempt
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.money import Money
from infra.local.stripe.refusals import Refusal, missing
from infra.local.stripe.routes import ROUTES
from tests.adapters.gateway.attempts import ACME, MARCH_1, OTHER, an_attempt, own, pay

CONSENT = "Acme keeps this card and may charge it for invoices that you owe."


def a_setup(**changed):
    setup = {
        "business_id": "bus_1",
        "client_id": "cli_1",
        "name": "Marie Gagnon",
        "email": "marie@example.com",
        "customer_id": "",
        "consent": CONSENT,
        "allowed_automatic": True,
        "success_url": "https://portal.example/card?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://portal.example",
        "locale": "fr-CA",
    }
    return CardSetup(**{**setup, **changed})


def stored(gateway, stripe, *, card="pm_card_visa", account=ACME, **changed):
    """The card that a client stored, as the gateway reads it."""
    page = gateway.open_setup(a_setup(**changed), account=account)
    stripe.control.pay({"session": page.session_id, "card": card})
    customer = gateway.checkout(page.session_id, account=account).setup_of
    return gateway.stored_card(customer, account=account).card


def a_charge(card, **changed):
    attempt = {
        "id": "1",
        "business_id": "bus_1",
        "invoice_id": "inv_1",
        "number": "2026-00001",
        "amount": Money(123_45, "EUR"),
        "label": "2026-00001",
        "customer_id": card.customer_id,
        "payment_method_id": card.payment_method_id,
        "since": MARCH_1,
    }
    return ChargeAttempt(**{**attempt, **changed})


def taken(stripe):
    charges = stripe.api.books.all("acct_acme", "charge")
    return [charge["amount"] for charge in charges if charge["status"] == "succeeded"]


def becomes(stripe, card, token):
    stripe.control.card({"payment_method": card.payment_method_id, "card": token})


def test_a_stored_card_is_read_with_what_its_owner_agreed_to(gateway, stripe):
    card = stored(gateway, stripe)

    assert card == Card(
        account_id="acct_acme",
        customer_id=card.customer_id,
        payment_method_id=card.payment_method_id,
        brand="visa",
        last4="4242",
        exp_month=12,
        exp_year=2034,
        stored_at=MARCH_1,
        allowed_automatic=True,
        consent=CONSENT,
    )
    assert gateway.stored_card(card.customer_id, account=ACME).client_id == "cli_1"


def test_a_page_that_nobody_filled_in_stores_nothing(gateway):
    page = gateway.open_setup(a_setup(), account=ACME)
    state = gateway.checkout(page.session_id, account=ACME)

    said = gateway.stored_card(state.setup_of, account=ACME)

    assert (said.business_id, said.client_id, said.card) == ("bus_1", "cli_1", None)


def test_the_newest_card_of_a_client_is_the_one_that_is_kept(gateway, stripe, clock):
    first = stored(gateway, stripe)
    clock.now += timedelta(minutes=5)

    second = stored(gateway, stripe, card="pm_card_mastercard", customer_id=first.customer_id)

    assert (second.customer_id, second.last4) == (first.customer_id, "4444")


def test_a_client_is_one_customer_however_often_the_page_is_opened(gateway, stripe):
    for _ in range(2):
        gateway.open_setup(a_setup(), account=ACME)

    assert len(stripe.api.books.all("acct_acme", "customer")) == 1


def test_a_card_that_is_forgotten_is_gone_and_forgetting_it_again_is_no_error(gateway, stripe):
    card = stored(gateway, stripe)
    for _ in range(2):
        gateway.forget_card(card.payment_method_id, account=ACME)

    assert gateway.stored_card(card.customer_id, account=ACME).card is None
    outcome = gateway.charge(a_charge(card), account=ACME)
    assert (outcome.decline.code, outcome.decline.kind) == ("card_gone", DeclineKind.HARD)


def test_a_stored_card_is_charged_and_the_payment_says_what_it_is_for(gateway, stripe):
    card = stored(gateway, stripe)

    outcome = gateway.charge(a_charge(card), account=ACME)

    facts = gateway.payment(outcome.payment_intent_id, account=ACME)
    assert outcome.decline is None
    assert taken(stripe) == [123_45]
    assert facts.metadata == {
        "business_id": "bus_1",
        "invoice_id": "inv_1",
        "attempt_id": "1",
        "asked_by": "charge",
    }


@pytest.mark.row("C7")
def test_the_same_attempt_sent_again_charges_nothing_twice(gateway, stripe):
    card = stored(gateway, stripe)
    first = gateway.charge(a_charge(card), account=ACME)

    assert gateway.charge(a_charge(card), account=ACME) == first
    assert taken(stripe) == [123_45]


@pytest.mark.row("C7")
def test_an_attempt_whose_answer_was_lost_is_found_by_its_customer_also_after_a_day(gateway, stripe, clock):
    card = stored(gateway, stripe)
    for other in range(3):
        gateway.charge(a_charge(card, id=f"{other + 2}"), account=ACME)
    stripe.control.answer("POST", "faults", {"faults": ["drop_after"]})
    with pytest.raises(UnknownOutcome):
        gateway.charge(a_charge(card), account=ACME)
    clock.now += timedelta(hours=30)

    found = gateway.charge_made(a_charge(card), account=ACME)

    assert found.decline is None
    assert gateway.payment(found.payment_intent_id, account=ACME).metadata["attempt_id"] == "1"


def test_an_attempt_whose_customer_is_gone_is_sent_again_and_refused(gateway, stripe, monkeypatch):
    card = stored(gateway, stripe)

    def gone(*_):
        raise missing("customer", card.customer_id, param="customer")

    monkeypatch.setitem(ROUTES, ("GET", "/v1/payment_intents"), gone)
    monkeypatch.setitem(ROUTES, ("POST", "/v1/payment_intents"), gone)

    assert gateway.charge_made(a_charge(card), account=ACME) is None
    outcome = gateway.charge(a_charge(card), account=ACME)
    assert (outcome.decline.code, outcome.decline.kind) == ("card_gone", DeclineKind.HARD)


def test_an_attempt_that_never_arrived_is_not_found(gateway, stripe):
    card = stored(gateway, stripe)
    stripe.control.answer("POST", "faults", {"faults": ["drop_before"]})
    with pytest.raises(UnknownOutcome):
        gateway.charge(a_charge(card), account=ACME)

    assert gateway.charge_made(a_charge(card), account=ACME) is None
    assert taken(stripe) == []


@pytest.mark.parametrize(
    ("token", "code", "kind"),
    [
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", DeclineKind.SOFT),
        ("pm_card_visa_chargeDeclined", "generic_decline", DeclineKind.SOFT),
        ("pm_card_visa_chargeDeclinedLostCard", "lost_card", DeclineKind.HARD),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", DeclineKind.HARD),
        ("pm_card_authenticationRequired", "authentication_required", DeclineKind.AUTHENTICATION),
    ],
)
def test_a_refusal_is_told_by_its_kind_at_once_and_when_it_is_looked_up(gateway, stripe, token, code, kind):
    card = stored(gateway, stripe)
    becomes(stripe, card, token)

    told = gateway.charge(a_charge(card), account=ACME)

    assert (told.decline.code, told.decline.kind) == (code, kind)
    assert gateway.charge_made(a_charge(card), account=ACME) == told


def test_a_card_is_stored_for_one_account_only(gateway, stripe):
    card = stored(gateway, stripe)

    with pytest.raises(NotFound):
        gateway.stored_card(card.customer_id, account=OTHER)


def test_an_attempt_that_another_request_is_carrying_out_right_now_has_an_unknown_outcome(gateway, stripe, monkeypatch):
    card = stored(gateway, stripe)

    def busy(*_):
        raise Refusal(409, "invalid_request_error", "Another request with this key is in progress.")

    monkeypatch.setitem(ROUTES, ("POST", "/v1/payment_intents"), busy)
    with pytest.raises(UnknownOutcome):
        gateway.charge(a_charge(card), account=ACME)


def test_a_key_from_before_that_may_not_charge_is_refused_by_the_permission_it_lacks(gateway, stripe, monkeypatch):
    card = stored(gateway, stripe, account=own("rk_test_acme"))

    def forbid(*_):
        raise Refusal(403, "invalid_request_error", "The provided key does not have the required permissions.")

    monkeypatch.setitem(ROUTES, ("POST", "/v1/payment_intents"), forbid)
    with pytest.raises(Refused, match=r"PaymentIntents \(write\)") as refused:
        gateway.charge(a_charge(card), account=own("rk_test_acme"))
    assert refused.value.code == "key_lacks_permissions"


def test_a_payment_on_a_page_is_no_attempt_of_a_card(gateway, stripe):
    card = stored(gateway, stripe)
    pay(stripe, gateway.open_checkout(an_attempt(id="1"), account=ACME))

    assert gateway.charge_made(a_charge(card), account=ACME) is None
