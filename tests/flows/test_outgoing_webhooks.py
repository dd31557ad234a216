"""Webhooks of a business's own: what happens is posted, signed, in order, until it is taken (Part 4, 13)."""

from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.journal import Caller
from chalicelib.entrypoints.runtime import Failed
from chalicelib.ports import Receipt
from chalicelib.usecases import registering
from tests.fakes.receiver import Receiver
from tests.flows import till
from tests.flows.telling import feed, paid

URL = "https://erp.example.com/quittance"
OTHER = "https://other.example.com/hook"


@pytest.fixture
def receiver(monkeypatch):
    receiver = Receiver()
    monkeypatch.setattr(wiring, "courier", lambda: receiver)
    return receiver


def subscribed(world, url=URL, **more):
    return world.ok("POST", "/v1/webhooks", {"url": url} | more).body


def see(world, webhook):
    return world.ok("GET", f"/v1/webhooks/{webhook['id']}").body


def deliveries(world, webhook):
    """Sequence, status, attempts and HTTP's status of each, the newest first."""
    listed = world.ok("GET", f"/v1/webhooks/{webhook['id']}/deliveries?limit=100")["data"]
    return [(each["sequence"], each["status"], each["attempts"], each["last_status"]) for each in listed]


def test_what_happens_is_posted_signed_and_in_order_as_the_feed_has_it(world, receiver):
    webhook = subscribed(world)
    paid(world)

    posted = [post.event for post in receiver.posts]
    assert receiver.sequences() == list(range(1, len(posted) + 1))
    assert {"client.added", "invoice.issued", "payment.received", "invoice.paid"} <= set(receiver.types())
    assert all(post.is_signed_by(webhook["secret"]) and post.signatures == 1 for post in receiver.posts)
    assert posted == feed(world, limit=100)["data"]
    assert [post.headers["Quittance-Sequence"] for post in receiver.posts] == [f"{n}" for n in receiver.sequences()]
    assert [post.headers["Quittance-Event-Id"] for post in receiver.posts] == [event["id"] for event in posted]
    assert see(world, webhook)["delivered_up_to"] == len(posted)
    assert deliveries(world, webhook) == [(n, "delivered", 1, 200) for n in range(len(posted), 0, -1)]


def test_what_happens_while_a_webhook_is_made_does_not_wait_for_what_happens_next(world, receiver, monkeypatch):
    client = world.client()
    world.settle()
    right, races = DynamoStore.feed_end, iter([True])

    def raced(store):
        end = right(store)
        if next(races, False):
            caller = Caller(business_id=world.house.id, actor="test")
            registering.change_client(
                client["id"],
                lambda one: replace(one, name="Luc Roy"),
                if_match=None,
                now=world.time.instant,
                store=wiring.store(caller),
            )
            world.settle()
        return end

    monkeypatch.setattr(DynamoStore, "feed_end", raced)
    subscribed(world)
    world.settle()
    assert receiver.types() == ["client.changed"]


def test_what_happens_together_wakes_a_webhook_once(world, receiver, monkeypatch):
    webhook = subscribed(world)
    woken, hooks = [], wiring.hooks()

    class Counting:
        def put(self, body, *, group):
            woken.append(body["id"])
            hooks.put(body, group=group)

    monkeypatch.setattr(wiring, "hooks", Counting)
    world.client()
    world.client(name="Luc Roy", email="luc@example.com")
    world.settle()
    assert receiver.types() == ["client.added"] * 2
    assert woken == [webhook["id"]]


def test_who_could_not_be_woken_is_woken_when_the_events_come_again(world, receiver, monkeypatch):
    subscribed(world)
    world.settle()
    hooks = wiring.hooks()

    class Down:
        def put(self, body, *, group):
            raise ConnectionError

    monkeypatch.setattr(wiring, "hooks", Down)
    world.client()
    with pytest.raises(Failed):
        world.settle()
    monkeypatch.setattr(wiring, "hooks", lambda: hooks)
    world.settle()
    assert receiver.sequences() == [1]


