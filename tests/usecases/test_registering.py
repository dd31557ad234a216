"""Clients come, change, and go when no document names them."""

import pytest

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.client import Client
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.events import BusinessOpened, ClientAdded
from chalicelib.ports import Add
from chalicelib.usecases import drafting, issuing, registering
from tests import builders as b
from tests.fakes.papers import a_press
from tests.fakes.tables import MemoryTables
from tests.fakes.time import Clock, Ids

WISH = drafting.Wish(client_id="cli_1", content=b.content(b.a_line()))


@pytest.fixture
def tables():
    return MemoryTables()


@pytest.fixture
def store(tables):
    store = DynamoStore(tables=tables, caller=b.a_caller())
    business, client = b.a_business(), b.a_client()
    store.commit(
        Add(business, BusinessOpened(subject=business.id, version=1, at=b.NOON)),
        Add(client, ClientAdded(subject=client.id, version=1, at=b.NOON)),
    )
    return store


def draft(store):
    ids = Ids(Clock(b.NOON))
    return drafting.draft_invoice(WISH, business=b.a_business(), now=b.NOON, ids=ids, store=store)


def remove(store):
    registering.remove_client("cli_1", if_match=None, now=b.NOON, store=store)


def test_a_deleted_client_gets_no_more_documents(store):
    remove(store)

    with pytest.raises(NotFound):
        draft(store)
    with pytest.raises(NotFound):
        remove(store)


def test_a_client_that_documents_name_stays(store):
    draft(store)

    with pytest.raises(Refused) as refused:
        remove(store)
    assert refused.value.code == "client_in_use"


def test_an_invoice_written_while_its_client_was_deleted_can_still_be_issued(store, tables):
    tables.delay_indexes()
    invoice = draft(store)
    remove(store)

    assert store.get(Client, "cli_1").removed_at == b.NOON
    assert issuing.issue_invoice(invoice.id, now=b.NOON, store=store, press=a_press()).number == "00001"
