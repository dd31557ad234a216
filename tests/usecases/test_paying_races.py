"""Several people at one invoice: whoever is quicker, only one known page can be paid, and none of a void invoice."""

import pytest

from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import Conflict, Refused
from tests import builders as b
from tests.usecases.till import Till, code_of


@pytest.fixture
def till():
    return Till()


@pytest.mark.row("P44")
def test_cash_taken_while_the_page_was_being_opened_closes_it_unseen(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.tables.meanwhile(lambda: till.take(invoice, "100.00")))

    assert code_of(lambda: till.start(invoice)) == "amount_changed"

    assert till.open_pages() == []
    assert till.see(invoice).checkout is None
    assert till.start(invoice) == "cs_2"
    assert till.gateway.sessions[-1].amount == b.cad("14.98")


def test_a_page_opened_for_an_attempt_given_up_meanwhile_is_closed_unseen(till):
    """Two browsers: one asked for the instalment and was slow, the other for everything."""
    invoice = till.invoiced(b.content(schedule=b.halves()))
    quick = []
    till.tables.meanwhile(lambda: till.tables.meanwhile(lambda: quick.append(till.start(invoice, "all"))))

    with pytest.raises((Conflict, Refused)):
        till.start(invoice, "due")

    assert till.open_pages() == quick
    assert till.see(invoice).checkout.session_id == quick[0]


def test_two_browsers_that_start_at_once_get_the_same_page(till):
    invoice = till.invoiced()
    other = []
    till.tables.meanwhile(lambda: other.append(till.start(invoice)))

    assert [till.start(invoice), *other] == ["cs_1", "cs_1"]


def test_a_page_recorded_while_it_is_being_given_up_is_closed_all_the_same(till):
    invoice = till.invoiced()
    till.gateway.forgetful = 1
    with pytest.raises(UnknownOutcome):
        till.start(invoice)
    till.tables.meanwhile(lambda: till.start(invoice))

    till.close(invoice)

    assert till.open_pages() == []
    assert till.see(invoice).checkout is None


@pytest.mark.row("C18")
def test_voiding_closes_the_page_first(till):
    invoice = till.invoiced()
    till.start(invoice)

    till.void(invoice)

    assert till.open_pages() == []
    assert till.status(invoice) == "void"
    till.must_add_up(invoice)


@pytest.mark.row("C18")
def test_what_was_paid_meanwhile_cannot_be_voided(till):
    invoice = till.invoiced()
    payment = till.gateway.pay(till.start(invoice))

    assert code_of(lambda: till.void(invoice)) == "payment_under_way"
    till.settle(payment)

    assert till.status(invoice) == "paid"
    assert code_of(lambda: till.void(invoice)) == "invoice_has_payments"


def test_a_page_opened_while_the_invoice_is_being_voided_cannot_be_paid(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.start(invoice))

    till.void(invoice)

    assert till.open_pages() == []
    assert till.status(invoice) == "void"


def test_a_page_being_opened_for_an_invoice_that_is_voided_meanwhile_is_never_shown(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.tables.meanwhile(lambda: till.void(invoice)))

    with pytest.raises(Conflict):
        till.start(invoice)

    assert till.open_pages() == []
    assert till.status(invoice) == "void"
