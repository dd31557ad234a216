"""What Stripe lists of an account, read with the real SDK, over HTTP, from the stand-in."""

from datetime import timedelta

import pytest

from chalicelib.adapters.stripe import lists
from chalicelib.domain.balance import MovementKind
from chalicelib.domain.errors import Refused
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import RefundStatus
from chalicelib.domain.webhook_signature import FOLLOWED, Use
from tests.adapters.gateway.attempts import ACME, MARCH_1, OTHER, an_attempt, own, pay

EVER = {"since": MARCH_1 - timedelta(days=1), "until": MARCH_1 + timedelta(days=1)}


def euros(amount):
    return Money(amount, "EUR")


def all_of(ask, account=ACME, **window):
    """Every row of every page, newest first."""
    rows, after = [], None
    while True:
        page = ask(account, **EVER | window, after=after)
        rows += page.rows
        if page.next is None:
            return rows
        after = page.next["after"]


@pytest.fixture
def paid(gateway, stripe):
    return pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))


@pytest.fixture
def other_paid(gateway, stripe):
    return pay(stripe, gateway.open_checkout(an_attempt(id="att_2", amount=euros(50_00)), account=ACME))


def test_the_events_that_are_asked_for_are_followed_and_few_enough_to_be_named():
    assert set(lists.WITNESSES) < FOLLOWED
    assert len(lists.WITNESSES) <= 20


def test_events_are_listed_page_by_page_with_what_they_are_about(gateway, stripe, paid, other_paid, monkeypatch):
    whole = all_of(gateway.events)
    assert {event.payment_intent_id for event in whole} >= {paid, other_paid}
    assert {event.use for event in whole} == {Use.SETTLE}
    monkeypatch.setattr(lists, "_AT_ONCE", 1)
    assert [event.id for event in all_of(gateway.events)] == [event.id for event in whole]


def test_events_are_listed_within_their_times_and_of_one_account(gateway, stripe, clock, paid):
    clock.now = MARCH_1 + timedelta(hours=3)
    assert all_of(gateway.events, OTHER) == []
    assert all_of(gateway.events, since=MARCH_1 + timedelta(minutes=1), until=MARCH_1 + timedelta(hours=2)) == []


def test_payments_are_listed_with_what_went_back(gateway, stripe, paid, other_paid):
    stripe.control.refund({"payment_intent": paid, "amount": 20_00})
    stripe.control.dispute({"payment_intent": other_paid})
    other, one = all_of(gateway.payments)
    assert (one.payment_intent_id, one.received, one.refunded, one.disputed) == (
        paid,
        euros(123_45),
        euros(20_00),
        False,
    )
    assert (other.received, other.disputed) == (euros(50_00), True)
    assert one.metadata["invoice_id"] == "inv_1"


def test_what_moves_is_listed_with_its_fee_and_its_payment(gateway, stripe, paid):
    gateway.payment(paid, account=ACME)
    stripe.control.refund({"payment_intent": paid, "amount": 20_00})
    stripe.control.dispute({"payment_intent": paid})
    dispute, refund, charge = all_of(gateway.movements)
    assert [each.kind for each in (charge, refund, dispute)] == [
        MovementKind.CHARGE,
        MovementKind.REFUND,
        MovementKind.DISPUTE,
    ]
    assert {each.payment_intent_id for each in (charge, refund, dispute)} == {paid}
    assert (charge.amount, charge.fee, charge.net) == (euros(123_45), euros(3_88), euros(119_57))
    assert (refund.net, dispute.net) == (euros(-20_00), euros(-123_45 - 15_00))


def test_fees_of_charges_refunds_and_disputes_are_facts_of_the_payment(gateway, stripe, paid):
    gateway.payment(paid, account=ACME)
    refund = stripe.control.refund({"payment_intent": paid, "amount": 20_00})
    dispute = stripe.control.dispute({"payment_intent": paid})
    facts = gateway.payment(paid, account=ACME)
    assert [each.fee for each in (*facts.charges, *facts.refunds, *facts.disputes)] == [
        euros(3_88),
        euros(0),
        euros(15_00),
    ]
    stripe.control.close_dispute({"dispute": dispute["id"], "won": True})
    stripe.control.finish_refund({"refund": refund["id"], "succeeded": False})
    facts = gateway.payment(paid, account=ACME)
    assert (facts.disputes[0].fee, facts.refunds[0].status) == (euros(0), RefundStatus.FAILED)


def test_a_payout_is_listed_with_the_day_it_arrives_and_what_is_in_it(gateway, stripe, paid, other_paid):
    gateway.payment(paid, account=ACME)
    (made,) = stripe.control.pay_out({"account": "acct_acme"})
    payout = all_of(gateway.movements)[0]
    assert (payout.kind, payout.source, payout.payment_intent_id) == (MovementKind.PAYOUT, made["id"], "")
    assert payout.arrives_on == (MARCH_1 + timedelta(days=2)).date()
    parts = gateway.paid_out(made["id"], account=ACME, most=10)
    assert {part.payment_intent_id for part in parts} == {paid, other_paid}
    assert sum((part.net for part in parts), euros(0)) == -payout.amount
    assert len(gateway.paid_out(made["id"], account=ACME, most=0)) <= 1

    stripe.control.return_payout({"payout": made["id"]})
    back = all_of(gateway.movements)[0]
    assert (back.kind, back.source, back.amount) == (MovementKind.PAYOUT, made["id"], -payout.amount)


def test_an_account_that_lets_nobody_in_is_refused(gateway, stripe):
    for ask in (gateway.events, gateway.payments, gateway.movements):
        with pytest.raises(Refused) as refused:
            ask(own("rk_test_gone"), **EVER, after=None)
        assert refused.value.code == "key_refused"
