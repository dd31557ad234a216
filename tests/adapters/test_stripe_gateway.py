"""The gateway with the real SDK, over HTTP, against the stand-in."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.stripe.gateway import StripeGateway
from chalicelib.domain.checkout import AccountMode, CheckoutAttempt, CheckoutStatus, PaymentAccount, UnknownOutcome
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import (
    Charge,
    ChargeStatus,
    DisputeStatus,
    RefundStatus,
    joined,
    pending,
    received,
    refunded,
)
from infra.local import stripe as stand_in
from infra.local.stripe.refusals import Refusal, invalid
from infra.local.stripe.routes import ROUTES

MARCH_1 = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ACME = PaymentAccount(mode=AccountMode.CONNECT, account_id="acct_acme")
OTHER = PaymentAccount(mode=AccountMode.CONNECT, account_id="acct_other")


class Clock:
    def __init__(self):
        self.now = MARCH_1

    def __call__(self):
        return self.now.timestamp()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stripe(clock):
    """A stand-in; the test fails if anything asked or answered is not what the SDK's types allow."""
    running = stand_in.start(accounts={"acct_acme": "rk_test_acme", "acct_other": "rk_test_other"}, clock=clock)
    yield running
    running.stop()
    assert running.contract_errors == []


@pytest.fixture
def gateway(stripe):
    gateway = StripeGateway(platform_key="sk_test_platform", api_base=stripe.url, retries=0)
    yield gateway
    gateway.close()


def an_attempt(**changed):
    attempt = {
        "id": "att_1",
        "business_id": "bus_1",
        "invoice_id": "inv_1",
        "number": "2026-00001",
        "amount": Money(123_45, "EUR"),
        "label": "Facture 2026-00001",
        "success_url": "https://portal.example/paid?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://portal.example/invoice",
        "expires_at": MARCH_1 + timedelta(hours=1),
        "customer_email": "client@example.com",
        "locale": "fr-CA",
    }
    return CheckoutAttempt(**{**attempt, **changed})


def pay(stripe, page, card="pm_card_visa"):
    return stripe.control.pay({"session": page.session_id, "card": card})["id"]


def sessions_made(stripe):
    return [session["id"] for session in stripe.control.answer("GET", "sessions", {})["data"]]


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
    own = PaymentAccount(mode=AccountMode.OWN_KEY, api_key="rk_test_acme")
    page = gateway.open_checkout(an_attempt(customer_email="", locale="tlh"), account=own)

    (asked,) = stripe.control.requests()
    assert "stripe-account" not in asked["headers"]
    assert (asked["parameters"]["locale"], "customer_email" in asked["parameters"]) == ("auto", False)
    assert gateway.checkout(page.session_id, account=ACME).status is CheckoutStatus.OPEN
    assert "rk_test_acme" not in repr(own)


def test_a_page_that_is_paid_is_complete_and_its_payment_is_received(gateway, stripe):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    intent = pay(stripe, page)

    state = gateway.checkout(page.session_id, account=ACME)
    assert (state.status, state.payment_intent_id, state.url) == (CheckoutStatus.COMPLETE, intent, "")
    assert state.metadata == {"business_id": "bus_1", "invoice_id": "inv_1", "attempt_id": "att_1"}
    facts = gateway.payment(intent, account=ACME)
    assert (facts.account, facts.currency, facts.metadata) == ("acct_acme", "EUR", state.metadata)
    assert facts.charges == (
        Charge(
            id=facts.charges[0].id,
            status=ChargeStatus.SUCCEEDED,
            amount=Money(123_45, "EUR"),
            method="card",
            label="visa 4242",
            receipt_url=f"{stripe.url}/c/receipt/{facts.charges[0].id}",
            fee=Money(388, "EUR"),
        ),
    )
    assert received(facts) == Money(123_45, "EUR")


@pytest.mark.row("C30")
@pytest.mark.parametrize(
    ("amount", "units"),
    [
        pytest.param(Money(123_45, "EUR"), "12345", id="123.45 EUR"),
        pytest.param(Money(12345, "JPY"), "12345", id="12,345 JPY"),
        pytest.param(Money(12_340, "KWD"), "12340", id="12.340 KWD"),
        pytest.param(Money(500, "ISK"), "50000", id="500 ISK"),
    ],
)
def test_what_is_charged_is_what_was_asked_in_every_currency(gateway, stripe, amount, units):
    page = gateway.open_checkout(an_attempt(amount=amount), account=ACME)
    asked = stripe.control.requests()[0]["parameters"]["line_items"]["0"]["price_data"]
    facts = gateway.payment(pay(stripe, page), account=ACME)

    assert (asked["unit_amount"], received(facts)) == (units, amount)


def test_a_declined_card_leaves_the_page_open_for_another(gateway, stripe):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    with pytest.raises(Refusal, match="insufficient funds"):
        pay(stripe, page, card="pm_card_visa_chargeDeclinedInsufficientFunds")

    assert gateway.checkout(page.session_id, account=ACME).status is CheckoutStatus.OPEN
    facts = gateway.payment(pay(stripe, page), account=ACME)
    assert sorted((charge.status, charge.failure) for charge in facts.charges) == [
        (ChargeStatus.FAILED, "card_declined"),
        (ChargeStatus.SUCCEEDED, ""),
    ]
    assert received(facts) == Money(123_45, "EUR")


