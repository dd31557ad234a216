"""Makes the emulator's queries cost what they return, as DynamoDB's do, instead of the whole partition.

ministack sorts and tries every item of a partition for each page (24 us an item: a quarter of a second for a list of
10,000 invoices, or for the end of a feed of as many events). Here each partition, of an index or a table, that was
asked for is kept sorted, and a query with a limit is shown only the stretch that can be in its page; everything else of
the query stays ministack's own. Queries of another form than ours (no limit, a filter, keys that are not strings) go
the old way. Written against ministack 1.5.33, which the lock pins; tests/infra/test_local_sorted_indexes.py compares
the answers with and without.
"""
# ruff: noqa: SLF001  # it replaces the emulator's own inner functions

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb

Entry = tuple[str, str, str]  # the sort key of the index or the table, the table's partition key, its sort key
TABLE = ""  # in the place of an index's name
FEW = 32  # items of a table's partition that the old way looks at as quickly
CONDITION = re.compile(
    r"(?P<pk>\w+) = (?P<value>:\w+)"
    r"(?: AND (?P<sk>\w+) (?:(?P<operator><=|>=|=|<|>) (?P<bound>:\w+)|BETWEEN (?P<first>:\w+) AND (?P<last>:\w+)))?"
)
LAST = ("\U0010ffff",)  # after every string

_stretch: ContextVar[tuple[str, str, list[tuple[str, str]]] | None] = ContextVar("_stretch", default=None)
_sorted: dict[tuple[int, str, str], tuple[dict[str, Any], list[Entry]]] = {}
_query, _index_item, _index_members = dynamodb._query, dynamodb._index_item, dynamodb._index_members
_items_replaced = dynamodb._items_replaced


class _Tables(AccountRegionScopedDict):  # type: ignore[misc]  # ministack is not typed
    """ministack's tables; during a query of ours on a table, of its items only those that it may return."""

    __slots__ = ()

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401
        table, stretch = super().get(key, default), _stretch.get()
        if not table or stretch is None or stretch[0] != TABLE:
            return table
        _, partition, keys = stretch
        items = table["items"][partition]
        return {**table, "items": {partition: {sk: items[sk] for _, sk in keys if sk in items}}}


def install() -> None:
    """Put the quicker functions in the place of ministack's."""
    dynamodb._tables.__class__ = _Tables
    dynamodb._query = query
    dynamodb._index_item = index_item
    dynamodb._index_members = index_members
    dynamodb._items_replaced = items_replaced


def uninstall() -> None:
    dynamodb._tables.__class__ = AccountRegionScopedDict
    dynamodb._query, dynamodb._index_item, dynamodb._index_members = _query, _index_item, _index_members
    dynamodb._items_replaced = _items_replaced
    _sorted.clear()


