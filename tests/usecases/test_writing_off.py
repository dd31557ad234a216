"""Debts given up and taken up again, over tables in memory."""

import pytest

from chalicelib.domain.journal import Account
from chalicelib.domain.settlement import DisputeStatus
from chalicelib.usecases import crediting, writing_off
from chalicelib.usecases.crediting import Crediting
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.till import Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


def give_up(till, invoice, **more):
    return writing_off.write_off(
        invoice.id,
        reason="Faillite",
        now=till.clock(),
        store=till.store(),
        gateway=lambda: till.gateway,
        **more,
    )


def restore(till, invoice):
    return writing_off.restore(invoice.id, now=till.clock(), store=till.store())


def test_what_is_given_up_is_a_loss_and_due_no_more(till):
    invoice = till.invoiced()
    till.take(invoice, "14.98")
    given_up = give_up(till, invoice)

    assert (f"{given_up.written_off}", f"{given_up.amount_due}", till.status(invoice)) == (
        "100.00",
        "0.00",
        "written_off",
    )
    assert given_up.paid_at is None
    ledger = till.ledger()
    assert (ledger[Account.BAD_DEBT], ledger[Account.RECEIVABLE]) == (100_00, 0)
    assert (ledger[Account.TAX], ledger[Account.REVENUE]) == (-14_98, -100_00), "it is a loss, not a correction"
    till.must_add_up(invoice)

    restored = restore(till, invoice)
    assert (f"{restored.amount_due}", till.status(invoice)) == ("100.00", "partially_paid")
    assert till.ledger()[Account.BAD_DEBT] == 0
    till.take(invoice, "100.00")
    assert till.status(invoice) == "paid"
    till.must_add_up(invoice)


def test_what_cannot_be_given_up(till):
    paid, void, disputed = (till.invoiced() for _ in range(3))
    till.take(paid, "114.98")
    till.void(void)
    intent = till.paid_online(disputed)
    till.gateway.dispute(intent, b.cad("10.00"))
    till.settle(intent)
    codes = [code_of(lambda one=one: give_up(till, one)) for one in (paid, void, disputed)]
    assert codes == ["nothing_due", "invoice_void", "invoice_disputed"]
    assert code_of(lambda: restore(till, paid)) == "not_written_off"
    assert code_of(lambda: give_up(till, till.invoiced(), if_match=9)) == "stale"


def test_an_invoice_given_up_is_neither_void_nor_credited_before_it_is_restored(till):
    """Its receivable is gone already; taking it back once more would leave the books below nothing."""
    invoice = till.invoiced()
    give_up(till, invoice)
    assert code_of(lambda: till.void(invoice)) == "invoice_written_off"

    def credit():
        wish = Crediting(reason="Trop cher")
        parts = {"now": till.clock(), "ids": till.ids, "store": till.store(), "gateway": lambda: till.gateway}
        return crediting.credit(invoice.id, wish, press=a_press(), **parts)

    assert code_of(credit) == "invoice_written_off"
    restore(till, invoice)
    till.void(invoice)
    till.must_add_up(invoice)


def test_the_page_to_pay_is_closed_before_a_debt_is_given_up(till):
    invoice = till.invoiced()
    till.start(invoice)
    give_up(till, invoice)
    assert till.open_pages() == []
    assert code_of(lambda: till.start(invoice)) == "nothing_due"


@pytest.mark.row("C9")
def test_a_client_who_pays_at_that_moment_is_believed(till):
    invoice = till.invoiced()
    payment = till.gateway.pay(till.start(invoice))
    assert code_of(lambda: give_up(till, invoice)) == "payment_under_way"
    till.settle(payment)
    assert till.status(invoice) == "paid"

    other = till.invoiced()
    till.tables.meanwhile(lambda: till.take(other, "100.00"))
    assert f"{give_up(till, other).written_off}" == "14.98"
    till.must_add_up(invoice, other)


def test_money_that_is_lost_after_the_rest_was_given_up_is_due_again(till):
    invoice = till.invoiced(b.content(schedule=b.halves()))
    intent = till.paid_online(invoice, "due")
    give_up(till, invoice)
    dispute = till.gateway.dispute(intent, b.cad("57.49"))
    till.gateway.decide(intent, dispute, DisputeStatus.LOST)
    till.settle(intent)
    assert (f"{till.see(invoice).amount_due}", till.status(invoice)) == ("57.49", "issued")
    till.must_add_up(invoice)
    assert f"{give_up(till, invoice).written_off}" == "114.98"
    till.must_add_up(invoice)


def test_whoever_dies_gives_up_all_or_nothing(till):
    invoice = till.invoiced()
    till.tables.fail_next(ConnectionError())
    with pytest.raises(ConnectionError):
        give_up(till, invoice)
    assert till.status(invoice) == "issued"
    till.tables.lose_next_answer(ConnectionError())
    with pytest.raises(ConnectionError):
        give_up(till, invoice)
    assert (till.status(invoice), code_of(lambda: give_up(till, invoice))) == ("written_off", "nothing_due")
    till.must_add_up(invoice)
