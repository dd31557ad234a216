"""The feed tells each event once, within minutes, in sequences without a hole (I15)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.books import Books
from chalicelib.domain.events import ClientAdded, ClientChanged, KeyCreated
from chalicelib.domain.feed import Told
from chalicelib.domain.invariants import check
from chalicelib.domain.journal import Envelope
from tests import builders as b

EVENTS = (
    ClientAdded(subject="cli_1", version=1, at=b.NOON),
    ClientChanged(subject="cli_1", version=2, at=b.NOON),
    ClientChanged(subject="cli_1", version=3, at=b.NOON),
)
JOURNAL = tuple(Envelope.around(event, b.a_caller()) for event in EVENTS)
CLIENT = b.a_client(version=3)


def told(sequence, envelope):
    event = envelope.event
    return Told(sequence=sequence, event_id=envelope.id, subject=event.subject, version=event.version, type=event.type)


FEED = tuple(told(n, envelope) for n, envelope in enumerate(JOURNAL, start=1))


def found(feed, journal=JOURNAL, **more):
    books = Books(clients=(CLIENT,), envelopes=journal, told=feed)
    return [violation.detail for violation in check(books, **more) if violation.invariant == "I15"]


def test_a_sound_feed_shows_nothing():
    assert found(FEED, now=b.NOON + timedelta(days=1)) == []
    assert found(FEED[::-1]) == []
    assert check(Books(told=FEED)) == ()


@pytest.mark.parametrize(
    ("feed", "detail"),
    [
        pytest.param(
            (FEED[0], FEED[2]), "the feed because it has 2 events, and differs from 1 to 2 at [2, 3].", id="a hole"
        ),
        pytest.param(
            (*FEED, replace(FEED[0], sequence=4)),
            f"the feed because it tells {FEED[0].event_id} more than once.",
            id="a double",
        ),
        pytest.param(
            (*FEED[:2], replace(FEED[2], event_id="x")),
            "event 3 of the feed because the journal has no event x.",
            id="an event that never was",
        ),
        pytest.param(
            (*FEED[:2], replace(FEED[2], version=9)),
            "event 3 of the feed because it says that it is version 9 of cli_1, and is another.",
            id="another event",
        ),
    ],
)
def test_what_is_wrong_with_a_feed_is_named(feed, detail):
    assert found(feed) == [f"You cannot trust {detail}"]


def test_what_is_not_told_has_no_place_in_the_feed():
    key = Envelope.around(KeyCreated(subject="key_1", version=1, at=b.NOON), b.a_caller())
    assert found((told(1, key),), (key,)) == ["You cannot trust event 1 of the feed because a key.created is not told."]


def test_what_happened_minutes_ago_is_in_the_feed():
    late = b.NOON + timedelta(hours=1)
    assert found(FEED[:2], now=b.NOON) == []
    assert found(FEED[:2], now=late) == [
        f"You cannot trust event {FEED[2].event_id} (client.changed) because the feed does not tell it."
    ]
