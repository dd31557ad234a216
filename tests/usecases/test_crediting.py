"""Credit notes over tables in memory: what they take back, what they free, and what the books say then."""

import pytest

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.credit_parts import Wish
from chalicelib.domain.errors import Refused
from chalicelib.domain.journal import Account
from chalicelib.ports import Filter
from chalicelib.usecases import allocating, crediting
from chalicelib.usecases.crediting import Crediting
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.till import Till


@pytest.fixture
def till() -> Till:
    return Till()


def credit(till, invoice, **more):
    return crediting.credit(
        invoice.id,
        Crediting(reason="Trop cher", **more),
        now=till.clock(),
        ids=till.ids,
        store=till.store(),
        gateway=lambda: till.gateway,
        press=a_press(),
    )


def test_an_unpaid_invoice_credited_wholly_is_due_no_more(till):
    invoice = till.invoiced()
    note = credit(till, invoice)
    assert (note.number, f"{note.figures.total}", f"{note.freed}") == ("CN-00001", "114.98", "0.00")
    assert till.totals(invoice) | {"credited": f"{till.see(invoice).credited_total}"} == {
        "paid_total": "0.00",
        "amount_due": "0.00",
        "refunded_total": "0.00",
        "disputed_total": "0.00",
        "credited": "114.98",
    }
    assert all(amount == 0 for amount in till.ledger().values())
    assert till.balance().amount_due == b.cad("0")


def test_what_was_paid_beyond_the_credited_invoice_is_the_clients_credit(till):
    invoice = till.invoiced()
    till.take(invoice, "100.00")
    till.take(invoice, "14.98")
    note = credit(till, invoice, amount=b.cad("20.00"))
    assert f"{note.freed}" == "20.00"
    assert [(f"{p.applied}", f"{p.credited}") for p in till.payments(invoice)] == [("94.98", "5.02"), ("0.00", "14.98")]
    assert till.status(invoice) == "paid"
    assert till.balance().credit_total == b.cad("20")
    assert till.ledger()[Account.CUSTOMER_CREDIT] == -2000
    till.must_add_up(invoice)


def test_credit_that_was_freed_pays_another_invoice(till):
    first, second = till.invoiced(), till.invoiced()
    payment = till.take(first, "114.98")
    credit(till, first)
    allocating.allocate(payment.id, second.id, None, now=till.clock(), store=till.store())
    assert till.status(second) == "paid"
    assert till.balance().credit_total == b.cad("0")
    till.must_add_up(first, second)


def test_no_more_is_credited_than_the_invoice_comes_to(till):
    invoice = till.invoiced()
    credit(till, invoice, lines={"1": Wish(amount=b.cad("60"))})
    with pytest.raises(Exception, match="left to be credited"):
        credit(till, invoice, lines={"1": Wish(amount=b.cad("60"))})
    credit(till, invoice)
    with pytest.raises(Refused, match="comes to nothing"):
        credit(till, invoice)
    notes = till.store().page(CreditNote, Filter(parent=invoice.id), limit=10).rows
    assert sum(note.figures.total.minor for note in notes) == 11498
    assert [note.number for note in notes] == ["CN-00002", "CN-00001"]
