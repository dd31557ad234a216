"""Query and Scan: a stretch of an index, page by page, as of now or of an earlier moment."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from operator import itemgetter
from typing import Any
from zlib import crc32

from tests.simulation.aws.conditions import Condition, check_placeholders, condition, found, named
from tests.simulation.aws.errors import invalid
from tests.simulation.aws.grammar import Path, Reader, Tree
from tests.simulation.aws.tables import Entry, Index, Key, Part, Place, Row, Table
from tests.simulation.aws.values import Item, Value, comparable, weight

SORT_KEY = itemgetter(0)
Past = Mapping[Key, Row | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is asked of one partition: every row, or those whose sort key stands in this relation to these values."""

    partition: Part
    relation: str | None = None
    values: tuple[Any, ...] = ()

    def of(self, entries: list[Entry]) -> tuple[int, int]:
        """Where the stretch begins and ends."""
        first = self.values[0] if self.values else None
        match self.relation:
            case None:
                return 0, len(entries)
            case "=":
                return _before(entries, first), _after(entries, first)
            case "between":
                return _before(entries, first), _after(entries, self.values[1])
            case "<":
                return 0, _before(entries, first)
            case "<=":
                return 0, _after(entries, first)
            case ">":
                return _after(entries, first), len(entries)
            case ">=":
                return _before(entries, first), len(entries)
        start = _before(entries, first)
        return start, bisect_right(entries, first, start, key=lambda entry: entry[0][: len(str(first))])


def _before(entries: list[Entry], sort: Any) -> int:
    return bisect_left(entries, sort, key=SORT_KEY)


def _after(entries: list[Entry], sort: Any) -> int:
    return bisect_right(entries, sort, key=SORT_KEY)


def query(table: Table, request: Mapping[str, Any], past: Past, *, page_bytes: int) -> dict[str, Any]:
    number, index = table.index(request.get("IndexName"))
    names = named(request)
    keys = condition("KeyConditionExpression", request["KeyConditionExpression"], names)
    _check(index, request, [keys])
    stretch = _stretch(index, table, keys, request.get("ExpressionAttributeValues", {}))
    forward = request.get("ScanIndexForward", True)
    start = _start(table, index, request)
    if start and start[0] != stretch.partition:
        invalid("The provided starting key is outside query boundaries based on provided conditions")
    entries = _walk(index, number, stretch, past, start[1] if start else None, forward=forward)
    return _page(table, index, request, entries, past, page_bytes=page_bytes)


def scan(table: Table, request: Mapping[str, Any], past: Past, *, page_bytes: int) -> dict[str, Any]:
    number, index = table.index(request.get("IndexName"))
    _check(index, request, [])
    start = _start(table, index, request)
    rows = {**table.rows, **past}
    places = sorted((place for row in rows.values() if row and (place := row.places[number])), key=_strewn)
    first = bisect_right(places, _strewn(start), key=_strewn) if start else 0
    entries = (entry for _, entry in places[first:])
    return _page(table, index, request, entries, past, page_bytes=page_bytes)


def _strewn(place: Place) -> Any:
    """Where a place comes in a scan: partitions follow each other without an order that could be relied on."""
    return crc32(str(place[0]).encode()), place


# --- what is asked


def _check(index: Index, request: Mapping[str, Any], others: list[Condition]) -> None:
    names = named(request)
    expressions: list[Any] = list(others)
    if "FilterExpression" in request:
        expressions.append(condition("FilterExpression", request["FilterExpression"], names))
        for attribute in index.attributes if others else ():
            if any(path[0] == attribute for path in expressions[-1].paths):
                invalid(
                    "Filter Expression can only contain non-primary key attributes: Primary key attribute: " + attribute
                )
    if "ProjectionExpression" in request:
        expressions.append(projection(request["ProjectionExpression"], names))
    used_names = frozenset().union(*(expression.names for expression in expressions))
    used_values = frozenset().union(*(expression.values for expression in expressions))
    check_placeholders(request, used_names, used_values, "KeyConditionExpression" if others else "FilterExpression")
    if request.get("ConsistentRead") and index.name:
        invalid("Consistent reads are not supported on global secondary indexes")
    if request.get("Limit", 1) < 1:
        invalid(f"1 validation error detected: Value '{request['Limit']}' at 'limit' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1")  # fmt: skip


def _stretch(index: Index, table: Table, keys: Condition, values: Mapping[str, Value]) -> Stretch:
    sought: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for relation, path, placeholders in _conjuncts(keys.tree):
        if path in sought:
            invalid("KeyConditionExpressions must only contain one condition per key")
        if path not in index.attributes:
            missing = next(attribute for attribute in index.attributes if attribute not in sought)
            invalid(f"Query condition missed key schema element: {missing}")
        sought[path] = relation, tuple(_bound(table, path, values[name]) for name in placeholders)
    relation, bounds = sought.pop(index.hash, ("", ()))
    if not relation:
        invalid(f"Query condition missed key schema element: {index.hash}")
    if relation != "=":
        invalid("Query key condition not supported")
    of_range, range_bounds = sought.pop(index.range or "", (None, ()))
    if of_range == "between" and range_bounds[0] > range_bounds[1]:
        invalid("Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal "
                f"to lower bound; lower bound operand: AttributeValue: {{S:{range_bounds[0]}}}, upper bound operand: "
                f"AttributeValue: {{S:{range_bounds[1]}}}")  # fmt: skip
    return Stretch(partition=bounds[0], relation=of_range, values=range_bounds)


