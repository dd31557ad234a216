"""What a receipt tells of a payment, before anybody draws it."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.document import Emphasis, Template
from chalicelib.domain.imputation import Allocation
from chalicelib.domain.journal import Envelope
from chalicelib.domain.payment import Method
from chalicelib.domain.payment_events import PaymentChanged
from chalicelib.domain.receipt import Placed, Receipt, Return, placed_on, reference_of, returns_of
from chalicelib.domain.receipt_document import method_of, receipt_document
from tests import builders as b
from tests.domain.test_document_of_invoice import BUYER, SELLER
from tests.fakes.wording import PlainWording

WORDS = PlainWording(language="en")


def told(version, refunded, at=b.NOON):
    event = PaymentChanged(
        subject="pay_1",
        version=version,
        at=at,
        client_id=b.CLIENT,
        invoice_id="inv_1",
        received=b.cad("100.00"),
        refunded=b.cad(refunded),
        disputed=b.cad("0.00"),
    )
    return Envelope.around(event, b.a_caller())


def drawn(payment, *placed, returns=()):
    receipt = Receipt(payment=payment, seller=SELLER, payer=BUYER, placed=placed, returns=returns)
    return receipt_document(receipt, template=Template.COMPACT, wording=WORDS)


def test_a_receipt_is_called_by_its_day_and_the_end_of_its_payments_id():
    payment = b.a_payment(id="pay_01K9ZQ3V7T8XW2M4N6P8R7F3K9", received_on=date(2026, 11, 22))

    assert reference_of(payment) == "R-20261122-R7F3K9"


def test_a_receipt_names_what_something_of_the_payment_is_on():
    some, none = Allocation(invoice_id="inv_2", amount=b.cad("1.00")), Allocation(invoice_id="inv_3", amount=b.cad("0"))

    assert placed_on(b.a_payment(allocations=(some, none))) == ("inv_1", "inv_2")
    assert placed_on(b.a_payment(invoice_id=None, allocations=(none,))) == ()


@pytest.mark.row("C38")
def test_what_went_back_is_told_by_its_days():
    payment = b.a_payment("100.00", refunded=b.cad("15.00"))
    history = [told(2, "10.00"), told(3, "0.00", b.later(days=1)), told(4, "15.00", b.later(hours=9.5))]

    returns = returns_of(payment, history, day_of=b.a_business().today)

    assert returns == (
        Return(day=date(2026, 3, 2), amount=b.cad("10.00")),
        Return(day=date(2026, 3, 3), amount=b.cad("-10.00")),
        Return(day=date(2026, 3, 2), amount=b.cad("15.00")),
    )


def test_what_went_back_before_the_payment_was_heard_of_is_of_that_day():
    payment = b.a_payment("100.00", refunded=b.cad("15.00"))

    assert returns_of(payment, [], day_of=b.a_business().today) == (Return(day=b.TODAY, amount=b.cad("15.00")),)


@pytest.mark.parametrize(
    ("payment", "said"),
    [
        ({"method": Method.ONLINE, "facts": b.facts()}, "Visa •••• 4242"),
        ({"method": Method.ONLINE}, "Online payment"),
        ({"method": Method.TRANSFER}, "Bank transfer"),
    ],
)
def test_the_means_of_payment_is_what_the_payer_knows_it_by(payment, said):
    assert method_of(b.a_payment(**payment), WORDS) == said


def test_a_receipt_says_for_which_invoices_how_much_and_what_is_still_due():
    invoice = replace(b.an_issued_invoice(), paid_total=b.cad("100.00"))

    document = drawn(
        b.a_payment("120.00", credited=b.cad("20.00"), reference="No 118"),
        Placed(invoice=invoice, amount=b.cad("100.00")),
    )

    row, credit = document.groups[0].rows
    figures = [WORDS.money(b.cad(amount)) for amount in ("114.98", "14.98", "100.00")]
    assert (row.description, [row.quantity, row.unit_price, row.net]) == ("Invoice 00001", figures)
    assert (credit.description, credit.net) == ("Your account", WORDS.money(b.cad("20.00")))
    assert [fact.value for fact in document.facts] == ["2026-03-02", "Cash", "No 118"]
    assert [(one.label, one.emphasis) for one in document.totals] == [("Amount received", Emphasis.FINAL)]


def test_a_receipt_says_what_went_back_and_what_the_bank_holds():
    payment = b.a_payment("100.00", refunded=b.cad("10.00"), disputed=b.cad("30.00"), applied=b.cad("60.00"))
    returns = (
        Return(day=date(2026, 3, 3), amount=b.cad("20.00")),
        Return(day=date(2026, 3, 4), amount=b.cad("-10.00")),
    )

    document = drawn(payment, Placed(invoice=b.an_issued_invoice(), amount=b.cad("60.00")), returns=returns)

    assert [one.label for one in document.totals] == [
        "Amount received",
        "Refunded on 2026-03-03",
        "Refund that failed, on 2026-03-04",
        "Disputed with the bank",
        "Left of this payment",
    ]
    assert document.totals[-1].value == WORDS.money(b.cad("60.00"))


def test_no_thanks_are_said_for_what_the_bank_took_back():
    document = drawn(b.a_payment("100.00", disputed=b.cad("30.00"), applied=b.cad("70.00")))

    assert document.panel.note == f"of which {WORDS.money(b.cad('30.00'))} is disputed with the bank"


def test_a_card_is_named_once():
    paid = b.a_payment("100.00", method=Method.ONLINE, facts=b.facts(), reference="visa 4242")

    assert [fact.value for fact in drawn(paid).facts] == ["2026-03-02", "Visa •••• 4242"]


def test_a_receipt_of_money_on_no_invoice_and_of_a_void_one():
    assert [row.description for row in drawn(b.a_payment("5.00", invoice_id=None)).groups[0].rows] == ["Your account"]
    void = replace(b.an_issued_invoice(), voided_at=b.NOON)
    (row,) = drawn(b.a_payment("5.00"), Placed(invoice=void, amount=b.cad("0.00"))).groups[0].rows
    assert (row.detail, row.unit_price) == ("Void", WORDS.money(b.cad("0.00")))
