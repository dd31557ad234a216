"""Somebody else at the same invoice while it is credited: whoever is quicker, no cent is credited or freed twice."""

import pytest

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import AlreadyDone
from chalicelib.ports import Filter
from chalicelib.usecases import crediting
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.test_crediting import credit
from tests.usecases.till import Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


def notes(till, invoice):
    return till.store().page(CreditNote, Filter(parent=invoice.id), limit=100).rows


@pytest.mark.row("C25")
def test_two_at_once_credit_what_is_there_once(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: credit(till, invoice, amount=b.cad("100")))

    note = credit(till, invoice)

    assert f"{note.figures.total}" == "14.98"
    assert {one.number for one in notes(till, invoice)} == {"CN-00001", "CN-00002"}
    assert till.see(invoice).amount_due == b.cad("0")
    till.must_add_up(invoice)


@pytest.mark.row("C31")
def test_a_payment_that_comes_first_is_freed(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.take(invoice, "114.98"))

    note = credit(till, invoice, amount=b.cad("20"))

    assert f"{note.freed}" == "20.00"
    assert (till.status(invoice), till.balance().credit_total) == ("paid", b.cad("20"))
    till.must_add_up(invoice)


def test_a_void_that_comes_first_leaves_nothing_to_credit(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.void(invoice))

    assert code_of(lambda: credit(till, invoice)) == "invoice_void"
    assert notes(till, invoice) == ()


def test_an_open_page_is_closed_before_it_asks_for_too_much(till):
    invoice = till.invoiced()
    till.start(invoice)

    credit(till, invoice, amount=b.cad("20"))

    assert (till.open_pages(), till.see(invoice).checkout) == ([], None)
    assert till.start(invoice) == "cs_2"
    assert till.gateway.sessions[-1].amount == b.cad("94.98")


def test_a_page_that_was_paid_meanwhile_is_booked_first(till):
    invoice = till.invoiced()
    till.gateway.pay(till.start(invoice))

    assert code_of(lambda: credit(till, invoice)) == "payment_under_way"
    assert notes(till, invoice) == ()


def test_a_credit_that_is_refused_closes_no_page(till):
    invoice = till.invoiced()
    page = till.start(invoice)

    assert code_of(lambda: credit(till, invoice, amount=b.cad("114.99"))) == "more_than_left"
    assert till.open_pages() == [page]


@pytest.mark.row("C7")
def test_a_crash_before_or_after_the_write_credits_once(till):
    invoice = till.invoiced()
    till.take(invoice, "114.98")
    before = credit(till, invoice, amount=b.cad("50"))
    with pytest.raises(AlreadyDone):
        crediting._issued(
            before.id,
            till.see(invoice),
            crediting.content_to_credit(till.see(invoice), crediting.Crediting(reason="again"), till.store()),
            crediting.Crediting(reason="again"),
            now=till.clock(),
            store=till.store(),
            press=a_press(),
        )
    assert [one.id for one in notes(till, invoice)] == [before.id]
    till.must_add_up(invoice)


def test_what_too_many_payments_brought_is_not_freed_at_once(till):
    invoice = till.invoiced()
    for _ in range(crediting.MOST_FREED + 1):
        till.take(invoice, "1.00")
    till.take(invoice, f"{invoice.amount_due.decimal - crediting.MOST_FREED - 1}")

    assert code_of(lambda: credit(till, invoice)) == "too_many_payments"
    assert notes(till, invoice) == ()
    credit(till, invoice, amount=b.cad("100"))
    till.must_add_up(invoice)
