"""Refunds over tables and a provider in memory: once, whatever is lost between, and never more than was paid."""

import pytest

from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.refund import Refund
from chalicelib.domain.settlement import DisputeStatus
from chalicelib.usecases import refunding
from tests import builders as b
from tests.usecases.till import Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


def refund(till, payment, amount=None):
    return refunding.refund(
        payment.id,
        amount=b.cad(amount) if amount else None,
        reason="Annulé",
        now=till.clock(),
        ids=till.ids,
        store=till.store(),
        gateway=lambda: till.gateway,
    )


def ask(till, refund_id):
    refunding.ask_for(refund_id, now=till.clock(), ids=till.ids, store=till.store(), gateway=till.gateway)


def test_cash_given_back_is_booked_at_once(till):
    invoice = till.invoiced()
    payment = till.take(invoice, "114.98")
    assert refund(till, payment, "14.98").status == "succeeded"
    assert till.totals(invoice) == {
        "paid_total": "100.00",
        "amount_due": "14.98",
        "refunded_total": "14.98",
        "disputed_total": "0.00",
    }
    assert till.status(invoice) == "partially_refunded"
    till.must_add_up(invoice)


def test_all_that_was_paid_given_back_shows_the_invoice_refunded(till):
    invoice = till.invoiced()
    refund(till, till.take(invoice, "114.98"))
    assert till.status(invoice) == "refunded"
    till.must_add_up(invoice)


def test_a_refund_online_is_the_providers_and_booked_once(till):
    invoice = till.invoiced()
    till.paid_online(invoice)
    (payment,) = till.payments(invoice)
    made = refund(till, payment, "14.98")
    ask(till, made.id)
    till.settle(payment.facts.payment_intent_id)
    (payment,) = till.payments(invoice)
    assert (made.status, f"{payment.refunded}", payment.refunding) == ("succeeded", "14.98", ())
    till.must_add_up(invoice)


def test_a_refund_whose_answer_was_lost_is_found_and_not_made_again(till):
    invoice = till.invoiced()
    till.paid_online(invoice)
    (payment,) = till.payments(invoice)
    till.gateway.forgetful = 1
    made = refund(till, payment, "14.98")
    assert made.status == "pending"
    assert code_of(lambda: refund(till, payment, "100.01")) == "more_than_left"
    ask(till, made.id)
    (payment,) = till.payments(invoice)
    assert (till.store().get(Refund, made.id).status, f"{payment.refunded}") == ("succeeded", "14.98")
    assert len(payment.facts.refunds) == 1
    till.must_add_up(invoice)


def test_a_refund_that_the_provider_will_not_make_leaves_the_money_where_it_was(till):
    invoice = till.invoiced()
    intent = till.paid_online(invoice)
    (payment,) = till.payments(invoice)
    till.gateway.refund_in_dashboard(intent, b.cad("110"))
    made = refund(till, payment, "14.98")
    assert (made.status, bool(made.failure)) == ("failed", True)
    till.settle(intent)
    (payment,) = till.payments(invoice)
    assert (f"{payment.refunded}", payment.refunding) == ("110.00", ())
    till.must_add_up(invoice)


@pytest.mark.row("C35")
def test_a_disputed_payment_is_not_refunded(till):
    invoice = till.invoiced()
    intent = till.paid_online(invoice)
    dispute = till.gateway.dispute(intent, b.cad("114.98"))
    till.settle(intent)
    (payment,) = till.payments(invoice)
    with pytest.raises(Refused, match="disputed"):
        refund(till, payment)
    till.gateway.decide(intent, dispute, DisputeStatus.WON)
    till.settle(intent)
    assert refund(till, payment).status == "succeeded"
    till.must_add_up(invoice)


def test_no_more_goes_back_than_is_kept(till):
    invoice = till.invoiced()
    payment = till.take(invoice, "114.98")
    for amount in ("114.99", "-1"):
        with pytest.raises(Invalid):
            refund(till, payment, amount)
    refund(till, payment)
    assert code_of(lambda: refund(till, payment)) == "nothing_to_refund"
