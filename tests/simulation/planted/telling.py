"""Bugs in how the outside is told: an event twice, out of its turn, or never."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain import posting
from chalicelib.domain.posting import Progress
from chalicelib.ports import Once, Point
from chalicelib.usecases import carrying, sequencing
from tests.simulation.planted.book import bug, commits

TOLD = ("a_webhook_is_told_what_happens", "a_webhook_is_replayed_rotated_and_switched_while_things_happen")


@bug("an event that comes again is given another place in the feed", *TOLD, when="duplicate")
def told_twice() -> Any:
    def without(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        kept = [c for c in changes if not (isinstance(c, Once) and c.key.startswith("feed:"))]
        commit(store, *kept)

    return commits(without)


@bug("of events that come together none gets a place once one of them has it", *TOLD)
def told_of_none() -> Any:
    right = sequencing._place

    def all_or_none(events: Any, store: DynamoStore) -> None:
        if not any(store.seen(sequencing._once(event)) for event in events):
            right(events, store)

    return patch.object(sequencing, "_place", all_or_none)


@bug("what is about to be posted is written down as delivered before", *TOLD, when="receiver_crash")
def delivered_before_it_is_posted() -> Any:
    right = carrying._tell

    def early(told: Any, one: Any, progress: Progress, round_: Any) -> Progress:
        taken = posting.taken(progress, now=round_.clock())
        round_.store.commit(Point(replace(taken, delivered_up_to=told.sequence)))
        return right(told, one, replace(taken, delivered_up_to=told.sequence), round_)

    return patch.object(carrying, "_tell", early)


@bug("an event that is not taken lets the next one pass", *TOLD, when="receiver_500")
def out_of_turn() -> Any:
    right = posting.failed
    return patch.object(posting, "failed", lambda progress, passed, **more: right(progress, passed + 1, **more))


@bug("nobody looks whether somebody else is posting to a webhook", *TOLD, when="overlap")
def two_at_once() -> Any:
    return patch.object(Progress, "is_busy", lambda progress, now: False)
