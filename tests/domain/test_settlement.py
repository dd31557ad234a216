"""What is known of a payment is the same whatever order the news came in, and so is what was received."""

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import Money
from chalicelib.domain.settlement import (
    Charge,
    ChargeStatus,
    Dispute,
    DisputeStatus,
    PaymentFacts,
    Refund,
    RefundStatus,
    disputed,
    joined,
    pending,
    received,
    refunded,
    taken,
    under_dispute,
)


def eur(minor):
    return Money(minor, "EUR")


def facts(**changed):
    payment = {"payment_intent_id": "pi_1", "account": "acct_A", "currency": "EUR", "metadata": {"invoice_id": "i1"}}
    return PaymentFacts(**{**payment, **changed})


def a_charge(status=ChargeStatus.SUCCEEDED, minor=100_00, id="ch_1", **more):
    return Charge(id=id, status=status, amount=eur(minor), **more)


def a_refund(status=RefundStatus.SUCCEEDED, minor=30_00, id="re_1"):
    return Refund(id=id, status=status, amount=eur(minor))


def a_dispute(status=DisputeStatus.NEEDS_RESPONSE, minor=100_00, id="dp_1", movements=1):
    return Dispute(id=id, status=status, amount=eur(minor), movements=movements)


def learned(*news):
    return reduce(joined, news, None)


PAID = facts(charges=(a_charge(),))

STORIES = {
    "a declined card, then a good one": [
        facts(charges=(a_charge(ChargeStatus.FAILED),)),
        facts(charges=(a_charge(ChargeStatus.FAILED), a_charge(id="ch_2"))),
    ],
    "a bank debit that fails, then a card": [
        facts(charges=(a_charge(ChargeStatus.PENDING),)),
        facts(charges=(a_charge(ChargeStatus.FAILED),)),
        facts(charges=(a_charge(ChargeStatus.FAILED), a_charge(id="ch_2"))),
    ],
    "paid, refunded in two parts, one of which comes back": [
        facts(charges=(a_charge(ChargeStatus.PENDING),)),
        PAID,
        facts(charges=(a_charge(fee=eur(320)),), refunds=(a_refund(RefundStatus.PENDING),)),
        facts(charges=(a_charge(fee=eur(320)),), refunds=(a_refund(), a_refund(minor=10_00, id="re_2"))),
        facts(refunds=(a_refund(RefundStatus.FAILED), a_refund(minor=10_00, id="re_2"))),
    ],
    "an inquiry, a dispute, lost, and won in the end": [
        PAID,
        facts(charges=(a_charge(),), disputes=(a_dispute(DisputeStatus.WARNING_NEEDS_RESPONSE, movements=0),)),
        facts(charges=(a_charge(),), disputes=(a_dispute(DisputeStatus.NEEDS_RESPONSE, movements=0),)),
        facts(charges=(a_charge(),), disputes=(a_dispute(),)),
        facts(charges=(a_charge(),), disputes=(a_dispute(DisputeStatus.LOST),)),
        facts(charges=(a_charge(),), disputes=(a_dispute(DisputeStatus.WON, movements=2),)),
    ],
    "a dispute that was won and is lost after all": [
        facts(disputes=(a_dispute(),)),
        facts(disputes=(a_dispute(DisputeStatus.WON, movements=2),)),
        facts(disputes=(a_dispute(DisputeStatus.LOST, movements=3),)),
    ],
}


@pytest.mark.row("C14")
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_every_order_of_a_story_ends_in_the_same_facts(story):
    end = learned(*story)
    assert (end.disputes[:1], end.refunds[:1]) == (story[-1].disputes[:1], story[-1].refunds[:1])
    assert {repr(learned(*order)) for order in permutations(story)} == {repr(end)}


charges = st.builds(
    a_charge,
    status=st.sampled_from(ChargeStatus),
    minor=st.integers(1, 3),
    id=st.sampled_from(["ch_1", "ch_2"]),
    label=st.sampled_from(["", "visa 4242"]),
    fee=st.sampled_from([None, eur(1), eur(2)]),
    settled=st.sampled_from([None, Money(1, "USD"), Money(2, "USD")]),
)
refunds = st.builds(
    a_refund,
    status=st.sampled_from(RefundStatus),
    minor=st.integers(1, 3),
    id=st.sampled_from(["re_1", "re_2"]),
)
disputes = st.builds(
    a_dispute,
    status=st.sampled_from(DisputeStatus),
    minor=st.integers(1, 3),
    movements=st.integers(0, 2),
)
news = st.builds(
    facts,
    metadata=st.sampled_from([{}, {"invoice_id": "i1"}, {"invoice_id": "i2"}]),
    canceled=st.booleans(),
    charges=charges.map(lambda charge: (charge,)) | st.just(()),
    refunds=refunds.map(lambda refund: (refund,)) | st.just(()),
    disputes=disputes.map(lambda dispute: (dispute,)) | st.just(()),
)


