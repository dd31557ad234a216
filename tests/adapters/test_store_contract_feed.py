"""The journal's stream tells what was committed, and nothing else."""

import pytest

from chalicelib.adapters.dynamodb import feed
from chalicelib.adapters.dynamodb.tables import Query, Table
from chalicelib.domain.client import Client
from tests import builders as b
from tests.adapters.deeds import added, saved
from tests.fakes.tables import MemoryTables


def record(item, name="INSERT"):
    """An item as a stream record has it."""
    image = {key: {"N": str(value)} if isinstance(value, int) else {"S": value} for key, value in item.items()}
    return {"eventName": name, "dynamodb": {"NewImage": image}}


def journal_items(tables, subject):
    return tables.query(Query(table=Table.JOURNAL, partition=f"T#biz_1#{subject}"))[0]


def test_a_record_tells_the_event_as_the_history_does(store, tables):
    issued, event = b.issuing(b.an_invoice())
    store.commit(added(issued))
    (item,) = journal_items(tables, "inv_1")

    assert feed.envelope_in(record(item)) == store.history("inv_1")[0]
    assert event.postings


@pytest.mark.parametrize("name", ["MODIFY", "REMOVE"])
def test_only_what_is_new_is_told(store, tables, name):
    store.commit(added(b.a_client()))
    (item,) = journal_items(tables, "cli_1")
    assert feed.envelope_in(record(item, name)) is None


def test_a_record_that_is_no_event_is_passed_over():
    assert feed.envelope_in(record({"PK": "T#biz_1#cli_1", "SK": "META"})) is None
    assert feed.envelope_in({"eventName": "INSERT", "dynamodb": {}}) is None


def test_the_tables_in_memory_tell_their_journal_in_the_order_of_the_commits(store_of):
    tables = MemoryTables()
    from_memory = type(store_of())(tables=tables, caller=b.a_caller())
    from_memory.commit(added(b.a_client()), added(b.a_client(id="cli_2")))
    from_memory.commit(saved(from_memory.get(Client, "cli_1")))

    told = [(envelope.event.subject, envelope.event.version) for envelope in tables.journal()]
    assert told == [("cli_1", 1), ("cli_2", 1), ("cli_1", 2)]
