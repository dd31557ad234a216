"""DynamoDB: the operations the functions use, each as one instant."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.simulation.aws import definitions, parameters, reading
from tests.simulation.aws.errors import AwsError, Mismatch, invalid
from tests.simulation.aws.streams import Record, Stream
from tests.simulation.aws.tables import Key, Row, Table
from tests.simulation.aws.values import Item
from tests.simulation.aws.writing import Action, action

Request = dict[str, Any]
Answer = dict[str, Any]

PAGE_BYTES = 1024 * 1024
MOST_ACTIONS = 100
LARGEST_TRANSACTION = 4 * 1024 * 1024
TOKENS_LAST_S = 600
MOST_READ, MOST_WRITTEN = 100, 25
NO_REASON = {"Code": "None"}


class WriteSeen(NamedTuple):
    """One committed write; ``old`` and ``new`` are items as stored, None where there is none."""

    table: str
    key: Key
    old: Item | None
    new: Item | None


def none() -> int:
    return 0


class Dynamo:
    """All tables of an account, in memory.

    now:        epoch seconds; only tokens and the stream's times ask for it.
    lag:        asked at each read of an index: how many of the newest writes to the table's indexes are not to be seen.
    stale:      the same for a read of the table itself that is not consistent: how many of its newest writes.
    unread:     asked at each batch with the number of its keys or writes: how many are left unprocessed.
    page_bytes: after how much a page ends.
    on_write:   told of each committed write or transaction.
    streams:    by table, those that have one.
    """

    def __init__(self, *, now: Callable[[], float]) -> None:
        self.now = now
        self.lag: Callable[[], int] = none
        self.stale: Callable[[], int] = none
        self.unread: Callable[[int], int] = lambda _: 0
        self.page_bytes = PAGE_BYTES
        self.on_write: Callable[[list[WriteSeen]], None] = lambda _: None
        self.tables: dict[str, Table] = {}
        self.streams: dict[str, Stream] = {}
        self._sequence = 0
        self._tokens: dict[str, tuple[float, Any]] = {}
        self._token_order: deque[tuple[float, str]] = deque()
        self._operations: dict[str, Callable[[Request], Answer]] = {
            "GetItem": self._get_item,
            "PutItem": lambda request: self._write_item("Put", request),
            "UpdateItem": lambda request: self._write_item("Update", request),
            "DeleteItem": lambda request: self._write_item("Delete", request),
            "BatchGetItem": self._batch_get_item,
            "BatchWriteItem": self._batch_write_item,
            "TransactWriteItems": self._transact_write_items,
            "TransactGetItems": self._transact_get_items,
            "Query": lambda request: self._page(reading.query, request),
            "Scan": lambda request: self._page(reading.scan, request),
            **definitions.operations(self.tables, self.streams),
        }

    def answer(self, operation: str, request: Request) -> Answer:
        """What DynamoDB answers. Raises AwsError.

        Items are shared with the store: whoever gets one must not change it, nor the request afterwards.
        """
        if operation not in self._operations:
            raise NotImplementedError(f"the simulator's DynamoDB has no {operation}")
        parameters.check(operation, request)
        return self._operations[operation](request)

    def stream(self, table: str) -> list[Record]:
        """The changes of a table since the beginning."""
        return self.streams[table].records

    def expire(self, table: str) -> int:
        """Take away what is past its time to live, as DynamoDB does some days late; answers how many items."""
        it = definitions.table(self.tables, table)
        if it.expiry is None:
            return 0
        name, now = it.expiry, self.now()
        gone = [key for key, row in it.rows.items() if "N" in row.item.get(name, {}) and int(row.item[name]["N"]) < now]
        self._commit([(it, key, None) for key in gone])
        return len(gone)

    # --- single items

    def _table(self, request: Mapping[str, Any]) -> Table:
        return definitions.table(self.tables, request["TableName"])

    def _get_item(self, request: Request) -> Answer:
        table = self._table(request)
        row = self._seen(table, table.key(request["Key"]), consistent=request.get("ConsistentRead", False))
        return {"Item": reading.shown(row.item, request)} if row else {}

    def _seen(self, table: Table, key: Key, *, consistent: bool) -> Row | None:
        past = {} if consistent else table.past(self.stale(), of_indexes=False)
        return past[key] if key in past else table.rows.get(key)

    def _write_item(self, kind: str, request: Request) -> Answer:
        asked = action(kind, self._table(request), request)
        old, new = asked.old, asked.outcome()
        self._commit([(asked.table, asked.key, new)])
        returned = asked.returned(old, new)
        return {"Attributes": returned} if returned is not None else {}

    def _commit(self, writes: Sequence[tuple[Table, Key, Row | None]]) -> None:
        seen = []
        for table, key, new in writes:
            old = table.rows.get(key)
            seen.append(WriteSeen(table.name, key, old.item if old else None, new.item if new else None))
            if table.write(key, new) and (stream := self.streams.get(table.name)):
                self._sequence += 1
                stream.append(key, old, new, sequence=self._sequence, now=self.now())
        self.on_write(seen)

    # --- batches

    def _batch_get_item(self, request: Request) -> Answer:
        wanted = [(name, key) for name, one in request["RequestItems"].items() for key in one["Keys"]]
        if not 1 <= len(wanted) <= MOST_READ:
            invalid("Too many items requested for the BatchGetItem call")
        keys = [(definitions.table(self.tables, name), key) for name, key in wanted]
        if len({(table.name, table.key(key)) for table, key in keys}) < len(keys):
            invalid("Provided list of item keys contains duplicates")
        answer: Answer = {"Responses": {name: [] for name in request["RequestItems"]}, "UnprocessedKeys": {}}
        end, size = len(wanted) - self.unread(len(wanted)), 0
        for number, (table, key) in enumerate(reversed(keys)):  # DynamoDB answers in an order of its own
            one = request["RequestItems"][table.name]
            row = self._seen(table, table.key(key), consistent=one.get("ConsistentRead", False))
            size += row.size if row else 0
            if number >= end or size > 16 * PAGE_BYTES:
                answer["UnprocessedKeys"].setdefault(table.name, {**one, "Keys": []})["Keys"].append(key)
            elif row:
                answer["Responses"][table.name].append(reading.shown(row.item, one))
        return answer

    def _batch_write_item(self, request: Request) -> Answer:
        writes = [(name, *one.popitem()) for name, many in request["RequestItems"].items() for one in map(dict, many)]
        if not 1 <= len(writes) <= MOST_WRITTEN:
            invalid("Too many items requested for the BatchWriteItem call")
        actions = [
            action(kind.removesuffix("Request"), definitions.table(self.tables, name), what)
            for name, kind, what in writes
        ]
        if len({(one.table.name, one.key) for one in actions}) < len(actions):
            invalid("Provided list of item keys contains duplicates")
        end = len(writes) - self.unread(len(writes))
        rows = [one.outcome() for one in actions]
        for one, new in zip(actions[:end], rows[:end], strict=True):
            self._commit([(one.table, one.key, new)])
        left: dict[str, list[Any]] = {}
        for name, kind, what in writes[end:]:
            left.setdefault(name, []).append({kind: what})
        return {"UnprocessedItems": left}

    # --- transactions

    def _transact_write_items(self, request: Request) -> Answer:
        items, token = request["TransactItems"], request.get("ClientRequestToken")
        if token and self._is_repeated(token, items):
            return {}
        if len(items) > MOST_ACTIONS:
            invalid("1 validation error detected: Value at 'transactItems' failed to satisfy constraint: "
                    "Member must have length less than or equal to 100")  # fmt: skip
        actions = self._actions(items)
        if len({(one.table.name, one.key) for one in actions}) < len(actions):
            invalid("Transaction request cannot include multiple operations on one item")
        rows = _outcomes(actions)
        if sum(row.size for row in rows if row) > LARGEST_TRANSACTION:
            invalid("The aggregate size of the items in the transaction cannot exceed 4 MB")
        self._commit(
            [(o.table, o.key, row) for o, row in zip(actions, rows, strict=True) if o.kind != "ConditionCheck"]
        )
        if token:
            self._tokens[token] = self.now(), items
            self._token_order.append((self.now(), token))
        return {}

    def _actions(self, items: Sequence[Mapping[str, Any]]) -> list[Action]:
        actions, reasons = [], [dict(NO_REASON) for _ in items]
        for number, item in enumerate(items):
            ((kind, what),) = item.items()
            parameters.check(kind, what)
            try:
                actions.append(action(kind, self._table(what), what))
            except Mismatch as error:
                reasons[number] = {"Code": "ValidationError", "Message": error.message}
        if len(actions) < len(items):
            raise _cancelled(reasons)
        return actions

    def _is_repeated(self, token: str, items: Any) -> bool:
        """Whether a transaction is the one this token was completed with in the last ten minutes."""
        oldest = self.now() - TOKENS_LAST_S
        while self._token_order and self._token_order[0][0] < oldest:
            at, gone = self._token_order.popleft()
            if self._tokens[gone][0] == at:
                del self._tokens[gone]
        if token not in self._tokens:
            return False
        if self._tokens[token][1] != items:
            raise AwsError("IdempotentParameterMismatchException", "The request has a different payload than the one "
                           "that this client token was used with")  # fmt: skip
        return True

    def _transact_get_items(self, request: Request) -> Answer:
        responses = []
        for item in request["TransactItems"]:
            table = self._table(item["Get"])
            row = table.rows.get(table.key(item["Get"]["Key"]))
            responses.append({"Item": reading.shown(row.item, item["Get"])} if row else {})
        return {"Responses": responses}

    # --- pages

    def _page(self, read: Any, request: Request) -> Answer:
        table = self._table(request)
        if request.get("IndexName"):
            past = table.past(self.lag(), of_indexes=True)
        elif request.get("ConsistentRead"):
            past = {}
        else:
            past = table.past(self.stale(), of_indexes=False)
        answer: Answer = read(table, request, past, page_bytes=self.page_bytes)
        return answer


def _outcomes(actions: Sequence[Action]) -> list[Row | None]:
    """The rows a transaction leaves. Raises AwsError with a reason for each action when one of them cannot be."""
    rows: list[Row | None] = []
    reasons: list[dict[str, Any]] = []
    failed = False
    for one in actions:
        try:
            rows.append(one.outcome())
            reasons.append(dict(NO_REASON))
        except AwsError as error:
            failed = True
            code = "ConditionalCheckFailed" if error.code == "ConditionalCheckFailedException" else "ValidationError"
            reasons.append({"Code": code, "Message": error.message, **error.extra})
    if failed:
        raise _cancelled(reasons)
    return rows


def _cancelled(reasons: Sequence[Mapping[str, Any]]) -> AwsError:
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return AwsError("TransactionCanceledException", message, CancellationReasons=reasons)
