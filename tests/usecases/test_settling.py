"""Online payments booked: once, whatever is told, and followed through refunds and disputes."""

import pytest

from chalicelib.domain.journal import Account
from chalicelib.domain.settlement import ChargeStatus, DisputeStatus, RefundStatus
from tests import builders as b
from tests.usecases.till import ACCOUNT, Till


@pytest.fixture
def till():
    return Till()


@pytest.fixture
def invoice(till):
    return till.invoiced()


@pytest.mark.row("P25", "P27")
def test_a_payment_is_booked_on_its_invoice(till, invoice):
    till.paid_online(invoice)

    (payment,) = till.payments(invoice)
    assert (payment.applied, payment.credited, payment.reference) == (b.cad("114.98"), b.cad("0.00"), "visa 4242")
    assert till.status(invoice) == "paid"
    assert till.see(invoice).checkout is None
    assert till.ledger()[Account.CLEARING] == 114_98
    till.must_add_up(invoice)


@pytest.mark.row("C12")
def test_settling_again_changes_nothing(till, invoice):
    payment = till.paid_online(invoice)
    before = till.tables.journal()

    for _ in range(5):
        till.settle(payment)

    assert till.tables.journal() == before


@pytest.mark.row("C12", "P25")
def test_the_clients_return_and_the_event_at_once_book_once(till, invoice):
    session = till.start(invoice)
    payment = till.gateway.pay(session)
    till.tables.meanwhile(lambda: till.settle(payment))

    assert till.come_back(session) == invoice.id

    assert till.events(till.payments()[0].id) == ["payment.received"]
    assert len(till.payments(invoice)) == 1
    till.must_add_up(invoice)


@pytest.mark.row("C7")
def test_after_a_crash_between_the_providers_word_and_our_book_it_is_booked_once(till, invoice):
    payment = till.gateway.pay(till.start(invoice))
    till.tables.fail_next(ConnectionError("the function ended"))
    with pytest.raises(ConnectionError):
        till.settle(payment)
    till.tables.lose_next_answer(ConnectionError("the function ended"))
    with pytest.raises(ConnectionError):
        till.settle(payment)

    till.settle(payment)

    assert len(till.payments(invoice)) == 1
    assert till.gateway.sessions[1:] == []
    till.must_add_up(invoice)


def test_a_payment_that_only_failed_is_not_kept(till, invoice):
    payment = till.gateway.pay(till.start(invoice), status=ChargeStatus.FAILED)

    till.settle(payment)

    assert till.payments() == ()
    assert till.status(invoice) == "issued"


def test_what_was_declined_first_and_paid_then_counts_once(till, invoice):
    session = till.start(invoice)
    payment = till.gateway.pay(session, status=ChargeStatus.FAILED)
    till.gateway.pay(session)

    till.settle(payment)

    assert [payment.amount for payment in till.payments(invoice)] == [b.cad("114.98")]


@pytest.mark.row("G7", "A56")
def test_a_full_refund_made_at_the_provider_shows_the_invoice_refunded(till, invoice):
    payment = till.paid_online(invoice)
    till.gateway.refund_in_dashboard(payment, b.cad("114.98"))

    for _ in range(3):
        till.settle(payment)

    assert till.status(invoice) == "refunded"
    assert till.totals(invoice) == {
        "paid_total": "0.00",
        "amount_due": "114.98",
        "refunded_total": "114.98",
        "disputed_total": "0.00",
    }
    assert till.see(invoice).refunded_at == b.NOON
    till.must_add_up(invoice)


@pytest.mark.row("G7")
def test_a_part_refunded_shows_the_invoice_partially_refunded(till, invoice):
    payment = till.paid_online(invoice)
    till.gateway.refund_in_dashboard(payment, b.cad("14.98"))

    for _ in range(3):
        till.settle(payment)

    assert till.status(invoice) == "partially_refunded"
    assert (till.totals(invoice)["paid_total"], till.totals(invoice)["refunded_total"]) == ("100.00", "14.98")
    assert till.see(invoice).refunded_at is None
    till.must_add_up(invoice)


def test_a_refund_that_the_bank_sends_back_leaves_the_invoice_paid(till, invoice):
    payment = till.paid_online(invoice)
    refund = till.gateway.refund_in_dashboard(payment, b.cad("114.98"))
    till.settle(payment)

    till.gateway.fail_refund(payment, refund)
    till.settle(payment)

    assert till.status(invoice) == "paid"
    assert till.see(invoice).refunded_at is None
    till.must_add_up(invoice)


