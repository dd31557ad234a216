"""The same chance history on the simulator's DynamoDB and on ministack's is answered alike."""

import random
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from infra.local import resources
from tests import aws as emulated
from tests.infra.tables import number, text
from tests.simulation.aws.clients import simulated_clients

STEPS = 400
CONDITIONS = (
    "attribute_not_exists(PK)",
    "attribute_exists(PK)",
    "version = :two",
    "version < :two OR attribute_not_exists(PK)",
    "version BETWEEN :two AND :three",
    "NOT (begins_with(doc, :doc))",
    "contains(doc, :doc) AND version <> :two",
    "size(doc) > :two",
    "version IN (:two, :three)",
)
VALUES = {":two": number(2), ":three": number(3), ":doc": text("d1")}
UPDATES = (
    ("ADD n :one", {":one": number(1)}),
    ("SET version = if_not_exists(version, :one) + :one", {":one": number(1)}),
    ("SET list_pk = :g", {":g": text("G")}),
    ("REMOVE list_pk, client_sk", {}),
    ("SET doc = if_not_exists(doc, :doc) ADD n :one", {":doc": text("d2"), ":one": number(-3)}),
)


@pytest.fixture
def both(emulator):
    emulator.reset()
    clients = SimpleNamespace(ministack=emulated.client("dynamodb"), world=simulated_clients()("dynamodb"))
    for client in (clients.ministack, clients.world):
        resources.create(lambda _, client=client: client, kinds=[resources.TABLE])
    return clients


@pytest.mark.parametrize("seed", range(5))
def test_a_chance_history_is_answered_alike(both, seed):
    chance = History(random.Random(seed))
    for _ in range(STEPS):
        operation, request = chance.step()
        told = [answered(client, operation, request) for client in (both.world, both.ministack)]
        assert told[0] == told[1], (operation, request)


def answered(client, operation, request):
    """The answer, or the code of the refusal and its reasons; of words and of a batch's order nothing is promised."""
    try:
        answer = getattr(client, operation)(**request)
    except ClientError as error:
        reasons = error.response.get("CancellationReasons", [])
        return error.response["Error"]["Code"], [(reason["Code"], reason.get("Item")) for reason in reasons]
    del answer["ResponseMetadata"]
    for items in answer.get("Responses", {}).values():
        items.sort(key=str)
    return answer


class History:
    """Requests drawn by chance, over so few keys that they meet each other."""

    def __init__(self, chance):
        self.chance = chance

    def step(self):
        draw = self.chance.choice
        kind = draw(["put", "delete", "update", "get", "transact", "transact", "many", "query", "query"])
        return getattr(self, f"_{kind}")()

    def _put(self):
        return "put_item", self._condition({"TableName": "core", "Item": self._item()})

    def _delete(self):
        return "delete_item", self._condition({"TableName": "core", "Key": self._key(), "ReturnValues": "ALL_OLD"})

    def _update(self):
        shown = self.chance.choice(["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_NEW"])
        return "update_item", {"TableName": "core", "Key": self._key(), "ReturnValues": shown, **self._change()}

    def _get(self):
        return "get_item", {"TableName": "core", "Key": self._key(), "ConsistentRead": True}

    def _transact(self):
        return "transact_write_items", {"TransactItems": [self._action() for _ in range(self.chance.randint(1, 4))]}

    def _many(self):
        keys = [{"PK": text("p"), "SK": text(sort)} for sort in self.chance.sample("1234", 3)]
        return "batch_get_item", {"RequestItems": {"core": {"Keys": keys}}}

    def _query(self):
        draw = self.chance.choice
        index = draw([None, "list", "open", "client"])
        hash, range = (f"{index}_pk", f"{index}_sk") if index else ("PK", "SK")
        bound = draw("abc" if index else "123")
        relation = draw(
            ["", f" AND {range} >= :b", f" AND {range} BETWEEN :b AND :b", f" AND begins_with({range}, :b)"]
        )
        values = {":p": text(draw("GH" if index else "pq"))} | ({":b": text(bound)} if relation else {})
        request = {"TableName": "core", "ScanIndexForward": draw([True, False])}
        if index:
            request["IndexName"] = index
        if draw([True, False]):
            request["Limit"] = self.chance.randint(1, 3)
        if draw([True, False]):
            request["FilterExpression"], values[":n"] = "version > :n", number(2)
        return "query", request | {
            "KeyConditionExpression": f"{hash} = :p{relation}",
            "ExpressionAttributeValues": values,
        }

    def _action(self):
        kind = self.chance.choice(["Put", "Put", "Delete", "Update", "ConditionCheck"])
        match kind:
            case "Put":
                return {kind: self._condition({"TableName": "core", "Item": self._item()})}
            case "Update":
                return {kind: {"TableName": "core", "Key": self._key(), **self._change()}}
        return {kind: self._condition({"TableName": "core", "Key": self._key()}, always=kind == "ConditionCheck")}

    def _condition(self, request, *, always=False):
        if not always and self.chance.random() < 0.2:
            return request
        condition = self.chance.choice(CONDITIONS)
        values = {name: value for name, value in VALUES.items() if name in condition}
        used = {"ExpressionAttributeValues": values} if values else {}
        return request | {
            "ConditionExpression": condition,
            "ReturnValuesOnConditionCheckFailure": self.chance.choice(["NONE", "ALL_OLD"]),
            **used,
        }

    def _change(self):
        expression, values = self.chance.choice(UPDATES)
        return {"UpdateExpression": expression} | ({"ExpressionAttributeValues": values} if values else {})

    def _key(self):
        return {"PK": text(self.chance.choice("pq")), "SK": text(self.chance.choice("123"))}

    def _item(self):
        draw = self.chance.choice
        item = self._key() | {
            "version": number(self.chance.randint(1, 4)),
            "doc": text(f"d{self.chance.randint(1, 3)}"),
        }
        for index in ("list", "open", "client"):
            if draw([True, False]):
                item[f"{index}_pk"] = text(draw("GH"))
            if draw([True, True, False]):
                item[f"{index}_sk"] = text(draw("abc"))
        return item
