"""Refunds of money that is on several invoices, on account, or freed by a credit note."""

import pytest

from chalicelib.domain.imputation import Allocation
from chalicelib.domain.payment import Method
from chalicelib.domain.settlement import DisputeStatus
from chalicelib.usecases import allocating, crediting
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.returns import ask, online, refund
from tests.usecases.till import Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


def over(till, amount, *parts):
    """A cheque over several invoices."""
    chosen = tuple(Allocation(invoice_id=invoice.id, amount=b.cad(part)) for invoice, part in parts)
    receipt = allocating.Receipt(
        client_id=b.CLIENT, amount=b.cad(amount), method=Method.CHEQUE, received_on=b.TODAY, allocations=chosen
    )
    return allocating.take_on_account(receipt, now=b.NOON, ids=till.ids, store=till.store())


def credit(till, invoice):
    crediting.credit(
        invoice.id,
        crediting.Crediting(reason="Annulé"),
        now=b.NOON,
        ids=till.ids,
        store=till.store(),
        gateway=lambda: till.gateway,
        press=a_press(),
    )


def stray_over(till, *invoices):
    """A payment online that names no invoice, put on several by hand; with it the provider's id of it."""
    intent = till.gateway.stray(b.cad("229.96"))
    till.settle(intent)
    store, (payment,) = till.store(), till.payments()
    allocating.match(payment.id, invoice_id=None, client_id=b.CLIENT, now=till.clock(), store=store)
    for invoice in invoices:
        allocating.allocate(payment.id, invoice.id, None, now=till.clock(), store=store)
    return store.get(type(payment), payment.id), intent


def tells(till, *invoices):
    """What each tells: its status, what was refunded and what is in dispute."""
    seen = [till.see(invoice) for invoice in invoices]
    return [(till.status(one), f"{one.refunded_total}", f"{one.disputed_total}") for one in seen]


@pytest.mark.row("G7", "A56")
def test_each_invoice_tells_of_what_went_back_from_it(till):
    one, other = till.invoiced(), till.invoiced()
    payment = over(till, "229.96", (one, "114.98"), (other, "114.98"))
    refund(till, payment, "14.98")
    assert tells(till, one, other) == [("paid", "0.00", "0.00"), ("partially_refunded", "14.98", "0.00")]
    till.must_add_up(one, other)
    refund(till, payment, "150.00")
    assert tells(till, one, other) == [("partially_refunded", "50.00", "0.00"), ("refunded", "114.98", "0.00")]
    refund(till, payment)
    assert tells(till, one, other) == [("refunded", "114.98", "0.00")] * 2
    till.must_add_up(one, other)


@pytest.mark.row("G7", "A56")
def test_what_a_credit_note_freed_is_refunded_on_the_invoice_it_came_off(till):
    one, other = till.invoiced(), till.invoiced()
    payment = over(till, "239.96", (one, "114.98"), (other, "114.98"))
    credit(till, one)
    assert tells(till, one, other) == [("paid", "0.00", "0.00")] * 2
    refund(till, payment, "114.98")
    assert tells(till, one, other) == [("refunded", "114.98", "0.00"), ("paid", "0.00", "0.00")]
    assert f"{till.balance().credit_total}" == "10.00"
    refund(till, payment, "10.00")
    assert tells(till, one, other) == [("refunded", "114.98", "0.00"), ("paid", "0.00", "0.00")]
    till.must_add_up(one, other)


@pytest.mark.row("G7", "A56")
def test_credit_that_was_put_elsewhere_since_is_not_refunded_on_the_invoice_it_came_off(till):
    one, other = till.invoiced(), till.invoiced()
    payment = over(till, "114.98", (one, "114.98"))
    credit(till, one)
    allocating.allocate(payment.id, other.id, b.cad("100.00"), now=till.clock(), store=till.store())
    refund(till, payment)
    assert tells(till, one, other) == [("refunded", "14.98", "0.00"), ("refunded", "100.00", "0.00")]
    till.must_add_up(one, other)


@pytest.mark.row("G7", "C34")
def test_a_refund_that_failed_is_told_of_no_more_though_its_invoice_was_paid_meanwhile(till):
    one, other = till.invoiced(), till.invoiced()
    payment, intent = stray_over(till, one, other)
    refund(till, payment, "114.98")
    assert tells(till, one, other) == [("paid", "0.00", "0.00"), ("refunded", "114.98", "0.00")]
    till.take(other, "100.00")
    till.gateway.fail_refund(intent, "re_1")
    till.settle(intent)
    assert tells(till, one, other) == [("paid", "0.00", "0.00")] * 2
    assert f"{till.balance().credit_total}" == "100.00"
    till.must_add_up(one, other)


@pytest.mark.row("C35")
@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
def test_a_dispute_is_told_of_by_every_invoice_it_took_money_from(won, till):
    one, other = till.invoiced(), till.invoiced()
    payment, intent = stray_over(till, one, other)
    refund(till, payment, "14.98")
    dispute = till.gateway.dispute(intent, b.cad("214.98"))
    till.settle(intent)
    assert tells(till, one, other) == [("disputed", "0.00", "114.98"), ("disputed", "14.98", "100.00")]
    till.must_add_up(one, other)

    till.gateway.decide(intent, dispute, DisputeStatus.WON if won else DisputeStatus.LOST)
    till.settle(intent)
    after = {
        True: [("paid", "0.00", "0.00"), ("partially_refunded", "14.98", "0.00")],
        False: [("issued", "0.00", "0.00"), ("partially_refunded", "14.98", "0.00")],
    }
    assert tells(till, one, other) == after[won]
    till.must_add_up(one, other)


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
    credit(till, invoice)
    assert (till.status(invoice), f"{till.balance().credit_total}") == ("paid", "114.98")
    refund(till, payment)
    assert (till.status(invoice), f"{till.balance().credit_total}") == ("refunded", "0.00")
    assert f"{till.see(invoice).amount_due}" == "0.00"
    till.must_add_up(invoice)
