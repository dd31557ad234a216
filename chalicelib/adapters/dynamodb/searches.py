"""Rows found by a word, and rows of several partitions as one list."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters.dynamodb import keys
from chalicelib.adapters.dynamodb.tables import Item, Query, Table
from chalicelib.domain.client import Client
from chalicelib.domain.words import first_of
from chalicelib.ports import Filter, Page

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
    partition = keys.client_partition(business, client_id)
    return Query(table=Table.JOURNAL, index="client", partition=partition, last=keys.instant(before))


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
