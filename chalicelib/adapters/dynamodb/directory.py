"""What is looked up before the business is known: credentials, accounts, and work whose time has come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.adapters.dynamodb import codec, indexes, keys, rows
from chalicelib.adapters.dynamodb.tables import Item, Overwrite, Query, Table, Tables
from chalicelib.domain.access import ApiKey, PortalLink, User
from chalicelib.domain.business import Business
from chalicelib.domain.values import dataclass
from chalicelib.ports import Due

FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
EVENTS_ARE_REMEMBERED = timedelta(days=35)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoDirectory:
    """``Directory`` over the same three tables.

    businesses_read: how many at once.
    """

    tables: Tables
    businesses_read: int = 1000

    def key(self, key_id: str) -> tuple[str, ApiKey] | None:
        item = self.tables.get(Table.OPS, keys.api_key(key_id))
        return (item["business"], codec.loads(ApiKey, item["doc"])) if item else None

    def user(self, issuer: str, subject: str) -> tuple[str, User] | None:
        row = self.tables.get(Table.OPS, keys.user(rows.user_digest(issuer, subject)))
        item = row and self.tables.get(Table.CORE, keys.of(row["business"], User, row["user"]))
        return (row["business"], codec.loads(User, item["doc"])) if row and item else None

    def link(self, token_sha256: str) -> tuple[str, PortalLink] | None:
        item = self.tables.get(Table.OPS, keys.token(token_sha256))
        return (item["business"], codec.loads(PortalLink, item["doc"])) if item else None

    def business_of_account(self, account: str) -> str | None:
        return self._owner(keys.account(account))

    def businesses(self) -> Iterable[str]:
        yield from (item["list_sk"] for item in self._businesses())

    def payment_accounts(self) -> Iterable[tuple[str, str]]:
        """As the index shows the businesses: what is new is there a moment later."""
        for item in self._businesses():
            business: Business = codec.loads(Business, item["doc"])
            yield from ((business.id, account) for account in business.open_accounts)

    def due(self, *, until: datetime) -> Iterable[Due]:
        """Everything due by now, longest waiting first, however long ago that was.

        A sandbox has its own clock, so all that it plans is given; the deed asks whether its time has come.
        """
        waiting = [
            due for shard in range(indexes.DUE_SHARDS) for due in self._planned(indexes.due_partition(shard), until)
        ]
        yield from (due for _, due in sorted(waiting, key=lambda pair: pair[0]))
        for sandbox in self._sandboxes():
            yield from (due for _, due in self.due_in_sandbox(sandbox, until=FAR_FUTURE))

    def due_in_sandbox(self, business_id: str, *, until: datetime) -> Sequence[tuple[datetime, Due]]:
        return self._planned(indexes.sandbox_due_partition(business_id), until)

    def notice(self, key: str, *, at: datetime) -> str:
        """Remember a provider's event; answers ``new``, ``received`` or ``applied``."""
        gone = int((at + EVENTS_ARE_REMEMBERED).timestamp())
        if self.tables.put(Table.OPS, keys.notice(key) | {"state": "received", "ttl": gone}):
            return "new"
        item = self.tables.get(Table.OPS, keys.notice(key))
        return str(item["state"]) if item else "new"

    def applied(self, key: str) -> None:
        item = self.tables.get(Table.OPS, keys.notice(key)) or {**keys.notice(key)}
        self.tables.write([Overwrite(table=Table.OPS, item=item | {"state": "applied"})])

    def _owner(self, key: keys.Key) -> str | None:
        item = self.tables.get(Table.OPS, key)
        return str(item["business"]) if item else None

    def _businesses(self) -> Iterator[Item]:
        for shard in range(indexes.BUSINESS_SHARDS):
            partition = indexes.businesses_partition(shard)
            query: Query | None = Query(table=Table.CORE, index="list", partition=partition, limit=self.businesses_read)
            while query:
                items, position = self.tables.query(query)
                yield from items
                query = replace(query, after=position) if position else None

    def _sandboxes(self) -> Iterator[str]:
        items, _ = self.tables.query(Query(table=Table.OPS, partition="SANDBOXES", limit=100_000))
        yield from (item["SK"] for item in items)

    def _planned(self, partition: str, until: datetime) -> list[tuple[datetime, Due]]:
        last = indexes.instant(until) + "~"
        items, _ = self.tables.query(Query(table=Table.CORE, index="due", partition=partition, last=last, limit=10_000))
        return [_due_in(item) for item in items]


def _due_in(item: Item) -> tuple[datetime, Due]:
    at, kind, business, id = item["due_sk"].split("#")
    return datetime.fromisoformat(at), Due(business_id=business, kind=kind, id=id)
