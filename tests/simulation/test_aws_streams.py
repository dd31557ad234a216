"""Streams of the simulator's DynamoDB: every change, in the order it was committed, as Lambda gets it."""

import pytest

from tests.infra.tables import key, number, put
from tests.simulation.aws.trial import Things, refused


def of(view):
    return Things(StreamSpecification={"StreamEnabled": True, "StreamViewType": view})


def records(things):
    return [record.record for record in things.dynamo.stream("things")]


def test_a_new_item_becomes_the_record_that_lambda_gets():
    things = of("NEW_IMAGE")
    things.put("a", n=number(1))
    (record,) = things.dynamo.stream("things")

    assert (record.sequence, record.key) == (1, ("a", "1"))
    assert record.record == {
        "eventID": "00000000000000000000000000000001",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "ca-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_000_000,
            "Keys": key("a"),
            "NewImage": {**key("a"), "n": number(1)},
            "SequenceNumber": "000000000000000000001",
            "SizeBytes": 9,
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": "arn:aws:dynamodb:ca-central-1:000000000000:table/things/stream/2026-01-01T00:00:00.000",
    }


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("KEYS_ONLY", [set(), set(), set()]),
        ("NEW_IMAGE", [{"NewImage"}, {"NewImage"}, set()]),
        ("OLD_IMAGE", [set(), {"OldImage"}, {"OldImage"}]),
        ("NEW_AND_OLD_IMAGES", [{"NewImage"}, {"NewImage", "OldImage"}, {"OldImage"}]),
    ],
)
def test_a_stream_shows_the_images_of_its_view(view, shown):
    things = of(view)
    things.put("a", n=number(1))
    things.put("a", n=number(2))
    things.delete("a")

    assert [record["eventName"] for record in records(things)] == ["INSERT", "MODIFY", "REMOVE"]
    assert [record["dynamodb"].keys() & {"NewImage", "OldImage"} for record in records(things)] == shown


def test_a_write_that_changes_nothing_makes_no_record():
    things = of("NEW_IMAGE")
    things.put("a")
    things.put("a")
    things.delete("nothing")
    assert len(records(things)) == 1


def test_a_transaction_makes_a_record_of_each_item_and_none_when_it_is_cancelled():
    things = of("NEW_IMAGE")
    things.transact(put("a"), put("b"))
    taken = put("a")
    taken["Put"]["ConditionExpression"] = "attribute_not_exists(PK)"
    refused("TransactionCanceledException", things.transact, put("c"), taken)

    assert [record.key for record in things.dynamo.stream("things")] == [("a", "1"), ("b", "1")]
    assert [record.sequence for record in things.dynamo.stream("things")] == [1, 2]


def test_a_table_without_a_stream_has_none():
    things = Things(StreamSpecification={"StreamEnabled": False})
    things.put("a")
    assert things.dynamo.streams == {}
