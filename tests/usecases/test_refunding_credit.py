"""Refunds of money that is on several invoices, on account, or freed by a credit note."""

import pytest

from chalicelib.domain.payment import Method
from chalicelib.usecases import allocating, crediting
from tests import builders as b
from tests.usecases.returns import online, refund
from tests.usecases.till import Till


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
