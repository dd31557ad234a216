"""Documents with more items than one transaction moves: whatever crashes, each is billed once and none is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import invariants
from chalicelib.domain.books import Books
from chalicelib.domain.client import Client
from chalicelib.domain.errors import DomainError
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.sales import Body
from chalicelib.ports import Filter
from chalicelib.usecases import claiming, holding, invoicing, issuing, publishing
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.test_claiming import balance, billed, edited, published
from tests.usecases.till import Till, code_of

MANY = 7
"""Items of a draft that claims two at a time: four steps, the last of one."""


class CrashedError(Exception):
    pass


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch):
    monkeypatch.setattr(claiming, "AT_ONCE", 2)


@pytest.fixture
def till():
    return Till()


@pytest.fixture
def items(till):
    return [published(till) for _ in range(MANY)]


def crash_at(till, write, *, after):
    """The function ends before, or right after, its transaction of this number; the next one is the first again."""
    for _ in range(write):
        till.tables.meanwhile(lambda: None)
    if not after:
        till.tables.fail_next(CrashedError())
        return
    till.tables.meanwhile(lambda: till.tables.lose_next_answer(CrashedError()))


def catch_up(till):
    """What the stream has done after what happened so far, each event followed twice."""
    till.tables.forget_faults()
    for envelope in [*till.tables.journal(), *till.tables.journal()]:
        event, id = envelope.event, envelope.event.subject
        if getattr(event, "claims_left", 0) and event.type == "invoice.drafted":
            holding.claim_rest(id, now=b.NOON, store=till.store())
        if getattr(event, "revision", None):
            holding.release_rest(id, event.revision, now=b.NOON, store=till.store())


def listed(till, kind):
    return till.store().page(kind, Filter(), limit=1_000).rows


def must_be_sound(till, *, at_rest=True):
    """I2, I5, I7, I11; and at rest nothing is left undone (I13)."""
    store, invoices = till.store(), listed(till, Invoice)
    bodies = [store.get(Body, one.id, str(one.revision)) for one in invoices]
    books = Books(
        invoices=invoices,
        clients=listed(till, Client),
        others=(*listed(till, Item), *listed(till, Job)),
        bodies={(body.id, body.revision): body for body in bodies},
        balances=(store.balance(b.CLIENT, "CAD"),),
        envelopes=tuple(till.tables.journal()),
    )
    found = invariants.check(books, now=b.NOON if at_rest else None, grace=timedelta(0))
    found = [each for each in found if each.invariant != "I1" and "undrawn" not in each.detail]
    assert [each.detail for each in found] == []


def holders(till, items):
    return {till.store().get(Item, item.id).invoice_id for item in items}


def issued(till, draft):
    return issuing.issue_invoice(draft.id, now=b.NOON, store=till.store(), press=a_press())


def removed(till, draft):
    invoicing.remove_invoice(draft.id, if_match=None, now=b.NOON, store=till.store())


def test_a_draft_of_many_items_claims_them_all_before_it_is_answered(till, items):
    draft = billed(till, *items)

    assert (draft.claims_left, draft.items_in_body, draft.item_ids) == (0, MANY, ())
    assert (str(draft.items_total), balance(till)) == ("350.00", "350.00")
    assert holders(till, items) == {draft.id}
    assert till.events(draft.id) == ["invoice.drafted", *["invoice.items_claimed"] * 4]
    must_be_sound(till)


def test_many_items_are_billed_and_come_back_when_their_invoice_is_voided(till, items):
    invoice = issued(till, billed(till, *items))
    assert balance(till) == "0.00"
    must_be_sound(till)

    till.void(invoice)

    assert (holders(till, items), balance(till)) == ({None}, "350.00")
    must_be_sound(till)
    again = issued(till, billed(till, *[till.store().get(Item, item.id) for item in items]))
    assert (holders(till, items), balance(till)) == ({again.id}, "0.00")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("write", range(5))
class TestACrashAtAnyWrite:
    def test_of_a_new_draft_is_made_up_for(self, till, items, write, after):
        crash_at(till, write, after=after)
        with pytest.raises(CrashedError):
            billed(till, *items)
        must_be_sound(till, at_rest=False)
        assert balance(till) == "350.00"

        catch_up(till)

        must_be_sound(till)
        drafts = listed(till, Invoice)
        assert [draft.claims_left for draft in drafts] == [0] * (1 if write or after else 0)
        assert holders(till, items) == ({drafts[0].id} if drafts else {None})

    def test_of_a_deletion_is_made_up_for(self, till, items, write, after):
        draft = billed(till, *items)
        crash_at(till, write, after=after)
        with pytest.raises(CrashedError):
            removed(till, draft)
        must_be_sound(till, at_rest=False)
        assert balance(till) == "350.00"

        catch_up(till)

        must_be_sound(till)
        assert holders(till, items) == ({None} if write or after else {draft.id})

    def test_of_a_void_is_made_up_for(self, till, items, write, after):
        invoice = issued(till, billed(till, *items))
        crash_at(till, write, after=after)
        with pytest.raises(CrashedError):
            till.void(invoice)
        must_be_sound(till, at_rest=False)
        assert balance(till) == ("350.00" if write or after else "0.00")

        catch_up(till)

        must_be_sound(till)
        assert holders(till, items) == ({None} if write or after else {invoice.id})

    def test_of_a_draft_that_lost_an_item_leaves_none(self, till, items, write, after):
        last = max(items, key=lambda item: item.id)
        till.tables.meanwhile(lambda: None)
        till.tables.meanwhile(lambda: billed(till, last))
        till.tables.meanwhile(lambda: None)  # the rival's own transaction
        crash_at(till, write, after=after)
        with pytest.raises(CrashedError):
            billed(till, *items)
        must_be_sound(till, at_rest=False)

        catch_up(till)

        must_be_sound(till)
        (rival,) = listed(till, Invoice)
        assert holders(till, items[:-1]) == {None}
        assert holders(till, [last]) == {rival.id}


@pytest.mark.parametrize("write", range(1, 5))
class TestMeanwhileAtAnyStep:
    """Somebody does something else just before each transaction of a draft that is being written."""

    @pytest.fixture
    def meanwhile(self, till, write):
        def arranged(deed):
            for _ in range(write):
                till.tables.meanwhile(lambda: None)
            till.tables.meanwhile(deed)

        return arranged

    def test_another_draft_that_wants_them_too_leaves_one_of_both(self, till, items, meanwhile, write):
        meanwhile(lambda: told(lambda: billed(till, *reversed(items))))
        answers = []

        def told(deed):
            try:
                answers.append(deed().id)
            except DomainError as refused:
                answers.append(refused.code)

        told(lambda: billed(till, *items))

        (left,) = listed(till, Invoice)
        assert sorted(answers) == sorted([left.id, "items_taken" if write == 1 else "item_claimed"])
        assert (left.claims_left, holders(till, items)) == (0, {left.id})
        must_be_sound(till)

    def test_an_item_that_is_waived_ends_the_draft_and_nothing_else(self, till, items, meanwhile):
        last = max(items, key=lambda item: item.id)
        meanwhile(lambda: publishing.waive_item(last.id, now=b.NOON, store=till.store()))

        assert code_of(lambda: billed(till, *items)) == "items_taken"

        assert (listed(till, Invoice), holders(till, items), balance(till)) == ((), {None}, "300.00")
        must_be_sound(till)

    def test_an_item_that_is_edited_is_not_billed_at_its_old_price(self, till, items, meanwhile):
        last = max(items, key=lambda item: item.id)
        meanwhile(lambda: edited(till, last, "60"))

        assert code_of(lambda: billed(till, *items)) == "items_taken"

        assert (listed(till, Invoice), balance(till)) == ((), "360.00")
        must_be_sound(till)

    def test_an_item_of_it_that_is_edited_is_billed_as_edited(self, till, items, meanwhile, write):
        first = min(items, key=lambda item: item.id)
        if write == 1:
            pytest.skip("it is not claimed yet")
        meanwhile(lambda: edited(till, first, "60"))

        draft = billed(till, *items)

        assert (str(draft.figures.net_total), str(draft.items_total), balance(till)) == ("360.00", "360.00", "360.00")
        must_be_sound(till)

    def test_its_deletion_gives_back_what_it_holds(self, till, items, meanwhile):
        meanwhile(lambda: removed(till, listed(till, Invoice)[0]))

        assert code_of(lambda: billed(till, *items)) == "not_found"

        assert (listed(till, Invoice), holders(till, items)) == ((), {None})
        must_be_sound(till)

    def test_its_issue_claims_the_rest_first(self, till, items, meanwhile):
        meanwhile(lambda: issued(till, listed(till, Invoice)[0]))

        draft = billed(till, *items)

        assert (till.see(draft).issued_at, holders(till, items), balance(till)) == (b.NOON, {draft.id}, "0.00")
        must_be_sound(till)

    def test_an_edit_claims_the_rest_first(self, till, items, meanwhile):
        def shorter(invoice, content):
            return invoice, replace(content, lines=content.lines[1:])

        def edit():
            invoicing.edit_invoice(
                listed(till, Invoice)[0].id, shorter, business=b.a_business(), if_match=None, now=b.NOON,
                store=till.store(),
            )  # fmt: skip

        meanwhile(edit)

        draft = billed(till, *items)

        assert (till.see(draft).items_in_body, holders(till, items[1:])) == (MANY - 1, {draft.id})
        assert holders(till, items[:1]) == {None}
        must_be_sound(till)
