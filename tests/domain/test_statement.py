"""A client's account folded from events: what each movement is, and how old is what is open."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.document import Standing, Template
from chalicelib.domain.events import InvoiceIssued
from chalicelib.domain.journal import Account, Event, Posting
from chalicelib.domain.party import Party
from chalicelib.domain.payment_events import PaymentChanged, PaymentReceived
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.statement import Aging, Kind, Ledger, Movement, Statement, aged
from chalicelib.domain.statement_document import statement_document
from tests import builders as b
from tests.fakes.wording import PlainWording

ZERO = b.cad("0")
DUE = {"inv_1": b.TODAY}


def a_ledger():
    return Ledger(currency="CAD", since=b.TODAY, day_of=b.a_business().today)


def on_receivable(amount, code=""):
    return (Posting(Account.RECEIVABLE, b.cad(amount), code), Posting(Account.CLEARING, b.cad(f"{-float(amount):.2f}")))


def issued():
    return InvoiceIssued(
        subject="inv_1",
        version=2,
        at=b.NOON,
        number="00001",
        client_id=b.CLIENT,
        total=b.cad("100.00"),
        due_date=b.TODAY,
        postings=on_receivable("100.00"),
    )


def changed(version, amount, *, refunded="0.00", disputed="0.00", received="100.00"):
    return PaymentChanged(
        subject="pay_1",
        version=version,
        at=b.NOON,
        client_id=b.CLIENT,
        invoice_id="inv_1",
        received=b.cad(received),
        refunded=b.cad(refunded),
        disputed=b.cad(disputed),
        postings=on_receivable(amount),
    )


def test_what_became_of_a_payment_is_told_by_what_changed():
    ledger = a_ledger()
    for event in (
        issued(),
        PaymentReceived(
            subject="pay_1",
            version=1,
            at=b.NOON,
            client_id=b.CLIENT,
            amount=b.cad("100.00"),
            method="online",
            invoice_id="inv_1",
            postings=on_receivable("-100.00"),
        ),
        changed(2, "10.00", refunded="10.00"),
        changed(3, "-10.00"),
        changed(4, "100.00", disputed="100.00"),
        changed(5, "-100.00"),
        changed(6, "-5.00", received="105.00"),
    ):
        ledger.take(event)

    assert [one.kind for one in ledger.movements] == [
        Kind.INVOICE,
        Kind.PAYMENT,
        Kind.REFUND,
        Kind.REFUND_FAILED,
        Kind.DISPUTE,
        Kind.DISPUTE_ENDED,
        Kind.PAYMENT,
    ]
    assert {one.invoices for one in ledger.movements[1:]} == {("00001",)}
    assert ledger.movements[-1].balance == b.cad("-5.00")


def test_a_kind_of_booking_that_is_new_is_an_adjustment_and_never_left_out():
    ledger = a_ledger()

    ledger.take(Event(subject="fee_1", version=1, at=b.NOON, postings=on_receivable("7.00")))

    assert [(one.kind, one.amount) for one in ledger.movements] == [(Kind.ADJUSTMENT, b.cad("7.00"))]


def test_another_currency_is_another_account():
    ledger = Ledger(currency="USD", since=b.TODAY, day_of=b.a_business().today)

    ledger.take(issued())

    assert ledger.movements == []
    assert not ledger.receivable


@pytest.mark.row("C38")
@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        pytest.param(0, "current", id="on the day it is due"),
        pytest.param(1, "days_1_30", id="the day after"),
        pytest.param(30, "days_1_30", id="thirty days"),
        pytest.param(31, "days_31_60", id="one more"),
        pytest.param(60, "days_31_60", id="sixty"),
        pytest.param(61, "days_61_90", id="one more"),
        pytest.param(90, "days_61_90", id="ninety"),
        pytest.param(91, "over_90", id="and older"),
    ],
)
def test_what_is_open_is_as_old_as_it_has_been_due(days, bucket):
    owed = {"inv_1": b.cad("100.00")}

    aging = aged(owed, DUE, (), on=b.TODAY + timedelta(days=days), currency="CAD")

    assert getattr(aging, bucket) == b.cad("100.00")
    assert sum(aging.parts, ZERO) == b.cad("100.00")
    assert aging.overdue == (ZERO if bucket == "current" else b.cad("100.00"))


@pytest.mark.parametrize(
    ("paid", "open_", "parts"),
    [
        pytest.param("0.00", "114.98", ("57.49", "57.49"), id="nothing is paid"),
        pytest.param("57.49", "57.49", ("57.49", "0.00"), id="the first is paid"),
        pytest.param("57.49", "77.49", ("57.49", "20.00"), id="more was open then: the oldest was paid first"),
    ],
)
def test_an_invoice_in_instalments_is_as_old_as_each_of_them(paid, open_, parts):
    invoice = b.an_issued_invoice(b.content(schedule=b.halves()), schedule=HALVES)
    first, second = HALVES
    counted = replace(invoice, paid_total=b.cad(paid), instalments_paid=(b.cad(paid), ZERO))

    aging = aged({"inv_1": b.cad(open_)}, DUE, (counted,), on=second.due_on, currency="CAD")

    assert first.due_on < second.due_on
    assert (aging.current, aging.days_1_30) == tuple(b.cad(part) for part in parts)


HALVES = (
    Instalment(id="a", label="", amount=b.cad("57.49"), due_on=b.TODAY),
    Instalment(id="b", label="", amount=b.cad("57.49"), due_on=b.TODAY + timedelta(days=30)),
)


def a_statement(**more):
    aging = Aging(current=b.cad("60.00"), days_1_30=b.cad("40.00"), days_31_60=ZERO, days_61_90=ZERO, over_90=ZERO)
    movement = Movement(
        day=b.TODAY,
        at=b.NOON,
        kind=Kind.INVOICE,
        id="inv_1",
        number="00001",
        due_on=date(2026, 4, 1),
        amount=b.cad("100.00"),
        balance=b.cad("100.00"),
    )
    plain = {
        "client_id": b.CLIENT,
        "since": date(2026, 3, 1),
        "until": date(2026, 3, 31),
        "opening": ZERO,
        "movements": (movement,),
        "receivable": b.cad("100.00"),
        "credit": ZERO,
        "aging": aging,
    }
    return Statement(**plain | more)


def a_document(**more):
    return statement_document(
        a_statement(**more),
        seller=b.a_business().as_seller(),
        client=Party(name="Marie Gagnon"),
        template=Template.CLASSIC,
        wording=PlainWording(language="en"),
    )


def test_a_statement_says_what_is_due_and_of_that_what_is_late():
    document = a_document()

    assert (document.title, document.dated, document.template) == ("Statement", date(2026, 3, 31), Template.CLASSIC)
    assert document.panel.label == "Balance due"
    assert "2026-03-31" in document.panel.note
    assert "40.00" in document.panel.note
    opening, row = document.groups[0].rows
    assert (opening.day, opening.description, opening.quantity) == ("2026-03-01", "Opening balance", "")
    assert (row.day, row.description, row.detail) == ("2026-03-02", "Invoice 00001", "Due 2026-04-01")
    assert [one.standing for one in document.schedule.instalments] == [Standing.UPCOMING, *[Standing.DUE] * 4]
    assert [one.share for one in document.schedule.instalments] == [600, 400, 0, 0, 0]


def test_a_client_with_credit_alone_has_it_in_its_favour():
    nothing = Aging(current=ZERO, days_1_30=ZERO, days_31_60=ZERO, days_61_90=ZERO, over_90=ZERO)

    document = a_document(receivable=ZERO, credit=b.cad("20.00"), aging=nothing)

    assert (document.panel.label, document.panel.note) == ("In your favour", "on 2026-03-31")
    assert document.schedule is None
    assert [one.label for one in document.totals][-3:] == ["Invoices to be paid", "Your credit", "Closing balance"]
