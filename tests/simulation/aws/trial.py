"""A small table on the simulator's DynamoDB, in short words."""

from typing import Any

import pytest

from tests.infra.tables import index, key_schema, text
from tests.simulation.aws import AwsError
from tests.simulation.aws.dynamodb import Dynamo

THINGS = {
    "TableName": "things",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "group", "rank")],
    "KeySchema": key_schema("PK", "SK"),
    "GlobalSecondaryIndexes": [index("ranked", "ALL", "group", "rank"), index("keys", "KEYS_ONLY", "group")],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


class Things:
    """One table with two indexes and a stream. seconds: what its clock shows."""

    def __init__(self, **definition: Any) -> None:
        self.seconds = 1_000_000.0
        self.dynamo = Dynamo(now=lambda: self.seconds)
        self.ask("CreateTable", **THINGS | definition)

    def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        named = {} if operation in {"TransactWriteItems", "BatchGetItem", "BatchWriteItem"} else {"TableName": "things"}
        return self.dynamo.answer(operation, named | request)

    def put(self, partition: str, sort: str = "1", **more: Any) -> None:
        self.ask("PutItem", Item={"PK": text(partition), "SK": text(sort), **more})

    def get(self, partition: str, sort: str = "1", **more: Any) -> dict[str, Any] | None:
        return self.ask("GetItem", Key={"PK": text(partition), "SK": text(sort)}, **more).get("Item")

    def delete(self, partition: str, sort: str = "1") -> None:
        self.ask("DeleteItem", Key={"PK": text(partition), "SK": text(sort)})

    def update(self, partition: str, expression: str, **values: Any) -> dict[str, Any]:
        given = {"ExpressionAttributeValues": {f":{name}": value for name, value in values.items()}} if values else {}
        key = {"PK": text(partition), "SK": text("1")}
        return self.ask("UpdateItem", Key=key, UpdateExpression=expression, ReturnValues="ALL_NEW", **given)[
            "Attributes"
        ]

    def transact(self, *actions: dict[str, Any], token: str | None = None) -> None:
        self.ask("TransactWriteItems", TransactItems=list(actions), **({"ClientRequestToken": token} if token else {}))

    def ranked(self, group: str, **more: Any) -> list[str]:
        """The partition keys that the index shows for a group, in order."""
        return [item["PK"]["S"] for item in self.pages("#g = :g", {":g": text(group)}, index="ranked", **more)["Items"]]

    def pages(self, condition: str, values: dict[str, Any], *, index: str | None = None, **more: Any) -> dict[str, Any]:
        where: dict[str, Any] = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}
        names = {"#g": "group", "#r": "rank"}
        used = {name: stands for name, stands in names.items() if name in condition}
        if used:
            where["ExpressionAttributeNames"] = used
        return self.ask("Query", **where, **({"IndexName": index} if index else {}), **more)


def refused(code: str, call: Any, *arguments: Any, **named: Any) -> AwsError:
    with pytest.raises(AwsError) as caught:
        call(*arguments, **named)
    assert caught.value.code == code
    return caught.value
