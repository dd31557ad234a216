"""A table's rows, its sparse sorted indexes, and the newest writes, so that a reader can be shown an earlier moment."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from tests.simulation.aws.errors import invalid, mismatch
from tests.simulation.aws.values import LARGEST_ITEM, Item, kept, length

Part = str | Decimal
Key = tuple[Part, ...]
"""A partition key, and a sort key where the table has one."""
Entry = tuple[Any, Key]
"""The sort key within an index's partition (() where it has none), and whose entry it is."""
Place = tuple[Part, Entry]
"""An index's partition, and the entry there."""

REMEMBERED = 10_000
"""Writes that can be undone for a reader."""
LONGEST_HASH, LONGEST_RANGE = 2048, 1024


class Row(NamedTuple):
    """An item at rest. size: bytes; places: where it stands in each index, the table itself first."""

    item: Item
    size: int
    places: tuple[Place | None, ...]


class Written(NamedTuple):
    key: Key
    old: Row | None
    indexed: bool


@dataclass(slots=True, kw_only=True)
class Index:
    """The table itself (without a name) or a global secondary index; entries are sorted within each partition."""

    name: str | None
    hash: str
    range: str | None
    kept: frozenset[str] | None = None
    entries: dict[Part, list[Entry]] = field(default_factory=dict)
    attributes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.attributes = (self.hash, self.range) if self.range else (self.hash,)

    def add(self, place: Place) -> None:
        insort(self.entries.setdefault(place[0], []), place[1])

    def remove(self, place: Place) -> None:
        entries = self.entries[place[0]]
        del entries[bisect_left(entries, place[1])]
        if not entries:
            del self.entries[place[0]]