def test_a_dispute_won_leaves_the_invoice_paid(till, invoice):
    payment = till.paid_online(invoice)
    dispute = till.gateway.dispute(payment, b.cad("114.98"))
    till.settle(payment)
    assert (till.status(invoice), till.totals(invoice)["disputed_total"]) == ("disputed", "114.98")
    assert till.totals(invoice)["paid_total"] == "0.00"
    till.must_add_up(invoice)

    till.gateway.decide(payment, dispute, DisputeStatus.WON)
    till.settle(payment)

    assert (till.status(invoice), till.totals(invoice)["disputed_total"]) == ("paid", "0.00")
    till.must_add_up(invoice)


def test_a_dispute_lost_makes_the_invoice_due_again(till, invoice):
    payment = till.paid_online(invoice)
    dispute = till.gateway.dispute(payment, b.cad("114.98"))
    till.settle(payment)

    till.gateway.decide(payment, dispute, DisputeStatus.LOST)
    till.settle(payment)

    assert (till.status(invoice), till.totals(invoice)["amount_due"]) == ("issued", "114.98")
    assert till.see(invoice).paid_at is None
    till.must_add_up(invoice)


def test_an_inquiry_changes_nothing(till, invoice):
    payment = till.paid_online(invoice)
    dispute = till.gateway.dispute(payment, b.cad("114.98"))
    till.gateway.decide(payment, dispute, DisputeStatus.WARNING_NEEDS_RESPONSE)

    till.settle(payment)

    assert till.status(invoice) == "paid"
    assert till.events(invoice.id)[-1] == "invoice.paid"
    till.must_add_up(invoice)


def test_a_dispute_won_after_the_client_paid_again_is_credit(till, invoice):
    payment = till.paid_online(invoice)
    dispute = till.gateway.dispute(payment, b.cad("114.98"))
    till.settle(payment)
    till.take(invoice, "114.98")

    till.gateway.decide(payment, dispute, DisputeStatus.WON)
    till.settle(payment)

    assert till.status(invoice) == "paid"
    assert till.balance().credit_total == b.cad("114.98")
    till.must_add_up(invoice)


@pytest.mark.row("P44")
def test_card_and_cash_together_leave_the_rest_as_credit(till, invoice):
    session = till.start(invoice)
    till.take(invoice, "100.00")

    till.settle(till.gateway.pay(session))

    assert till.status(invoice) == "paid"
    assert till.balance().credit_total == b.cad("100.00")
    till.must_add_up(invoice)


def test_money_for_a_void_invoice_is_all_credit(till, invoice):
    till.void(invoice)
    metadata = {"business_id": b.BUSINESS, "invoice_id": invoice.id, "attempt_id": "1"}
    payment = till.gateway.receive(b.cad("114.98"), account_id=ACCOUNT, metadata=metadata)

    till.settle(payment)

    assert till.status(invoice) == "void"
    assert till.balance().credit_total == b.cad("114.98")
    till.must_add_up(invoice)


def test_a_refund_heard_of_with_the_payment_counts_at_once(till, invoice):
    payment = till.gateway.pay(till.start(invoice))
    till.gateway.refund_in_dashboard(payment, b.cad("14.98"))

    till.settle(payment)

    assert (till.status(invoice), till.totals(invoice)["amount_due"]) == ("partially_refunded", "14.98")
    till.must_add_up(invoice)


def test_a_pending_refund_counts_and_one_that_was_canceled_does_not(till, invoice):
    payment = till.paid_online(invoice)
    till.gateway.refund_in_dashboard(payment, b.cad("10.00"), status=RefundStatus.PENDING)
    till.gateway.refund_in_dashboard(payment, b.cad("5.00"), status=RefundStatus.CANCELED)

    till.settle(payment)

    assert till.totals(invoice)["refunded_total"] == "10.00"
    till.must_add_up(invoice)


def test_news_that_moves_no_money_leaves_the_invoice_alone(till, invoice):
    """The provider's fee becomes known a little after the charge."""
    payment = till.paid_online(invoice)
    before = till.see(invoice)
    till.gateway.tell_fee(payment, b.cad("3.64"))

    till.settle(payment)

    assert till.see(invoice) == before
    assert till.events(till.payments()[0].id) == ["payment.received", "payment.changed"]