@lru_cache(4096)
def _conjuncts(tree: Tree) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The relations of a key condition: each with its attribute and its placeholders."""
    match tree:
        case ("and", one, other):
            return (*_conjuncts(one), *_conjuncts(other))
        case (("=" | "<" | "<=" | ">" | ">=" | "begins_with") as relation, ("path", (name,)), ("value", value)):
            return ((relation, name, (value,)),)
        case ("between", ("path", (name,)), ("value", low), ("value", high)):
            return (("between", name, (low, high)),)
    return invalid("Invalid operator used in KeyConditionExpression")


def _bound(table: Table, attribute: str, value: Value) -> Any:
    kind, content = comparable(value)
    if kind != table.types[attribute]:
        invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
    if content == "":
        invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
                f"empty string value. Key: {attribute}")  # fmt: skip
    return content


def _start(table: Table, index: Index, request: Mapping[str, Any]) -> Place | None:
    """The place after which the page begins."""
    given: Item | None = request.get("ExclusiveStartKey")
    if not given:
        return None
    wanted = {*index.attributes, *table.base.attributes}
    if given.keys() != wanted or any(table.types[name] not in given[name] for name in wanted):
        invalid("The provided starting key is invalid")
    hash, *range = (comparable(given[name])[1] for name in index.attributes)
    return hash, (range[0] if range else (), table.key({name: given[name] for name in table.base.attributes}))


# --- what is found


def _walk(
    index: Index, number: int, stretch: Stretch, past: Past, after: Entry | None, *, forward: bool
) -> Iterator[Entry]:
    entries = _slice(index.entries.get(stretch.partition, []), stretch, after, forward=forward)
    if not past:
        return entries
    was = sorted(
        place[1] for row in past.values() if row and (place := row.places[number]) and place[0] == stretch.partition
    )
    still = (entry for entry in entries if entry[1] not in past)
    return merge(still, _slice(was, stretch, after, forward=forward), reverse=not forward)


def _slice(entries: list[Entry], stretch: Stretch, after: Entry | None, *, forward: bool) -> Iterator[Entry]:
    first, end = stretch.of(entries)
    if forward:
        first = max(first, bisect_right(entries, after)) if after else first
        return (entries[at] for at in range(first, end))
    end = min(end, bisect_left(entries, after)) if after else end
    return (entries[at] for at in range(end - 1, first - 1, -1))


def _page(
    table: Table, index: Index, request: Mapping[str, Any], entries: Iterable[Entry], past: Past, *, page_bytes: int
) -> dict[str, Any]:
    holds, values = _filter(request), request.get("ExpressionAttributeValues", {})
    limit, scanned, size, last = request.get("Limit"), 0, 0, None
    items: list[Item] = []
    for _, key in entries:
        row = past[key] if key in past else table.rows[key]
        item, bytes = _projected(index, row)
        if scanned and size + bytes > page_bytes:
            break
        scanned, size, last = scanned + 1, size + bytes, item
        if holds is None or holds(item, values):
            items.append(item)
        if scanned == limit:
            break
    else:
        last = None
    answer: dict[str, Any] = {"Count": len(items), "ScannedCount": scanned}
    if request.get("Select") != "COUNT":
        answer["Items"] = [shown(item, request) for item in items]
    if last is not None:
        answer["LastEvaluatedKey"] = {name: last[name] for name in (*index.attributes, *table.base.attributes)}
    return answer


def _projected(index: Index, row: Row | None) -> tuple[Item, int]:
    assert row is not None
    if index.kept is None:
        return row.item, row.size
    item = {name: value for name, value in row.item.items() if name in index.kept}
    return item, weight(item)


def _filter(request: Mapping[str, Any]) -> Any:
    text = request.get("FilterExpression")
    return condition("FilterExpression", text, named(request)).holds if text else None


# --- projections


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    paths: tuple[Path, ...]
    names: frozenset[str]
    values: frozenset[str] = frozenset()


@lru_cache(1024)
def projection(text: str, names: Any = ()) -> Projection:
    reader = Reader("ProjectionExpression", text, dict(names))
    paths = [reader.path()]
    while reader.met(","):
        paths.append(reader.path())
    reader.finish()
    return Projection(paths=tuple(paths), names=frozenset(reader.used_names))


def shown(item: Item, request: Mapping[str, Any]) -> Item:
    """The attributes of an item that a request asks for; paths into maps are kept as maps."""
    text = request.get("ProjectionExpression")
    if not text:
        return item
    answer: Item = {}
    for path in projection(text, named(request)).paths:
        value = found(item, path)
        if value is None:
            continue
        here: Any = answer
        for part in path[:-1]:
            if isinstance(part, int):
                raise NotImplementedError("the simulator's DynamoDB shows no elements of lists")
            here = here.setdefault(part, {"M": {}})["M"]
        if isinstance(path[-1], int):
            raise NotImplementedError("the simulator's DynamoDB shows no elements of lists")
        here[path[-1]] = value
    return answer
