"""Whether the feed tells every event that is told, once, in sequences without a hole (I15)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.feed import Told, is_told
from chalicelib.domain.journal import Envelope

FEED = Thing("feed", "the feed")


def of_feed(rows: Sequence[Told], envelopes: Iterable[Envelope] | None) -> Iterator[Violation]:
    """The whole feed, beside the journal where that is at hand."""
    holes = sorted(set(range(1, len(rows) + 1)) ^ {row.sequence for row in rows})
    yield from FEED.unless(not holes, "I15", f"it has {len(rows)} events, and differs from 1 to {len(rows)} at {holes}")
    twice = sorted(id for id, times in Counter(row.event_id for row in rows).items() if times > 1)
    yield from FEED.unless(not twice, "I15", f"it tells {', '.join(twice)} more than once")
    if envelopes is not None:
        happened = {envelope.id: envelope for envelope in envelopes}
        for row in rows:
            yield from of_told(row, happened.get(row.event_id))


def of_told(row: Told, envelope: Envelope | None) -> Iterator[Violation]:
    """One event of the feed, and the event of the journal that it says it is."""
    thing = Thing("feed", f"event {row.sequence} of the feed")
    if envelope is None:
        yield from thing.unless(False, "I15", f"the journal has no event {row.event_id}")
        return
    event = envelope.event
    same = (event.subject, event.version, envelope.id) == (row.subject, row.version, row.event_id)
    yield from thing.unless(same, "I15", f"it says that it is version {row.version} of {row.subject}, and is another")
    yield from thing.unless(is_told(event), "I15", f"a {event.type} is not told")


def of_telling(
    rows: Iterable[Told], envelopes: Iterable[Envelope], *, now: datetime, grace: timedelta
) -> Iterator[Violation]:
    """Whether all that happened until some minutes ago is in the feed."""
    told = {row.event_id for row in rows}
    for envelope in envelopes:
        if is_told(envelope.event) and envelope.event.at <= now - grace:
            thing = Thing(envelope.event.subject, f"event {envelope.id} ({envelope.event.type})")
            yield from thing.unless(envelope.id in told, "I15", "the feed does not tell it")
