"""Refunds of money that is on several invoices, on account, or freed by a credit note."""

import pytest

from chalicelib.domain.payment import Method
from chalicelib.usecases import allocating, crediting
from tests import builders as b
from tests.usecases.returns import ask, online, refund
from tests.usecases.till import Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


def test_a_refund_that_fails_late_puts_the_money_back_where_it_was(till):
    invoice, payment, intent = online(till)
    other = till.invoiced()
    store = till.store()
    allocating.release(payment.id, invoice.id, now=till.clock(), store=store)
    allocating.allocate(payment.id, other.id, b.cad("100.00"), now=till.clock(), store=store)
    refund(till, payment, "50.00")
    assert (f"{till.see(other).amount_due}", f"{till.balance().credit_total}") == ("50.00", "0.00")
    till.must_add_up(invoice, other)
    till.take(invoice, "114.98")
    till.gateway.fail_refund(intent, "re_1")
    till.settle(intent)
    assert (f"{till.see(other).amount_due}", f"{till.balance().credit_total}") == ("14.98", "14.98")
    till.must_add_up(invoice, other)


def test_money_on_account_is_given_back_from_the_credit_first(till):
    invoice = till.invoiced()
    receipt = allocating.Receipt(
        client_id=b.CLIENT, amount=b.cad("150.00"), method=Method.CHEQUE, received_on=b.TODAY, allocations=None
    )
    payment = allocating.take_on_account(receipt, now=b.NOON, ids=till.ids, store=till.store())
    refund(till, payment, "35.02")
    assert (till.status(invoice), f"{till.balance().credit_total}") == ("paid", "0.00")
    refund(till, payment, "14.98")
    assert f"{till.see(invoice).amount_due}" == "14.98"
    (payment,) = till.payments()
    assert [f"{one.amount}" for one in payment.given_back] == ["35.02", "14.98"]
    till.must_add_up(invoice)


def test_credit_that_is_held_for_a_refund_is_not_put_on_an_invoice_meanwhile(till):
    invoice, payment, _ = online(till)
    other = till.invoiced()
    allocating.release(payment.id, invoice.id, now=till.clock(), store=till.store())
    till.gateway.down = 1
    made = refund(till, payment, "100.00")

    def put(amount):
        wanted = b.cad(amount) if amount else None
        return allocating.allocate(payment.id, other.id, wanted, now=till.clock(), store=till.store())

    assert code_of(lambda: put("14.99")) == "more_than_credit"
    assert f"{put(None).credited}" == "100.00"
    assert code_of(lambda: put("0.01")) == "no_credit"
    ask(till, made.id)
    assert (till.see(other).amount_due, till.balance().credit_total) == (b.cad("100.00"), b.cad("0.00"))
    till.must_add_up(invoice, other)


@pytest.mark.row("C31")
def test_what_a_credit_note_freed_is_refunded_and_the_invoice_shows_it(till):
    invoice, payment, _ = online(till)
    crediting.credit(
        invoice.id,
        crediting.Crediting(reason="Annulé"),
        now=b.NOON,
        ids=till.ids,
        store=till.store(),
        gateway=lambda: till.gateway,
    )
    assert (till.status(invoice), f"{till.balance().credit_total}") == ("paid", "114.98")
    refund(till, payment)
    assert (till.status(invoice), f"{till.balance().credit_total}") == ("refunded", "0.00")
    assert f"{till.see(invoice).amount_due}" == "0.00"
    till.must_add_up(invoice)
