"""Read units by DynamoDB's rule, from what was really read: the emulator says half a unit for any Query.

Source: "DynamoDB read and write operations" and "DynamoDB item sizes and formats" in the developer guide. A read takes
one unit for each 4 KB begun, half of that where it may lag; a Query's items are added up first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

UNIT = 4_096
SMALLEST_READ = 1


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
