"""Payments on instalments, and the totals that always agree."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import invoice_payments, schedule
from chalicelib.domain import payment_life as payments
from chalicelib.domain.journal import Account
from chalicelib.domain.money import Money
from tests import builders as b

AT = b.later(hours=1)
NEXT = b.later(hours=2)


def owing(amount="100", **more):
    return b.an_issued_invoice(figures=b.figures_of(amount), **more)


def pay(invoice, payment, *, at=AT):
    """Payment and invoice after the payment came in."""
    booked, _, moved = payments.received(payment, invoice, at=at)
    settled, event = invoice_payments.settled(invoice, booked, moved.to_invoice, at=at)
    return booked, settled, event


def change(invoice, payment, *, at=NEXT, **more):
    """Payment and invoice after the provider said more."""
    after, event, moved = payments.changed(payment, replace(payment, **more), invoice, at=at)
    settled, told = invoice_payments.settled(invoice, after, moved.to_invoice, before=payment, at=at)
    return after, settled, event, told


def in_three(**more):
    """30, 30 and 40."""
    parts = schedule.plan(
        [
            schedule.InstalmentTerm(amount=b.cad("30")),
            schedule.InstalmentTerm(amount=b.cad("30")),
            schedule.InstalmentTerm(remainder=True),
        ],
        b.cad("100"),
    )
    return owing(schedule=parts, **more)


def paid_of(invoice):
    return [str(amount) for amount in invoice.instalments_paid]


@pytest.mark.parametrize(
    ("amount", "meant", "paid"),
    [
        pytest.param("30", None, ["30.00", "0.00", "0.00"], id="the oldest first"),
        pytest.param("70", None, ["30.00", "30.00", "10.00"], id="then the next"),
        pytest.param("40", "3", ["0.00", "0.00", "40.00"], id="the one that was meant"),
        pytest.param("50", "3", ["10.00", "0.00", "40.00"], id="and what is left to the oldest"),
        pytest.param("120", None, ["30.00", "30.00", "40.00"], id="never more than each comes to"),
        pytest.param("0", None, ["0.00", "0.00", "0.00"], id="nothing pays nothing"),
    ],
)
def test_a_payment_fills_instalments_in_their_order(amount, meant, paid):
    _, settled, _ = pay(in_three(), b.a_payment(amount, instalment_id=meant))
    assert paid_of(settled) == paid


@pytest.mark.parametrize(
    ("back", "paid"),
    [
        pytest.param("5", ["30.00", "30.00", "5.00"], id="from the newest"),
        pytest.param("40", ["30.00", "0.00", "0.00"], id="then from the one before"),
        pytest.param("70", ["0.00", "0.00", "0.00"], id="all of it"),
    ],
)
def test_money_that_goes_back_leaves_the_newest_instalment_first(back, paid):
    payment, settled, _ = pay(in_three(), b.a_payment("70"))
    _, settled, _, _ = change(settled, payment, refunded=b.cad(back))
    assert paid_of(settled) == paid


# --- whatever happens

MONEY = st.integers(0, 300_00).map(lambda minor: Money(minor, "CAD"))
NEWS = st.tuples(st.integers(0, 2), MONEY, MONEY)


@pytest.mark.row("C31", "C9", "C27")
@given(amounts=st.lists(MONEY, min_size=3, max_size=3), news=st.lists(NEWS, max_size=8))
def test_whatever_comes_and_goes_the_totals_agree(amounts, news):
    """due = total - paid; paid = what each payment has on the invoice; instalments = paid; postings sum to nothing."""
    invoice, held, booked = in_three(), [], []
    for n, amount in enumerate(amounts):
        payment, event, moved = payments.received(b.a_payment(amount, id=f"pay_{n}"), invoice, at=AT)
        invoice, _ = invoice_payments.settled(invoice, payment, moved.to_invoice, at=AT)
        held.append(payment)
        booked.append(event)
    for n, refunded, disputed in news:
        now = replace(held[n], refunded=refunded, disputed=disputed, under_dispute=disputed)
        after, event, moved = payments.changed(held[n], now, invoice, at=AT)
        invoice, _ = invoice_payments.settled(invoice, after, moved.to_invoice, before=held[n], at=AT)
        held[n] = after
        booked.append(event)

    assert invoice.paid_total == sum((payment.applied for payment in held), b.cad("0"))
    assert invoice.amount_due == invoice.figures.amount_due - invoice.paid_total
    assert b.cad("0") <= invoice.paid_total <= b.cad("100")
    assert sum(invoice.instalments_paid, b.cad("0")) == invoice.paid_total
    assert invoice.refunded_total == sum((payment.refunded for payment in held), b.cad("0"))
    assert [payment.kept for payment in held] == [payments.kept_of(payment) for payment in held]
    assert all(payment.credited.minor >= 0 and payment.applied.minor >= 0 for payment in held)
    assert (invoice.paid_at is not None) == (invoice.amount_due.minor == 0)
    assert all(sum(posting.amount.minor for posting in event.postings) == 0 for event in booked)
    receivable = sum(p.amount.minor for event in booked for p in event.postings if p.account is Account.RECEIVABLE)
    assert receivable == -invoice.paid_total.minor
