"""One business's state: read exactly, changed in single transactions."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.adapters.dynamodb import indexes, keys, rows, searches
from chalicelib.adapters.dynamodb.refusals import refusal
from chalicelib.adapters.dynamodb.requests import Request
from chalicelib.adapters.dynamodb.tables import Cancelled, Item, Put, Query, Table, Tables, Write
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import AgreedPrice
from chalicelib.domain.client import Client, ClientBalance
from chalicelib.domain.errors import Conflict, NotFound, TooLarge
from chalicelib.domain.feed import Told
from chalicelib.domain.journal import Caller, Envelope
from chalicelib.domain.numbering import Number
from chalicelib.domain.sales import Body
from chalicelib.domain.values import dataclass
from chalicelib.domain.words import MOST_WORDS
from chalicelib.ports import Change, Filter, Keep, Once, Page, Save

T = TypeVar("T")

ATTEMPTS = 60
"""How often a deed that loses races is run again: 200 issues at once in one series all come through (C19)."""

MOST_WRITES = 100
"""Of one transaction (TransactWriteItems' own limit)."""

MOST_AT_ONCE = 500
"""Rows read by one query where few fit: each reads twice as many as the one before, so that they are few queries."""

MOST_READ = 2_000
"""Rows read in vain before a page is answered short: a filter that nothing fits costs one request no more than this."""


@dataclass(slots=True, kw_only=True)
class DynamoStore:
    """``Store`` of one business, on behalf of one caller.

    request: the idempotent request being served; its marker goes into the first commit.
    most_read: rows after which a page that is not full is answered as it stands, with where to read on.
    """

    tables: Tables
    caller: Caller
    sandbox: bool = False
    request: Request | None = None
    most_read: int = MOST_READ
    _business_read: Business | None = field(default=None, init=False)
    _bodies: dict[tuple[str, int], Body] = field(default_factory=dict, init=False)

    def enter(self) -> Business:
        """The business, read once: this store gives it as it was here until it is saved or a race is lost."""
        self._business_read = business = self.get(Business)
        self.sandbox = business.sandbox
        return business

    def get(self, kind: type[T], *key: str) -> T:
        found = self.find(kind, *key)
        if found is None:
            raise NotFound(kind.__name__.lower(), key[-1] if key else self.caller.business_id)
        return found

    def find(self, kind: type[T], *key: str) -> T | None:
        known: Any = self._known(kind, *key)
        return known or self._read(kind, *key)

    def _known(self, kind: type[Any], *key: str) -> Any:  # noqa: ANN401 - what was asked for, or None
        """What need not be read again: a body never changes, and the business was read on entering."""
        if kind is Body:
            return self._bodies.get((key[0], int(key[1])))
        return self._business_read if kind is Business else None

    def _read(self, kind: type[T], *key: str) -> T | None:
        table = Table.OPS if keys.is_passing(kind, *key) else Table.CORE
        item = self.tables.get(table, keys.of(self._business, kind, *key))
        if item is None:
            return None
        if item.get("chunks", 1) > 1:
            item["doc"] += self._rest_of(item, table)
        found: T = rows.entity_in(kind, item)
        if isinstance(found, Body):
            self._bodies[found.id, found.revision] = found
        return found

    def many(self, kind: type[T], ids: Iterable[str]) -> tuple[T, ...]:
        wanted = {tuple(keys.of(self._business, kind, id).values()): id for id in ids}
        found = self.tables.many(Table.CORE, [{"PK": pk, "SK": sk} for pk, sk in wanted])
        for item in found:
            if item.get("chunks", 1) > 1:
                item["doc"] += self._rest_of(item, Table.CORE)
        by_id = {wanted[item["PK"], item["SK"]]: rows.entity_in(kind, item) for item in found}
        return tuple(by_id[id] for id in wanted.values() if id in by_id)

    def balance(self, client_id: str, currency: str) -> ClientBalance:
        item = self.tables.get(Table.CORE, keys.balance(self._business, client_id))
        return rows.balance_in(item, client_id, currency)

    def balances(self, client_id: str) -> tuple[ClientBalance, ...]:
        return rows.balances_in(self.tables.get(Table.CORE, keys.balance(self._business, client_id)), client_id)

    def seen(self, once: Once) -> bool:
        return self.tables.get(Table.CORE, keys.once(self._business, once.key)) is not None

    def claim(self, key: str, *, now: datetime, seconds: int) -> bool:
        """Take a piece of work for a while; False when somebody else has it."""
        row = keys.lease(self._business, key)
        held = self.tables.get(Table.OPS, row)
        if held and int(held["until"]) > now.timestamp():
            return False
        until = int(now.timestamp()) + seconds
        version = int(held["version"]) if held else None
        item = row | {"until": until, "ttl": until + 86_400, "version": (version or 0) + 1}
        try:
            self.tables.write([Put(table=Table.OPS, item=item, version=version)])
        except Cancelled:
            return False
        return True

    def page(self, kind: type[T], wanted: Filter, *, limit: int, after: Mapping[str, str] | None = None) -> Page:
        if wanted.parent is not None and kind is not AgreedPrice:
            return self._children(kind, wanted.parent, wanted, limit=limit, after=after)
        if wanted.number is not None:
            return self._numbered(kind, wanted.number, wanted)
        if wanted.word is not None and kind is Client:
            return self._worded(wanted.word, wanted, limit=limit, after=after)
        if wanted.number_begins is not None and kind is not Number:
            return self._of_numbers(kind, wanted, limit=limit, after=after)
        if wanted.client_ids:
            return self._of_several(kind, wanted, limit=limit, after=after)
        return self._listed(kind, wanted, limit=limit, after=after)

    def called(self, beginning: str, *, most: int) -> tuple[str, ...] | None:
        read = most * MOST_WORDS + 1
        items, position = self.tables.query(replace(searches.of_word(self._business, beginning), limit=read))
        ids = tuple(dict.fromkeys(keys.word_of(item["SK"])[1] for item in items))
        return None if position or len(ids) > most else ids

    def folder(self, job_id: str, *, limit: int, after: Mapping[str, str] | None = None) -> Page:
        partition = indexes.job_partition(self._business, job_id)
        query = Query(table=Table.CORE, index="job", partition=partition, newest_first=True, after=after)
        return self._filled(query, Filter(), limit, lambda items: [(rows.filed_in(item), item) for item in items])

    def timeline(self, client_id: str, *, limit: int, after: Mapping[str, str] | None = None) -> Page:
        partition = indexes.client_partition(self._business, client_id)
        query = Query(table=Table.JOURNAL, index="client", partition=partition, newest_first=True, after=after)
        return self._filled(query, Filter(), limit, lambda items: [(rows.envelope_in(item), item) for item in items])

    def bookings(
        self,
        client_id: str,
        *,
        before: datetime,
        also: Collection[str] = (),
        after: Mapping[str, str] | None = None,
    ) -> Page:
        query = searches.of_timeline(self._business, client_id, before=before)
        items, position = self.tables.query(replace(query, after=after))
        wanted = (item for item in items if item["type"] in also or rows.moves_account(item))
        return Page(rows=tuple(map(rows.envelope_in, wanted)), next=position)

    def history(self, subject: str) -> tuple[Envelope, ...]:
        query = Query(table=Table.JOURNAL, partition=f"T#{self._business}#{subject}", limit=100_000)
        items, _ = self.tables.query(query)
        return tuple(rows.envelope_in(item) for item in items)

    def feed_end(self) -> int:
        newest = replace(searches.of_feed(self._business), newest_first=True, limit=1)
        items, _ = self.tables.query(newest)
        return int(items[0]["SK"]) if items else 0

    def envelopes(self, rows_: Iterable[Told]) -> tuple[Envelope, ...]:
        wanted = [keys.event(self._business, row.subject, row.version) for row in rows_]
        found = {(item["PK"], item["SK"]): item for item in self.tables.many(Table.JOURNAL, wanted)}
        return tuple(rows.envelope_in(found[key["PK"], key["SK"]]) for key in wanted)

    def commit(self, *changes: Change) -> None:
        plan: list[tuple[Change | None, Write]] = [*rows.of_all(changes, self.caller, sandbox=self.sandbox)]
        request, self.request = self.request, None
        if request:
            plan.append((None, request.marker(self._business, changes)))
        if not plan:
            return
        if len(plan) > MOST_WRITES:
            raise TooLarge(
                "too_many_writes", f"You cannot change so much at once: {len(plan)} writes of {MOST_WRITES}."
            )
        try:
            self.tables.write([write for _, write in plan])
        except Cancelled as cancelled:
            self.request = request
            raise refusal(plan, cancelled) from cancelled
        self._learn(changes)

    def aside(self) -> "DynamoStore":
        return replace(self, request=None)

    def persistently(self, deed: Callable[[], T]) -> T:
        for attempt in range(1, ATTEMPTS):
            try:
                return deed()
            except Conflict:
                self._business_read = None
                self.tables.pause(min(attempt, 4))
        return deed()

    def _learn(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if isinstance(change, Keep) and isinstance(change.record, Body):
                self._bodies[change.record.id, change.record.revision] = change.record
            if isinstance(change, Save) and isinstance(change.entity, Business):
                self._business_read = None

    @property
    def _business(self) -> str:
        return self.caller.business_id

    def _rest_of(self, item: Item, table: Table) -> str:
        chunks = [{"PK": item["PK"], "SK": f"{item['SK']}#{n:03d}"} for n in range(1, item["chunks"])]
        parts = sorted(self.tables.many(table, chunks), key=lambda part: str(part["SK"]))
        return "".join(part["doc"] for part in parts)

    def _listed(self, kind: type[T], wanted: Filter, *, limit: int, after: Mapping[str, str] | None) -> Page:
        def read(items: list[Item]) -> list[tuple[T, Item]]:
            return [(rows.entity_in(kind, item), item) for item in items]

        query = replace(searches.of_kind(self._business, kind, wanted), after=after)
        return self._filled(query, wanted, limit, read)

    def _filled(
        self, query: Query, wanted: Filter, limit: int, read: Callable[[list[Item]], list[tuple[T, Item]]]
    ) -> Page:
        """Rows that fit, read on until the page is full or enough was read; one more tells whether others follow."""
        fitting: list[tuple[T, Item]] = []
        seen, position, at_once = 0, query.after, limit + 1
        while len(fitting) <= limit and seen < self.most_read:
            items, position = self.tables.query(replace(query, after=position, limit=at_once))
            found = [(row, item) for row, item in read(items) if wanted.fits(row)]
            kept = {id(row) for row in wanted.sift([row for row, _ in found])} if found else set()
            fitting += [(row, item) for row, item in found if id(row) in kept]
            seen += len(items)
            if position is None:
                break
            at_once = max(min(2 * at_once, MOST_AT_ONCE, self.most_read - seen), 1)
        shown, more = fitting[:limit], fitting[limit:]
        return Page(rows=tuple(row for row, _ in shown), next=_position(query, shown[-1][1]) if more else position)

    def _children(
        self, kind: type[Any], parent: str, wanted: Filter, *, limit: int, after: Mapping[str, str] | None
    ) -> Page:
        def read(links: list[Item]) -> list[tuple[Any, Item]]:
            by_id = {link["SK"]: link for link in links}
            return [(row, by_id[row.id]) for row in self.many(kind, by_id)]

        partition = f"T#{self._business}#L#{parent}"
        query = Query(table=Table.CORE, partition=partition, newest_first=True, after=after)
        return self._filled(query, wanted, limit, read)

    def _worded(self, word: str, wanted: Filter, *, limit: int, after: Mapping[str, str] | None) -> Page:
        def read(items: list[Item]) -> list[tuple[Any, Item]]:
            return searches.clients_of(items, word, lambda ids: self.many(Client, ids))

        query = replace(searches.of_word(self._business, word), after=after)
        return self._filled(query, wanted, limit, read)

    def _of_numbers(self, kind: type[T], wanted: Filter, *, limit: int, after: Mapping[str, str] | None) -> Page:
        def read(items: list[Item]) -> list[tuple[Any, Item]]:
            by_id = {rows.entity_in(Number, item).document_id: item for item in items}
            found: tuple[Any, ...] = self.many(kind, by_id)
            return [(document, by_id[document.id]) for document in found]

        return self._filled(replace(searches.of_kind(self._business, Number, wanted), after=after), wanted, limit, read)

    def _of_several(self, kind: type[T], wanted: Filter, *, limit: int, after: Mapping[str, str] | None) -> Page:
        below = after["below"] if after else None

        def fits(row: Any) -> bool:  # noqa: ANN401 - any entity
            return row.id != below and wanted.fits(row)

        prefix, pages = indexes.kinded_prefix(kind), []
        for client_id in wanted.client_ids:
            one = replace(wanted, client_ids=(), client_id=client_id, fits=fits)
            query = searches.of_kind(self._business, kind, one)
            query = replace(query, last=f"{prefix}{below}") if below else query
            pages.append(self._filled(query, one, limit, lambda items: [(rows.entity_in(kind, i), i) for i in items]))
        return searches.joined(pages, limit=limit)

    def _numbered(self, kind: type[Any], number: str, wanted: Filter) -> Page:
        found = self.find(Number, wanted.series or "invoice", number)
        rows: tuple[Any, ...] = self.many(kind, [found.document_id]) if found else ()
        return Page(rows=tuple(row for row in rows if wanted.fits(row)))


def _position(query: Query, item: Item) -> dict[str, str]:
    return {name: item[name] for name in {"PK", "SK", *query.attributes}}