@pytest.mark.row("C14")
@given(told=st.lists(news, min_size=1, max_size=6), shuffled=st.data())
def test_any_order_with_any_repetition_converges(told, shuffled):
    again = shuffled.draw(st.permutations([*told, *told]))
    assert learned(*again) == learned(*told, told[0])


@given(a=news, b=news, c=news)
def test_grouping_makes_no_difference(a, b, c):
    assert joined(joined(a, b), c) == joined(a, joined(b, c))


def test_the_facts_of_another_payment_are_not_joined():
    with pytest.raises(ValueError, match="pi_2 is not pi_1"):
        joined(PAID, facts(payment_intent_id="pi_2"))


@pytest.mark.parametrize(
    ("known", "net"),
    [
        pytest.param(facts(), 0, id="nothing yet"),
        pytest.param(facts(charges=(a_charge(ChargeStatus.FAILED),)), 0, id="a declined card brings nothing"),
        pytest.param(facts(charges=(a_charge(ChargeStatus.PENDING),)), 0, id="a debit under way brings nothing yet"),
        pytest.param(PAID, 100_00, id="a charge that succeeded"),
        pytest.param(facts(charges=(a_charge(), a_charge(id="ch_2"))), 200_00, id="two charges both count"),
        pytest.param(facts(charges=(a_charge(),), refunds=(a_refund(),)), 70_00, id="less what was given back"),
        pytest.param(
            facts(charges=(a_charge(),), refunds=(a_refund(RefundStatus.PENDING),)),
            70_00,
            id="a refund under way has left already",
        ),
        pytest.param(
            facts(charges=(a_charge(),), refunds=(a_refund(RefundStatus.FAILED),)),
            100_00,
            id="case 30: a refund that failed is money again",
        ),
        pytest.param(facts(refunds=(a_refund(),)), 0, id="case 27: a refund before its payment is not below zero"),
        pytest.param(facts(charges=(a_charge(),), disputes=(a_dispute(),)), 0, id="case 31: a dispute holds it back"),
        pytest.param(
            facts(charges=(a_charge(),), disputes=(a_dispute(DisputeStatus.WARNING_UNDER_REVIEW, movements=0),)),
            100_00,
            id="case 31: an inquiry moves no money",
        ),
        pytest.param(
            facts(charges=(a_charge(),), disputes=(a_dispute(DisputeStatus.WON, movements=2),)),
            100_00,
            id="case 31: a dispute that was won",
        ),
        pytest.param(
            facts(charges=(a_charge(),), disputes=(a_dispute(DisputeStatus.LOST),)), 0, id="a dispute that was lost"
        ),
        pytest.param(
            facts(charges=(a_charge(),), refunds=(a_refund(),), disputes=(a_dispute(),)),
            0,
            id="a dispute over everything after a refund is not below zero",
        ),
    ],
)
def test_what_is_received_is_what_stays(known, net):
    assert received(known) == eur(net)


def test_each_part_can_be_told():
    known = facts(
        charges=(a_charge(),),
        refunds=(a_refund(),),
        disputes=(a_dispute(minor=10_00), a_dispute(DisputeStatus.LOST, minor=5_00, id="dp_2")),
    )
    told = (taken(known), refunded(known), disputed(known), under_dispute(known), received(known))
    assert told == (eur(100_00), eur(30_00), eur(15_00), eur(10_00), eur(55_00))


@pytest.mark.parametrize(
    ("known", "minor"),
    [
        pytest.param(facts(charges=(a_charge(ChargeStatus.PENDING),)), 100_00, id="a debit under way"),
        pytest.param(
            facts(charges=(a_charge(ChargeStatus.PENDING), a_charge(id="ch_2"))),
            0,
            id="case 42: not once another charge succeeded",
        ),
        pytest.param(facts(canceled=True, charges=(a_charge(ChargeStatus.PENDING),)), 0, id="not once cancelled"),
        pytest.param(facts(charges=(a_charge(ChargeStatus.FAILED),)), 0, id="case 34: not once it failed"),
    ],
)
def test_what_is_pending_is_on_its_way(known, minor):
    assert pending(known) == eur(minor)