@pytest.mark.parametrize(
    ("passed", "status", "net"),
    [
        pytest.param(True, CheckoutStatus.COMPLETE, 123_45, id="confirmed"),
        pytest.param(False, CheckoutStatus.OPEN, 0, id="refused"),
    ],
)
def test_three_d_secure_decides(gateway, stripe, passed, status, net):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    intent = pay(stripe, page, card="pm_card_authenticationRequired")
    assert received(gateway.payment(intent, account=ACME)) == Money(0, "EUR")

    if passed:
        stripe.control.authenticate({"payment_intent": intent})
    else:
        with pytest.raises(Refusal):
            stripe.control.authenticate({"payment_intent": intent, "passed": False})
    assert gateway.checkout(page.session_id, account=ACME).status is status
    assert received(gateway.payment(intent, account=ACME)) == Money(net, "EUR")


def test_a_bank_debit_is_pending_until_the_bank_answers_and_may_fail(gateway, stripe):
    page = gateway.open_checkout(an_attempt(), account=ACME)
    intent = pay(stripe, page, card="pm_usBankAccount")
    under_way = gateway.payment(intent, account=ACME)
    stripe.control.debit({"payment_intent": intent, "paid": False})
    failed = gateway.payment(intent, account=ACME)

    assert (pending(under_way), received(under_way)) == (Money(123_45, "EUR"), Money(0, "EUR"))
    assert (pending(failed), received(failed)) == (Money(0, "EUR"), Money(0, "EUR"))
    assert joined(failed, under_way) == joined(under_way, failed) == failed


@pytest.mark.row("C34")
def test_a_refund_made_in_the_dashboard_is_seen_and_so_is_its_failure(gateway, stripe):
    intent = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))
    refund = stripe.control.refund({"payment_intent": intent, "amount": 23_45})
    after = gateway.payment(intent, account=ACME)
    stripe.control.finish_refund({"refund": refund["id"], "succeeded": False})
    in_the_end = gateway.payment(intent, account=ACME)

    assert (refunded(after), received(after)) == (Money(23_45, "EUR"), Money(100_00, "EUR"))
    assert [refund.status for refund in in_the_end.refunds] == [RefundStatus.FAILED]
    assert received(in_the_end) == Money(123_45, "EUR")


@pytest.mark.row("C14")
def test_a_dispute_holds_the_money_back_until_it_is_won_whatever_the_order(gateway, stripe):
    intent = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))
    dispute = stripe.control.dispute({"payment_intent": intent})
    disputed = gateway.payment(intent, account=ACME)
    stripe.control.close_dispute({"dispute": dispute["id"], "won": True})
    won = gateway.payment(intent, account=ACME)

    told = [(dispute.status, dispute.movements) for dispute in (*disputed.disputes, *won.disputes)]
    assert told == [(DisputeStatus.NEEDS_RESPONSE, 1), (DisputeStatus.WON, 2)]
    assert (received(disputed), received(won)) == (Money(0, "EUR"), Money(123_45, "EUR"))
    assert joined(won, disputed) == joined(disputed, won) == won


def test_an_inquiry_moves_no_money(gateway, stripe):
    intent = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))
    inquiry = stripe.control.dispute({"payment_intent": intent, "inquiry": True})
    asked = gateway.payment(intent, account=ACME)
    stripe.control.close_dispute({"dispute": inquiry["id"], "won": False})
    closed = gateway.payment(intent, account=ACME)

    assert (received(asked), received(closed)) == (Money(123_45, "EUR"), Money(123_45, "EUR"))


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
    "account",
    [
        pytest.param(PaymentAccount(mode=AccountMode.CONNECT, account_id="acct_gone"), id="it left the platform"),
        pytest.param(PaymentAccount(mode=AccountMode.OWN_KEY, api_key="rk_test_old"), id="its key was rolled"),
        pytest.param(PaymentAccount(mode=AccountMode.CONNECT), id="it has none, and the platform must not be paid"),
    ],
)
def test_an_account_that_does_not_let_us_in_is_refused(gateway, account):
    with pytest.raises(Refused) as refused:
        gateway.open_checkout(an_attempt(), account=account)
    assert refused.value.code == "account_not_connected"


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


def test_a_charge_that_is_only_authorised_is_pending(gateway, stripe):
    intent = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))
    (charge,) = stripe.api.shop("acct_acme").all("charge")
    charge |= {"captured": False, "amount_captured": 0}
    facts = gateway.payment(intent, account=ACME)
    assert (received(facts), pending(facts)) == (Money(0, "EUR"), Money(123_45, "EUR"))


def test_a_business_without_a_key_is_not_connected(stripe):
    gateway = StripeGateway(api_base=stripe.url, retries=0)
    with pytest.raises(Refused) as refused:
        gateway.open_checkout(an_attempt(), account=ACME)
    assert (refused.value.code, stripe.control.requests()) == ("account_not_connected", [])
