"""What a credit note says on paper, before anybody draws it."""

from datetime import date
from decimal import Decimal

from chalicelib.domain import credit_note as notes
from chalicelib.domain.credit_note_document import credit_note_document
from chalicelib.domain.credit_parts import Wish, part, so_far
from chalicelib.domain.document import Emphasis, Template
from chalicelib.domain.numbering import Number
from chalicelib.domain.sales import parties_of, worked_out
from tests import builders as b
from tests.domain.test_document_of_invoice import BUYER, SELLER, PlainWording


def a_document(*, wish=None, **content):
    sold, figures = worked_out(b.content(**content))
    credited, some = worked_out(part("inv_1", sold, so_far(sold, ()), {"1": wish or Wish(amount=b.cad("50"))}))
    invoice = b.an_invoice(
        figures=figures, schedule=(), number="F-00007", issue_date=date(2026, 3, 2), template=Template.COMPACT
    )
    number = Number(
        id="CN-00001", series=notes.SERIES, seq=1, year=None, document_id="crn_1", issue_date=date(2026, 3, 9)
    )
    note, _ = notes.issued("crn_1", invoice, some, number=number, reason="Trop cher", send=False, at=b.NOON)
    parties = parties_of("crn_1", credited, seller=SELLER, buyer=BUYER)
    return credit_note_document(note, credited, parties, wording=PlainWording())


def test_it_names_the_invoice_that_it_corrects_by_number_and_day():
    document = a_document()

    assert (document.title, document.number, document.heading) == (
        "Credit note",
        "No. CN-00001",
        "Credit note CN-00001",
    )
    assert [(fact.label, fact.value) for fact in document.facts] == [
        ("Issue date", "2026-03-09"),
        ("Invoice corrected", "F-00007"),
        ("Invoice date", "2026-03-02"),
    ]
    assert document.panel is not None
    assert document.panel.note == "Corrects invoice F-00007 of 2026-03-02"
    assert [(passage.title, passage.paragraphs) for passage in document.passages] == [("Reason", ("Trop cher",))]
    assert (document.template, document.dated, document.stamp, document.pay_url) == (
        Template.COMPACT,
        date(2026, 3, 9),
        "",
        "",
    )


def test_its_amounts_are_above_zero_and_each_tax_stands_by_itself():
    document = a_document()

    assert [(total.label, total.value) for total in document.totals] == [
        ("Subtotal", "50.00 CAD"),
        ("TPS 5%", "2.50 CAD"),
        ("TVQ 9.975%", "4.99 CAD"),
        ("Total credited", "57.49 CAD"),
    ]
    assert document.totals[-1].emphasis is Emphasis.FINAL


def test_what_the_client_had_prepaid_is_not_credited_as_due():
    document = a_document(wish=Wish(), prepaid=b.cad("14.98"))

    assert [total.label for total in document.totals][-3:] == ["Total", "Already paid", "Total credited"]
    assert document.panel is not None
    assert document.panel.amount == document.totals[-1].value == "100.00 CAD"


def test_a_quantity_is_credited_as_it_was_sold():
    document = a_document(wish=Wish(quantity=Decimal("0.5")))

    ((row,),) = (group.rows for group in document.groups)
    assert (row.quantity, row.unit_price, row.net) == ("0.5", "100 CAD", "50.00 CAD")
