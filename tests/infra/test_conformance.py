"""What the store relies on DynamoDB for, tried on every DynamoDB at hand.

Run against Amazon's own with DYNAMODB_LOCAL_ENDPOINT=http://127.0.0.1:8000 (see infra/decisions/0002).
"""

import uuid

import pytest

from tests.infra.tables import index, key, number, partition, put, refused, stored, text

TAKE_THREE = {
    "Update": {
        "TableName": "things",
        "UpdateExpression": "SET stock = stock - :n",
        "ConditionExpression": "stock >= :n",
        "ExpressionAttributeValues": {":n": number(3)},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
}


def take_three(partition):
    return {"Update": {**TAKE_THREE["Update"], "Key": key(partition)}}


def check(partition, condition, values=None):
    given = {"ExpressionAttributeValues": values} if values else {}
    return {"ConditionCheck": {"TableName": "things", "Key": key(partition), "ConditionExpression": condition, **given}}


def update(client, partition, expression, **values):
    given = {f":{name}": value for name, value in values.items()}
    return client.update_item(
        TableName="things", Key=key(partition), UpdateExpression=expression, ExpressionAttributeValues=given
    )


# --- transactions


def test_a_transaction_puts_updates_deletes_and_checks_as_one(dynamo):
    dynamo.put_item(TableName="things", Item={**key("tx-stock"), "stock": number(5)})
    dynamo.put_item(TableName="things", Item={**key("tx-guard"), "stock": number(5)})
    dynamo.put_item(TableName="things", Item=key("tx-gone"))

    dynamo.transact_write_items(
        TransactItems=[
            put("tx-new"),
            take_three("tx-stock"),
            {"Delete": {"TableName": "things", "Key": key("tx-gone")}},
            check("tx-guard", "stock = :n", {":n": number(5)}),
        ]
    )

    assert stored(dynamo, "tx-new") == key("tx-new")
    assert stored(dynamo, "tx-stock")["stock"] == number(2)
    assert stored(dynamo, "tx-gone") is None


def test_a_cancelled_transaction_gives_a_reason_per_item_and_writes_nothing(dynamo):
    dynamo.put_item(TableName="things", Item={**key("cancel-stock"), "stock": number(2)})

    answer = refused(
        "TransactionCanceledException",
        dynamo.transact_write_items,
        TransactItems=[put("cancel-new"), take_three("cancel-stock")],
    )

    assert [reason["Code"] for reason in answer["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert answer["CancellationReasons"][1]["Item"]["stock"] == number(2)
    assert stored(dynamo, "cancel-new") is None


def test_a_condition_check_that_fails_cancels_the_transaction(dynamo):
    nothing = check("check-nothing", "attribute_exists(PK)")
    refused("TransactionCanceledException", dynamo.transact_write_items, TransactItems=[put("check-new"), nothing])
    assert stored(dynamo, "check-new") is None


def test_a_transaction_sent_twice_with_one_token_is_carried_out_once(dynamo):
    add_one = {
        "TableName": "things",
        "Key": key("token"),
        "UpdateExpression": "ADD stock :n",
        "ExpressionAttributeValues": {":n": number(1)},
    }
    token = str(uuid.UUID(int=1))
    for _ in range(2):
        dynamo.transact_write_items(ClientRequestToken=token, TransactItems=[{"Update": add_one}])
    assert stored(dynamo, "token")["stock"] == number(1)


def test_a_transaction_touches_an_item_once(dynamo):
    delete = {"Delete": {"TableName": "things", "Key": key("twice")}}
    refused("ValidationException", dynamo.transact_write_items, TransactItems=[put("twice"), delete])


def test_a_transaction_has_at_most_100_actions(dynamo):
    actions = [put("hundred", str(n)) for n in range(101)]
    refused("ValidationException", dynamo.transact_write_items, TransactItems=actions)
    dynamo.transact_write_items(TransactItems=actions[:100])
    assert dynamo.query(**partition("hundred"), Select="COUNT")["Count"] == 100


def test_a_transaction_reads_several_items_and_answers_in_order(dynamo):
    dynamo.put_item(TableName="things", Item={**key("read"), "stock": number(2)})
    reads = [{"Get": {"TableName": "things", "Key": key(name)}} for name in ("read", "read-nothing")]
    found, missing = dynamo.transact_get_items(TransactItems=reads)["Responses"]
    assert found["Item"]["stock"] == number(2)
    assert not missing.get("Item")


# --- indexes


def grouped(name, index_name="ranked"):
    return {
        "TableName": "things",
        "IndexName": index_name,
        "KeyConditionExpression": "#g = :g",
        "ExpressionAttributeNames": {"#g": "group"},
        "ExpressionAttributeValues": {":g": text(name)},
    }


def test_a_sparse_index_is_ordered_paged_and_projected(dynamo):
    for n in range(25):
        ranked = {"group": text("G"), "rank": text(f"{n:03}"), "more": text("m")}
        dynamo.put_item(TableName="things", Item={**key(f"ranked-{n}"), **ranked})
    dynamo.put_item(TableName="things", Item={**key("unranked"), "group": text("G")})

    question = grouped("G")
    question["KeyConditionExpression"] = "#g = :g AND #r BETWEEN :a AND :b"
    question["ExpressionAttributeNames"]["#r"] = "rank"
    question["ExpressionAttributeValues"] |= {":a": text("005"), ":b": text("020")}
    pages = list(dynamo.get_paginator("query").paginate(**question, Limit=7, ScanIndexForward=False))

    assert [len(page["Items"]) for page in pages][:2] == [7, 7]
    ranks = [item["rank"]["S"] for page in pages for item in page["Items"]]
    assert ranks == [f"{n:03}" for n in range(20, 4, -1)]
    assert dynamo.query(**grouped("G"), Select="COUNT")["Count"] == 25
    by_key = dynamo.query(**grouped("G", "keys"))["Items"]
    assert len(by_key) == 26
    assert set(by_key[0]) == {"PK", "SK", "group"}


def test_an_index_is_never_read_consistently(dynamo):
    refused("ValidationException", dynamo.query, **grouped("G"), ConsistentRead=True)


def test_an_index_is_added_to_a_table_in_use(dynamo):
    dynamo.put_item(TableName="plain", Item={**key("a", "new-index"), "group": text("g")})
    dynamo.update_table(
        TableName="plain",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
        GlobalSecondaryIndexUpdates=[{"Create": index("by_sort", "ALL", "SK")}],
    )
    dynamo.get_waiter("table_exists").wait(TableName="plain", WaiterConfig={"Delay": 1})
    found = dynamo.query(
        TableName="plain",
        IndexName="by_sort",
        KeyConditionExpression="SK = :s",
        ExpressionAttributeValues={":s": text("new-index")},
    )
    assert [item["PK"] for item in found["Items"]] == [text("a")]


# --- what is refused


@pytest.mark.parametrize("item", [{**key("")}, {**key("empty"), "group": text("")}], ids=["key", "index key"])
def test_an_empty_key_is_refused(dynamo, item):
    refused("ValidationException", dynamo.put_item, TableName="things", Item=item)


def test_an_index_key_of_another_type_is_refused(dynamo):
    refused("ValidationException", dynamo.put_item, TableName="things", Item={**key("typed"), "group": number(1)})


def test_a_reserved_word_in_an_update_is_refused(dynamo):
    refused("ValidationException", update, dynamo, "reserved", "SET status = :s", s=text("x"))


@pytest.mark.parametrize("where", ["condition", "filter"])
def test_a_reserved_word_in_a_condition_or_a_filter_is_refused(dynamo, where):
    values = {":s": text("x")}
    if where == "condition":
        call, given = dynamo.put_item, {"Item": key("reserved"), "ConditionExpression": "status = :s"}
    else:
        dynamo.put_item(TableName="things", Item=key("filtered-word"))  # ministack reads a filter when a row meets it
        call, given = dynamo.scan, {"FilterExpression": "status = :s"}
    refused("ValidationException", call, TableName="things", ExpressionAttributeValues=values, **given)


def test_a_value_that_is_not_used_is_refused(dynamo):
    refused("ValidationException", update, dynamo, "unused", "SET a = :s", s=text("x"), t=text("x"))


def test_a_name_that_is_not_used_is_refused(dynamo):
    refused("ValidationException", dynamo.query, **partition("unused"), ExpressionAttributeNames={"#n": "z"})


def test_one_path_set_twice_is_refused_by_amazon_and_taken_by_ministack(dynamo, request):
    """The one check that ministack fails; our store writes whole items and never sets a path twice."""
    if request.node.callspec.params["backend"] == "ministack":
        update(dynamo, "overlap", "SET a = :s, a = :s", s=text("x"))
        assert stored(dynamo, "overlap")["a"] == text("x")
    else:
        refused("ValidationException", update, dynamo, "overlap", "SET a = :s, a = :s", s=text("x"))


def test_an_update_of_a_key_is_refused(dynamo):
    refused("ValidationException", update, dynamo, "rekeyed", "SET SK = :s", s=text("x"))


def test_an_item_above_400_kb_is_refused(dynamo):
    item = {**key("large"), "body": text("x" * 410_000)}
    refused("ValidationException", dynamo.put_item, TableName="things", Item=item)


def test_a_batch_above_25_writes_is_refused(dynamo):
    writes = [{"PutRequest": {"Item": key("batch", str(n))}} for n in range(26)]
    refused("ValidationException", dynamo.batch_write_item, RequestItems={"things": writes})


def test_a_refused_put_returns_the_item_that_stood_in_the_way(dynamo):
    dynamo.put_item(TableName="things", Item={**key("standing"), "stock": number(2)})
    answer = refused(
        "ConditionalCheckFailedException",
        dynamo.put_item,
        TableName="things",
        Item=key("standing"),
        ConditionExpression="attribute_not_exists(PK)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    assert answer["Item"]["stock"] == number(2)
