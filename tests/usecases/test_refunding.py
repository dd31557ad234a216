"""Refunds over tables and a provider in memory: once, whatever is lost between, and never more than was paid."""

import pytest

from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.refund import Refund
from chalicelib.domain.settlement import DisputeStatus, RefundStatus
from chalicelib.ports import Filter
from chalicelib.usecases.checkouts import connected
from tests import builders as b
from tests.usecases.returns import ask, online, refund
from tests.usecases.till import ACCOUNT, Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


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


@pytest.mark.row("C7", "C12")
@pytest.mark.parametrize("answered", [True, False], ids=["before the write", "after the write"])
@pytest.mark.parametrize("write", [1, 2])
def test_whoever_dies_at_any_write_of_a_refund_gives_back_once(write, answered, till):
    invoice, payment, intent = online(till)
    die = till.tables.lose_next_answer if answered else till.tables.fail_next

    def death() -> None:
        die(ConnectionError())

    if write == 1:
        death()
    else:
        till.tables.meanwhile(lambda: till.tables.meanwhile(death) if answered else death())
    with pytest.raises(ConnectionError):
        refund(till, payment, "14.98")

    begun = till.store().page(Refund, Filter(parent=payment.id), limit=9).rows
    for one in begun:
        ask(till, one.id)
        ask(till, one.id)

    asked = [f"{one.amount}" for one in till.gateway.payment(intent, account=connected(ACCOUNT)).refunds]
    assert asked == ["14.98"] * len(begun)
    assert [one.status for one in till.store().many(Refund, [one.id for one in begun])] == ["succeeded"] * len(begun)
    assert till.totals(invoice)["refunded_total"] == ("14.98" if begun else "0.00")
    till.must_add_up(invoice)


@pytest.mark.row("C7")
def test_a_lost_answer_is_looked_up_even_after_the_provider_forgot_the_key(till):
    invoice, payment, _ = online(till)
    till.gateway.forgetful = 1
    made = refund(till, payment, "14.98")
    till.clock.move(hours=25)
    till.gateway.forgets_keys = True

    ask(till, made.id)
    ask(till, made.id)

    (payment,) = till.payments(invoice)
    assert [f"{one.amount}" for one in payment.facts.refunds] == ["14.98"]
    till.must_add_up(invoice)


def test_while_the_provider_is_down_the_refund_waits_and_holds_its_money(till):
    invoice, payment, _ = online(till)
    till.gateway.down = 3
    made = refund(till, payment, "100.00")
    assert (made.status, made.is_to_be_asked) == ("pending", True)
    assert till.totals(invoice)["refunded_total"] == "0.00"
    assert code_of(lambda: refund(till, payment, "14.99")) == "more_than_left"
    for _ in range(2):
        with pytest.raises(UnknownOutcome):
            ask(till, made.id)
    ask(till, made.id)
    assert till.store().get(Refund, made.id).status == "succeeded"
    till.must_add_up(invoice)


def test_two_refunds_at_once_never_give_back_more_than_was_paid(till):
    invoice, payment, _ = online(till)
    till.tables.meanwhile(lambda: refund(till, payment, "100.00"))
    assert code_of(lambda: refund(till, payment, "100.00")) == "more_than_left"
    (payment,) = till.payments(invoice)
    assert f"{payment.refunded}" == "100.00"
    till.must_add_up(invoice)


@pytest.mark.row("C34")
def test_a_refund_beside_one_in_the_dashboard_at_the_same_moment(till):
    invoice, payment, intent = online(till)
    till.gateway.down = 1
    made = refund(till, payment, "14.98")
    till.gateway.refund_in_dashboard(intent, b.cad("100.00"))
    ask(till, made.id)
    (payment,) = till.payments(invoice)
    assert (f"{payment.refunded}", payment.refunding, till.status(invoice)) == ("114.98", (), "refunded")
    till.must_add_up(invoice)


@pytest.mark.row("C35")
def test_a_dispute_that_comes_before_the_refund_is_asked_for(till):
    invoice, payment, intent = online(till)
    till.gateway.down = 1
    made = refund(till, payment)
    till.gateway.dispute(intent, b.cad("114.98"))
    till.settle(intent)
    ask(till, made.id)
    (payment,) = till.payments(invoice)
    assert (till.store().get(Refund, made.id).status, payment.refunding) == ("failed", ())
    assert till.status(invoice) == "disputed"
    till.must_add_up(invoice)


def test_a_refund_that_needs_the_payers_help_counts_and_may_end_either_way(till):
    invoice, payment, intent = online(till)
    till.gateway.refunds_are = RefundStatus.REQUIRES_ACTION
    made = refund(till, payment)
    assert (made.status, till.status(invoice)) == ("requires_action", "refunded")
    (payment,) = till.payments(invoice)
    till.gateway.fail_refund(intent, payment.facts.refunds[0].id)
    till.settle(intent)
    assert till.store().get(Refund, made.id).status == "failed"
    assert till.status(invoice) == "paid"
    till.must_add_up(invoice)


def test_a_refund_of_what_the_provider_does_not_know_failed(till):
    invoice, payment, intent = online(till)
    till.gateway.forget(intent)
    made = refund(till, payment)
    assert (made.status, till.payments(invoice)[0].refunding) == ("failed", ())
    till.must_add_up(invoice)


@pytest.mark.parametrize("lost", [True, False], ids=["and had made it", "and never heard of it"])
def test_a_refund_that_the_key_does_not_allow_failed_and_the_money_is_where_it_was(lost, till):
    invoice, payment, intent = online(till)
    if lost:
        till.gateway.forgetful = 1
        made = refund(till, payment, "14.98")
    till.gateway.refusing[ACCOUNT] = "key_lacks_permissions"
    if lost:
        ask(till, made.id)
    else:
        made = refund(till, payment, "14.98")
    made = till.store().get(Refund, made.id)
    assert (made.status, bool(made.failure)) == ("failed", True)
    assert till.payments(invoice)[0].refunding == ()
    assert till.totals(invoice)["refunded_total"] == "0.00"
    till.must_add_up(invoice)

    till.gateway.refusing.clear()
    till.settle(intent)
    after = till.store().get(Refund, made.id)
    assert (after.status, after.failure is None) == (("succeeded", True) if lost else ("failed", False))
    assert till.totals(invoice)["refunded_total"] == ("14.98" if lost else "0.00")
    till.must_add_up(invoice)
