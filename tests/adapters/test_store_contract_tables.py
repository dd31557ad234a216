"""What only a real DynamoDB shows: pages it cuts, keys it leaves unread, reasons it gives."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.dynamodb.tables import (
    Delete,
    DynamoTables,
    Increase,
    Overwrite,
    Put,
    Query,
    Table,
)

CORE = Table.CORE


def item(sort, **more):
    return {"PK": "p", "SK": sort, **more}


@pytest.fixture
def listening(dynamo_tables):
    """``listening(event, handler)``: botocore tells the handler, until the test is over; nothing sleeps."""
    client, registered = dynamo_tables.client, []

    def listen(event, handler):
        client.meta.events.register(event, handler)
        registered.append((event, handler))

    listen.waits = []
    listen.tables = DynamoTables(client=client, names=dynamo_tables.names, sleep=listen.waits.append)
    yield listen
    for event, handler in registered:
        client.meta.events.unregister(event, handler)


def leave_unread(times):
    """Answers as DynamoDB does when it read only the first key of a batch."""
    left = {"times": times}

    def cut(parsed, **_):
        found = parsed["Responses"]["core"]
        if left["times"] and found:
            left["times"] -= 1
            parsed["Responses"]["core"] = found[:1]
            unread = [{"PK": one["PK"], "SK": one["SK"]} for one in found[1:]]
            parsed["UnprocessedKeys"] = {"core": {"Keys": unread, "ConsistentRead": True}} if unread else {}

    return cut


def test_keys_left_unread_are_asked_for_again(listening):
    items = [item(str(n)) for n in range(4)]
    listening.tables.write([Put(table=CORE, item=one) for one in items])
    listening("after-call.dynamodb.BatchGetItem", leave_unread(3))

    found = listening.tables.many(CORE, items)
    assert sorted(found, key=lambda one: one["SK"]) == items
    assert len(listening.waits) == 3


def test_keys_left_unread_for_ever_are_an_error(listening):
    def nothing(parsed, **_):
        parsed["Responses"] = {}
        parsed["UnprocessedKeys"] = {"core": {"Keys": [{"PK": {"S": "p"}, "SK": {"S": "1"}}]}}

    listening("after-call.dynamodb.BatchGetItem", nothing)
    with pytest.raises(TimeoutError):
        listening.tables.many(CORE, [item("1")])


def cancelled_for(client, code):
    def cancel(**_):
        raise client.exceptions.TransactionCanceledException(
            {
                "Error": {"Code": "TransactionCanceledException", "Message": code},
                "CancellationReasons": [{"Code": code}],
            },
            "TransactWriteItems",
        )

    return cancel


def test_a_transaction_cancelled_for_anything_else_is_an_error_at_once(listening):
    cancel = cancelled_for(listening.tables.client, "ValidationError")
    listening("provide-client-params.dynamodb.TransactWriteItems", cancel)
    with pytest.raises(ClientError, match="ValidationError"):
        listening.tables.write([Put(table=CORE, item=item("1"))])
    assert listening.waits == []


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_was_throttled_is_sent_again_eight_times(listening, code):
    listening("provide-client-params.dynamodb.TransactWriteItems", cancelled_for(listening.tables.client, code))
    with pytest.raises(Exception, match="cancelled"):
        listening.tables.write([Put(table=CORE, item=item("1"))])
    assert len(listening.waits) == 7


def test_waits_differ_and_grow():
    asked = []
    tables = DynamoTables(client=None, names={}, sleep=asked.append, jitter=lambda least, most: (least, most))
    for attempt in (1, 3, 9):
        tables.pause(attempt)
    assert asked == [(0.002, 0.016), (0.002, 0.064), (0.002, 0.4)]


def test_a_query_reads_on_over_the_pages_that_dynamodb_cuts_at_a_megabyte(tables):
    for n in range(6):
        tables.write([Overwrite(table=CORE, item=item(str(n), doc="x" * 390_000))])
    items, position = tables.query(Query(table=CORE, partition="p", limit=100))
    assert ([one["SK"] for one in items], position) == (["0", "1", "2", "3", "4", "5"], None)


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({}, "abcde"),
        ({"first": "b"}, "bcde"),
        ({"last": "c"}, "abc"),
        ({"first": "b", "last": "d"}, "bcd"),
        ({"first": "b", "last": "d", "newest_first": True}, "dcb"),
        ({"first": "x"}, ""),
    ],
)
def test_a_query_is_bounded_on_both_sides_inclusively(tables, bounds, found):
    tables.write([Put(table=CORE, item=item(sort)) for sort in "abcde"])
    items, _ = tables.query(Query(table=CORE, partition="p", **bounds))
    assert "".join(one["SK"] for one in items) == found


def test_every_kind_of_write(tables):
    tables.write([Put(table=CORE, item=item("a", version=1)), Increase(table=CORE, key=item("n"), by={"x:CAD": 3})])
    tables.write([Put(table=CORE, item=item("a", version=2), version=1), Overwrite(table=CORE, item=item("b"))])
    tables.write([Increase(table=CORE, key=item("n"), by={"x:CAD": -5, "y": 1}), Delete(table=CORE, key=item("b"))])
    assert tables.get(CORE, item("a")) == item("a", version=2)
    assert tables.get(CORE, item("n")) == item("n", **{"x:CAD": -2, "y": 1})
    assert tables.get(CORE, item("b")) is None
    tables.write([Delete(table=CORE, key=item("a"), version=2), Delete(table=CORE, key=item("b"))])
    assert tables.get(CORE, item("a")) is None


def test_a_single_item_is_put_once(tables):
    assert tables.put(CORE, item("a", n=1))
    assert not tables.put(CORE, item("a", n=2))
    assert tables.get(CORE, item("a")) == item("a", n=1)
