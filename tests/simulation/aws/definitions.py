"""Tables made, described, changed and taken away."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.simulation.aws.errors import AwsError, invalid
from tests.simulation.aws.streams import Stream, arn_of
from tests.simulation.aws.tables import Table

Answer = dict[str, Any]
Tables = dict[str, Table]
Streams = dict[str, Stream]

DESCRIBED = ("TableName", "KeySchema", "AttributeDefinitions", "StreamSpecification")


def operations(tables: Tables, streams: Streams) -> dict[str, Callable[[dict[str, Any]], Answer]]:
    return {
        "CreateTable": partial(_create, tables, streams),
        "DescribeTable": partial(_describe, tables, streams),
        "ListTables": lambda _: {"TableNames": sorted(tables)},
        "UpdateTable": partial(_add_indexes, tables, streams),
        "DeleteTable": partial(_delete, tables, streams),
        "UpdateTimeToLive": partial(_set_expiry, tables),
        "DescribeTimeToLive": partial(_describe_expiry, tables),
    }


def table(tables: Tables, name: str) -> Table:
    """The table of that name. Raises AwsError."""
    found = tables.get(name)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return found


def _create(tables: Tables, streams: Streams, request: dict[str, Any]) -> Answer:
    name = request["TableName"]
    if name in tables:
        raise AwsError("ResourceInUseException", f"Table already exists: {name}")
    tables[name] = Table(request)
    wanted = request.get("StreamSpecification", {})
    if wanted.get("StreamEnabled"):
        streams[name] = Stream(table=tables[name], view=wanted["StreamViewType"])
    return {"TableDescription": _description(tables[name], streams.get(name))}


def _describe(tables: Tables, streams: Streams, request: dict[str, Any]) -> Answer:
    it = table(tables, request["TableName"])
    return {"Table": _description(it, streams.get(it.name))}


def _add_indexes(tables: Tables, streams: Streams, request: dict[str, Any]) -> Answer:
    it = table(tables, request["TableName"])
    for change in request.get("GlobalSecondaryIndexUpdates", ()):
        if "Create" not in change:
            raise NotImplementedError("the simulator's DynamoDB can add indexes only")
        it.add_index(change["Create"], request)
    return {"TableDescription": _description(it, streams.get(it.name))}


def _delete(tables: Tables, streams: Streams, request: dict[str, Any]) -> Answer:
    it = table(tables, request["TableName"])
    description = _description(it, streams.pop(it.name, None))
    del tables[it.name]
    return {"TableDescription": description | {"TableStatus": "DELETING"}}


def _set_expiry(tables: Tables, request: dict[str, Any]) -> Answer:
    it, wanted = table(tables, request["TableName"]), request["TimeToLiveSpecification"]
    if wanted["Enabled"] == (it.expiry is not None):
        invalid(f"TimeToLive is already {'enabled' if wanted['Enabled'] else 'disabled'}")
    it.expiry = wanted["AttributeName"] if wanted["Enabled"] else None
    return {"TimeToLiveSpecification": wanted}


def _describe_expiry(tables: Tables, request: dict[str, Any]) -> Answer:
    it = table(tables, request["TableName"])
    on = {"TimeToLiveStatus": "ENABLED", "AttributeName": it.expiry}
    return {"TimeToLiveDescription": on if it.expiry else {"TimeToLiveStatus": "DISABLED"}}


def _description(it: Table, stream: Stream | None) -> Answer:
    answer = {name: it.request[name] for name in DESCRIBED if name in it.request}
    indexes = [
        {**definition, "IndexStatus": "ACTIVE", "IndexArn": f"{arn_of(it.name)}/index/{definition['IndexName']}"}
        for definition in it.request.get("GlobalSecondaryIndexes", ())
    ]
    answer |= {"TableStatus": "ACTIVE", "TableArn": arn_of(it.name), "ItemCount": len(it.rows)}
    if indexes:
        answer["GlobalSecondaryIndexes"] = indexes
    if stream:
        answer["LatestStreamArn"] = stream.arn
    return answer
