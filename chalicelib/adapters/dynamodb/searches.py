"""Which query answers a question, rows found by a word, and rows of several partitions as one list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.dynamodb import indexes, keys
from chalicelib.adapters.dynamodb.tables import Item, Query, Table
from chalicelib.domain.catalogue import AgreedPrice
from chalicelib.domain.client import Client
from chalicelib.domain.feed import Told
from chalicelib.domain.numbering import Number
from chalicelib.domain.posting import Delivery
from chalicelib.domain.words import first_of
from chalicelib.ports import Filter, Page, Unfinished

Position = dict[str, str]


def of_word(business: str, beginning: str) -> Query:
    """The word rows of the clients who have, or once had, a word that begins so, in the alphabet's order."""
    return Query(
        table=Table.CORE,
        partition=keys.word_partition(business),
        first=beginning,
        last=beginning + "\U0010ffff",
    )


def of_feed(business: str, *, after: int = 0) -> Query:
    """What happened after a sequence, in the feed's order."""
    return Query(table=Table.CORE, partition=keys.feed_partition(business), first=f"{after + 1:012d}")


def of_timeline(business: str, client_id: str, *, before: datetime) -> Query:
    """What happened to a client before an instant, the oldest first."""
    partition = indexes.client_partition(business, client_id)
    return Query(table=Table.JOURNAL, index="client", partition=partition, last=indexes.instant(before))


def of_outgoing(business: str, wanted: Filter) -> Query:
    """What became of events at a webhook, the newest first; else the feed."""
    if wanted.webhook_id is None:
        return of_feed(business, after=wanted.after_sequence or 0)
    partition = keys.deliveries_partition(business, wanted.webhook_id)
    return Query(table=Table.OPS, partition=partition, newest_first=True)


def clients_of(
    rows: Sequence[Item], beginning: str, many: Callable[[Iterable[str]], Sequence[Client]]
) -> list[tuple[Any, Item]]:
    """The clients of word rows, each at the first of its words that begins so; words of the past find nothing."""
    named = [(row, *keys.word_of(row["SK"])) for row in rows]
    clients = {client.id: client for client in many(dict.fromkeys(id for _, _, id in named))}
    found = [(clients[id], word, row) for row, word, id in named if id in clients]
    return [(client, row) for client, word, row in found if first_of(client.words, beginning) == word]


def joined(pages: Sequence[Page], *, limit: int) -> Page:
    """The pages of several partitions as one, newest first.

    Each was read from where the joint page begins. A page that is not its partition's last hides what is older than
    where it goes on: those rows wait for the next joint page.
    """
    goes_on = [_id_at(page.next) for page in pages if page.next]
    horizon = max(goes_on, default="")
    seen = sorted((row for page in pages for row in page.rows if row.id >= horizon), key=_id, reverse=True)
    shown = seen[:limit]
    if len(seen) > limit:
        return Page(rows=tuple(shown), next={"below": shown[-1].id})
    return Page(rows=tuple(shown), next={"below": horizon} if horizon else None)


def _id(row: Any) -> str:  # noqa: ANN401 - any entity
    id: str = row.id
    return id


def _id_at(position: Any) -> str:  # noqa: ANN401 - where a page of the client index goes on
    return str(position["client_sk"]).rpartition("#")[2]


def of_kind(business: str, kind: type[Any], wanted: Filter) -> Query:
    """The rows of a kind, as far as a key can say which are wanted."""
    if kind in keys.ROOTED:
        return _beginning(f"{keys.ROOTED[kind]}#", partition=f"T#{business}")
    if kind in {Told, Delivery}:
        return of_outgoing(business, wanted)
    if kind is AgreedPrice:
        return _beginning("PRICE#", partition=keys.agreed_partition(business, wanted.parent or ""))
    if kind is Number:
        partition = f"T#{business}#SER#{wanted.series}"
        return _beginning(f"N#{wanted.number_begins or ''}", partition=partition)
    return _indexed(business, kind, wanted)


def _indexed(business: str, kind: type[Any], wanted: Filter) -> Query:
    if wanted.account_of is not None:
        partition = indexes.client_partition(business, wanted.account_of)
        first = indexes.account_prefix(kind, wanted.unfinished)
        return replace(_beginning(first, index="account", partition=partition), newest_first=False)
    if wanted.collected is not None:
        first = indexes.collected_prefix(wanted.collected)
        collected = _beginning(first, index="open", partition=indexes.open_partition(business))
        return replace(collected, newest_first=False)
    if wanted.job_id is not None:
        partition = indexes.job_partition(business, wanted.job_id)
        return _beginning(indexes.kinded_prefix(kind, wanted.begins), index="job", partition=partition)
    if wanted.client_id is not None:
        partition = indexes.client_partition(business, wanted.client_id)
        return _beginning(indexes.kinded_prefix(kind, wanted.begins), index="client", partition=partition)
    if wanted.unfinished is not None:
        return _open(business, wanted.unfinished, wanted)
    partition = indexes.list_partition(business, kind)
    if wanted.begins is not None:
        return _beginning(wanted.begins, index="list", partition=partition)
    return Query(table=Table.CORE, index="list", partition=partition, newest_first=True)


def _beginning(first: str, *, partition: str, index: str | None = None) -> Query:
    last = first + "\U0010ffff"
    return Query(table=Table.CORE, index=index, partition=partition, first=first, last=last, newest_first=True)


def _open(business: str, unfinished: Unfinished, wanted: Filter) -> Query:
    first, last = indexes.open_range(unfinished, wanted.due_day_before)
    newest_first = unfinished in {Unfinished.DRAFT, Unfinished.UNMATCHED}
    partition = indexes.open_partition(business)
    return Query(table=Table.CORE, index="open", partition=partition, first=first, last=last, newest_first=newest_first)
