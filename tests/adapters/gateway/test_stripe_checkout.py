"""Payment pages through the real SDK, over HTTP, against the stand-in."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.stripe.gateway import StripeGateway
from chalicelib.domain.checkout import AccountMode, CheckoutStatus, PaymentAccount, UnknownOutcome
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.money import Money
from infra.local.stripe.refusals import Refusal, invalid
from infra.local.stripe.routes import ROUTES
from tests.adapters.gateway.attempts import ACME, MARCH_1, OTHER, an_attempt, own, pay, sessions_made


def test_a_page_is_opened_on_the_business_own_account(gateway, stripe):
    page = gateway.open_checkout(an_attempt(), account=ACME)

    assert page.url == f"{stripe.url}/c/pay/{page.session_id}"
    assert page.expires_at == MARCH_1 + timedelta(hours=1)
    (asked,) = stripe.control.requests()
    assert asked["headers"]["stripe-account"] == "acct_acme"
    assert asked["headers"]["idempotency-key"] == "v1:checkout:6a3e4c06e177931c4f13aff1dd7fff851a52b4ef"
    assert asked["parameters"] == {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "locale": "fr-CA",
        "client_reference_id": "bus_1:inv_1:att_1",
        "line_items": {
            "0": {
                "quantity": "1",
                "price_data": {
                    "currency": "eur",
                    "unit_amount": "12345",
                    "product_data": {"name": "Facture 2026-00001"},
                },
            },
        },
        "metadata": {"business_id": "bus_1", "invoice_id": "inv_1", "attempt_id": "att_1"},
        "payment_intent_data": {
            "metadata": {"business_id": "bus_1", "invoice_id": "inv_1", "attempt_id": "att_1"},
            "description": "Facture 2026-00001",
            "statement_descriptor_suffix": "INV2026-00",
        },
        "adaptive_pricing": {"enabled": "false"},
        "success_url": "https://portal.example/paid?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://portal.example/invoice",
        "expires_at": "1772359200",
        "customer_email": "client@example.com",
    }


def test_a_business_own_key_is_used_without_an_account(gateway, stripe):
    page = gateway.open_checkout(an_attempt(customer_email="", locale="tlh"), account=own("rk_test_acme"))

    (asked,) = stripe.control.requests()
    assert "stripe-account" not in asked["headers"]
    assert (asked["parameters"]["locale"], "customer_email" in asked["parameters"]) == ("auto", False)
    assert gateway.checkout(page.session_id, account=ACME).status is CheckoutStatus.OPEN


def test_the_same_attempt_again_is_the_same_page(gateway, stripe):
    first = gateway.open_checkout(an_attempt(), account=ACME)

    assert gateway.open_checkout(an_attempt(), account=ACME) == first
    assert sessions_made(stripe) == [first.session_id]


def test_a_new_attempt_is_a_new_page(gateway, stripe):
    pages = [gateway.open_checkout(an_attempt(id=id_), account=ACME) for id_ in ("att_1", "att_2")]

    assert sessions_made(stripe) == [page.session_id for page in pages]


def test_an_attempt_with_another_content_is_refused(gateway, stripe):
    gateway.open_checkout(an_attempt(), account=ACME)
    with pytest.raises(Refused) as refused:
        gateway.open_checkout(an_attempt(amount=Money(1_00, "EUR")), account=ACME)

    assert (refused.value.code, len(sessions_made(stripe))) == ("attempt_changed", 1)


@pytest.mark.row("C7")
@pytest.mark.parametrize("fault", ["drop_before", "drop_after", 500, 503])
def test_after_a_lost_answer_the_same_attempt_makes_one_page(gateway, stripe, fault):
    stripe.api.faults.append(fault)
    with pytest.raises(UnknownOutcome) as unknown:
        gateway.open_checkout(an_attempt(), account=ACME)

    page = gateway.open_checkout(an_attempt(), account=ACME)
    assert (unknown.value.code, sessions_made(stripe)) == ("unknown_outcome", [page.session_id])


@pytest.mark.row("C7")
def test_the_sdk_itself_tries_again_with_the_same_key(stripe):
    gateway = StripeGateway(platform_key="sk_test_platform", api_base=stripe.url)
    stripe.api.faults.append("drop_after")
    page = gateway.open_checkout(an_attempt(), account=ACME)
    gateway.close()

    keys = {asked["headers"]["idempotency-key"] for asked in stripe.control.requests()}
    assert (len(stripe.control.requests()), len(keys), sessions_made(stripe)) == (2, 1, [page.session_id])


def test_a_day_later_an_attempt_is_too_old_to_be_sent_again(gateway, stripe, clock):
    gateway.open_checkout(an_attempt(), account=ACME)
    clock.now += timedelta(hours=25)
    with pytest.raises(Refused) as refused:
        gateway.open_checkout(an_attempt(), account=ACME)

    assert (refused.value.code, len(sessions_made(stripe))) == ("attempt_too_old", 1)


def test_a_page_that_nobody_paid_on_is_expired(gateway, stripe):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    state = gateway.expire_checkout(page.session_id, account=ACME)

    assert (state.status, state.paid_meanwhile) == (CheckoutStatus.EXPIRED, False)
    assert gateway.expire_checkout(page.session_id, account=ACME) == state
    with pytest.raises(Refusal, match="no longer active"):
        pay(stripe, page)


def test_a_page_that_was_paid_meanwhile_says_so(gateway, stripe):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    intent = pay(stripe, page)
    state = gateway.expire_checkout(page.session_id, account=ACME)

    assert (state.paid_meanwhile, state.payment_intent_id) == (True, intent)


def test_a_page_expires_by_itself_in_time(gateway, clock):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    clock.now += timedelta(hours=1)

    assert gateway.checkout(page.session_id, account=ACME).status is CheckoutStatus.EXPIRED


def test_what_is_on_another_account_does_not_exist(gateway, stripe):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    intent = pay(stripe, page)

    for asked in (
        lambda: gateway.checkout(page.session_id, account=OTHER),
        lambda: gateway.expire_checkout(page.session_id, account=OTHER),
        lambda: gateway.payment(intent, account=OTHER),
    ):
        with pytest.raises(NotFound):
            asked()


@pytest.mark.parametrize(
    ("account", "code"),
    [
        pytest.param(
            PaymentAccount(mode=AccountMode.CONNECT, account_id="acct_gone"),
            "account_not_connected",
            id="it left the platform",
        ),
        pytest.param(own("rk_test_old"), "key_refused", id="its key was rolled"),
        pytest.param(replace(own("rk_test_acme"), business_id="bus_2"), "seal_broken", id="its key is another's"),
        pytest.param(
            PaymentAccount(mode=AccountMode.OWN_KEY, account_id="sep_1"),
            "account_not_connected",
            id="its key is forgotten",
        ),
        pytest.param(
            PaymentAccount(mode=AccountMode.CONNECT),
            "account_not_connected",
            id="it has none, and the platform must not be paid",
        ),
    ],
)
def test_an_account_that_does_not_let_us_in_is_refused(gateway, account, code):
    with pytest.raises(Refused) as refused:
        gateway.open_checkout(an_attempt(), account=account)
    assert refused.value.code == code


def test_too_little_is_refused_without_asking_stripe(gateway, stripe):
    with pytest.raises(Refused) as refused:
        gateway.open_checkout(an_attempt(amount=Money(49, "EUR")), account=ACME)
    assert (refused.value.code, stripe.control.requests()) == ("amount_too_small", [])


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        pytest.param(
            invalid("Amount must be at least $0.50 cad", param="line_items", code="amount_too_small"),
            "amount_too_small",
            id="too little in the currency of settlement",
        ),
        pytest.param(invalid("Not a valid URL", param="cancel_url"), "checkout_refused", id="anything else"),
    ],
)
def test_what_stripe_refuses_is_refused_with_its_words(gateway, monkeypatch, refusal, code):
    def refuse(*_):
        raise refusal

    monkeypatch.setitem(ROUTES, ("POST", "/v1/checkout/sessions"), refuse)
    with pytest.raises(Refused, match=f"Stripe says: {re.escape(str(refusal))}") as refused:
        gateway.open_checkout(an_attempt(), account=ACME)
    assert refused.value.code == code


def test_a_page_without_an_address_is_not_a_page(gateway, monkeypatch):
    route = ("POST", "/v1/checkout/sessions")
    intact = ROUTES[route]
    monkeypatch.setitem(ROUTES, route, lambda *asked: {**intact(*asked), "url": None})
    with pytest.raises(UnknownOutcome):
        gateway.open_checkout(an_attempt(), account=ACME)


def test_a_business_without_a_key_is_not_connected(stripe):
    gateway = StripeGateway(api_base=stripe.url, retries=0)
    with pytest.raises(Refused) as refused:
        gateway.open_checkout(an_attempt(), account=ACME)
    assert (refused.value.code, stripe.control.requests()) == ("account_not_connected", [])
