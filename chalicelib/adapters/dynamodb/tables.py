"""The three tables as the store uses them: exact writes in one transaction, exact reads, queries of one partition."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.domain.values import dataclass

Item = dict[str, Any]
Key = Mapping[str, str]

BATCH = 100  # keys of one BatchGetItem


class Table(StrEnum):
    CORE = "core"
    JOURNAL = "journal"
    OPS = "ops"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Write an item; ``version`` None means it must not exist, else the stored version must be this one."""

    table: Table
    item: Item
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """Write an item whatever was there."""

    table: Table
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Write an item unless it is there with another ``business``."""

    table: Table
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Take an item away; ``version`` is the one it must have, None asks nothing."""

    table: Table
    key: Key
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Increase:
    """Add to an item's number attributes, making the item if need be; inside a transaction a resend adds once."""

    table: Table
    key: Key
    by: Mapping[str, int]


Write = Put | Overwrite | Own | Delete | Increase


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Rows of one partition, of a table or one of its indexes, between two sort keys, both included."""

    table: Table
    partition: str
    index: str | None = None
    first: str | None = None
    last: str | None = None
    newest_first: bool = False
    limit: int = 1000
    after: Key | None = None

    @property
    def attributes(self) -> tuple[str, str]:
        return (f"{self.index}_pk", f"{self.index}_sk") if self.index else ("PK", "SK")


class Cancelled(Exception):
    """No write was done; ``refused`` says of each whether its condition was what failed."""

    def __init__(self, refused: Sequence[bool]) -> None:
        super().__init__(f"transaction cancelled: {refused}")
        self.refused = tuple(refused)


class Tables(Protocol):
    def get(self, table: Table, key: Key) -> Item | None: ...

    def many(self, table: Table, keys: Sequence[Key]) -> list[Item]: ...

    def query(self, query: Query) -> tuple[list[Item], Key | None]: ...

    def write(self, writes: Sequence[Write]) -> None:
        """Do all writes or none. Raises Cancelled."""
        ...

    def put(self, table: Table, item: Item) -> bool:
        """Write one item that must not exist; answers whether it did not."""
        ...

    def pause(self, attempt: int) -> None:
        """Wait before trying again: longer with each attempt, and never the same for two."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoTables:
    """``Tables`` on DynamoDB.

    names: the real name of each table.
    """

    client: Any
    names: Mapping[Table, str]
    sleep: Callable[[float], None] = field(default=time.sleep)
    jitter: Callable[[float, float], float] = field(default=random.uniform)

    def get(self, table: Table, key: Key) -> Item | None:
        found = self.client.get_item(TableName=self.names[table], Key=_typed(key), ConsistentRead=True)
        return _plain(found["Item"]) if "Item" in found else None

    def many(self, table: Table, keys: Sequence[Key]) -> list[Item]:
        items: list[Item] = []
        for start in range(0, len(keys), BATCH):
            wanted: Any = {self.names[table]: {"Keys": [_typed(k) for k in keys[start : start + BATCH]]}}
            wanted[self.names[table]]["ConsistentRead"] = True
            for attempt in range(1, 9):
                answer = self.client.batch_get_item(RequestItems=wanted)
                items += [_plain(item) for item in answer["Responses"].get(self.names[table], [])]
                wanted = answer.get("UnprocessedKeys")
                if not wanted:
                    break
                self.pause(attempt)
            else:
                raise TimeoutError("DynamoDB left keys unread")
        return items

    def query(self, query: Query) -> tuple[list[Item], Key | None]:
        request, items = self._request(query), []
        while True:
            answer = self.client.query(**request)
            items += [_plain(item) for item in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            if not last or len(items) >= query.limit:
                return items, _plain(last) if last else None
            request |= {"ExclusiveStartKey": last, "Limit": query.limit - len(items)}

    def write(self, writes: Sequence[Write]) -> None:
        actions = [self._action(write) for write in writes]
        for attempt in range(1, 9):
            try:
                self.client.transact_write_items(TransactItems=actions)
            except self.client.exceptions.TransactionCanceledException as error:
                codes = [reason.get("Code", "None") for reason in error.response["CancellationReasons"]]
                refused = [code == "ConditionalCheckFailed" for code in codes]
                if any(refused) or attempt == 8:  # noqa: PLR2004 - the last of range(1, 9)
                    raise Cancelled(refused) from error
                if not set(codes) & {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}:
                    raise
            else:
                return
            self.pause(attempt)

    def put(self, table: Table, item: Item) -> bool:
        try:
            self.client.put_item(
                TableName=self.names[table], Item=_typed(item), ConditionExpression="attribute_not_exists(PK)"
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def pause(self, attempt: int) -> None:
        self.sleep(self.jitter(0.002, min(0.008 * 2**attempt, 0.4)))

    def _request(self, query: Query) -> dict[str, Any]:
        pk, sk = query.attributes
        condition, values = f"{pk} = :pk", {":pk": {"S": query.partition}}
        if query.first is not None and query.last is not None:
            condition += f" AND {sk} BETWEEN :first AND :last"
            values |= {":first": {"S": query.first}, ":last": {"S": query.last}}
        elif query.last is not None or query.first is not None:
            bound = query.last if query.last is not None else query.first
            condition += f" AND {sk} {'<=' if query.last is not None else '>='} :bound"
            values |= {":bound": {"S": str(bound)}}
        request = {
            "TableName": self.names[query.table],
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not query.newest_first,
            "Limit": query.limit,
        }
        if query.index:
            request |= {"IndexName": query.index}
        else:
            request |= {"ConsistentRead": True}
        if query.after:
            request |= {"ExclusiveStartKey": _typed(query.after)}
        return request

    def _action(self, write: Write) -> dict[str, Any]:
        table = {"TableName": self.names[write.table]}
        match write:
            case Put(item=item, version=None):
                return {"Put": table | {"Item": _typed(item), "ConditionExpression": "attribute_not_exists(PK)"}}
            case Put(item=item, version=version):
                return {"Put": table | {"Item": _typed(item)} | _is_version(version)}
            case Overwrite(item=item):
                return {"Put": table | {"Item": _typed(item)}}
            case Own(item=item):
                return {"Put": table | {"Item": _typed(item)} | _is_free_or_of(item["business"])}
            case Delete(key=key, version=None):
                return {"Delete": table | {"Key": _typed(key)}}
            case Delete(key=key, version=version):
                return {"Delete": table | {"Key": _typed(key)} | _is_version(version)}
            case Increase(key=key, by=by):
                names = {f"#{i}": name for i, name in enumerate(by)}
                values = {f":{i}": {"N": str(step)} for i, step in enumerate(by.values())}
                sums = ", ".join(f"#{i} :{i}" for i in range(len(by)))
                return {
                    "Update": table
                    | {
                        "Key": _typed(key),
                        "UpdateExpression": f"ADD {sums}",
                        "ExpressionAttributeNames": names,
                        "ExpressionAttributeValues": values,
                    }
                }


def _is_version(version: int | None) -> dict[str, Any]:
    return {
        "ConditionExpression": "#version = :read",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":read": {"N": str(version)}},
    }


def _is_free_or_of(business: str) -> dict[str, Any]:
    return {
        "ConditionExpression": "attribute_not_exists(PK) OR business = :owner",
        "ExpressionAttributeValues": {":owner": {"S": business}},
    }


def _typed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()}


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: int(typed["N"]) if "N" in typed else typed["S"] for name, typed in item.items()}
