"""What every store promises of lists: newest first, narrowed, and walked to the end without a gap or a double."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamodb.indexes import list_partition
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Query, Table
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus
from chalicelib.domain.numbering import Number
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.ports import Filter, Keep, Page, Unfinished
from tests import builders as b
from tests.adapters.deeds import added, number_taken, removed, saved
from tests.fakes.tables import MemoryTables
from tests.fakes.time import Ids

EVERYTHING = Filter()
AT_ONCE = 16  # a client is its row, its event, and a row for each of its words


def fill(store, entities):
    changes = [added(entity) for entity in entities]
    for start in range(0, len(changes), AT_ONCE):
        store.commit(*changes[start : start + AT_ONCE])


def ids_of(page):
    return [row.id for row in page.rows]


def walk(store, kind, wanted=EVERYTHING, *, limit, between=lambda: None):
    seen, after = [], None
    while True:
        page = store.page(kind, wanted, limit=limit, after=after)
        seen += ids_of(page)
        if page.next is None:
            return seen
        after = page.next
        between()


def test_an_empty_list_has_no_rows_and_no_next_page(store):
    page = store.page(Invoice, EVERYTHING, limit=10)
    assert (page.rows, page.next) == ((), None)


def test_a_page_has_the_newest_first_and_says_where_the_next_begins(store):
    fill(store, [b.a_client(id=f"cli_{n}") for n in range(1, 6)])

    first = store.page(Client, EVERYTHING, limit=2)
    second = store.page(Client, EVERYTHING, limit=2, after=first.next)
    third = store.page(Client, EVERYTHING, limit=2, after=second.next)
    assert [ids_of(page) for page in (first, second, third)] == [["cli_5", "cli_4"], ["cli_3", "cli_2"], ["cli_1"]]
    assert third.next is None


def test_a_list_that_ends_with_a_full_page_has_no_page_after_it(store):
    fill(store, [b.a_client(id=f"cli_{n}") for n in range(1, 5)])

    first = store.page(Client, EVERYTHING, limit=2)
    second = store.page(Client, EVERYTHING, limit=2, after=first.next)
    assert ids_of(second) == ["cli_2", "cli_1"]
    assert second.next is None


@pytest.mark.row("C54")
def test_every_old_row_is_seen_exactly_once_while_rows_are_inserted(store):
    make = Ids()
    old = [make("inv") for _ in range(300)]
    fill(store, [b.an_invoice(id=id) for id in old])

    def insert():
        make.clock.move(seconds=1)
        fill(store, [b.an_invoice(id=make("inv")) for _ in range(2)])

    seen = walk(store, Invoice, limit=17, between=insert)
    assert seen == old[::-1]


def test_a_row_that_was_removed_or_changed_under_way_does_not_disturb_the_rest(store):
    fill(store, [b.a_client(id=f"cli_{n}") for n in range(1, 7)])
    first = store.page(Client, EVERYTHING, limit=3)
    store.commit(removed(store.get(Client, "cli_4")))
    store.commit(saved(store.get(Client, "cli_5")))

    assert ids_of(store.page(Client, EVERYTHING, limit=3, after=first.next)) == ["cli_3", "cli_2", "cli_1"]


def test_a_page_is_filled_with_rows_that_fit_however_few_they_are(store):
    fill(store, [b.a_client(id=f"cli_{n:02d}", notes="x" if n % 10 == 0 else None) for n in range(60)])
    fitting = Filter(fits=lambda client: client.notes == "x")

    page = store.page(Client, fitting, limit=4)
    assert ids_of(page) == ["cli_50", "cli_40", "cli_30", "cli_20"]
    rest = store.page(Client, fitting, limit=4, after=page.next)
    assert (ids_of(rest), rest.next) == (["cli_10", "cli_00"], None)
    assert walk(store, Client, fitting, limit=1) == [f"cli_{n}0" for n in (5, 4, 3, 2, 1, 0)]


def test_a_page_that_nothing_fits_is_answered_after_2000_rows_with_where_to_read_on():
    store = DynamoStore(tables=MemoryTables(), caller=b.a_caller())
    fill(store, [b.a_client(id=f"cli_{n:04d}") for n in range(2_600)])
    asked = []
    fitting = Filter(fits=lambda client: asked.append(client.id))

    page = store.page(Client, fitting, limit=99)
    assert (page.rows, len(asked)) == ((), 2_000)
    rest = store.page(Client, fitting, limit=99, after=page.next)
    assert (rest, len(asked)) == (Page(rows=()), 2_600)


@pytest.mark.row("C54")
@pytest.mark.parametrize("limit", [1, 3, 50])
def test_a_walk_over_short_pages_shows_each_row_that_fits_exactly_once(store_of, limit):
    store, pages = store_of(most_read=7), []
    fill(store, [b.an_invoice(id=f"inv_{n:02d}", quote_id="quo_1") for n in range(40)])
    few = {"inv_39", "inv_31", "inv_30", "inv_02", "inv_00"}
    for parent in (None, "quo_1"):
        fitting = Filter(parent=parent, fits=lambda invoice: invoice.id in few)
        assert walk(store, Invoice, fitting, limit=limit, between=lambda: pages.append(1)) == sorted(few)[::-1]
    nothing = Filter(client_id="cli_1", fits=lambda _: False)
    assert walk(store, Invoice, nothing, limit=limit, between=lambda: pages.append(1)) == []
    assert limit == 50 or len(pages) > 6


def test_a_page_is_full_however_many_rows_it_takes_when_all_of_them_fit(store_of):
    store = store_of(most_read=7)
    fill(store, [b.a_client(id=f"cli_{n:02d}") for n in range(20)])
    page = store.page(Client, EVERYTHING, limit=15)
    assert len(page.rows) == 15
    assert ids_of(store.page(Client, EVERYTHING, limit=15, after=page.next)) == [f"cli_0{n}" for n in (4, 3, 2, 1, 0)]


def test_the_documents_of_a_client_are_listed_by_kind(store):
    fill(store, [b.an_invoice(id=f"inv_{n}", client_id=f"cli_{n % 2}") for n in range(5)])
    fill(store, [b.a_quote(client_id="cli_1"), b.a_payment(client_id="cli_1"), b.a_payment(id="pay_2", client_id="x")])

    of_one = Filter(client_id="cli_1")
    assert walk(store, Invoice, of_one, limit=1) == ["inv_3", "inv_1"]
    assert walk(store, Quote, of_one, limit=9) == ["quo_1"]
    assert walk(store, Payment, of_one, limit=9) == ["pay_1"]
    assert walk(store, Invoice, Filter(client_id="cli_9"), limit=9) == []


def test_the_invoices_of_a_quote_and_the_payments_of_an_invoice_are_read_exactly(store, tables):
    fill(store, [b.an_invoice(id=f"inv_{n}", quote_id="quo_1" if n < 4 else None) for n in range(1, 6)])
    fill(store, [b.a_payment(id=f"pay_{n}", invoice_id=f"inv_{n}") for n in (1, 2)])

    assert ids_of(store.page(Invoice, Filter(parent="quo_1"), limit=50)) == ["inv_3", "inv_2", "inv_1"]
    assert ids_of(store.page(Payment, Filter(parent="inv_2"), limit=50)) == ["pay_2"]
    assert ids_of(store.page(Invoice, Filter(parent="quo_9"), limit=50)) == []
    assert walk(store, Invoice, Filter(parent="quo_1"), limit=2) == ["inv_3", "inv_2", "inv_1"]


def test_the_children_of_a_parent_are_narrowed_too(store):
    fill(store, [b.an_invoice(id="inv_1", quote_id="quo_1"), b.an_invoice(id="inv_2", quote_id="quo_1")])
    fitting = Filter(parent="quo_1", fits=lambda invoice: invoice.id == "inv_1")
    assert ids_of(store.page(Invoice, fitting, limit=50)) == ["inv_1"]


def test_an_invoice_is_found_by_its_number(store):
    advance, keep = number_taken(store, "inv_1")
    store.commit(advance, keep, added(b.an_invoice()))

    assert ids_of(store.page(Invoice, Filter(number="00001"), limit=50)) == ["inv_1"]
    assert ids_of(store.page(Invoice, Filter(number="00002"), limit=50)) == []


@pytest.mark.row("C18")
def test_a_series_register_lists_every_number(store):
    for n in range(1, 13):
        store.commit(*number_taken(store, f"inv_{n}"))

    page = store.page(Number, Filter(series="invoice"), limit=100)
    assert [(row.seq, row.document_id) for row in page.rows] == [(n, f"inv_{n}") for n in range(12, 0, -1)]


def test_the_catalogue_and_the_keys_are_listed_apart(store):
    fill(store, [b.an_entry(id="B"), b.an_entry(id="A"), b.a_key(), b.a_user(), b.a_business()])
    assert walk(store, CatalogueEntry, limit=1) == ["B", "A"]
    assert walk(store, type(b.a_key()), limit=10) == ["key_1"]
    assert walk(store, type(b.a_user()), limit=10) == ["usr_1"]


def test_a_list_shows_nothing_of_another_business(store, store_of):
    fill(store, [b.an_invoice(quote_id="quo_1"), b.an_entry()])
    store.commit(*number_taken(store, "inv_1"))
    stranger = store_of("biz_2")

    narrowed = [Filter(client_id="cli_1"), Filter(parent="quo_1"), Filter(number="00001")]
    for wanted in (EVERYTHING, *narrowed, *(Filter(unfinished=one) for one in Unfinished)):
        assert stranger.page(Invoice, wanted, limit=9).rows == ()
    assert stranger.page(CatalogueEntry, EVERYTHING, limit=9).rows == ()


def open_rows(tables, store):
    query = Query(table=Table.CORE, index="open", partition=f"T#{store.caller.business_id}#OPEN#0")
    return [item["open_sk"] for item in tables.query(query)[0]]


def test_an_invoice_is_among_the_unfinished_until_nothing_is_due(store, tables):
    draft = b.an_invoice(quote_id=None)
    store.commit(added(draft))
    assert open_rows(tables, store) == ["DRAFT#inv_1"]

    planned = replace(draft, send_on=b.TODAY)
    store.commit(saved(planned))
    assert open_rows(tables, store) == ["SCHED#2026-03-02#inv_1"]

    issued = b.an_issued_invoice()
    store.commit(saved(replace(issued, version=2)))
    assert open_rows(tables, store) == ["DUE#2026-04-01#inv_1"]

    store.commit(saved(replace(issued, version=3, paid_total=issued.amount_due)))
    assert open_rows(tables, store) == []


def due(id, day, **more):
    return replace(b.an_issued_invoice(id=id, due=b.TODAY + timedelta(days=day)), version=1, **more)


@pytest.fixture
def unfinished(store):
    """Two drafts, two that go out by themselves, three to be paid, and two that wait for nothing."""
    drafts = [b.an_invoice(id=f"inv_{n}") for n in (1, 7)]
    planned = [b.an_invoice(id=id, send_on=b.TODAY + timedelta(days=n)) for id, n in (("inv_2", 9), ("inv_6", 3))]
    owed = [due("inv_3", 30), due("inv_5", 10), due("inv_8", 10)]
    paid = due("inv_4", 10, paid_total=owed[0].amount_due)
    fill(store, [*drafts, *planned, *owed, paid, due("inv_9", 5, voided_at=b.NOON)])


@pytest.mark.parametrize("limit", [1, 2, 9])
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({"unfinished": Unfinished.DRAFT}, ["inv_7", "inv_1"], id="drafts, newest first"),
        pytest.param({"unfinished": Unfinished.SCHEDULED}, ["inv_6", "inv_2"], id="scheduled, by day"),
        pytest.param({"unfinished": Unfinished.DUE}, ["inv_5", "inv_8", "inv_3"], id="due, by day"),
        pytest.param(
            {"unfinished": Unfinished.DUE, "due_day_before": b.TODAY + timedelta(days=11)},
            ["inv_5", "inv_8"],
            id="due before a day",
        ),
        pytest.param(
            {"unfinished": Unfinished.DUE, "due_day_before": b.TODAY + timedelta(days=10)},
            [],
            id="not on that day itself",
        ),
        pytest.param(
            {"unfinished": Unfinished.DUE, "fits": lambda invoice: invoice.id != "inv_5"},
            ["inv_8", "inv_3"],
            id="and narrowed",
        ),
    ],
)
def test_the_unfinished_are_walked_in_their_order(store_of, unfinished, wanted, found, limit):
    assert walk(store_of(), Invoice, Filter(**wanted), limit=limit) == found
    assert walk(store_of(most_read=1), Invoice, Filter(**wanted), limit=limit) == found


@pytest.mark.row("C54")
def test_an_invoice_that_is_paid_under_way_does_not_disturb_the_walk_of_those_due(store, unfinished):
    first = store.page(Invoice, Filter(unfinished=Unfinished.DUE), limit=1)
    (shown,) = first.rows
    store.commit(saved(replace(shown, paid_total=shown.amount_due)))

    rest = store.page(Invoice, Filter(unfinished=Unfinished.DUE), limit=9, after=first.next)
    assert (ids_of(first), ids_of(rest), rest.next) == (["inv_5"], ["inv_8", "inv_3"], None)


def test_an_index_holds_the_row_itself(store, tables):
    store.commit(added(b.a_client()))
    query = Query(table=Table.CORE, index="list", partition=list_partition("biz_1", Client))
    ((item,), _) = tables.query(query)
    assert item == tables.get(Table.CORE, {"PK": "T#biz_1#C#cli_1", "SK": "META"})


def test_the_journal_has_a_feed_of_each_month(store, tables):
    store.commit(added(b.a_client()), Keep(b.a_number()))
    query = Query(table=Table.JOURNAL, index="activity", partition="T#biz_1#202603#0")
    ((item,), _) = tables.query(query)
    assert item["activity_sk"].startswith("2026-03-02T17:01:00.000000Z#")
    assert item["type"] == "client.changed"


def test_a_clients_open_account_holds_what_is_to_be_billed_claimed_and_owed_by_day(store):
    published = {"status": ItemStatus.PUBLISHED, "published_at": b.NOON}
    fill(store, [b.an_item(id=f"itm_{n}", occurred_at=b.later(days=-n), **published) for n in (1, 3, 2)])
    fill(store, [b.an_item(id="itm_4"), b.an_item(id="itm_5", invoice_id="inv_1", **published)])
    fill(store, [b.an_item(id="itm_6", client_id="cli_9", **published)])
    fill(store, [b.an_invoice(id="inv_1", item_ids=("itm_5",)), b.an_invoice(id="inv_2")])
    fill(store, [b.an_issued_invoice(id=f"inv_{n}", due_date=date(2026, 4, n)) for n in (8, 7)])

    account = Filter(account_of=b.CLIENT)
    assert walk(store, Item, account, limit=2) == ["itm_3", "itm_2", "itm_1"]
    assert walk(store, Invoice, replace(account, unfinished=Unfinished.DRAFT), limit=9) == ["inv_1"]
    assert walk(store, Invoice, replace(account, unfinished=Unfinished.DUE), limit=1) == ["inv_7", "inv_8"]


def test_a_clients_timeline_tells_of_all_that_belongs_to_it_newest_first(store):
    fill(store, [b.a_client(), b.an_invoice(), b.an_item()])
    fill(store, [b.a_client(id="cli_9"), b.an_item(id="itm_9", client_id="cli_9")])

    first = store.timeline(b.CLIENT, limit=2)
    rest = store.timeline(b.CLIENT, limit=2, after=first.next)

    told = [envelope.event.subject for envelope in (*first.rows, *rest.rows)]
    assert (told, rest.next) == (["itm_1", b.CLIENT, "inv_1"], None)  # the draft came a minute before the others
