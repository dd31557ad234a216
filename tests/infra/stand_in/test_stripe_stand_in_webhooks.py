"""The stand-in's webhooks: signed as Stripe signs, at least once, in an order that can be chosen."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import stripe as sdk

from chalicelib.domain.errors import Invalid
from chalicelib.domain.webhook_signature import Use, event_in, verify
from infra.local import stripe as stand_in
from infra.local.stripe.refusals import Refusal

NOW = 1_790_000_000
PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@pytest.fixture
def inbox():
    """A receiver; it answers with the next of its statuses, then with 200."""
    inbox = SimpleNamespace(mails=[], statuses=[])

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            inbox.mails.append((body, self.headers["Stripe-Signature"]))
            self.send_response(inbox.statuses.pop(0) if inbox.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    inbox.url = f"http://127.0.0.1:{server.server_port}/v1/stripe/webhook"
    inbox.types = lambda: [json.loads(body)["type"] for body, _ in inbox.mails]
    yield inbox
    server.shutdown()
    server.server_close()


def started(inbox, **options):
    wanted = {"accounts": {"acct_a": "sk_test_a"}, "webhook_url": inbox.url, "webhook_secret": "whsec_1"}
    return stand_in.start(clock=lambda: NOW, **{**wanted, **options})


@pytest.fixture
def running(inbox):
    running = started(inbox)
    yield running
    running.stop()
    assert running.contract_errors == []


def pay(running, key="sk_test_a"):
    http = sdk.RequestsClient(timeout=8)
    client = sdk.StripeClient(key, base_addresses={"api": running.url}, http_client=http)
    wanted = {"amount": 5000, "currency": "cad", "confirm": True, "payment_method": "pm_card_visa"}
    intent = client.v1.payment_intents.create(wanted)
    http.close()
    return intent


def test_what_is_paid_is_told_with_a_signature_that_ours_and_the_sdk_s_check_accept(running, inbox):
    intent = pay(running)
    assert running.control.drain({}) is True

    assert inbox.types() == [*PAID, "charge.updated"]
    for body, signature in inbox.mails:
        verify(body, signature, secrets=["whsec_1"], now=NOW)
        sdk.WebhookSignature.verify_header(body.decode(), signature, "whsec_1", tolerance=None)
        event = event_in(body)
        assert (event.account, event.livemode, event.api_version) == ("acct_a", False, sdk.api_version)
        known = event.type != "payment_intent.created"
        assert (event.use, event.payment_intent_id) == ((Use.SETTLE, intent.id) if known else (Use.IGNORE, None))


def test_what_the_sdk_signs_is_what_the_stand_in_signs():
    ours = stand_in.sign(b'{"a": 1}', "whsec_1", NOW)
    theirs = sdk.WebhookSignature.generate_signature_header('{"a": 1}', "whsec_1", NOW)
    assert ours.startswith(theirs)


def test_an_event_of_the_platform_itself_has_no_account(running, inbox):
    pay(running, key="sk_test_platform")
    running.control.drain({})
    assert {event_in(body).account for body, _ in inbox.mails} == {None}


def test_during_a_rotation_two_secrets_sign(running, inbox):
    endpoint = {"url": inbox.url, "secrets": ["whsec_new", "whsec_1"]}
    running.control.answer("POST", "endpoints", {"endpoints": [endpoint]})
    pay(running)
    running.control.drain({})

    body, signature = inbox.mails[0]
    for secret in ("whsec_new", "whsec_1"):
        verify(body, signature, secrets=[secret], now=NOW)
    with pytest.raises(Invalid):
        verify(body, signature, secrets=["whsec_other"], now=NOW)


def test_an_endpoint_gets_only_the_types_it_asked_for(running, inbox):
    endpoint = {"url": inbox.url, "secrets": ["whsec_1"], "types": ["payment_intent.succeeded"]}
    running.control.answer("POST", "endpoints", {"endpoints": [endpoint]})
    pay(running)
    running.control.drain({})
    assert inbox.types() == ["payment_intent.succeeded"]


def test_what_is_refused_is_tried_again(running, inbox):
    inbox.statuses = [500, 500]
    pay(running)
    running.control.drain({})

    assert sorted(inbox.types()) == sorted([*PAID, "charge.updated", *PAID[:2]])
    assert sorted(status for _, status in running.courier.delivered) == [200, 200, 200, 200, 500, 500]


def test_what_is_held_comes_in_the_order_that_is_asked_for(running, inbox):
    running.control.answer("POST", "hold", {})
    pay(running)
    running.control.drain({})
    assert inbox.types() == []

    assert running.control.answer("POST", "release", {"order": "reversed", "times": 2}) == 8
    running.control.drain({})
    assert inbox.types() == ["charge.updated"] * 2 + [kind for kind in reversed(PAID) for _ in range(2)]


def test_an_event_is_delivered_again_byte_for_byte(running, inbox):
    pay(running)
    running.control.drain({})
    body = inbox.mails[0][0]
    running.control.answer("POST", "redeliver", {"event": json.loads(body)["id"], "times": 3})
    running.control.drain({})

    again = [json.loads(mail) for mail, _ in inbox.mails[4:]]
    assert [event["id"] for event in again] == [json.loads(body)["id"]] * 3
    assert {json.dumps(event["data"]) for event in again} == {json.dumps(json.loads(body)["data"])}


def test_an_event_that_does_not_exist_is_not_delivered(running):
    with pytest.raises(Refusal, match="No such event"):
        running.control.redeliver({"event": "evt_none"})


def test_livemode_is_told(running, inbox):
    running.control.livemode({"livemode": True})
    pay(running)
    running.control.drain({})
    assert {event_in(body).livemode for body, _ in inbox.mails} == {True}


def test_what_was_not_delivered_before_a_stop_is_delivered_after_it(inbox, tmp_path):
    running = started(inbox, data=tmp_path)
    running.control.answer("POST", "hold", {})
    pay(running)
    running.stop()
    assert inbox.types() == []

    running = started(inbox, data=tmp_path)
    running.control.drain({})
    running.stop()
    assert sorted(inbox.types()) == sorted([*PAID, "charge.updated"])
