"""The quicker index queries answer exactly what the emulator answers without them."""

import json
import random

import pytest
from ministack.services import dynamodb

from infra.local import sorted_indexes

TABLE = "things"
SCHEMA = {
    "TableName": TABLE,
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "list_pk", "list_sk")
    ],
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "list",
            "KeySchema": [
                {"AttributeName": "list_pk", "KeyType": "HASH"},
                {"AttributeName": "list_sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}
CONDITIONS = [
    ("list_pk = :pk", {}),
    ("list_pk = :pk AND list_sk BETWEEN :a AND :b", {":a": "s3", ":b": "s6"}),
    *((f"list_pk = :pk AND list_sk {operator} :a", {":a": "s4"}) for operator in ("=", "<", "<=", ">", ">=")),
    ("list_pk = :pk AND begins_with(list_sk, :a)", {":a": "s4"}),
]


@pytest.fixture(autouse=True)
def table():
    dynamodb._delete_table({"TableName": TABLE})
    dynamodb._create_table(SCHEMA)
    sorted_indexes.install()
    yield
    sorted_indexes.uninstall()
    dynamodb._delete_table({"TableName": TABLE})


def change(chance):
    """A put, a move to another place in the index, or a deletion, of one of few items."""
    key = {"PK": {"S": f"p{chance.randrange(12)}"}, "SK": {"S": chance.choice("AB")}}
    if chance.random() < 0.25:
        dynamodb._delete_item({"TableName": TABLE, "Key": key})
        return
    if chance.random() < 0.3:
        moved = {":to": {"S": f"s{chance.randrange(9)}"}}
        change = {"UpdateExpression": "SET list_sk = :to", "ExpressionAttributeValues": moved}
        dynamodb._update_item({"TableName": TABLE, "Key": key, **change})
        return
    place = {"list_pk": {"S": f"l{chance.randrange(2)}"}, "list_sk": {"S": f"s{chance.randrange(9)}"}}
    dynamodb._put_item({"TableName": TABLE, "Item": {**key, **(place if chance.random() < 0.9 else {})}})


def pages(request):
    """Every page of a query."""
    found, last = [], None
    while last is not None or not found:
        _, _, body = dynamodb._query({**request, **({"ExclusiveStartKey": last} if last else {})})
        answer = json.loads(body)
        found.append(answer)
        last = answer.get("LastEvaluatedKey")
        if last is None:
            return found
    return found


@pytest.mark.parametrize("seed", range(8))
def test_every_query_answers_the_same_with_and_without(seed):
    chance = random.Random(seed)
    for _ in range(12):
        for _ in range(8):
            change(chance)
        condition, values = chance.choice(CONDITIONS)
        typed = {name: {"S": value} for name, value in {":pk": f"l{chance.randrange(2)}", **values}.items()}
        request = {
            "TableName": TABLE,
            "IndexName": "list",
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": typed,
            "ScanIndexForward": chance.random() < 0.5,
            "Limit": chance.choice([1, 2, 3, 100]),
        }
        quick = pages(request)
        original, dynamodb._query = dynamodb._query, sorted_indexes._query
        try:
            assert quick == pages(request)
        finally:
            dynamodb._query = original


OF_THE_TABLE = [
    ("PK = :pk", {}),
    ("PK = :pk AND SK BETWEEN :a AND :b", {":a": "003", ":b": "020"}),
    *((f"PK = :pk AND SK {operator} :a", {":a": "017"}) for operator in ("=", "<", "<=", ">", ">=")),
]


@pytest.mark.parametrize("seed", range(4))
def test_a_query_on_the_table_answers_the_same_with_and_without(seed, monkeypatch):
    monkeypatch.setattr(sorted_indexes, "FEW", 3)
    chance = random.Random(seed)
    for _ in range(40):
        for _ in range(8):
            key = {"PK": {"S": f"p{chance.randrange(2)}"}, "SK": {"S": f"{chance.randrange(40):03}"}}
            if chance.random() < 0.3:
                dynamodb._delete_item({"TableName": TABLE, "Key": key})
            else:
                dynamodb._put_item({"TableName": TABLE, "Item": {**key, "said": {"S": f"{chance.random()}"}}})
        condition, values = chance.choice(OF_THE_TABLE)
        typed = {name: {"S": value} for name, value in {":pk": f"p{chance.randrange(2)}", **values}.items()}
        request = {
            "TableName": TABLE,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": typed,
            "ScanIndexForward": chance.random() < 0.5,
            "Limit": chance.choice([1, 2, 3, 100]),
        }
        quick = pages(request)
        with monkeypatch.context() as patch:
            patch.setattr(dynamodb, "_query", sorted_indexes._query)
            assert quick == pages(request)


def test_the_end_of_a_long_partition_is_found_without_looking_at_it_all(monkeypatch):
    for place in range(500):
        dynamodb._put_item({"TableName": TABLE, "Item": {"PK": {"S": "p"}, "SK": {"S": f"{place:03}"}}})
    seen = []
    original = dynamodb._evaluate_condition
    monkeypatch.setattr(
        dynamodb, "_evaluate_condition", lambda *all_, **named: seen.append(1) or original(*all_, **named)
    )
    request = {
        "TableName": TABLE,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "p"}},
        "ScanIndexForward": False,
        "Limit": 1,
    }
    _, _, body = dynamodb._query(request)
    assert [item["SK"]["S"] for item in json.loads(body)["Items"]] == ["499"]
    assert len(seen) == 1


def test_a_page_looks_at_its_own_items_only(monkeypatch):
    for place in range(500):
        item = {"PK": f"p{place}", "SK": "A", "list_pk": "l", "list_sk": f"{place:03}"}
        dynamodb._put_item({"TableName": TABLE, "Item": {name: {"S": value} for name, value in item.items()}})
    seen = []
    original = dynamodb._evaluate_condition
    monkeypatch.setattr(
        dynamodb, "_evaluate_condition", lambda *all_, **named: seen.append(1) or original(*all_, **named)
    )
    request = {
        "TableName": TABLE,
        "IndexName": "list",
        "KeyConditionExpression": "list_pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "l"}},
        "ScanIndexForward": False,
        "Limit": 5,
    }
    _, _, body = dynamodb._query(request)
    assert [item["list_sk"]["S"] for item in json.loads(body)["Items"]] == ["499", "498", "497", "496", "495"]
    assert len(seen) == 5
