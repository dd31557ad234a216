"""Money received: where it goes, how it comes back, and what is booked for it."""

from dataclasses import replace

import pytest

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain import invoice_payments
from chalicelib.domain import payment_life as payments
from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.journal import Account, Posting
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Applied, Method
from chalicelib.domain.payment_events import (
    InvoicePaid,
    InvoiceSettled,
    PaymentChanged,
    PaymentQuarantined,
    PaymentReceived,
)
from tests import builders as b

AT = b.later(hours=1)
NEXT = b.later(hours=2)


def owing(amount="100", **more):
    return b.an_issued_invoice(figures=b.figures_of(amount), **more)


def share(to_invoice, to_credit):
    return Applied(to_invoice=b.cad(to_invoice), to_credit=b.cad(to_credit))


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


# --- in


@pytest.mark.row("P44", "C33")
@pytest.mark.parametrize(
    ("amount", "to_invoice", "to_credit"),
    [
        pytest.param("40", "40", "0", id="less than is due goes to the invoice"),
        pytest.param("100", "100", "0", id="so does all that is due"),
        pytest.param("130", "100", "30", id="what is too much becomes credit"),
    ],
)
def test_a_payment_fills_what_is_due_and_the_rest_is_credit(amount, to_invoice, to_credit):
    booked, event, moved = payments.received(b.a_payment(amount), owing(), at=AT)

    assert moved == share(to_invoice, to_credit)
    assert booked == b.a_payment(amount, applied=b.cad(to_invoice), credited=b.cad(to_credit))
    assert booked.kept == b.cad(amount)
    credit = (Posting(Account.CUSTOMER_CREDIT, -b.cad(to_credit)),) if b.cad(to_credit) else ()
    assert event == PaymentReceived(
        subject="pay_1",
        version=1,
        at=AT,
        client_id="cli_1",
        invoice_id="inv_1",
        amount=b.cad(amount),
        method="cash",
        credited=b.cad(to_credit),
        postings=(
            Posting(Account.CASH, b.cad(amount)),
            Posting(Account.RECEIVABLE, -b.cad(to_invoice)),
            *credit,
        ),
    )


def test_money_through_the_provider_is_on_its_way_first():
    _, event, _ = payments.received(b.a_payment("40", method=Method.ONLINE), owing(), at=AT)
    assert event.postings[0] == Posting(Account.CLEARING, b.cad("40"))


def test_a_void_invoice_takes_nothing():
    void, _ = invoices.voided(owing(), reason=None, at=AT)
    booked, settled, event = pay(void, b.a_payment("100"))
    assert (booked.applied, booked.credited) == (b.cad("0"), b.cad("100"))
    assert (settled.paid_total, settled.paid_at, status_of(settled, b.TODAY)) == (b.cad("0"), None, InvoiceStatus.VOID)
    assert type(event) is InvoiceSettled


def test_an_invoice_that_was_paid_already_takes_nothing_more():
    _, paid, _ = pay(owing(), b.a_payment("100"))
    booked, settled, event = pay(paid, b.a_payment("100", id="pay_2"), at=NEXT)
    assert (booked.applied, booked.credited) == (b.cad("0"), b.cad("100"))
    assert (settled.amount_due, settled.paid_at) == (b.cad("0"), AT)
    assert type(event) is InvoiceSettled


def test_what_had_gone_back_before_the_payment_was_first_heard_of_never_counts():
    payment = b.a_payment("100", method=Method.ONLINE, refunded=b.cad("30"))
    booked, event, moved = payments.received(payment, owing(), at=AT)
    assert (moved, booked.kept) == (share("70", "0"), b.cad("70"))
    assert event.postings == (Posting(Account.CLEARING, b.cad("70")), Posting(Account.RECEIVABLE, b.cad("-70")))


def test_money_of_another_currency_is_refused():
    with pytest.raises(Invalid, match="cannot be added"):
        pay(owing(), b.a_payment(Money(100_00, "EUR")))


@pytest.mark.row("P27")
def test_an_invoice_is_paid_with_the_payment_that_leaves_nothing_due():
    _, partly, first = pay(owing(), b.a_payment("40"))
    _, wholly, second = pay(partly, b.a_payment("60", id="pay_2"), at=NEXT)

    assert (status_of(partly, b.TODAY), partly.paid_at) == (InvoiceStatus.PARTIALLY_PAID, None)
    assert first == InvoiceSettled(
        subject="inv_1", version=3, at=AT, payment_id="pay_1", paid_total=b.cad("40"), amount_due=b.cad("60")
    )
    assert (status_of(wholly, b.TODAY), wholly.paid_at, wholly.version) == (InvoiceStatus.PAID, NEXT, 4)
    assert second == InvoicePaid(
        subject="inv_1", version=4, at=NEXT, payment_id="pay_2", paid_total=b.cad("100"), amount_due=b.cad("0")
    )


# --- back


