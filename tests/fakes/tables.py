"""The three tables in memory: on them ``DynamoStore`` and ``DynamoDirectory`` keep all they promise on DynamoDB.

One transaction at a time, whole or not at all; DynamoDB's limits; strongly consistent reads, but for indexes,
which can be made to lag; and faults on demand.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from chalicelib.adapters.dynamodb import rows
from chalicelib.adapters.dynamodb.tables import (
    Cancelled,
    Delete,
    Increase,
    Item,
    Key,
    Overwrite,
    Own,
    Put,
    Query,
    Table,
    Write,
)
from chalicelib.domain.journal import Envelope

MOST_ACTIONS = 100
LARGEST_ITEM = 400 * 1024
LARGEST_TRANSACTION = 4 * 1024 * 1024
KEPT_BY_INDEX = {"due": {"PK", "SK", "due_pk", "due_sk", "kind"}}

Identity = tuple[str, str]
Items = dict[Identity, Item]


class MemoryTables:
    """``Tables`` in memory.

    pauses: how often somebody waited; transactions: how many were carried out.
    """

    def __init__(self) -> None:
        self.pauses = self.transactions = 0
        self._items: dict[Table, Items] = {table: {} for table in Table}
        self._seen_by_indexes: dict[Table, Items] | None = None
        self._faults: list[Callable[[Sequence[Write]], object]] = []
        self._lost_answers: list[Exception] = []
        self._journal: list[Item] = []
        self._lock = threading.RLock()

    # --- the protocol

    def get(self, table: Table, key: Key) -> Item | None:
        with self._lock:
            found = self._items[table].get(_identity(key))
            return dict(found) if found else None

    def many(self, table: Table, keys: Sequence[Key]) -> list[Item]:
        _must(len({_identity(key) for key in keys}) == len(keys), "a batch asks for a key once")
        with self._lock:
            found = [self._items[table].get(_identity(key)) for key in keys]
        return [dict(item) for item in reversed(found) if item]  # DynamoDB promises no order

    def query(self, query: Query) -> tuple[list[Item], Key | None]:
        with self._lock:
            matching = list(self._matching(query))
        pk, sk = query.attributes
        names = ("PK", "SK", pk, sk)

        def place(item: Mapping[str, str]) -> tuple[str, str, str]:
            return item[sk], item["PK"], item["SK"]

        matching.sort(key=place, reverse=query.newest_first)
        if query.after:
            _must(query.after[pk] == query.partition, "a position belongs to its partition")
            start = place(query.after)
            matching = [i for i in matching if (place(i) < start if query.newest_first else place(i) > start)]
        page = matching[: query.limit]
        reached = len(page) == query.limit  # as DynamoDB does, even when nothing follows
        return [dict(item) for item in page], {name: page[-1][name] for name in names} if reached else None

    def write(self, writes: Sequence[Write]) -> None:
        _within_limits(writes)
        if self._faults:
            self._faults.pop(0)(writes)
        with self._lock:
            refused = [not self._allowed(write) for write in writes]
            if any(refused):
                raise Cancelled(refused)
            for write in writes:
                self._carry_out(write)
            self.transactions += 1
        if self._lost_answers:
            raise self._lost_answers.pop(0)

    def put(self, table: Table, item: Item) -> bool:
        with self._lock:
            if not self._allowed(Put(table=table, item=item)):
                return False
            self._carry_out(Put(table=table, item=item))
            return True

    def pause(self, attempt: int) -> None:
        self.pauses += 1

    # --- what a test may look at and arrange

    def rows(self, table: Table) -> list[Item]:
        """Every item, in the order in which they were first written."""
        with self._lock:
            return [dict(item) for item in self._items[table].values()]

    def journal(self) -> list[Envelope]:
        """Every event in the order of its commit, as the stream would tell them."""
        with self._lock:
            return [rows.envelope_in(item) for item in self._journal]

    def fail_next(self, error: Exception) -> None:
        """The next transaction is not carried out, and its caller is told so by the error; calls add up."""

        def fail(_: Sequence[Write]) -> None:
            raise error

        self._faults.append(fail)

    def conflict_next(self, times: int = 1) -> None:
        """The next transactions meet another one on the same items, for longer than anybody waits."""

        def conflict(writes: Sequence[Write]) -> None:
            raise Cancelled([False] * len(writes))

        self._faults += [conflict] * times

    def meanwhile(self, deed: Callable[[], object]) -> None:
        """Somebody else does this just before the next transaction."""
        self._faults.append(lambda _: deed())

    def lose_next_answer(self, error: Exception) -> None:
        """The next transaction is carried out, but its caller gets the error."""
        self._lost_answers.append(error)

    def forget_faults(self) -> None:
        """Nothing planned goes wrong any more."""
        self._faults.clear()
        self._lost_answers.clear()

    def delay_indexes(self) -> None:
        """From now on queries of an index show what there is now, until they catch up."""
        with self._lock:
            self._seen_by_indexes = {table: dict(items) for table, items in self._items.items()}

    def catch_up(self) -> None:
        self._seen_by_indexes = None

    # --- how

    def _matching(self, query: Query) -> Iterator[Item]:
        pk, sk = query.attributes
        source = self._seen_by_indexes if query.index and self._seen_by_indexes else self._items
        for item in source[query.table].values():
            if item.get(pk) != query.partition or sk not in item:
                continue
            if query.first is not None and item[sk] < query.first:
                continue
            if query.last is not None and item[sk] > query.last:
                continue
            kept = KEPT_BY_INDEX.get(query.index or "")
            yield {name: value for name, value in item.items() if kept is None or name in kept}

    def _allowed(self, write: Write) -> bool:
        found = self._items[write.table].get(_identity(_key_of(write)))
        match write:
            case Put(version=None):
                return found is None
            case Put(version=version) | Delete(version=int() as version):
                return found is not None and found.get("version") == version
            case Own(item=item):
                return found is None or found["business"] == item["business"]
        return True

    def _carry_out(self, write: Write) -> None:
        items, identity = self._items[write.table], _identity(_key_of(write))
        match write:
            case Put(item=item) | Overwrite(item=item) | Own(item=item):
                items[identity] = dict(item)
                if write.table is Table.JOURNAL:
                    self._journal.append(dict(item))
            case Delete():
                items.pop(identity, None)
            case Increase(by=by):
                found = items.get(identity) or dict(write.key)
                items[identity] = found | {name: found.get(name, 0) + step for name, step in by.items()}


def size(item: Mapping[str, str | int]) -> int:
    """What DynamoDB counts for an item: names and values in UTF-8, a number by its digits."""
    return sum(len(name.encode()) + len(str(value).encode()) for name, value in item.items())


def _within_limits(writes: Sequence[Write]) -> None:
    _must(0 < len(writes) <= MOST_ACTIONS, f"a transaction has 1 to {MOST_ACTIONS} actions, not {len(writes)}")
    touched = [(write.table, _identity(_key_of(write))) for write in writes]
    _must(len(set(touched)) == len(touched), f"a transaction touches an item once: {touched}")
    sizes = [size(write.item) for write in writes if isinstance(write, Put | Overwrite | Own)]
    _must(all(part <= LARGEST_ITEM for part in sizes), f"an item has at most {LARGEST_ITEM} bytes: {sizes}")
    _must(sum(sizes) <= LARGEST_TRANSACTION, f"a transaction has at most {LARGEST_TRANSACTION} bytes")


def _must(holds: bool, rule: str) -> None:  # noqa: FBT001
    """DynamoDB's ValidationException."""
    if not holds:
        raise ValueError(rule)


def _key_of(write: Write) -> Mapping[str, str]:
    return write.item if isinstance(write, Put | Overwrite | Own) else write.key


def _identity(key: Mapping[str, str]) -> Identity:
    return key["PK"], key["SK"]
