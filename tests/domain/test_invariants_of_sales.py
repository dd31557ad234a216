"""A sales document beside the invoices that bill it (I2, I7)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain import sales_document as sales
from chalicelib.domain.billing import claim_of, portion_of
from chalicelib.domain.books import Books
from chalicelib.domain.invariants import check, of_sale
from chalicelib.domain.sales import Body, worked_out
from chalicelib.domain.sales_document import SalesDocument, SalesKind, SalesStatus
from tests import builders as b
from tests.domain.ledger import details

ORDER = "order O-00001"
CONTENT = worked_out(b.content(b.a_line(quantity=Decimal(4), unit_price=Decimal(25))))[0]


@pytest.fixture
def books():
    """An order over 114.98, of which 3 of 4 are billed."""
    order = SalesDocument(
        id="ord_1",
        kind=SalesKind.ORDER,
        number="O-00001",
        client_id=b.CLIENT,
        client_name="Marie Gagnon",
        figures=worked_out(CONTENT)[1],
        language="fr",
        created_at=b.NOON,
    )
    sold = worked_out(portion_of(order, CONTENT, (Decimal(3),)))[0]
    claim = claim_of("inv_1", sold, "ord_1", CONTENT.lines)
    after, _ = sales.billed(order, claim, lines=CONTENT.lines, at=b.NOON)
    return Books(
        sales=(after,),
        invoices=(b.an_invoice(sold, sources=("ord_1",)),),
        bodies={
            ("ord_1", 1): Body(id="ord_1", revision=1, content=CONTENT),
            ("inv_1", 1): Body(id="inv_1", revision=1, content=sold),
        },
    )


def judged(books, **changed):
    """What is wrong with the order changed by hand."""
    (order,) = books.sales
    return details(check(replace(books, sales=(replace(order, **changed),))))


def test_a_sound_order_is_sound(books):
    assert judged(books) == []


def test_a_total_that_its_lines_do_not_come_to(books):
    figures = replace(books.sales[0].figures, total=b.cad("115.00"))
    assert ("I2", f"{ORDER} because its lines come to 114.98 CAD and its total is 115.00 CAD.") in judged(
        books, figures=figures
    )


def test_more_billed_than_it_says(books):
    assert judged(books, billed=(Decimal(2),)) == [
        ("I7", f"{ORDER} because of its line 1 invoices in force bill 3 and it says 2.")
    ]


def test_something_said_to_be_billed_that_nothing_bills(books):
    (order,) = books.sales
    void = replace(books.invoices[0], voided_at=b.NOON, issued_at=b.NOON)
    found = details(of_sale(order, body=books.bodies["ord_1", 1], invoices=[void], firsts={}))
    assert found == [
        ("I7", f"{ORDER} because of its line 1 invoices in force bill 0 and it says 3."),
        ("I7", f"{ORDER} because its invoices in force came to 0.00 CAD and it says 86.23 CAD."),
    ]


def test_more_billed_than_there_is(books):
    twice = replace(books.invoices[0], id="inv_2")
    bodies = books.bodies | {("inv_2", 1): replace(books.bodies["inv_1", 1], id="inv_2")}
    found = judged(replace(books, invoices=(*books.invoices, twice), bodies=bodies), made=("inv_1", "inv_2"))
    assert ("I7", f"{ORDER} because 6 of its line 1 is billed, of 4.") in found


def test_a_status_that_does_not_follow(books):
    assert judged(books, status=SalesStatus.INVOICED) == [
        ("I7", f"{ORDER} because its status is invoiced and what is billed makes it partly_invoiced."),
        ("I7", f"{ORDER} because it is billed wholly, and its invoices came to 86.23 CAD and it comes to 114.98 CAD."),
    ]


def test_an_invoice_it_does_not_tell_of(books):
    assert judged(books, made=()) == [("I7", f"{ORDER} because it does not tell of inv_1 that bills it.")]


def test_what_it_was_billed_from_must_be_kept(books):
    bodies = {("ord_1", 1): books.bodies["ord_1", 1]}
    found = details(of_sale(books.sales[0], body=bodies["ord_1", 1], invoices=books.invoices, firsts={}))
    assert found[0] == ("I7", f"{ORDER} because what inv_1 billed of it is not there.")
