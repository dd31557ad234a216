"""Events that come five times at once, in any order, and through API Gateway's two ways of handing over a body."""

import base64
import itertools
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import wiring
from chalicelib.adapters.dynamodb import codec
from chalicelib.domain.event_types import EVENTS
from chalicelib.domain.journal import Account
from infra.local.functions import context, function
from infra.local.stripe import sign
from tests.flows import till
from tests.flows.till import WHOLE
from tests.flows.world import WEBHOOK_SECRET

OFFICE, MARIE = "bureau@plomberie.example", "marie@example.com"
ODD = """{\n\t"id" :  "evt_odd",\r\n  "object":"event", "type"   :"nobody.follows",\n\n
 "created":1 ,"note": "caf\u00e9 \N{TURTLE} \u2028\u00a0", "data" :{"object":{ }} }\t\n""".encode()
"""A body that nobody gets back who decodes it and writes it anew."""


@pytest.fixture
def invoice(world):
    return world.invoice()


def at_once(deeds):
    with ThreadPoolExecutor(5) as pool:
        return [future.result() for future in [pool.submit(deed) for deed in deeds]]


def booked(world):
    """How often each kind of event about money is in the journal, and what reached us before fees, in cents."""
    kinds, ledger = Counter(), Counter()
    for row in world.aws.rows("journal"):
        kinds[row["type"]["S"]] += 1
        for posting in codec.loads(EVENTS[row["type"]["S"]], row["doc"]["S"]).postings:
            ledger[posting.account] += posting.amount.minor
    told = {kind: kinds[kind] for kind in ("payment.received", "invoice.paid", "invoice.settled")}
    return told, ledger[Account.CLEARING] + ledger[Account.FEES]


@pytest.mark.row("C12")
def test_each_event_five_times_at_once_is_one_entry_one_notice_and_one_receipt(world, invoice):
    till.pay(world, invoice)
    events = world.events()
    assert len({event["type"] for event in events}) >= 4

    answers = at_once([lambda event=event: world.webhook(event) for event in events for _ in range(5)])
    messages = world.aws.messages("payments")
    settle = function(world.app, "settle")
    records = [{"messageId": str(n), "body": body} for n, body in enumerate(messages)]
    outcomes = at_once(
        [lambda record=record: settle({"Records": [record]}, context("settle")) for record in records],
    )
    world.settle(times=2)

    assert [answer.status for answer in answers] == [200] * len(events) * 5
    assert outcomes == [{"batchItemFailures": []}] * len(records)
    assert booked(world) == ({"payment.received": 1, "invoice.paid": 1, "invoice.settled": 0}, 1149_75)
    assert [len(world.mails_to(OFFICE)), len(world.mails_to(MARIE))] == [1, 1]
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")


@pytest.mark.row("C12")
def test_a_refund_told_again_and_again_changes_nothing_more(world, invoice):
    payment = till.pay(world, invoice)
    till.arrived(world)
    world.stripe.control.refund({"payment_intent": payment, "amount": 14_975})
    events = world.events()
    till.arrived(world)
    before = world.see(invoice), world.aws.rows("journal"), len(world.mails)

    for event in events:
        world.webhook(event)
        world.webhook(event | {"id": event["id"] + "0"})
    world.settle()

    assert (world.see(invoice), world.aws.rows("journal"), len(world.mails)) == before


@pytest.mark.row("C14")
def test_in_whatever_order_events_of_one_second_come_the_invoice_ends_paid(world):
    """Every tenth of the 120 orders; all of them are tried against the use-case, with what Stripe said each time."""
    client = world.client()
    for order in list(itertools.permutations(range(5)))[::10]:
        invoice = world.invoice(client)
        till.pay(world, invoice)
        kinds = {event["type"]: event for event in world.events()}
        world._kept.clear()
        payment = kinds["payment_intent.succeeded"]["data"]["object"]["id"]
        events = [
            kinds["payment_intent.created"],
            till.about(world, "payment_intent.payment_failed", till.intent(payment)),
            kinds["payment_intent.succeeded"],
            kinds["charge.succeeded"],
            kinds["checkout.session.completed"],
        ]
        created = events[0]["created"]

        for place in order:
            assert world.webhook(events[place] | {"created": created}).status == 200
            world.settle()

        assert till.shown(world, invoice) == ("paid", WHOLE, "0.00"), order
        assert len(till.payments_of(world, invoice)) == 1, order


@pytest.mark.row("C13")
def test_an_event_that_comes_through_two_endpoints_is_booked_once(world, invoice, monkeypatch):
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRETS", "whsec_one,whsec_two")
    wiring._secret.cache_clear()
    till.pay(world, invoice)

    for event in world.events():
        assert [world.webhook(event, secret=secret).status for secret in ("whsec_one", "whsec_two")] == [200, 200]
    world.settle()

    assert booked(world) == ({"payment.received": 1, "invoice.paid": 1, "invoice.settled": 0}, 1149_75)
    assert len(world.mails_to(MARIE)) == 1


def through_api_gateway(world, payload, *, in_base64, signed_at=0, signed=None):
    """Lambda's own event, as API Gateway makes it."""
    time = int(world.time.instant.timestamp()) + signed_at
    answer = world.app(
        {
            "requestContext": {"resourcePath": "/v1/stripe/webhook", "httpMethod": "POST", "requestId": "1"},
            "headers": {
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": sign(signed or payload, WEBHOOK_SECRET, time),
            },
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "body": base64.b64encode(payload).decode() if in_base64 else payload.decode(),
            "isBase64Encoded": in_base64,
        },
        context("APIHandler"),
    )
    return answer["statusCode"]


@pytest.mark.row("C15")
@pytest.mark.parametrize("in_base64", [True, False], ids=["base64", "text"])
def test_a_body_is_verified_as_its_bytes_came(in_base64, world):
    assert json.dumps(json.loads(ODD), ensure_ascii=False).encode() != ODD

    assert through_api_gateway(world, ODD, in_base64=in_base64) == 200
    assert through_api_gateway(world, ODD, in_base64=in_base64, signed_at=-300) == 200
    assert through_api_gateway(world, ODD, in_base64=in_base64, signed_at=-301) == 400
    for place in (0, ODD.index("é".encode()) + 1, len(ODD) - 1):
        changed = bytearray(ODD)
        changed[place] ^= 1
        assert through_api_gateway(world, bytes(changed), in_base64=in_base64, signed=ODD) == 400
