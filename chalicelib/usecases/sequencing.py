"""Giving events their places in the business's feed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.feed import Told, name_of
from chalicelib.domain.payment_events import PaymentChanged
from chalicelib.ports import Keep, Once, Store

AT_ONCE = 50
"""Each place is two writes of a transaction's hundred."""


def give_sequences(events: Sequence[Told], *, store: Store) -> frozenset[str]:
    """Give each event its place in the feed, in this order, if it has none; answers the names they are told under.

    Places are 1, 2, 3... without a hole, and an event has one for ever, however often this runs and whoever else does.
    events: with no sequence yet, and the type that is stored.
    """
    named = [*{event.event_id: replace(event, type=_name(event, store)) for event in events}.values()]
    for start in range(0, len(named), AT_ONCE):
        store.persistently(partial(_place, named[start : start + AT_ONCE], store))
    return frozenset(event.type for event in named)


def _place(events: Sequence[Told], store: Store) -> None:
    end = store.feed_end()
    try:
        store.commit(*_kept(replace(event, sequence=n) for n, event in enumerate(events, start=end + 1)))
    except AlreadyDone as error:
        new = [event for event in events if not store.seen(_once(event))]
        if len(new) == len(events):
            raise Conflict("conflict", "Other events took these places in the feed.") from error
        if new:
            _place(new, store)


def _kept(placed: Iterator[Told]) -> Iterator[Keep | Once]:
    for event in placed:
        yield Keep(event)
        yield _once(event)


def _once(event: Told) -> Once:
    return Once(f"feed:{event.event_id}")


def _name(event: Told, store: Store) -> str:
    """Most events are told as they are stored; what became of a payment shows beside what was before."""
    if event.type != PaymentChanged.type:
        return event.type
    *before, changed = [each.event for each in store.history(event.subject) if each.event.version <= event.version]
    return name_of(changed, before)
