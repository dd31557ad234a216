"""A link to the portal: given once, followed by whoever has it, ended by time or by the business."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Query, Table
from chalicelib.domain.errors import NotFound, Unauthenticated
from chalicelib.ports import Add
from chalicelib.usecases import linking, registering
from tests import builders as b
from tests.fakes.tables import MemoryTables

TOKEN = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()


@pytest.fixture
def tables():
    return MemoryTables()


@pytest.fixture
def store(tables):
    store = DynamoStore(tables=tables, caller=b.a_caller())
    registering.add_client(b.a_client(), now=b.NOON, store=store)
    return store


@pytest.fixture
def directory(tables):
    return DynamoDirectory(tables=tables)


def given(store, landing="inv_1"):
    return linking.give_link(
        b.CLIENT,
        landing=landing,
        now=b.NOON,
        random=b"\x01" * 32,
        store=store,
        public_url="https://quittance.example",
    )


def test_a_link_is_an_address_with_256_random_bits(store):
    assert given(store) == f"https://quittance.example/portal/l/{TOKEN}"


def test_only_the_hash_of_its_token_is_kept(store, tables):
    given(store)

    items, _ = tables.query(Query(table=Table.OPS, partition=f"TOK#{DIGEST}", limit=10))
    assert len(items) == 1
    assert TOKEN not in repr(items)


def test_a_link_leads_to_its_client_and_its_document(store, directory):
    given(store)

    business_id, link = linking.follow_link(TOKEN, now=b.NOON, directory=directory)

    assert (business_id, link.client_id, link.landing) == (b.BUSINESS, b.CLIENT, "inv_1")


def test_following_a_link_changes_nothing_however_often(store, directory, tables):
    given(store)
    before = tables.transactions

    first, second = (linking.follow_link(TOKEN, now=b.NOON, directory=directory) for _ in range(2))

    assert first == second
    assert tables.transactions == before


def test_a_link_stands_for_ninety_days_and_not_a_second_longer(store, directory):
    given(store)
    end = b.NOON + timedelta(days=90)

    linking.follow_link(TOKEN, now=end - timedelta(seconds=1), directory=directory)
    with pytest.raises(Unauthenticated) as refused:
        linking.follow_link(TOKEN, now=end, directory=directory)
    assert refused.value.code == "link_over"


@pytest.mark.parametrize("token", ["", "A" * 43, "A" * 42, "../" * 15, "é" * 43, DIGEST], ids=lambda token: token[:8])
def test_any_other_token_is_unknown_and_its_refusal_repeats_nothing(token, store, directory):
    given(store)

    with pytest.raises(NotFound) as refused:
        linking.follow_link(token, now=b.NOON, directory=directory)
    assert refused.value.detail == "There is no link of this address."


def test_ending_a_clients_links_ends_those_made_until_then_and_no_later_ones(store, directory):
    given(store)
    _, link = linking.follow_link(TOKEN, now=b.NOON, directory=directory)

    linking.end_links("cli_1", if_match=None, now=b.NOON, real_now=b.later(hours=1), store=store)

    with pytest.raises(Unauthenticated) as refused:
        linking.open_link(link, store=store)
    assert refused.value.code == "link_over"
    assert linking.open_link(replace(link, created_at=b.later(hours=2)), store=store).id == "cli_1"
    assert [each.event.type for each in store.history("cli_1")][-1] == "client.links_ended"


def test_a_client_of_another_business_gets_no_link(store):
    with pytest.raises(NotFound):
        linking.give_link(
            "cli_2", landing="", now=b.NOON, random=b"\x01" * 32, store=store, public_url="https://quittance.example"
        )


@pytest.mark.parametrize(
    ("document_id", "landing"),
    [pytest.param(None, b.CLIENT, id="their list"), ("quo_1", "quo_1"), ("inv_1", "inv_1")],
)
def test_a_link_opens_at_a_document_of_the_client_or_at_their_list(store, document_id, landing):
    quote, invoice = b.a_quote(), b.an_invoice()
    store.commit(Add(quote, b.quote_drafted(quote)), Add(invoice, b.invoice_drafted(invoice)))
    assert linking.landing_of(b.CLIENT, document_id, store=store) == landing


@pytest.mark.parametrize("document_id", ["inv_1", "inv_2", "quo_2", "anything"])
def test_a_link_opens_at_nothing_that_is_not_the_clients(store, document_id):
    invoice = b.an_invoice(client_id="cli_2")
    store.commit(Add(invoice, b.invoice_drafted(invoice)))
    with pytest.raises(NotFound):
        linking.landing_of(b.CLIENT, document_id, store=store)