@pytest.mark.row("C34")
def test_a_refund_takes_the_credit_first_and_then_the_invoice():
    payment, invoice, _ = pay(owing(), b.a_payment("130", method=Method.ONLINE))

    payment, invoice, event, told = change(invoice, payment, refunded=b.cad("50"))
    assert (payment.applied, payment.credited, payment.version) == (b.cad("80"), b.cad("0"), 2)
    assert (invoice.paid_total, invoice.refunded_total, invoice.amount_due) == (b.cad("80"), b.cad("50"), b.cad("20"))
    assert (invoice.paid_at, invoice.refunded_at) == (None, None)
    assert status_of(invoice, b.TODAY) is InvoiceStatus.PARTIALLY_REFUNDED
    assert event == PaymentChanged(
        subject="pay_1",
        version=2,
        at=NEXT,
        client_id="cli_1",
        invoice_id="inv_1",
        received=b.cad("130"),
        refunded=b.cad("50"),
        disputed=b.cad("0"),
        postings=(
            Posting(Account.CLEARING, b.cad("-50")),
            Posting(Account.RECEIVABLE, b.cad("20")),
            Posting(Account.CUSTOMER_CREDIT, b.cad("30")),
        ),
    )
    assert told == InvoiceSettled(
        subject="inv_1", version=4, at=NEXT, payment_id="pay_1", paid_total=b.cad("80"), amount_due=b.cad("20")
    )


def test_an_invoice_whose_money_all_went_back_is_refunded():
    payment, invoice, _ = pay(owing(), b.a_payment("100"))
    _, invoice, _, _ = change(invoice, payment, refunded=b.cad("100"))
    assert (invoice.refunded_at, invoice.paid_at) == (NEXT, None)
    assert status_of(invoice, b.TODAY) is InvoiceStatus.REFUNDED


def test_a_refund_that_failed_brings_the_money_back():
    payment, invoice, _ = pay(owing(), b.a_payment("100"))
    payment, invoice, _, _ = change(invoice, payment, refunded=b.cad("100"))
    payment, invoice, _, told = change(invoice, payment, refunded=b.cad("0"), at=b.later(hours=3))
    assert (payment.applied, invoice.paid_total, invoice.refunded_total) == (b.cad("100"), b.cad("100"), b.cad("0"))
    assert type(told) is InvoicePaid
    assert invoice.paid_at == b.later(hours=3)


@pytest.mark.row("C35")
def test_a_dispute_holds_the_money_back_and_a_won_one_gives_it_again():
    payment, invoice, _ = pay(owing(), b.a_payment("100"))
    payment, invoice, _, _ = change(invoice, payment, disputed=b.cad("100"), under_dispute=b.cad("100"))
    assert (invoice.paid_total, invoice.disputed_total) == (b.cad("0"), b.cad("100"))
    assert status_of(invoice, b.TODAY) is InvoiceStatus.DISPUTED

    _, invoice, _, told = change(invoice, payment, disputed=b.cad("0"), under_dispute=b.cad("0"))
    assert (invoice.paid_total, invoice.disputed_total) == (b.cad("100"), b.cad("0"))
    assert type(told) is InvoicePaid
    assert status_of(invoice, b.TODAY) is InvoiceStatus.PAID


@pytest.mark.row("C35")
def test_a_dispute_that_was_lost_leaves_the_invoice_to_be_paid():
    payment, invoice, _ = pay(owing(), b.a_payment("100"))
    payment, invoice, _, _ = change(invoice, payment, disputed=b.cad("100"), under_dispute=b.cad("100"))
    _, invoice, event, _ = change(invoice, payment, under_dispute=b.cad("0"))
    assert (invoice.amount_due, invoice.disputed_total) == (b.cad("100"), b.cad("0"))
    assert status_of(invoice, b.TODAY) is InvoiceStatus.ISSUED
    assert event.postings == ()


def test_never_more_goes_back_than_was_kept():
    payment, invoice, _ = pay(owing(), b.a_payment("100"))
    payment, invoice, _, _ = change(invoice, payment, refunded=b.cad("60"), disputed=b.cad("100"))
    assert (payment.kept, invoice.paid_total) == (b.cad("0"), b.cad("0"))


def test_news_that_changes_nothing_moves_nothing():
    payment, invoice, _ = pay(owing(), b.a_payment("100"))
    after, settled, event, told = change(invoice, payment)
    assert (after, settled) == (replace(payment, version=2), replace(invoice, version=4))
    assert event.postings == ()
    assert type(told) is InvoiceSettled


# --- money that belongs to no invoice


def test_money_that_cannot_be_matched_waits_on_an_account_of_its_own():
    payment = b.a_payment("50", method=Method.ONLINE, client_id=None, invoice_id=None, quarantine="no invoice")
    event = payments.quarantined(payment, at=AT)
    assert event == PaymentQuarantined(
        subject="pay_1",
        version=1,
        at=AT,
        reason="no invoice",
        amount=b.cad("50"),
        postings=(Posting(Account.CLEARING, b.cad("50")), Posting(Account.UNMATCHED, b.cad("-50"))),
    )


def test_what_becomes_known_of_unmatched_money_is_booked_there():
    payment = b.a_payment("50", method=Method.ONLINE, client_id=None, invoice_id=None)
    after, event = payments.noted(payment, replace(payment, refunded=b.cad("20")), at=AT)
    assert after == replace(payment, version=2, refunded=b.cad("20"))
    assert event == PaymentChanged(
        subject="pay_1",
        version=2,
        at=AT,
        client_id=None,
        invoice_id=None,
        received=b.cad("50"),
        refunded=b.cad("20"),
        disputed=b.cad("0"),
        postings=(Posting(Account.CLEARING, b.cad("-20")), Posting(Account.UNMATCHED, b.cad("20"))),
    )
