"""What became of a payment, read with the real SDK, over HTTP, from the stand-in."""

from threading import Barrier

import pytest
from stripe import RequestsClient

from chalicelib.domain.checkout import CheckoutStatus
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
from infra.local.stripe.refusals import Refusal
from tests.adapters.gateway.attempts import ACME, an_attempt, pay


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


def test_the_four_questions_about_a_payment_are_asked_at_once(gateway, stripe, monkeypatch):
    intent = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))
    before = gateway.payment(intent, account=ACME)
    ask, all_four = RequestsClient.request, Barrier(4, timeout=30)

    def ask_when_all_four_are_about_to(client, *question):
        all_four.wait()
        return ask(client, *question)

    monkeypatch.setattr(RequestsClient, "request", ask_when_all_four_are_about_to)
    assert gateway.payment(intent, account=ACME) == before


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


def test_of_an_account_in_another_currency_stripe_tells_what_everything_came_to_there(gateway, stripe):
    stripe.control.account({"account": "acct_acme", "settles_in": "cad", "rate": "1.5"})
    intent = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))
    gateway.payment(intent, account=ACME)
    refund = stripe.control.refund({"payment_intent": intent, "amount": 23_45})
    stripe.control.dispute({"payment_intent": intent, "amount": 100_00})

    told = gateway.payment(intent, account=ACME)
    assert (told.charges[0].fee, told.charges[0].settled) == (Money(5_82, "CAD"), Money(185_18, "CAD"))
    assert (told.refunds[0].settled, told.disputes[0].settled) == (Money(-35_18, "CAD"), Money(-150_00, "CAD"))
    stripe.control.finish_refund({"refund": refund["id"], "succeeded": False})
    assert gateway.payment(intent, account=ACME).refunds[0].settled == Money(0, "CAD")


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


def test_a_charge_that_is_only_authorised_is_pending(gateway, stripe):
    intent = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))
    (charge,) = stripe.api.shop("acct_acme").all("charge")
    charge |= {"captured": False, "amount_captured": 0}
    facts = gateway.payment(intent, account=ACME)
    assert (received(facts), pending(facts)) == (Money(0, "EUR"), Money(123_45, "EUR"))
