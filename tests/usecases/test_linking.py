"""A link to the portal: given once, followed by whoever has it, ended by time or by the business."""

import hashlib
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Query, Table
from chalicelib.domain.errors import NotFound, Unauthenticated
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


def test_a_revoked_link_opens_nothing_any_more(store, directory):
    given(store)

    linking.revoke_link(DIGEST, now=b.later(hours=1), directory=directory, store=store)

    with pytest.raises(Unauthenticated):
        linking.follow_link(TOKEN, now=b.later(hours=1), directory=directory)


def test_revoking_again_keeps_the_first_time(store, directory):
    given(store)

    first = linking.revoke_link(DIGEST, now=b.later(hours=1), directory=directory, store=store)
    again = linking.revoke_link(DIGEST, now=b.later(hours=2), directory=directory, store=store)

    assert again == first


def test_another_business_cannot_revoke_a_link(store, directory, tables):
    given(store)

    with pytest.raises(NotFound):
        linking.revoke_link(
            DIGEST,
            now=b.NOON,
            directory=directory,
            store=DynamoStore(tables=tables, caller=b.a_caller("biz_2")),
        )
    linking.follow_link(TOKEN, now=b.NOON, directory=directory)


def test_a_client_of_another_business_gets_no_link(store):
    with pytest.raises(NotFound):
        linking.give_link(
            "cli_2", landing="", now=b.NOON, random=b"\x01" * 32, store=store, public_url="https://quittance.example"
        )
