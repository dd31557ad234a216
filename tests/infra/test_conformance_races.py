"""What eight threads at once may rely on, tried on every DynamoDB at hand."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from tests.infra.tables import key, number, stored, text

THREADS = 8


def at_once(work):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def test_of_eight_puts_under_one_condition_exactly_one_wins(dynamo):
    def race(thread):
        return [n for n in range(40) if wins(n, thread)]

    def wins(n, thread):
        item = {**key(f"race-{n}"), "winner": number(thread)}
        try:
            dynamo.put_item(TableName="plain", Item=item, ConditionExpression="attribute_not_exists(PK)")
        except dynamo.exceptions.ConditionalCheckFailedException:
            return False
        return True

    won = Counter(n for wins_of_one in at_once(race) for n in wins_of_one)
    assert won == Counter(range(40))


def test_no_addition_is_lost(dynamo):
    def count(_):
        for _ in range(40):
            dynamo.update_item(
                TableName="plain",
                Key=key("counter"),
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": number(1)},
            )

    at_once(count)
    assert stored(dynamo, "counter", table="plain")["n"] == number(THREADS * 40)


def test_transactions_sell_what_there_is_and_undo_nothing_of_others(dynamo):
    dynamo.put_item(TableName="plain", Item={**key("stock"), "n": number(60)})

    def trade(thread):
        if thread == 0:  # a plain writer beside the transactions
            for n in range(20):
                dynamo.put_item(TableName="plain", Item=key("beside", str(n)))
            return 0
        return sum(sell(dynamo, f"{thread}-{n}") for n in range(20))

    sold = sum(at_once(trade))

    assert sold == 60
    assert stored(dynamo, "stock", table="plain")["n"] == number(0)
    assert rows(dynamo, "sold") == 60
    assert rows(dynamo, "beside") == 20


def sell(dynamo, name):
    """Whether one was sold; asks again when another transaction was in the way."""
    take = {
        "TableName": "plain",
        "Key": key("stock"),
        "UpdateExpression": "SET n = n - :one",
        "ConditionExpression": "n >= :one",
        "ExpressionAttributeValues": {":one": number(1)},
    }
    while True:
        try:
            dynamo.transact_write_items(
                TransactItems=[{"Update": take}, {"Put": {"TableName": "plain", "Item": key("sold", name)}}]
            )
        except ClientError as error:
            reasons = [reason["Code"] for reason in error.response.get("CancellationReasons", [])]
            if "TransactionConflict" in reasons:
                continue
            assert reasons == ["ConditionalCheckFailed", "None"]
            return False
        return True


def rows(dynamo, partition):
    return dynamo.query(
        TableName="plain",
        KeyConditionExpression="PK = :p",
        ExpressionAttributeValues={":p": text(partition)},
        Select="COUNT",
    )["Count"]
