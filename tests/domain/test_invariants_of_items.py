"""Items and the documents that claim them: what I5 and I7 see, and what they let pass."""

from dataclasses import replace

import pytest

from chalicelib.domain.books import Books
from chalicelib.domain.invariants import check, of_claims, of_item
from chalicelib.domain.item import ItemStatus
from tests import builders as b
from tests.domain import ledger

PUBLISHED = b.an_item(status=ItemStatus.PUBLISHED)
CLAIMED = replace(PUBLISHED, invoice_id="inv_1")
DRAFT = replace(b.an_invoice(), item_ids=("itm_1",), items_total=b.cad("50"))
ISSUED = replace(b.an_issued_invoice(), item_ids=("itm_1",), items_total=b.cad("50"))
VOID = replace(ISSUED, voided_at=b.NOON)


def found(violations):
    return [(each.invariant, each.detail.partition(" because ")[2]) for each in violations]


@pytest.mark.parametrize("holder", [DRAFT, ISSUED])
def test_an_item_and_its_document_that_agree_are_sound(holder):
    assert list(of_item(CLAIMED, holder)) == []
    assert list(of_claims(holder, {"itm_1": CLAIMED})) == []


@pytest.mark.parametrize(
    ("item", "holder", "reason"),
    [
        pytest.param(CLAIMED, None, "it says it is on inv_1, which is not in force.", id="a document that is gone"),
        pytest.param(CLAIMED, VOID, "it says it is on inv_1, which is not in force.", id="a void document"),
        pytest.param(
            CLAIMED, b.an_invoice(), "it says it is on inv_1, which does not claim it.", id="a document without it"
        ),
        pytest.param(
            replace(CLAIMED, status=ItemStatus.WAIVED),
            DRAFT,
            "it is waived and on inv_1 all the same.",
            id="waived and claimed",
        ),
    ],
)
def test_an_item_whose_document_does_not_agree(item, holder, reason):
    assert found(of_item(item, holder)) == [("I7", reason)]


def test_an_item_worth_something_else_than_its_quantity_and_price():
    wrong = replace(PUBLISHED, amount=b.cad("51"))
    assert found(of_item(wrong, None)) == [("I5", "its quantity and price come to 50.00 CAD and it says 51.00 CAD.")]


def test_a_document_that_claims_what_is_elsewhere():
    elsewhere = replace(CLAIMED, invoice_id="inv_2")
    assert found(of_claims(DRAFT, {"itm_1": elsewhere})) == [("I7", "it claims itm_1, which do not say so.")]


def test_a_document_whose_items_are_worth_something_else():
    dearer = replace(DRAFT, items_total=b.cad("60"))
    assert found(of_claims(dearer, {"itm_1": CLAIMED})) == [
        ("I5", "its items are worth 50.00 CAD and it says 60.00 CAD.")
    ]


def test_a_void_document_claims_nothing_any_more():
    assert list(of_claims(VOID, {"itm_1": PUBLISHED})) == []


@pytest.mark.parametrize(
    ("item", "invoices", "unbilled"),
    [
        pytest.param(PUBLISHED, (), "50", id="published and free"),
        pytest.param(CLAIMED, (DRAFT,), "50", id="on a draft"),
        pytest.param(CLAIMED, (ISSUED,), "0", id="on an issued invoice"),
        pytest.param(b.an_item(), (), "0", id="not published"),
        pytest.param(replace(PUBLISHED, status=ItemStatus.WAIVED), (), "0", id="waived"),
    ],
)
def test_what_is_to_be_billed_is_the_sum_of_the_items_in_the_balance(item, invoices, unbilled):
    due = str(invoices[0].amount_due) if invoices and invoices[0].issued_at else "0"
    books = Books(invoices=invoices, others=(item,), balances=(ledger.a_balance(unbilled=unbilled, due=due),))
    assert check(books) == ()
    wrong = replace(books, balances=(ledger.a_balance(unbilled="1", due=due),))
    assert [each.invariant for each in check(wrong)] == ["I5"]
