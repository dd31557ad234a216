"""The very template and zip that go to AWS, deployed: the first step of the main job runs there."""

import hashlib
import hmac
import subprocess
import sys
import time

import pytest

from infra import package as packaging
from tests.architecture.deployed import deploy, outside_aws

OPEN = """
import pathlib, sys
from infra.local import opening
print(opening.identity(pathlib.Path(sys.argv[1]), url="").api_key)
"""

IGNORED_EVENT = """{"object": "event", "id": "evt_1ABCDEFGH",  "type": "customer.created", "created": %d,
 "livemode": false, "data": {"object": {"name": "Élodie"}}}"""


@pytest.fixture(scope="module")
def deployed(packaged, tmp_path_factory):
    running = deploy(packaged, scratch=tmp_path_factory.mktemp("deployed"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def key(deployed, tmp_path_factory):
    """The key of a business in the deployed tables, opened by a process beside it."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN, tmp_path_factory.mktemp("business")],
        cwd=packaging.ROOT,
        env={**outside_aws(), **deployed.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_deployed_api_answers(deployed):
    status, _ = deployed.call("GET", "/health")
    assert status == 200


def test_the_deployed_api_admits_nobody_without_a_key(deployed, key):
    """Without one the gateway refuses by itself (in its own words here: ministack leaves out GatewayResponses)."""
    status, _ = deployed.call("GET", "/v1/clients")
    assert status == 401
    status, problem = deployed.call("GET", "/v1/clients", key=key[:-1] + ("a" if key[-1] != "a" else "b"))
    assert (status, problem["code"]) == (401, "bad_key")


def test_stripes_signature_holds_over_the_bytes_that_the_deployed_gateway_passes_on(deployed):
    """Its secret is filled in by hand after the first deployment; here too."""
    secret = deployed.environment["STRIPE_WEBHOOK_SECRETS_ARN"]
    deployed.client("secretsmanager").put_secret_value(SecretId=secret, SecretString="whsec_deployed")
    at = int(time.time())
    body = IGNORED_EVENT % at
    signature = hmac.new(b"whsec_deployed", f"{at}.{body}".encode(), "sha256").hexdigest()

    signed = deployed.call("POST", "/v1/stripe/webhook", body, headers={"Stripe-Signature": f"t={at},v1={signature}"})
    forged = deployed.call("POST", "/v1/stripe/webhook", body, headers={"Stripe-Signature": f"t={at},v1=00"})

    assert signed == (200, {"received": True, "outcome": "ignored"})
    assert forged == (400, {"received": False, "outcome": "bad_signature"})


def test_a_quote_approved_over_the_deployed_api_becomes_drafts_in_the_deployed_stream_function(deployed, key):
    status, client = deployed.call("POST", "/v1/clients", {"name": "Ville de Laval"}, key=key)
    assert status == 201, client
    status, quote = deployed.call("POST", "/v1/quotes", a_quote(client["id"]), key=key)
    assert status == 201, quote

    status, approved = deployed.call("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "Anne Roy"}, key=key)

    assert (status, approved["status"]) == (200, "approved")
    drafts = invoices_of(deployed, key, quote["id"], count=2)
    assert sorted(draft["total"] for draft in drafts) == ["459.90", "689.85"]
    assert {draft["status"] for draft in drafts} == {"scheduled"}


def test_what_happens_gets_its_place_in_the_feed_from_the_deployed_fifo_queue(deployed, key):
    _, client = deployed.call("POST", "/v1/clients", {"name": "Ville de Laval"}, key=key)

    end = time.monotonic() + 60.0
    while not (about := [event for event in feed(deployed, key) if event["entity_id"] == client["id"]]):
        assert time.monotonic() < end, deployed.log.read_text()[-3000:]
        time.sleep(0.2)
    assert [event["type"] for event in about] == ["client.added"]
    told = feed(deployed, key)
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))


def test_the_deployed_worker_draws_the_pdf_with_what_is_in_the_zip_and_mails_it(deployed, key):
    _, client = deployed.call("POST", "/v1/clients", {"name": "Ville de Laval", "email": "laval@example.org"}, key=key)
    line = {"description": "Réparation", "unit_price": "100", "taxes": ["TPS", "TVQ"]}
    _, invoice = deployed.call("POST", "/v1/invoices", {"client_id": client["id"], "lines": [line]}, key=key)

    status, answer = deployed.call("POST", f"/v1/invoices/{invoice['id']}/send", {}, key=key)

    assert status in {200, 202}, answer
    sent = eventually_sent(deployed, key, invoice["id"])
    assert sent["pdf"]["state"] == "ready"
    files = deployed.client("s3")
    (document,) = files.list_objects_v2(Bucket=deployed.environment["DOCUMENTS_BUCKET"])["Contents"]
    found = files.get_object(Bucket=deployed.environment["DOCUMENTS_BUCKET"], Key=document["Key"])["Body"].read()
    assert found.startswith(b"%PDF-")
    assert hashlib.sha256(found).hexdigest() == sent["pdf"]["sha256"]


def feed(deployed, key):
    status, answer = deployed.call("GET", "/v1/events?limit=100", key=key)
    assert status == 200, answer
    return answer["data"]


def a_quote(client_id):
    return {
        "client_id": client_id,
        "lines": [{"description": "Chauffe-eau", "unit_price": "1000", "taxes": ["TPS", "TVQ"]}],
        "schedule": [
            {"label": "Acompte", "percent": "40", "due": {"days_after": "approval", "days": 10}},
            {"label": "Solde", "remainder": True, "due": {"days_after": "approval", "days": 30}},
        ],
        "invoicing": {"mode": "per_instalment", "send": "on_date"},
    }


def invoices_of(deployed, key, quote_id, *, count, within_s=60.0):
    """The invoices of a quote, as soon as there are so many; the stream needs a moment."""
    end = time.monotonic() + within_s
    while True:
        _, answer = deployed.call("GET", f"/v1/invoices?quote_id={quote_id}", key=key)
        if len(answer["data"]) >= count:
            return answer["data"]
        assert time.monotonic() < end, deployed.log.read_text()[-3000:]
        time.sleep(0.2)


def eventually_sent(deployed, key, invoice_id, *, within_s=60.0):
    end = time.monotonic() + within_s
    while True:
        _, invoice = deployed.call("GET", f"/v1/invoices/{invoice_id}", key=key)
        if invoice["delivery"]["state"] == "sent":
            return invoice
        assert time.monotonic() < end, (invoice["delivery"], deployed.log.read_text()[-3000:])
        time.sleep(0.2)
