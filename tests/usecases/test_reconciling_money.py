"""Fees and payouts, booked from what moved on the balance."""

import pytest

from chalicelib.domain.invariants import of_clearing
from chalicelib.domain.journal import Account
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout
from chalicelib.domain.reconciliation import What
from tests import builders as b
from tests.usecases.comparison import Comparison, paid


@pytest.fixture
def compared():
    return Comparison()


def test_a_fee_is_booked_once_and_its_difference_when_it_changes(compared):
    _, payment = paid(compared, told=False)
    compared.till.settle(payment)
    compared.gateway.charge_fee(payment, "3.63", at=compared.till.clock())
    compared.pass_(minutes=20)
    compared.compare()
    assert compared.work() == [("settle", payment, "balance")]
    ledger = compared.till.ledger()
    assert (ledger[Account.FEES], ledger[Account.CLEARING]) == (363, 11498 - 363)
    compared.gateway.tell_fee(payment, b.cad("4.00"))
    compared.till.settle(payment)
    assert compared.till.ledger()[Account.FEES] == 400
    assert sum(compared.till.ledger().values()) == 0


def test_a_fee_in_the_accounts_own_currency_is_booked_in_it_and_never_converted(compared):
    _, payment = paid(compared, told=False)
    compared.gateway.tell_fee(payment, Money(250, "EUR"))
    compared.till.settle(payment)
    postings = [p for e in compared.till.tables.journal() for p in e.event.postings if p.account is Account.FEES]
    assert [f"{each.amount} {each.amount.currency}" for each in postings] == ["2.50 EUR"]
    (booked,) = compared.till.payments()
    assert (f"{booked.costs.fee_in('EUR')}", f"{booked.costs.fee_in('CAD')}") == ("2.50", "0.00")


def test_a_payout_is_booked_once_with_what_is_in_it(compared):
    _, payment = paid(compared, told=False)
    compared.till.settle(payment)
    charge = compared.gateway.charge_fee(payment, "3.63", at=compared.till.clock())
    compared.till.settle(payment)
    compared.gateway.paid["po_1"] = [charge]
    moved = compared.gateway.move("payout", b.cad("-111.35"), at=compared.till.clock(), source="po_1")
    compared.pass_(minutes=20)
    for _ in range(2):
        compared.compare()
        compared.pass_(days=1)
    payout = compared.till.store().get(Payout, "po_1")
    assert (payout.version, f"{payout.amount}", payout.movements) == (1, "111.35", (moved.id,))
    assert [(part.payment_intent_id, f"{part.fee}") for part in payout.parts] == [(payment, "3.63")]
    ledger = compared.till.ledger()
    assert (ledger[Account.BANK], ledger[Account.CLEARING], sum(ledger.values())) == (11135, 0, 0)
    payments = compared.till.payments()
    assert not list(of_clearing(payments, compared.till.tables.journal(), compared.gateway.moved, [payout]))


def test_a_payout_that_the_bank_sends_back_is_on_the_balance_again(compared):
    compared.gateway.move("payout", b.cad("-50"), at=compared.till.clock(), source="po_1")
    compared.gateway.move("payout", b.cad("50"), at=compared.till.clock(), source="po_1")
    compared.pass_(minutes=20)
    compared.compare()
    compared.pass_(days=1)
    compared.compare()
    payout = compared.till.store().get(Payout, "po_1")
    assert (f"{payout.amount}", f"{payout.returned}", payout.version) == ("50.00", "50.00", 2)
    assert compared.till.ledger()[Account.BANK] == 0


def test_what_moved_and_is_nothing_that_we_book_is_reported_once(compared):
    compared.gateway.move("stripe_fee", b.cad("-2"), at=compared.till.clock())
    compared.pass_(minutes=20)
    compared.compare()
    compared.pass_(days=1)
    compared.compare()
    (found,) = compared.findings()
    assert (found.what, found.because, f"{found.amount}") == (What.MOVEMENT, "stripe_fee", "-2.00")
