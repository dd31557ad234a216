"""Transactions of the simulator's DynamoDB: all or nothing, once for each token, within AWS's limits."""

import pytest

from tests.infra.tables import key, number, put, text
from tests.simulation.aws.trial import Things, refused

TEN_MINUTES = 600


@pytest.fixture
def things():
    return Things()


def add(partition, step=1):
    return {
        "Update": {
            "TableName": "things",
            "Key": key(partition),
            "UpdateExpression": "ADD n :step",
            "ExpressionAttributeValues": {":step": number(step)},
        }
    }


def new(partition, sort="1", **more):
    action = put(partition, sort, **more)
    action["Put"] |= {
        "ConditionExpression": "attribute_not_exists(PK)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return action


def test_a_token_counts_for_ten_minutes_and_no_longer(things):
    things.transact(add("a"), token="t")
    things.seconds += TEN_MINUTES
    things.transact(add("a"), token="t")
    assert things.get("a")["n"] == number(1)

    things.seconds += 1
    things.transact(add("a"), token="t")
    assert things.get("a")["n"] == number(2)


def test_a_token_used_for_another_transaction_is_refused(things):
    things.transact(add("a"), token="t")
    refused("IdempotentParameterMismatchException", things.transact, add("a", 2), token="t")
    assert things.get("a")["n"] == number(1)


def test_the_token_of_a_cancelled_transaction_is_free(things):
    things.put("a")
    refused("TransactionCanceledException", things.transact, new("a"), token="t")
    things.delete("a")
    things.transact(new("a"), token="t")
    assert things.get("a") == key("a")


def test_a_cancelled_transaction_tells_which_condition_failed_and_what_stood_there(things):
    things.put("b", note=text("here"))
    error = refused("TransactionCanceledException", things.transact, new("a"), new("b"), add("c"))

    assert error.message.endswith("for specific reasons [None, ConditionalCheckFailed, None]")
    assert error.extra["CancellationReasons"] == [
        {"Code": "None"},
        {
            "Code": "ConditionalCheckFailed",
            "Message": "The conditional request failed",
            "Item": {**key("b"), "note": text("here")},
        },
        {"Code": "None"},
    ]
    assert things.get("a") is things.get("c") is None


def test_what_does_not_fit_the_table_is_the_reason_of_its_action(things):
    error = refused("TransactionCanceledException", things.transact, put("b"), put("a", group=number(1)), new("b", "2"))
    assert [reason["Code"] for reason in error.extra["CancellationReasons"]] == ["None", "ValidationError", "None"]
    assert things.get("b") is None


def test_an_item_too_large_is_refused_before_any_condition_is_tried(things):
    error = refused("ValidationException", things.transact, put("b"), new("a", body=text("x" * 410_000)))
    assert error.message == "Item size has exceeded the maximum allowed size"
    refused("ValidationException", things.transact, put("b"), new(""))
    assert things.get("b") is None


def test_an_update_that_makes_an_item_too_large_is_a_reason(things):
    things.put("a", body=text("x" * 409_000))
    grow = add("a")
    grow["Update"] |= {
        "UpdateExpression": "SET more = :step",
        "ExpressionAttributeValues": {":step": text("x" * 1_000)},
    }
    error = refused("TransactionCanceledException", things.transact, grow, put("b"))
    assert [reason["Code"] for reason in error.extra["CancellationReasons"]] == ["ValidationError", "None"]


def test_a_transaction_holds_four_megabytes(things):
    body = text("x" * 400_000)
    things.transact(*[put("a", str(n), body=body) for n in range(10)])
    eleven = [put("b", str(n), body=body) for n in range(11)]
    assert "4 MB" in refused("ValidationException", things.transact, *eleven).message


def test_a_transaction_has_a_hundred_actions_and_touches_an_item_once(things):
    many = [put("a", str(n)) for n in range(101)]
    assert "less than or equal to 100" in refused("ValidationException", things.transact, *many).message
    twice = refused("ValidationException", things.transact, put("a"), add("a"))
    assert twice.message == "Transaction request cannot include multiple operations on one item"


def test_a_transaction_is_seen_as_one_write(things):
    things.put("a", note=text("1"))
    seen = []
    things.dynamo.on_write = seen.append
    things.transact(put("a", note=text("2")), put("b"))
    things.delete("b")

    first, second = seen
    assert [(one.table, one.key, one.old, one.new) for one in first] == [
        ("things", ("a", "1"), {**key("a"), "note": text("1")}, {**key("a"), "note": text("2")}),
        ("things", ("b", "1"), None, key("b")),
    ]
    assert [(one.key, one.old, one.new) for one in second] == [(("b", "1"), key("b"), None)]


def test_nothing_is_seen_of_what_was_cancelled(things):
    things.put("a")
    things.dynamo.on_write = lambda _: pytest.fail("a cancelled transaction was seen")
    refused("TransactionCanceledException", things.transact, put("b"), new("a"))
    assert len(things.dynamo.stream("things")) == 1
