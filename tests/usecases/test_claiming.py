"""Items on documents when somebody else was quicker: what is billed is what was read, and each is billed once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain.business import Business
from chalicelib.domain.errors import DomainError
from chalicelib.domain.item import ItemStatus
from chalicelib.usecases import drafting, invoicing, issuing, publishing
from chalicelib.usecases.claiming import MOST_ITEMS, to_be_billed
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.till import Till, code_of


@pytest.fixture
def till():
    return Till()


def published(till, price="50", **more):
    item = b.an_item(**{"id": till.ids("itm"), "unit_price": Decimal(price), "amount": b.cad(price)} | more)
    publishing.draft_item(item, now=b.NOON, store=till.store())
    return publishing.publish_item(item.id, now=b.NOON, store=till.store()).item


def line(item):
    return b.a_line(
        description=item.description, unit_price=item.unit_price, item_id=item.id, item_version=item.version
    )


def billed(till, *items):
    wish = drafting.Wish(client_id=b.CLIENT, content=replace(b.content(), lines=tuple(line(item) for item in items)))
    business = till.store().get(Business)
    return drafting.draft_invoice(wish, business=business, now=b.NOON, ids=till.ids, store=till.store())


def edited(till, item, price):
    return publishing.edit_item(
        item.id, lambda known: replace(known, unit_price=Decimal(price)), if_match=None, now=b.NOON, store=till.store()
    )


def balance(till):
    return str(till.store().balance(b.CLIENT, "CAD").unbilled_total)


def test_an_item_edited_after_its_line_was_written_is_not_billed_at_its_old_price(till):
    item = published(till)
    edited(till, item, "60")

    before = till.tables.rows(Table.CORE)
    assert code_of(lambda: billed(till, item)) == "item_changed"
    assert till.tables.rows(Table.CORE) == before


def test_an_item_edited_while_its_claim_is_written_is_not_billed_at_its_old_price(till):
    item = published(till)
    till.tables.meanwhile(lambda: edited(till, item, "60"))

    assert code_of(lambda: billed(till, item)) == "item_changed"

    assert balance(till) == "60.00"


def test_an_item_claimed_while_another_claim_is_written_is_on_one_draft(till):
    item, drafts = published(till), []
    till.tables.meanwhile(lambda: drafts.append(billed(till, item)))

    assert code_of(lambda: billed(till, item)) == "item_claimed"

    assert till.store().get(type(item), item.id).invoice_id == drafts[0].id


def test_an_item_edited_while_its_draft_is_issued_is_billed_as_edited(till):
    item = published(till)
    draft = billed(till, item)
    till.tables.meanwhile(lambda: edited(till, item, "60"))

    invoice = issuing.issue_invoice(draft.id, now=b.NOON, store=till.store(), press=a_press())

    assert (str(invoice.figures.net_total), str(invoice.items_total), balance(till)) == ("60.00", "60.00", "0.00")


def test_an_item_whose_draft_is_issued_while_it_is_edited_stays_as_billed(till):
    item = published(till)
    draft = billed(till, item)
    till.tables.meanwhile(lambda: issuing.issue_invoice(draft.id, now=b.NOON, store=till.store(), press=a_press()))

    assert code_of(lambda: edited(till, item, "60")) == "item_invoiced"

    assert (str(till.store().get(type(item), item.id).amount), balance(till)) == ("50.00", "0.00")


def test_an_item_waived_while_its_claim_is_written_is_not_billed(till):
    item = published(till)
    till.tables.meanwhile(lambda: publishing.waive_item(item.id, now=b.NOON, store=till.store()))

    assert code_of(lambda: billed(till, item)) == "item_waived"

    assert balance(till) == "0.00"


def test_a_deleted_draft_gives_back_what_it_claims_and_nothing_else(till):
    item, other = published(till), published(till)
    draft, kept = billed(till, item), billed(till, other)

    invoicing.remove_invoice(draft.id, if_match=None, now=b.NOON, store=till.store())

    held = [till.store().get(type(one), one.id).invoice_id for one in (item, other)]
    assert held == [None, kept.id]


def test_a_negative_item_lowers_the_balance_and_can_be_billed(till):
    visit, rebate = published(till, "50"), published(till, "-20")
    assert balance(till) == "30.00"

    draft = billed(till, visit, rebate)
    issuing.issue_invoice(draft.id, now=b.NOON, store=till.store(), press=a_press())

    assert balance(till) == "0.00"


def test_what_is_to_be_billed_is_what_is_published_and_free(till):
    free, waived, claimed = (published(till) for _ in range(3))
    publishing.waive_item(waived.id, now=b.NOON, store=till.store())
    billed(till, claimed)

    found = to_be_billed(b.CLIENT, lambda _: True, store=till.store())

    assert [item.id for item in found] == [free.id]


def test_more_items_than_a_document_takes_are_refused_with_their_number(till):
    for _ in range(MOST_ITEMS + 1):
        published(till)

    with pytest.raises(DomainError, match="1001 items at once because an invoice takes at most 1000"):
        to_be_billed(b.CLIENT, lambda _: True, store=till.store())


def test_a_draft_item_edited_changes_no_balance(till):
    item = b.an_item(id="itm_9")
    publishing.draft_item(item, now=b.NOON, store=till.store())

    after = edited(till, item, "75")

    assert (after.status, str(after.amount), balance(till)) == (ItemStatus.DRAFT, "75.00", "0.00")
