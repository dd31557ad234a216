"""What happens is posted in order; what is refused holds back the rest of one webhook, and is tried for three days."""

from datetime import timedelta
from itertools import count

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotFound, Refused
from chalicelib.domain.posting import GIVEN_UP_AFTER, LEASE, WAITS
from chalicelib.domain.webhook import BOTH_SIGN, Webhook
from chalicelib.ports import Receipt
from chalicelib.usecases import carrying, subscribing
from tests.usecases.exchange import URL, Exchange

OTHER = "https://other.example.com/hook"


@pytest.fixture
def exchange():
    return Exchange()


@pytest.fixture
def receiver(exchange):
    return exchange.receiver


def test_all_that_happened_since_is_posted_in_order_and_signed(exchange, receiver):
    exchange.happen(2)
    webhook, secret = exchange.subscribe()
    exchange.happen(3)
    assert exchange.carry(webhook) is False
    assert receiver.sequences() == [3, 4, 5]
    assert all(post.is_signed_by(secret) and post.signed_at == exchange.clock().timestamp() for post in receiver.posts)
    assert {post.url for post in receiver.posts} == {URL}
    assert exchange.deliveries(webhook) == [(n, "delivered", 1) for n in (3, 4, 5)]
    assert (exchange.progress(webhook).delivered_up_to, exchange.due()) == (5, [])


def test_carrying_again_posts_nothing_and_writes_nothing(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(1)
    exchange.carry(webhook)
    before = exchange.tables.transactions
    exchange.carry(webhook)
    assert (receiver.sequences(), exchange.tables.transactions) == ([1], before)


def test_only_the_types_that_are_wanted_are_posted(exchange, receiver):
    webhook, _ = exchange.subscribe(types=("invoice.paid",))
    exchange.happen(3)
    exchange.carry(webhook)
    assert (receiver.posts, exchange.progress(webhook).delivered_up_to) == ([], 3)


def test_what_is_refused_holds_back_all_later_ones_of_this_webhook_only(exchange, receiver):
    webhook, _ = exchange.subscribe()
    other, _ = exchange.subscribe(OTHER)
    exchange.happen(3)
    receiver.answer = lambda post: Receipt(status=500 if post.url == URL and post.event["sequence"] == 2 else 204)
    for one in (webhook, other):
        exchange.carry(one)
    assert (receiver.sequences(URL), receiver.sequences(OTHER)) == ([1, 2], [1, 2, 3])
    assert exchange.deliveries(webhook) == [(1, "delivered", 1), (2, "failing", 1)]
    assert exchange.progress(webhook).next_attempt_at == exchange.clock() + WAITS[0]


@pytest.mark.parametrize(
    "receipt", [Receipt(status=code) for code in (301, 302, 400, 410, 503)] + [Receipt(error="timeout")], ids=str
)
def test_only_2xx_is_taken(exchange, receiver, receipt):
    webhook, _ = exchange.subscribe()
    exchange.happen(1)
    receiver.answer = lambda _: receipt
    exchange.carry(webhook)
    assert exchange.deliveries(webhook) == [(1, "failing", 1)]


def test_it_is_tried_again_when_its_time_has_come_and_not_before(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)
    receiver.refuse()
    for wait in WAITS[:3]:
        exchange.carry(webhook)
        exchange.clock.move(seconds=wait.total_seconds() - 1)
        assert exchange.due() == []
        exchange.carry(webhook)
        exchange.clock.move(seconds=1)
        assert exchange.due() == [webhook.id]
    assert receiver.sequences() == [1, 1, 1]

    receiver.take()
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 1, 1, 1, 2]
    assert exchange.deliveries(webhook) == [(1, "delivered", 4), (2, "delivered", 1)]
    progress = exchange.progress(webhook)
    assert (progress.attempts, progress.failing_since, progress.next_attempt_at) == (0, None, None)


