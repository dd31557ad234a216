"""A run with planted names, addresses, secrets and card numbers: none of them is in the logs."""

import ast
import io
import json
import logging
import re
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.entrypoints import logs, runtime
from chalicelib.entrypoints.http import contract
from infra.local.clock import scheduled
from tests.flows.world import PLATFORM_KEY, WEBHOOK_SECRET

ROOT = Path(__file__).parents[2]
NAME, EMAIL, PHONE, CARD = "Zebulon Quartermain", "zebulon@planted.example", "+1 514 555 0199", "4242 4242 4242 4242"
STREET, REMARK, OFFICE = "77 Rue Plantée", "Le code de la porte est 9876", "bureau@planted.example"
CARDS = (CARD, CARD.replace(" ", ""), CARD.replace(" ", "-"))
PASSED_BY = "Idempotency-Key-planted"
LOUD = ("quittance", "botocore", "boto3", "urllib3", "stripe", "chalice", "s3transfer")


@pytest.fixture
def lines(world, monkeypatch):
    """What CloudWatch would get: our handler's lines, and those of Lambda's own for all that libraries log."""
    told = io.StringIO()
    root = logging.StreamHandler(told)
    monkeypatch.setattr(logging.getLogger(), "handlers", [root])
    logs.logger()
    assert isinstance(root.formatter, logs.Formatter)
    monkeypatch.setattr(runtime.logger.registered_handler, "stream", told)
    levels = {name: logging.getLogger(name).level for name in LOUD}
    yield told
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def planted(world, lines):
    """The lines of a rich run, everybody logging all they can, and everything that must not be in them."""
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)
    secrets = _a_rich_run(world)
    return lines.getvalue(), {
        *(NAME, *NAME.split(), EMAIL, "planted.example", PHONE, "555 0199", STREET, REMARK, "9876", *CARDS, "4242"),
        *(PASSED_BY, PLATFORM_KEY, WEBHOOK_SECRET, world.house.key, wiring.secret("SIGNING_SECRET"), *secrets),
    }


def test_nothing_that_anybody_wrote_or_keeps_secret_is_in_the_logs(planted):
    told, words = planted
    written = [json.loads(line) for line in told.splitlines()]

    assert [word for word in words if _is_told(word, told)] == []
    assert {"failed", "record failed", "not payable", "mail of no document", "swept"} <= {
        line["message"] for line in written
    }
    known = {"level", "message", "at", "service", "place", "exception", *logs.FIELDS}
    assert [line for line in written if not set(line) <= known] == []


def test_an_exception_is_told_by_type_code_and_place(world, lines, monkeypatch):
    monkeypatch.setattr(wiring, "ids", _mistake)
    world.api("POST", "/v1/clients", {"name": NAME})

    line = json.loads(lines.getvalue().splitlines()[0])
    (mistake,) = line["exception"]
    assert (line["message"], line["operation"], line["level"]) == ("failed", "add_client", "ERROR")
    assert mistake["type"] == "ValueError"
    assert mistake["places"][0].startswith("chalicelib/entrypoints/http/contract.py:")
    assert mistake["places"][-1].startswith("tests/proof/test_logs.py:")


def test_a_function_that_fails_tells_lambda_no_more_than_a_type(monkeypatch):
    with pytest.raises(runtime.Failed) as caught:
        runtime.observed(_mistake)("inv")

    assert str(caught.value) == "ValueError"


@pytest.mark.parametrize("value", [NAME, EMAIL, PHONE, *CARDS, int(CARDS[1]), "Bearer x", "a" * 201, {"a": 1}, b"x y"])
def test_a_field_that_is_no_id_is_hidden(value):
    assert logs.safe(value) == "(hidden)"


@pytest.mark.parametrize("value", ["inv_01KJ", 3, True, None, "/invoices/{id}", "20000000-0000-4000-8000-000000000000"])
def test_a_field_that_is_an_id_or_a_count_is_told(value):
    assert logs.safe(value) == value


def test_what_we_log_is_a_constant_and_known_fields():
    calls = [call for path in (ROOT / "chalicelib").rglob("*.py") for call in _log_calls(path)]
    assert len(calls) > 8
    for place, call in calls:
        assert [type(word) for word in call.args] == [ast.Constant], f"{place}: say a constant"
        assert {keyword.arg for keyword in call.keywords} <= set(logs.FIELDS), f"{place}: a field that is not written"


def test_nothing_is_printed_and_no_other_logger_is_used():
    loose = re.compile(r"\bprint\(|logging\.getLogger|warnings\.warn")
    found = {path.name for path in (ROOT / "chalicelib").rglob("*.py") if loose.search(path.read_text())}
    assert found <= {"logs.py"}