class Table:
    """One table, made from a CreateTable request."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self.name: str = request["TableName"]
        self.request = dict(request)
        self.types = _types(request)
        self.rows: dict[Key, Row] = {}
        self.base = self._index({"KeySchema": request["KeySchema"]})
        self.indexes = [self.base, *map(self._index, request.get("GlobalSecondaryIndexes", ()))]
        self.newest: deque[Written] = deque(maxlen=REMEMBERED)
        self.expiry: str | None = None

    def _index(self, definition: Mapping[str, Any]) -> Index:
        hash, *range = (key["AttributeName"] for key in definition["KeySchema"])
        index = Index(name=definition.get("IndexName"), hash=hash, range=range[0] if range else None)
        for attribute in index.attributes:
            if attribute not in self.types:
                invalid("One or more parameter values were invalid: Some index key attributes are not defined in "
                        f"AttributeDefinitions. Keys: [{attribute}]")  # fmt: skip
        projection = definition.get("Projection", {"ProjectionType": "ALL"})
        if projection["ProjectionType"] != "ALL":
            keys = {*index.attributes, *self.base.attributes}
            index.kept = frozenset(keys | set(projection.get("NonKeyAttributes", ())))
        return index

    def add_index(self, definition: Mapping[str, Any], request: Mapping[str, Any]) -> None:
        self.types |= _types(request)
        index = self._index(definition)
        self.indexes.append(index)
        self.request["GlobalSecondaryIndexes"] = [*self.request.get("GlobalSecondaryIndexes", ()), definition]
        self.newest.clear()
        for key, row in self.rows.items():
            place = self._place(index, row.item, key)
            self.rows[key] = row._replace(places=(*row.places, place))
            if place:
                index.add(place)

    def index(self, name: str | None) -> tuple[int, Index]:
        for number, index in enumerate(self.indexes):
            if index.name == name:
                return number, index
        return invalid(f"The table does not have the specified index: {name}")

    # --- keys

    def key(self, given: Item) -> Key:
        """The key a request names, which must be the whole key and nothing else."""
        attributes = self.base.attributes
        if len(given) != len(attributes):
            mismatch("The provided key element does not match the schema")
        key = []
        for attribute in attributes:
            content = given.get(attribute, {}).get(self.types[attribute])
            if content is None:
                mismatch("The provided key element does not match the schema")
            key.append(self._part(self.base, attribute, content))
        return tuple(key)

    def key_of(self, item: Item) -> Key:
        """The key of an item to be written."""
        key = []
        for attribute in self.base.attributes:
            if attribute not in item:
                mismatch(f"One or more parameter values were invalid: Missing the key {attribute} in the item")
            content = item[attribute].get(self.types[attribute])
            if content is None:
                mismatch(f"One or more parameter values were invalid: Type mismatch for key {attribute} "
                        f"expected: {self.types[attribute]} actual: {next(iter(item[attribute]))}")  # fmt: skip
            key.append(self._part(self.base, attribute, content))
        return tuple(key)

    def row(self, key: Key, item: Item, *, too_large: str = "Item size has exceeded the maximum allowed size") -> Row:
        """The item as it would stand here. Raises AwsError where DynamoDB would not take it."""
        item, size = kept(item)
        if size > LARGEST_ITEM:
            invalid(too_large)
        base = (key[0], (key[1] if len(key) > 1 else (), key))
        return Row(item, size, (base, *[self._place(index, item, key) for index in self.indexes[1:]]))

    def _place(self, index: Index, item: Item, key: Key) -> Place | None:
        if index.hash not in item and index.range not in item:
            return None
        parts: list[Any] = []
        for attribute in index.attributes:
            value = item.get(attribute)
            if value is None:
                parts.append(None)
                continue
            content = value.get(self.types[attribute])
            if content is None:
                have, want = next(iter(value)), self.types[attribute]
                mismatch(f"One or more parameter values were invalid: Type mismatch for Index Key {attribute} "
                         f"Expected: {want} Actual: {have} IndexName: {index.name}")  # fmt: skip
            parts.append(self._part(index, attribute, content))
        if None in parts:
            return None
        return parts[0], (parts[1] if index.range else (), key)

    def _part(self, index: Index, attribute: str, content: str) -> Part:
        kind = self.types[attribute]
        if kind == "N":
            return Decimal(content)
        if not content:
            _refuse_empty(index, attribute)
        size = length(content)
        if attribute == index.hash and size > LONGEST_HASH:
            invalid("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit "
                    f"of{LONGEST_HASH} bytes")  # fmt: skip
        if attribute == index.range and size > LONGEST_RANGE:
            invalid("One or more parameter values were invalid: Aggregated size of all range keys has exceeded the "
                    f"size limit of {LONGEST_RANGE} bytes")  # fmt: skip
        return content

    # --- rows

    def write(self, key: Key, new: Row | None) -> bool:
        """Put a row in the place of what was there; answers whether anything changed."""
        old = self.rows.get(key)
        if old is None and new is None:
            return False
        if old and new and old.item == new.item:
            return False
        indexed = self._move(old.places if old else (None,) * len(self.indexes), new)
        if new is None:
            del self.rows[key]
        else:
            self.rows[key] = new
        self.newest.append(Written(key, old, indexed))
        return True

    def _move(self, before: tuple[Place | None, ...], new: Row | None) -> bool:
        indexed = False
        after = new.places if new else (None,) * len(self.indexes)
        for index, was, is_now in zip(self.indexes, before, after, strict=True):
            indexed = indexed or (index is not self.base and (was is not None or is_now is not None))
            if was == is_now:
                continue
            if was is not None:
                index.remove(was)
            if is_now is not None:
                index.add(is_now)
        return indexed

    def past(self, lag: int, *, of_indexes: bool) -> dict[Key, Row | None]:
        """What the rows that changed since were, ``lag`` writes ago (of_indexes: only those that indexes see count)."""
        rows: dict[Key, Row | None] = {}
        for key, old, indexed in reversed(self.newest):
            if lag <= 0:
                break
            rows[key] = old
            lag -= indexed or not of_indexes
        return rows


def _types(request: Mapping[str, Any]) -> dict[str, str]:
    types = {one["AttributeName"]: one["AttributeType"] for one in request.get("AttributeDefinitions", ())}
    if "B" in types.values():
        raise NotImplementedError("the simulator's DynamoDB keeps no B")
    return types


def _refuse_empty(index: Index, attribute: str) -> None:
    if index.name is None:
        invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
                f"empty string value. Key: {attribute}")  # fmt: skip
    invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
            "The AttributeValue for a key attribute cannot contain an empty string value. "
            f"IndexName: {index.name}, IndexKey: {attribute}")  # fmt: skip
