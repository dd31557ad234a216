"""What every store promises of the feed, and of where webhooks stand in it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain import posting
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.feed import Told
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.ports import Filter, Keep, Once, Point
from tests import builders as b
from tests.adapters.deeds import added, saved

NEW = Progress(id="whk_1", delivered_up_to=0)


def told(sequence, envelope):
    event = envelope.event
    return Told(sequence=sequence, event_id=envelope.id, subject=event.subject, version=event.version, type=event.type)


def a_feed(store, length=3):
    """A client changed so often, and each of it told."""
    client = b.a_client()
    store.commit(added(client))
    for _ in range(length - 1):
        store.commit(saved(client))
        client = replace(client, version=client.version + 1)
    rows = [told(n, envelope) for n, envelope in enumerate(store.history(client.id), start=1)]
    for row in rows:
        store.commit(Keep(row), Once(f"feed:{row.event_id}"))
    return rows


def sequences(store, **wanted):
    page = store.page(Told, Filter(**wanted), limit=100)
    assert page.next is None
    return [row.sequence for row in page.rows]


def a_delivery(sequence):
    return Delivery(
        webhook_id="whk_1",
        sequence=sequence,
        event_id=f"{sequence}",
        type="client.changed",
        status="delivered",
        attempts=1,
        last_status=200,
        last_attempt_at=b.NOON,
    )


def test_an_empty_feed_ends_at_0(store):
    assert (store.feed_end(), sequences(store)) == (0, [])


def test_a_feed_is_read_in_its_order_from_any_place_on(store):
    a_feed(store, 12)
    assert store.feed_end() == 12
    assert sequences(store) == list(range(1, 13))
    assert sequences(store, after_sequence=9) == [10, 11, 12]
    assert sequences(store, after_sequence=12) == []


def test_a_feed_is_read_a_page_at_a_time(store):
    a_feed(store, 5)
    first = store.page(Told, Filter(after_sequence=1), limit=2)
    second = store.page(Told, Filter(after_sequence=1), limit=2, after=first.next)
    assert [row.sequence for page in (first, second) for row in page.rows] == [2, 3, 4, 5]


def test_the_events_of_a_feed_come_in_the_order_asked_for(store):
    rows = a_feed(store)
    assert store.envelopes(rows[::-1]) == store.history(b.CLIENT)[::-1]
    assert store.envelopes([]) == ()


def test_a_place_is_given_once_and_an_event_has_one(store):
    (row,) = a_feed(store, 1)
    with pytest.raises(AlreadyDone):
        store.commit(Keep(replace(row, event_id="another")), Once("feed:another"))
    with pytest.raises(AlreadyDone):
        store.commit(Keep(replace(row, sequence=2)), Once(f"feed:{row.event_id}"))
    assert sequences(store) == [1]


def test_a_feed_is_its_businesss_own(store, store_of):
    a_feed(store)
    assert (store_of("biz_2").feed_end(), sequences(store_of("biz_2"))) == (0, [])


def test_progress_is_written_over_what_was_read_only(store):
    first = posting.taken(NEW, now=b.NOON)
    store.commit(Point(first))
    assert store.get(Progress, "whk_1") == first
    after = posting.delivered(first, 7, now=b.NOON)
    store.commit(Point(after))
    for old in (first, after):
        with pytest.raises(Conflict):
            store.commit(Point(old))
    assert store.get(Progress, "whk_1") == after


def test_what_became_of_events_is_listed_newest_first_and_forgotten_after_a_month(store, tables):
    progress = NEW
    for sequence in (1, 2, 10):
        progress = posting.delivered(progress, sequence, now=b.NOON)
        store.commit(Point(progress, a_delivery(sequence)))
    page = store.page(Delivery, Filter(webhook_id="whk_1"), limit=2)
    assert [row.sequence for row in page.rows] == [10, 2]
    assert page.next
    assert store.page(Delivery, Filter(webhook_id="whk_2"), limit=2).rows == ()
    row = tables.get(Table.OPS, {"PK": "DLV#biz_1#whk_1", "SK": f"{1:012d}"})
    assert row["ttl"] == int((b.NOON + timedelta(days=30)).timestamp())


@pytest.mark.parametrize("sandbox", [False, True])
def test_whoever_has_to_be_looked_at_is_due_by_the_real_time(store_of, tables, sandbox):
    store, directory = store_of(sandbox=sandbox), DynamoDirectory(tables=tables)

    def due(at):
        return [(each.kind, each.id) for each in directory.due(until=at)]

    failed = posting.failed(NEW, 0, now=b.NOON)
    store.commit(Point(failed))
    assert due(b.NOON) == []
    assert due(failed.next_attempt_at) == [("post", "whk_1")]
    busy = posting.taken(failed, now=b.NOON)
    store.commit(Point(busy))
    assert due(b.NOON + timedelta(seconds=24)) == []
    assert due(busy.busy_until) == [("post", "whk_1")]
    store.commit(Point(posting.ended(busy)))
    assert due(b.NOON + timedelta(days=9)) == []
