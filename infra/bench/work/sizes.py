"""Units by DynamoDB's rule, from what was really read and written.

The emulator says half a unit for any Query, and forgets the indexes. Source: "DynamoDB read and write operations",
"DynamoDB item sizes and formats" and "Provisioned throughput considerations for global secondary indexes" in the
developer guide. A read takes one unit for each 4 KB begun, half of that where it may lag; a Query's items are added up
first. A write takes one for each KB begun, two in a transaction, and one more in each index that the item is in, or two
where its place there changes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

UNIT = 4_096
SMALLEST_READ = 1
WRITE_UNIT = 1_024
INDEXES = ("list", "client", "job", "activity")
MOVING_INDEXES = ("open", "account", "due")
"""Those in which a saved entity may have another place than before; it is counted as if it had."""


def read_units(operation: str, answer: Mapping[str, Any], *, consistent: bool) -> float:
    """What a GetItem, BatchGetItem or Query takes; 0 for anything else.

    answer: as botocore gives it. Nothing that a filter drops may be left out of it: our queries have none.
    """
    match operation:
        case "GetItem":
            whole = _units([answer.get("Item", {})])
        case "BatchGetItem":
            whole = sum(_units([item]) for items in answer.get("Responses", {}).values() for item in items)
        case "Query":
            whole = _units(answer.get("Items", []))
        case _:
            return 0
    return whole if consistent else whole / 2


def write_units(operation: str, asked: Mapping[str, Any]) -> int:
    """What a PutItem or TransactWriteItems takes at most; 0 for anything else.

    asked: its parameters, as botocore is given them. What an update or a deletion touches is not in them, and counted
    as 1 KB: ours are of small rows, but for drafts that are deleted.
    """
    match operation:
        case "PutItem":
            return _kilobytes(asked["Item"]) + _in_indexes(asked)
        case "TransactWriteItems":
            return sum(_written(write) for each in asked["TransactItems"] for write in each.values())
        case _:
            return 0


def _written(write: Mapping[str, Any]) -> int:
    return 2 * _kilobytes(write["Item"]) + _in_indexes(write) if "Item" in write else 2


def _in_indexes(put: Mapping[str, Any]) -> int:
    item, replaced = put["Item"], "#version" in put.get("ConditionExpression", "")
    writes = sum(f"{name}_pk" in item for name in INDEXES)
    for name in MOVING_INDEXES:
        is_in = f"{name}_pk" in item
        writes += is_in + (replaced and (is_in or _moves(item)))
    return writes * _kilobytes(item)


def _moves(item: Mapping[str, Any]) -> bool:
    """Whether it may have left an index that it was in."""
    return item.get("kind", {}).get("S") in {"Invoice", "Item"}


def _kilobytes(item: Mapping[str, Any]) -> int:
    return -(-sum(len(name.encode()) + _size(value) for name, value in item.items()) // WRITE_UNIT)


def _units(items: Sequence[Mapping[str, Any]]) -> int:
    size = sum(len(name.encode()) + _size(value) for item in items for name, value in item.items())
    return max(-(-size // UNIT), SMALLEST_READ)


def _size(value: Mapping[str, Any]) -> int:
    """Bytes of a value: text in UTF-8; two digits of a number in one byte, and one more."""
    ((kind, given),) = value.items()
    match kind:
        case "S":
            return len(given.encode())
        case "N":
            return (len(given.strip("-").replace(".", "")) + 1) // 2 + 1
        case "M":
            return 3 + sum(len(name.encode()) + _size(inner) + 1 for name, inner in given.items())
        case "L":
            return 3 + sum(_size(inner) + 1 for inner in given)
        case _:
            return 1