def test_who_wants_no_more_of_what_failed_begins_anew_with_the_next(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(1)
    exchange.tell(exchange.store().history(exchange.invoiced().id)[-1])
    receiver.refuse()
    for wait in WAITS[:3]:
        exchange.carry(webhook)
        exchange.clock.move(seconds=wait.total_seconds())
    exchange.change_webhook(webhook, event_types=("invoice.issued",))
    exchange.carry(webhook)
    progress = exchange.progress(webhook)
    assert (progress.delivered_up_to, progress.attempts, progress.failing_since) == (1, 1, exchange.clock())
    assert exchange.deliveries(webhook) == [(1, "failing", 3), (2, "failing", 1)]


def test_nothing_fails_any_more_once_what_failed_is_not_wanted(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(1)
    receiver.refuse()
    exchange.carry(webhook)
    exchange.change_webhook(webhook, event_types=("invoice.issued",))
    exchange.clock.move(seconds=WAITS[0].total_seconds())
    exchange.carry(webhook)
    progress = exchange.progress(webhook)
    assert (progress.delivered_up_to, progress.attempts, progress.failing_since) == (1, 0, None)
    assert exchange.due() == []


def given_up(exchange, webhook):
    exchange.receiver.refuse()
    while exchange.store().get(Webhook, webhook.id).enabled:
        exchange.carry(webhook)
        exchange.clock.at = exchange.progress(webhook).next_attempt_at or exchange.clock.at


def test_after_three_days_it_is_switched_off_and_an_event_says_so(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)
    began = exchange.clock()
    given_up(exchange, webhook)
    assert exchange.clock() - began == GIVEN_UP_AFTER
    assert receiver.sequences() == [1] * 13
    assert exchange.events(webhook.id) == ["webhook.added", "webhook.disabled"]
    assert exchange.deliveries(webhook) == [(1, "failing", 13)]
    exchange.carry(webhook)
    assert (len(receiver.posts), exchange.due()) == (13, [])


def test_switched_on_again_it_is_told_what_it_missed(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)
    given_up(exchange, webhook)
    exchange.happen(1)
    receiver.posts.clear()
    receiver.take()
    back = exchange.change_webhook(webhook, enabled=True)
    assert (back.disabled_because, exchange.due()) == (None, [webhook.id])
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 2, 3]


def test_moved_to_another_address_it_is_tried_there_at_once(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(1)
    receiver.answer = lambda post: Receipt(status=200 if post.url == OTHER else 404)
    exchange.carry(webhook)
    exchange.change_webhook(webhook, url=OTHER)
    exchange.carry(webhook)
    assert (receiver.sequences(URL), receiver.sequences(OTHER)) == ([1], [1])


def test_what_else_is_changed_moves_nothing(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(1)
    receiver.refuse()
    exchange.carry(webhook)
    before = exchange.progress(webhook)
    exchange.change_webhook(webhook, description="ERP")
    assert exchange.progress(webhook) == before


def test_switched_off_nothing_is_posted(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(1)
    receiver.refuse()
    exchange.carry(webhook)
    exchange.change_webhook(webhook, enabled=False)
    exchange.clock.move(days=1)
    exchange.carry(webhook)
    assert (len(receiver.posts), exchange.due()) == (1, [])


def test_whoever_dies_after_a_post_posts_that_one_again_and_goes_on(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)

    def die(_):
        exchange.tables.fail_next(SystemExit())
        return Receipt(status=200)

    receiver.answer = die
    with pytest.raises(SystemExit):
        exchange.carry(webhook)
    receiver.take()
    exchange.clock.move(seconds=LEASE.total_seconds())
    assert exchange.due() == [webhook.id]
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 1, 2]


def test_two_never_post_at_once(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)
    refused = []

    def look(post):
        if post.event["sequence"] == 1:
            with pytest.raises(Conflict) as busy:
                exchange.carry(webhook)
            refused.append(busy.value.code)
        return Receipt(status=200)

    receiver.answer = look
    exchange.carry(webhook)
    assert (receiver.sequences(), refused) == ([1, 2], ["posting_under_way"])


def test_a_replay_has_everything_after_a_sequence_posted_anew(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(3)
    exchange.carry(webhook)
    exchange.replay(webhook, 1)
    assert exchange.due() == [webhook.id]
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 2, 3, 2, 3]
    assert exchange.events(webhook.id) == ["webhook.added", "webhook.replayed"]


def test_a_replay_goes_back_before_the_webhook_was_made(exchange, receiver):
    exchange.happen(2)
    webhook, _ = exchange.subscribe()
    exchange.replay(webhook, 0)
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 2]


def test_a_replay_while_something_is_posted_begins_anew_from_there(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(3)

    def ask(post):
        if len(receiver.posts) == 1:
            exchange.replay(webhook, 0)
        return Receipt(status=200)

    receiver.answer = ask
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 2, 1, 2, 3]


def test_a_replay_ends_the_waiting_for_what_failed(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)
    receiver.refuse()
    exchange.carry(webhook)
    receiver.take()
    exchange.replay(webhook, 1)
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 2]


@pytest.mark.parametrize(("after", "off", "code"), [(3, False, "sequence_unknown"), (0, True, "webhook_disabled")])
def test_a_replay_that_cannot_be_is_refused(exchange, after, off, code):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)
    if off:
        exchange.change_webhook(webhook, enabled=False)
    with pytest.raises(Refused) as refused:
        exchange.replay(webhook, after)
    assert refused.value.code == code