def test_chalice_tells_no_caller_and_api_gateway_keeps_no_log_of_requests(world):
    assert world.app.debug is False
    assert not re.search("AccessLog|DataTraceEnabled", (ROOT / "infra" / "resources.yaml").read_text())


def _log_calls(path):
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="logger"), attr=_)):
                yield f"{path.name}:{node.lineno}", node


def _is_told(word, told):
    """Not in the middle of a random id, where four digits can come up by chance."""
    if len(word) > len("9876"):
        return word.casefold() in told.casefold()
    return re.search(rf"(?<![0-9A-Za-z]){word}(?![0-9A-Za-z])", told)


def _mistake(*_, **__):
    raise ValueError(f"{NAME} <{EMAIL}> paid with {CARD} at {STREET}")


def _a_rich_run(world):
    """Everything that can go well or wrong with people's words in it; answers the secrets that came up."""
    world.business(email=OFFICE, name=f"Plomberie {NAME}")
    client = world.client(name=NAME, email=EMAIL, phone=PHONE, notes=f"{REMARK} {CARD}", address={"line1": STREET})
    bad = {"name": NAME, "email": f"{NAME} {EMAIL}", "phone": ["x", CARD], NAME: CARD}
    world.api("POST", "/v1/clients", bad, Idempotency_Key=PASSED_BY)
    world.api("POST", "/v1/clients", f'{{"name": "{NAME}", {EMAIL}'.encode())
    world.api("GET", f"/v1/clients/{EMAIL}?cursor={CARD.replace(' ', '')}")
    world.api("GET", "/v1/invoices", key=f"qk_{CARDS[1]}")
    return [*_mails(world, client), *_payments(world, client), *_crashes(world, client)]


def _mails(world, client):
    quote = world.quote(client, notes=f"{NAME} {CARD}")
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.pump.settle()
    link = world.mails_to(EMAIL)[-1].portal_link
    browser = world.portal(link)
    browser.send("approve", name=NAME, signature=CARD)
    browser.visit(link + "x")
    world.pump.settle()
    world.faults.refuse("ses", "SendRawEmail", "MessageRejected", f"Address is not verified: {EMAIL}")
    world.ok("POST", f"/v1/invoices/{world.invoice(client)['id']}/send", {})
    world.pump.settle()
    world.faults.refuse("ses", "SendRawEmail", "Throttling", f"Too many mails to {EMAIL}")
    world.ok("POST", f"/v1/invoices/{world.invoice(client)['id']}/send", {})
    world.pump.settle()
    untagged = {"detail-type": "Email Bounced", "detail": {"mail": {"messageId": "0102", "destination": [EMAIL]}}}
    world.wake("bounced", scheduled("bounced", world.time.instant) | untagged)
    return [link.rpartition("/")[2], browser.cookie.partition("=")[2]]


def _payments(world, client):
    draft = world.draft(client)
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.time.pass_(seconds=301)
    world.pump.settle()
    browser = world.portal(world.mails_to(EMAIL)[-1].portal_link)
    world.pay_at_checkout(browser.pay())
    event = world.events()[-1]
    world.webhook(event | {"data": {"object": {"name": NAME, "card": CARD}}})
    world.webhook(event, secret="whsec_planted_wrong")
    world.webhook(f'{{"id": "{EMAIL}", "card": "{CARD}"'.encode())
    world.deliver_events()
    world.pump.settle()
    cash = {"amount": "1", "method": "cash", "reference": f"{NAME} {CARD}"}
    world.api("POST", f"/v1/invoices/{draft['id']}/payments", cash)
    other = world.draft(client, lines=[{"description": NAME, "unit_price": "0.10"}])
    world.ok("POST", f"/v1/invoices/{other['id']}/send", {})
    world.pump.settle()
    world.portal(world.mails_to(EMAIL)[-1].portal_link).pay()
    return ["whsec_planted_wrong"]


def _crashes(world, client):
    """Mistakes of ours whose text quotes people, wherever code runs; and a token that is none."""
    draft = world.draft(client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chalicelib.usecases.sending.drawn_now", _mistake)
        patch.setattr("chalicelib.entrypoints.portal.showing.invoice_row", _mistake)
        patch.setattr("chalicelib.entrypoints.http.clients.ClientOut.of", _mistake)
        patch.setattr("chalicelib.entrypoints.events.sweep_all", _mistake)
        patch.setattr(wiring, "webhook_secrets", _mistake)
        world.portal(world.mails_to(EMAIL)[-1].portal_link).visit("/portal")
        world.api("GET", f"/v1/clients/{client['id']}")
        world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
        world.pump.settle()
        world.webhook(b"{}")
        with pytest.raises(runtime.Failed):
            world.sweep()
        patch.setattr(contract, "admit", _mistake)
        with pytest.raises(runtime.Failed):
            world.api("GET", "/v1/invoices")
    world.sweep()
    world.pump.settle()
    return []