def query(request: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's own answer
    token = _stretch.set(_stretch_of(request))
    try:
        return _query(request)
    finally:
        _stretch.reset(token)


def index_members(table: dict[str, Any]) -> Mapping[str, Any]:
    """Who is in which partition; during a query of ours, only the stretch that it may return."""
    stretch = _stretch.get()
    if stretch is None or stretch[0] == TABLE:
        members: Mapping[str, Any] = _index_members(table)
        return members
    index, partition, keys = stretch
    return {index: {partition: keys}}


def index_item(table: dict[str, Any], base_pk: str, base_sk: str, item: dict[str, Any], add: bool) -> None:  # noqa: FBT001
    _index_item(table, base_pk, base_sk, item, add)
    _enter(table, TABLE, base_pk, (base_sk, base_pk, base_sk), add=add)
    for index, hashes, ranges in dynamodb._index_key_schemas(table):
        partition = dynamodb._index_partition(item, hashes, ranges)
        if isinstance(partition, str) and (id(table), index, partition) in _sorted:
            _enter(table, index, partition, (_text(item, ranges[0]), base_pk, base_sk), add=add)


def _enter(table: dict[str, Any], index: str, partition: str, entry: Entry, *, add: bool) -> None:
    """Follow an item that came or went, in a partition that is kept sorted."""
    kept = _sorted.get((id(table), index, partition))
    if kept is None:
        return
    place = bisect_left(kept[1], entry)
    is_there = place < len(kept[1]) and kept[1][place] == entry
    if add and not is_there:
        insort(kept[1], entry)
    if not add and is_there:
        del kept[1][place]


def items_replaced(table: dict[str, Any]) -> None:
    for key in [key for key in _sorted if key[0] == id(table)]:
        del _sorted[key]
    _items_replaced(table)


def _stretch_of(request: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]]] | None:
    """The keys that can be in the page, or None if the query is not of our form."""
    table = dynamodb._tables.get(dynamodb._normalize_table_name(request.get("TableName")))
    condition = CONDITION.fullmatch(request.get("KeyConditionExpression", ""))
    limit = request.get("Limit")
    if not table or not condition or not isinstance(limit, int) or "FilterExpression" in request:
        return None
    index = request.get("IndexName", TABLE)
    hashes, ranges = _keys_of(table, index)
    values = {name: value.get("S") for name, value in request.get("ExpressionAttributeValues", {}).items()}
    names = [condition["pk"], *([condition["sk"]] if condition["sk"] else [])]
    strings = {each["AttributeName"] for each in table["AttributeDefinitions"] if each["AttributeType"] == "S"}
    is_ours = (
        len(hashes) == len(ranges) == 1 and names == [*hashes, *ranges][: len(names)] and {*hashes, *ranges} <= strings
    )
    if not is_ours or not all(isinstance(value, str) for value in values.values()):
        return None
    partition = values[condition["value"]]
    if index == TABLE and len(table["items"].get(partition, ())) < FEW:
        return None
    entries = _entries(table, index, partition, ranges[0])
    start, end = _bounds(entries, condition, values)
    start, end = _after(entries, start, end, request, table, ranges[0])
    is_forward = request.get("ScanIndexForward", True)
    page = entries[start:end][:limit] if is_forward else entries[max(start, end - limit) : end]
    return index, partition, [(base_pk, base_sk) for _, base_pk, base_sk in page]


def _keys_of(table: dict[str, Any], index: str) -> tuple[list[str], list[str]]:
    """The names of the partition keys and of the sort keys; none where there is no such index."""
    if index == TABLE:
        return [table["pk_name"]], [table["sk_name"]] if table["sk_name"] else []
    known = dynamodb._index_def(table, index)
    return dynamodb._index_key_lists(known) if known else ([], [])


def _entries(table: dict[str, Any], index: str, partition: str, sort: str) -> list[Entry]:
    key = (id(table), index, partition)
    if key not in _sorted:
        items = table["items"]
        if index == TABLE:
            members = [(partition, sk) for sk in items.get(partition, ())]
        else:
            members = _index_members(table).get(index, {}).get(partition, ())
        _sorted[key] = (table, sorted((_text(items[pk][sk], sort), pk, sk) for pk, sk in members))
    return _sorted[key][1]


def _bounds(entries: list[Any], condition: re.Match[str], values: Mapping[str, Any]) -> tuple[int, int]:
    if condition["first"]:
        first, last = values[condition["first"]], values[condition["last"]]
        return bisect_left(entries, (first,)), bisect_right(entries, (last, *LAST))
    if not condition["operator"]:
        return 0, len(entries)
    bound = values[condition["bound"]]
    before, after = bisect_left(entries, (bound,)), bisect_right(entries, (bound, *LAST))
    return {
        "=": (before, after),
        "<": (0, before),
        "<=": (0, after),
        ">": (after, len(entries)),
        ">=": (before, len(entries)),
    }[condition["operator"]]


def _after(
    entries: list[Any], start: int, end: int, request: Mapping[str, Any], table: Mapping[str, Any], sort: str
) -> tuple[int, int]:
    """Where the page after the start key begins."""
    last = request.get("ExclusiveStartKey")
    if not last or not {sort, table["pk_name"], table["sk_name"]} <= last.keys():
        return start, end
    cursor = tuple(_text(last, name) for name in (sort, table["pk_name"], table["sk_name"]))
    if request.get("ScanIndexForward", True):
        return max(start, bisect_right(entries, cursor)), end
    return start, min(end, bisect_left(entries, cursor))


def _text(item: Mapping[str, Any], name: str) -> str:
    value: str = item[name]["S"]
    return value
