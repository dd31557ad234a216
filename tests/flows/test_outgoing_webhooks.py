"""Webhooks of a business's own: what happens is posted, signed, in order, until it is taken (Part 4, 13)."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.ports import Receipt
from tests.fakes.receiver import Receiver

URL = "https://erp.example.com/quittance"
OTHER = "https://other.example.com/hook"


@pytest.fixture
def receiver(monkeypatch):
    receiver = Receiver()
    monkeypatch.setattr(wiring, "courier", lambda: receiver)
    return receiver


def webhook(world, url=URL, **more):
    return world.ok("POST", "/v1/webhooks", {"url": url} | more).body


def see(world, one):
    return world.ok("GET", f"/v1/webhooks/{one['id']}").body


def deliveries(world, one):
    return world.ok("GET", f"/v1/webhooks/{one['id']}/deliveries?limit=100")["data"]


def feed(world, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return world.ok("GET", f"/v1/events?{asked}").body


def pay(world, invoice, amount):
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": amount, "method": "cash"})


def test_what_happens_is_posted_signed_and_in_order_as_the_feed_has_it(world, receiver):
    hook = webhook(world)
    invoice = world.invoice()
    world.settle()
    pay(world, invoice, invoice["total"])
    world.settle()

    assert receiver.sequences() == list(range(1, len(receiver.posts) + 1))
    assert {"invoice.paid", "payment.received"} <= set(receiver.types())
    assert all(post.is_signed_by(hook["secret"]) and post.signatures == 1 for post in receiver.posts)
    assert [post.event for post in receiver.posts] == feed(world, limit=100)["data"]
    assert [post.headers["Quittance-Sequence"] for post in receiver.posts] == [f"{n}" for n in receiver.sequences()]
    assert see(world, hook)["delivered_up_to"] == len(receiver.posts)
    assert [each["status"] for each in deliveries(world, hook)] == ["delivered"] * len(receiver.posts)
