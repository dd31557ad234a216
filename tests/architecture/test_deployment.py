"""The very template and zip that go to AWS, deployed: the first step of the main job runs there."""

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
    assert (status, problem["code"]) == (401, "credential_refused")


def test_a_forged_webhook_is_refused_by_the_deployed_api(deployed):
    status, _ = deployed.call("POST", "/v1/stripe/webhook", {"id": "evt_1"})
    assert status == 400


def test_a_quote_approved_over_the_deployed_api_becomes_drafts_in_the_deployed_stream_function(deployed, key):
    status, client = deployed.call("POST", "/v1/clients", {"name": "Ville de Laval"}, key=key)
    assert status == 201, client
    status, quote = deployed.call("POST", "/v1/quotes", a_quote(client["id"]), key=key)
    assert status == 201, quote

    status, approved = deployed.call("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "Anne Roy"}, key=key)

    assert (status, approved["status"]) == (200, "approved")
    drafts = invoices_of(deployed, key, quote["id"], count=2)
    assert sorted(draft["total"] for draft in drafts) == ["459.90", "689.85"]
    assert {draft["status"] for draft in drafts} == {"draft"}


def a_quote(client_id):
    return {
        "client_id": client_id,
        "lines": [{"description": "Chauffe-eau", "unit_price": "1000", "taxes": ["TPS", "TVQ"]}],
        "schedule": [
            {"label": "Acompte", "percent": "40", "due": {"days_after": "approval", "days": 0}},
            {"label": "Solde", "remainder": True, "due": {"days_after": "approval", "days": 30}},
        ],
        "invoicing": {"mode": "per_instalment", "send": "manual"},
    }


def invoices_of(deployed, key, quote_id, *, count, within_s=30.0):
    """The invoices of a quote, as soon as there are so many; the stream needs a moment."""
    end = time.monotonic() + within_s
    while True:
        _, answer = deployed.call("GET", f"/v1/invoices?quote_id={quote_id}", key=key)
        if len(answer["data"]) >= count:
            return answer["data"]
        assert time.monotonic() < end, deployed.log.read_text()[-3000:]
        time.sleep(0.2)