def test_whatever_comes_again_and_in_whatever_order_is_told_once(world, receiver):
    subscribed(world)
    invoice = world.invoice()
    world.settle(times=2)
    told = feed(world, limit=100)["data"]
    for order in ("kept", "reversed", "shuffled"):
        world.replay(order)
    assert feed(world, limit=100)["data"] == told
    assert receiver.sequences() == [event["sequence"] for event in told]
    assert [event["type"] for event in told if event["entity_id"] == invoice["id"]] == [
        "invoice.drafted",
        "invoice.issued",
    ]


@pytest.mark.parametrize(
    ("role", "feed_status", "webhooks_status"),
    [("manager", 200, 200), ("accountant", 200, 403), ("technician", 403, 403)],
)
def test_who_may_see_the_feed_and_manage_webhooks(world, role, feed_status, webhooks_status):
    key = world.key(role)
    assert world.api("GET", "/v1/events", key=key).status == feed_status
    assert world.api("GET", "/v1/webhooks", key=key).status == webhooks_status


def test_secrets_are_in_no_event(world, receiver):
    webhook = subscribed(world)
    world.key("accountant")
    world.ok("POST", f"/v1/webhooks/{webhook['id']}/rotate-secret", {})
    world.ok("PATCH", "/v1/business", {"phone": "+1 514 555 0199"})
    world.settle()
    assert receiver.types() == ["business.changed"]
    assert receiver.posts[0].event["data"] == {"fields": ["phone"]}


def test_a_server_that_fails_for_a_while_gets_everything_in_order_afterwards(world, receiver):
    webhook, other = subscribed(world), subscribed(world, OTHER)
    receiver.answer = lambda post: Receipt(status=503 if post.url == URL else 200)
    paid(world)
    happened = feed(world, limit=100)["read_up_to"]
    assert (receiver.sequences(URL), receiver.sequences(OTHER)) == ([1], list(range(1, happened + 1)))
    failing = see(world, webhook)
    assert (failing["attempts"], failing["delivered_up_to"], failing["failing_since"] is None) == (1, 0, False)
    assert deliveries(world, webhook) == [(1, "failing", 1, 503)]

    world.time.pass_(seconds=10)
    world.sweep()
    world.settle()
    receiver.take()
    world.time.pass_(minutes=1)
    world.sweep()
    world.settle()
    assert receiver.sequences(URL) == [1, 1, *range(1, happened + 1)]
    assert deliveries(world, webhook)[-1] == (1, "delivered", 3, 204)
    assert see(world, webhook)["failing_since"] is None
    assert see(world, other)["delivered_up_to"] == happened


def test_after_three_days_the_business_is_told_by_mail_and_switches_it_on_again(world, receiver):
    webhook = subscribed(world)
    receiver.refuse(410)
    world.ok("PATCH", "/v1/business", {"email": "bureau@plomberie.example"})
    world.settle()
    while see(world, webhook)["enabled"]:
        world.time.pass_(hours=7)
        world.sweep()
        world.settle()
    (mail,) = [mail for mail in world.mails_to("bureau@plomberie.example") if URL in mail.text]
    assert "webhook" in mail.subject
    assert see(world, webhook)["disabled_because"] == "nothing could be delivered there for three days"
    world.time.pass_(days=1)
    world.sweep()
    world.settle()
    assert len([mail for mail in world.mails if URL in mail.text]) == 1

    receiver.posts.clear()
    receiver.take()
    world.ok("PATCH", f"/v1/webhooks/{webhook['id']}", {"enabled": True})
    world.settle()
    assert receiver.sequences() == [1]


