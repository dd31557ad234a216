"""What happens in a business is one feed, in one order, whoever else is told."""

import pytest

from chalicelib import wiring
from chalicelib.domain.errors import Conflict
from chalicelib.entrypoints import posts
from tests.flows.telling import feed, paid


def places(world):
    """The sequence of each type of event, in a feed without a hole."""
    told = feed(world, limit=100)["data"]
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))
    return {event["type"]: event["sequence"] for event in told}


def test_who_has_no_webhooks_is_told_of_in_the_feed_and_wakes_nobody(world, monkeypatch):
    monkeypatch.setattr(wiring, "hooks", lambda: pytest.fail("there is nobody to post to"))
    paid(world)
    told = feed(world, limit=100)["data"]
    assert {"client.added", "invoice.issued", "payment.received", "invoice.paid"} <= {event["type"] for event in told}
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))


def test_what_follows_from_an_event_comes_after_all_that_happened_with_it(world):
    quote = world.quote(invoicing={"mode": "single", "send": "manual"})
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()
    world.approve(quote)
    world.client(name="Luc Roy", email="luc@example.com")
    world.settle()
    told = places(world)
    assert told["quote.approved"] < told["client.added"] < told["invoice.drafted"]


def test_a_business_whose_events_get_no_places_keeps_them_for_later_and_what_is_before_them_is_done(world, monkeypatch):
    first, other = world.house, world.business()
    world.client()
    world.settle()
    right = posts.give_sequences

    def refused(events, *, store):
        if store.caller.business_id == other.id:
            raise Conflict("conflict", "Somebody is always quicker.")
        return right(events, store=store)

    monkeypatch.setattr(posts, "give_sequences", refused)
    world.house = first
    world.client()
    world.house = other
    world.client(name="Luc Roy", email="luc@example.com")
    world.settle(failures=1)
    world.house = first
    assert places(world) == {"client.added": 1}

    monkeypatch.setattr(posts, "give_sequences", right)
    world.settle()
    world.house = other
    assert places(world) == {"client.added": 2}


def test_the_feed_is_read_from_a_sequence_on_a_page_at_a_time_and_by_type(world):
    paid(world)
    whole = feed(world, limit=100)
    events = whole["data"]
    assert (whole["next_cursor"], whole["read_up_to"]) == (None, len(events))

    first = feed(world, after_sequence=1, limit=2)
    assert (first["data"], first["read_up_to"]) == (events[1:3], 3)
    second = feed(world, after_sequence=1, limit=2, cursor=first["next_cursor"])
    assert second["data"] == events[3:5]

    only = feed(world, types="invoice.paid,payment.received")
    assert only["data"] == [event for event in events if event["type"] in {"invoice.paid", "payment.received"}]
    assert (only["next_cursor"], only["read_up_to"]) == (None, len(events))
    assert feed(world, after_sequence=len(events)) == {"data": [], "next_cursor": None, "read_up_to": len(events)}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("after_sequence=-1", "int_type"),
        ("after_sequence=x", "int_type"),
        ("types=invoice.pondered", "unknown_event_type"),
        ("types=key.created", "unknown_event_type"),
        ("types=", "unknown_event_type"),
        ("types=,", "unknown_event_type"),
        ("limit=101", "less_than_equal"),
    ],
)
def test_what_the_feed_cannot_be_asked_is_refused(world, query, code):
    answer = world.api("GET", f"/v1/events?{query}")
    assert (answer.status, code in answer.text) == (422, True)