def test_a_webhook_that_is_deleted_while_something_is_posted_is_told_no_more(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(2)

    def remove(_):
        exchange.remove(webhook)
        return Receipt(status=200)

    receiver.answer = remove
    exchange.carry(webhook)
    assert (receiver.sequences(), exchange.due()) == ([1], [])
    with pytest.raises(NotFound):
        exchange.store().get(Webhook, webhook.id)


def test_when_it_is_enough_the_rest_waits_and_is_due_at_once(exchange, receiver):
    webhook, _ = exchange.subscribe()
    exchange.happen(3)
    assert exchange.carry(webhook, enough=lambda: len(receiver.posts) == 2) is True
    assert (receiver.sequences(), exchange.due()) == ([1, 2], [webhook.id])
    assert exchange.carry(webhook) is False
    assert (receiver.sequences(), exchange.due()) == ([1, 2, 3], [])


def test_a_long_way_to_what_is_wanted_is_gone_in_rounds_too(exchange, receiver):
    webhook, _ = exchange.subscribe(types=("invoice.issued",))
    exchange.happen(5)
    exchange.tell(exchange.store().history(exchange.invoiced().id)[-1])
    looks = count(1)
    assert exchange.carry(webhook, enough=lambda: next(looks) > 4) is True
    assert (exchange.progress(webhook).delivered_up_to, exchange.due()) == (4, [webhook.id])
    assert exchange.carry(webhook) is False
    assert (receiver.sequences(), exchange.due()) == ([6], [])


def test_for_a_day_after_a_rotation_both_secrets_sign(exchange, receiver):
    webhook, old = exchange.subscribe()
    new = exchange.rotate(webhook)
    exchange.happen(1)
    exchange.carry(webhook)
    exchange.clock.move(seconds=BOTH_SIGN.total_seconds())
    exchange.happen(1)
    exchange.carry(webhook)
    during, after = receiver.posts
    assert (during.signatures, during.is_signed_by(old), during.is_signed_by(new)) == (2, True, True)
    assert (after.signatures, after.is_signed_by(old), after.is_signed_by(new)) == (1, False, True)


def test_a_secret_is_sealed_for_its_business_and_never_shown_again(exchange):
    webhook, secret = exchange.subscribe()
    assert secret.startswith("whsec_")
    assert len(secret) == len("whsec_") + 43
    assert (
        secret not in f"{webhook}{[row.get('doc') for table in ('core', 'ops') for row in exchange.tables.rows(table)]}"
    )


def test_nobody_has_more_webhooks_than_are_posted_to(exchange):
    for n in range(20):
        exchange.subscribe(f"https://erp.example.com/{n}")
    with pytest.raises(Refused) as refused:
        exchange.subscribe()
    assert refused.value.code == "too_many_webhooks"


def test_the_waits_add_up_to_no_more_than_three_days_between_two():
    assert list(WAITS) == sorted(WAITS)
    assert WAITS[-1] < GIVEN_UP_AFTER == timedelta(days=3)


def test_a_long_way_is_read_a_page_at_a_time(exchange, receiver, monkeypatch):
    monkeypatch.setattr(carrying, "AT_ONCE", 2)
    webhook, _ = exchange.subscribe()
    exchange.happen(5)
    exchange.carry(webhook)
    assert receiver.sequences() == [1, 2, 3, 4, 5]


def test_a_ping_is_posted_at_once_and_moves_nothing(exchange, receiver):
    webhook, secret = exchange.subscribe()
    assert carrying.post_ping(webhook.id, id="evt_1", round_=exchange.round()) == Receipt(status=200)
    (post,) = receiver.posts
    assert post.is_signed_by(secret)
    assert {name: post.event[name] for name in ("id", "sequence", "type", "entity_id", "data")} == {
        "id": "evt_1",
        "sequence": 0,
        "type": "webhook.ping",
        "entity_id": webhook.id,
        "data": {},
    }
    assert exchange.progress(webhook).version == 0


def test_who_is_woken_for_an_event(exchange):
    every, _ = exchange.subscribe()
    some, _ = exchange.subscribe(OTHER, types=("invoice.paid", "invoice.paid"))
    off, _ = exchange.subscribe(f"{OTHER}/off")
    exchange.change_webhook(off, enabled=False)
    assert some.event_types == ("invoice.paid",)
    assert {one.id for one in subscribing.wanting(["invoice.paid"], exchange.store())} == {every.id, some.id}
    assert {one.id for one in subscribing.wanting(["client.changed"], exchange.store())} == {every.id}
    both = subscribing.wanting(["client.changed", "invoice.paid"], exchange.store())
    assert sorted(one.id for one in both) == sorted([every.id, some.id])
    assert subscribing.wanting([], exchange.store()) == ()


def test_a_type_that_is_not_told_cannot_be_asked_for(exchange):
    with pytest.raises(Invalid) as refused:
        exchange.subscribe(types=("invoice.paid", "key.created"))
    assert [(fault.at, fault.code) for fault in refused.value.faults] == [("/event_types/1", "unknown_event_type")]