def test_a_replay_posts_everything_after_a_sequence_again(world, receiver):
    webhook = subscribed(world)
    paid(world)
    happened = receiver.sequences()
    answer = world.ok("POST", f"/v1/webhooks/{webhook['id']}/replay", {"after_sequence": 2})
    assert (answer.status, answer["delivered_up_to"]) == (202, 2)
    world.settle()
    assert receiver.sequences() == happened + happened[2:]
    beyond = world.api("POST", f"/v1/webhooks/{webhook['id']}/replay", {"after_sequence": 999})
    assert beyond.problem == (409, "sequence_unknown")


def test_a_secret_is_shown_once_and_rotated(world, receiver):
    webhook = subscribed(world, description="ERP", event_types=["invoice.paid"])
    assert webhook["secret"].startswith("whsec_")
    assert (see(world, webhook)["secret"], see(world, webhook)["event_types"]) == (None, ["invoice.paid"])
    rotated = world.ok("POST", f"/v1/webhooks/{webhook['id']}/rotate-secret", {})
    assert rotated["secret"] not in {None, webhook["secret"]}
    paid(world)
    (post,) = receiver.posts
    assert (post.event["type"], post.signatures) == ("invoice.paid", 2)
    assert post.is_signed_by(webhook["secret"])
    assert post.is_signed_by(rotated["secret"])


def test_a_test_posts_a_ping_at_once_and_says_what_came_of_it(world, receiver):
    webhook = subscribed(world)
    answer = world.ok("POST", f"/v1/webhooks/{webhook['id']}/test", {}).body
    assert answer == {"delivered": True, "status_code": 200, "error": None}
    receiver.answer = lambda _: Receipt(error="tls_failed")
    answer = world.ok("POST", f"/v1/webhooks/{webhook['id']}/test", {}).body
    assert answer == {"delivered": False, "status_code": None, "error": "tls_failed"}
    assert receiver.types() == ["webhook.ping"] * 2
    assert all(post.is_signed_by(webhook["secret"]) for post in receiver.posts)
    assert deliveries(world, webhook) == []


def test_a_webhook_is_changed_listed_and_deleted(world, receiver):
    webhook = subscribed(world)
    stale = world.api("PATCH", f"/v1/webhooks/{webhook['id']}", {"url": OTHER}, If_Match='"9"')
    assert stale.problem == (412, "stale")
    changed = world.ok("PATCH", f"/v1/webhooks/{webhook['id']}", {"url": OTHER, "description": "ERP"})
    assert (changed["url"], changed["description"], changed["version"]) == (OTHER, "ERP", 2)
    assert [each["id"] for each in world.ok("GET", "/v1/webhooks")["data"]] == [webhook["id"]]
    assert world.ok("DELETE", f"/v1/webhooks/{webhook['id']}").status == 204
    paid(world)
    assert receiver.posts == []
    assert world.api("GET", f"/v1/webhooks/{webhook['id']}").problem == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://erp.example.com/"}, "url_not_allowed"),
        ({"url": "https://169.254.169.254/latest"}, "url_not_allowed"),
        ({"url": "https://ann:pw@erp.example.com/"}, "url_not_allowed"),
        ({"url": URL, "event_types": ["key.created"]}, "unknown_event_type"),
        ({"url": URL, "event_types": []}, "too_short"),
        ({"url": ""}, "too_short"),
        ({}, "missing"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused(world, body, code):
    before = world.everything()
    answer = world.api("POST", "/v1/webhooks", body)
    assert (answer.status, code in answer.text) == (422, True), answer.text
    assert world.everything() == before


@pytest.mark.row("C34")
def test_a_refund_made_at_stripe_is_told_as_a_refund(world, receiver):
    subscribed(world, event_types=["payment.refunded", "payment.received"])
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    till.arrived(world)
    world.stripe.control.refund({"payment_intent": intent, "amount": 10_000})
    till.arrived(world)
    received, refunded = (post.event for post in receiver.posts)
    assert (received["type"], refunded["type"]) == ("payment.received", "payment.refunded")
    assert refunded["entity_id"] == received["entity_id"]
    assert (refunded["data"]["refunded"], refunded["data"]["currency"]) == ("100.00", "CAD")
