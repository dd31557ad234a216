"""Each event gets one place in the feed, for ever, without a hole."""

import pytest

from chalicelib.domain.sound_feed import of_feed
from tests import builders as b
from tests.usecases.exchange import Exchange


@pytest.fixture
def exchange():
    return Exchange()


def places(exchange):
    """The versions of the one client that changes, in the feed's order; the feed must be sound."""
    rows = exchange.feed()
    assert list(of_feed(rows, exchange.tables.journal())) == []
    return [row.version for row in rows if row.subject == b.CLIENT]


def test_events_are_told_in_the_order_in_which_they_come(exchange):
    exchange.happen(3)
    assert places(exchange) == [2, 3, 4]


def test_an_event_that_comes_again_keeps_its_place(exchange):
    events = exchange.happen(3)
    for event in [*reversed(events), *events]:
        assert exchange.tell(event) == ["client.changed"]
    assert places(exchange) == [2, 3, 4]


def test_events_that_come_together_are_told_in_one_transaction(exchange):
    events = [exchange.occur() for _ in range(4)]
    before = exchange.tables.transactions
    assert exchange.tell(*events) == ["client.changed"]
    assert places(exchange) == [2, 3, 4, 5]
    assert exchange.tables.transactions == before + 1


def test_of_events_that_come_together_again_only_those_without_a_place_get_one(exchange):
    events = [exchange.occur() for _ in range(5)]
    exchange.tell(events[1])
    exchange.tell(events[3], events[1])
    exchange.tell(*events, events[0])
    exchange.tell(*events)
    assert places(exchange) == [3, 5, 2, 4, 6]


def test_more_events_than_a_transaction_holds_all_get_places(exchange):
    events = [exchange.occur() for _ in range(103)]
    exchange.tell(*events)
    assert places(exchange) == list(range(2, 105))


def test_two_batches_at_one_moment_get_places_one_after_the_other(exchange):
    one, other = ([exchange.occur() for _ in range(3)] for _ in range(2))
    exchange.tables.meanwhile(lambda: exchange.tell(*other))
    exchange.tell(*one)
    assert places(exchange) == [5, 6, 7, 2, 3, 4]


def test_two_batches_that_share_an_event_tell_it_once(exchange):
    first, shared, last = (exchange.occur() for _ in range(3))
    exchange.tables.meanwhile(lambda: exchange.tell(shared, last))
    exchange.tell(first, shared)
    assert places(exchange) == [3, 4, 2]


def test_two_events_at_one_moment_get_two_places(exchange):
    one, other = exchange.occur(), exchange.occur()
    exchange.tables.meanwhile(lambda: exchange.tell(other))
    exchange.tell(one)
    assert places(exchange) == [3, 2]


def test_one_event_by_two_at_one_moment_gets_one_place(exchange):
    event = exchange.occur()
    exchange.tables.meanwhile(lambda: exchange.tell(event))
    exchange.tell(event)
    assert places(exchange) == [2]


def test_an_event_whose_place_was_given_and_never_answered_has_it_when_it_comes_again(exchange):
    event = exchange.occur()
    exchange.tables.lose_next_answer(TimeoutError())
    with pytest.raises(TimeoutError):
        exchange.tell(event)
    exchange.tell(event)
    exchange.happen(1)
    assert places(exchange) == [2, 3]


def test_what_became_of_a_payment_is_named_beside_what_was_before(exchange):
    invoice = exchange.invoiced()
    payment = exchange.paid_online(invoice)
    exchange.gateway.refund_in_dashboard(payment, b.cad("10"))
    exchange.settle(payment)
    (booked,) = exchange.payments(invoice)
    assert exchange.tell(*exchange.store().history(booked.id)) == ["payment.received", "payment.refunded"]
    assert [row.type for row in exchange.feed()] == ["payment.received", "payment.refunded"]


def test_every_business_counts_for_itself(exchange):
    exchange.happen(2)
    assert exchange.store().feed_end() == 2
    assert exchange.store("biz_2").feed_end() == 0
