"""Short words for DynamoDB's own shapes."""

import time

import pytest
from botocore.exceptions import ClientError


def text(value):
    return {"S": value}


def number(value):
    return {"N": str(value)}


def create_table(client, name, *, indexes, stream):
    attributes = ["PK", "SK", *(["group", "rank"] if indexes else [])]
    options = {}
    if indexes:
        options["GlobalSecondaryIndexes"] = [
            index("ranked", "ALL", "group", "rank"),
            index("keys", "KEYS_ONLY", "group"),
        ]
    if stream:
        options["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": "S"} for attribute in attributes],
        KeySchema=key_schema("PK", "SK"),
        **options,
    )
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})


def index(name, projection, *keys):
    return {"IndexName": name, "KeySchema": key_schema(*keys), "Projection": {"ProjectionType": projection}}


def key_schema(*keys):
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)]


def key(partition, sort="1"):
    return {"PK": text(partition), "SK": text(sort)}


def put(partition, sort="1", **more):
    return {"Put": {"TableName": "things", "Item": {**key(partition, sort), **more}}}


def stored(client, partition, sort="1", table="things"):
    return client.get_item(TableName=table, Key=key(partition, sort), ConsistentRead=True).get("Item")


def refused(code, call, *args, **kwargs):
    """The error of a call that must be refused with that code."""
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    assert caught.value.response["Error"]["Code"] == code
    return caught.value.response


def eventually(attempt, *, within_s=5.0):
    """The first true answer; the last one when none comes in time."""
    end = time.monotonic() + within_s
    while not (answer := attempt()) and time.monotonic() < end:
        time.sleep(0.02)
    return answer


def partition(name):
    return {
        "TableName": "things",
        "KeyConditionExpression": "PK = :p",
        "ExpressionAttributeValues": {":p": text(name)},
    }
