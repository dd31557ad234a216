"""Refunds that are not what their payment says of them, one wrong figure at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import refund as refunds
from chalicelib.domain.imputation import Reservation
from chalicelib.domain.invariants import of_refund_work, of_refunds
from chalicelib.domain.payment import Method, blank
from chalicelib.domain.settlement import Charge, ChargeStatus, PaymentFacts, RefundStatus
from chalicelib.domain.settlement import Refund as ProviderRefund
from tests import builders as b

TEN = b.cad("10.00")


def paid(method=Method.CASH, **more):
    kept = blank(
        "pay_1",
        client_id=b.CLIENT,
        invoice_id="inv_1",
        amount=b.cad("100.00"),
        method=method,
        received_on=b.TODAY,
        at=b.NOON,
    )
    return replace(kept, applied=b.cad("100.00"), **more)


def asked(method=Method.CASH, **more):
    refund, _ = refunds.requested("ref_1", paid(method), TEN, reason="", reference=None, at=b.NOON)
    return replace(refund, **more)


def told(status=RefundStatus.SUCCEEDED, amount=TEN):
    """What the provider says of the payment and of our refund."""
    return PaymentFacts(
        payment_intent_id="pi_1",
        account="acct_1",
        currency="CAD",
        metadata={},
        charges=(Charge(id="ch_1", status=ChargeStatus.SUCCEEDED, amount=b.cad("100.00")),),
        refunds=(ProviderRefund(id="re_1", status=status, amount=amount, ours="ref_1"),),
    )


HELD = (Reservation(id="ref_1", amount=TEN),)
BY_HAND = paid(given_back=HELD, refunded=TEN)
DONE = asked(Method.ONLINE, status=RefundStatus.SUCCEEDED, provider_id="re_1")


@pytest.mark.parametrize(
    ("payment", "own"),
    [
        pytest.param(paid(), [], id="none"),
        pytest.param(BY_HAND, [asked()], id="by hand"),
        pytest.param(paid(Method.ONLINE, refunding=HELD), [asked(Method.ONLINE)], id="under way"),
        pytest.param(paid(Method.ONLINE, facts=told()), [DONE], id="told of"),
        pytest.param(paid(Method.ONLINE, facts=replace(told(), refunds=())), [], id="in the dashboard only"),
    ],
)
def test_what_is_right_is_not_complained_of(payment, own):
    assert list(of_refunds(payment, own)) == []


@pytest.mark.parametrize(
    ("payment", "own"),
    [
        pytest.param(paid(Method.ONLINE), [asked(Method.ONLINE)], id="nothing is held for one under way"),
        pytest.param(paid(Method.ONLINE, refunding=HELD), [DONE], id="held for one that is done"),
        pytest.param(
            paid(Method.ONLINE, refunding=HELD), [asked(Method.ONLINE, amount=TEN + TEN)], id="too little is held"
        ),
        pytest.param(paid(), [asked()], id="one by hand that the payment knows nothing of"),
        pytest.param(BY_HAND, [], id="one by hand that is not there"),
        pytest.param(replace(BY_HAND, refunded=TEN + TEN), [asked()], id="more went back than by hand"),
        pytest.param(
            paid(Method.ONLINE, facts=told(RefundStatus.FAILED)), [DONE], id="one that the provider says has failed"
        ),
        pytest.param(paid(Method.ONLINE, facts=told(amount=TEN + TEN)), [DONE], id="one that gave back more"),
    ],
)
def test_each_wrong_figure_is_found(payment, own):
    assert {violation.invariant for violation in of_refunds(payment, own)} == {"I4"}


def test_a_refund_that_the_provider_never_tells_of_is_left_undone():
    waiting = asked(Method.ONLINE)
    assert list(of_refund_work(waiting, now=b.NOON + timedelta(minutes=14))) == []
    (late,) = of_refund_work(waiting, now=b.NOON + timedelta(minutes=15))
    assert (late.invariant, late.subject) == ("I13", "ref_1")
    for done in (asked(), DONE, asked(Method.ONLINE, status=RefundStatus.FAILED)):
        assert list(of_refund_work(done, now=b.NOON + timedelta(days=9))) == []
