"""Clients, settings, bodies and callers that are refused, and nothing written."""

import pytest

from chalicelib.domain.business import Numbering
from tests.flows.refusing import CLIENTS, INVOICES, LINE, QUOTES, refused


@pytest.mark.parametrize(
    ("client", "code", "at"),
    [
        pytest.param({}, "missing", "/name", id="no name"),
        pytest.param({"name": ""}, "empty", "/name", id="an empty name"),
        pytest.param({"name": " \t "}, None, "/name", id="a name of blanks"),
        pytest.param({"name": "a" * 256}, "too_long", "/name", id="a long name"),
        pytest.param({"name": "Ann\u001b[31m"}, "control_character", "/name", id="an escape"),
        pytest.param({"name": 7}, "not_a_text", "/name", id="a number"),
        pytest.param({"name": "Ann", "email": "ann@"}, "not_an_email", "/email", id="half an address"),
        pytest.param({"name": "Ann", "email": "a@b.ca\nBcc: x@y.z"}, None, "/email", id="a header in an address"),
        pytest.param({"name": "Ann", "email": "a@b.ca, c@d.ca"}, "not_an_email", "/email", id="two addresses"),
        pytest.param({"name": "Ann", "phon": "1"}, "unknown_field", "/phon", id="an unknown field"),
        pytest.param(
            {"name": "Ann", "address": {"country": "XX"}}, "unknown_country", "/address/country", id="no country"
        ),
        pytest.param({"name": "Ann", "language": "klingon"}, None, "/language", id="no such language"),
    ],
)
def test_a_client_that_cannot_be_is_refused(world, client, code, at):
    answer = refused(world, CLIENTS, client)

    assert answer.status == 422
    ((place, said),) = [(fault["at"], fault["code"]) for fault in answer["errors"]]
    assert place == at
    assert code in {None, said}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"{", 400, None, id="half an object"),
        pytest.param(b"[]", 422, None, id="a list"),
        pytest.param(b"null", 422, None, id="nothing"),
        pytest.param(b"\xff\xfe", 400, None, id="no UTF-8"),
        pytest.param(b"[" * 100_000, 400, None, id="a tower of brackets"),
        pytest.param(b'{"name": "Ann"' + b" " * 2_000_001 + b"}", 413, "body_too_large", id="two megabytes"),
    ],
)
def test_what_is_no_json_object_is_refused(world, body, status, code):
    before = world.everything()

    answer = world.api("POST", CLIENTS, body)

    assert answer.status == status
    assert code in {None, answer["code"]}
    assert world.everything() == before


@pytest.mark.parametrize("path", [QUOTES, INVOICES])
@pytest.mark.parametrize("client_id", ["cli_none", "cli_01KJQQW3M9DKBYX56WD39526V3", "../../x", "T#biz"])
def test_a_client_that_is_not_there_is_refused(world, path, client_id):
    answer = refused(world, path, {"client_id": client_id, "lines": [LINE]})

    assert answer.status == 404


def test_an_empty_draft_is_not_issued(world):
    draft = world.draft(lines=[])

    answer = refused(world, f"{INVOICES}/{draft['id']}/issue", {})

    assert answer.problem == (409, "invoice_empty")


def test_a_total_below_zero_is_not_reached_by_an_edit_either(world):
    draft = world.draft()
    before = world.everything()

    answer = world.api("PATCH", f"{INVOICES}/{draft['id']}", {"discount_amount": "1000.01"})

    assert (answer.status, answer["errors"][0]["code"]) == (422, "negative_total")
    assert world.everything() == before


@pytest.mark.parametrize(
    ("settings", "at"),
    [
        ({"currency": "XYZ"}, "/currency"),
        ({"time_zone": "Mars/Base"}, "/time_zone"),
        ({"numbering": {"prefix": "F\n"}}, "/numbering/prefix"),
        ({"numbering": {"start": 0}}, "/numbering/start"),
        ({"tax_rates": [{"code": "A", "rate_percent": "NaN"}]}, "/tax_rates/0/rate_percent"),
        ({"tax_groups": [{"name": "G", "codes": ["NONE"]}]}, "/tax_groups/0/codes"),
        ({"invoice_defaults": {"due_days": -1}}, "/invoice_defaults/due_days"),
        ({"automation": {"send": "never"}}, "/automation/send"),
        ({"sandbox": True}, "/sandbox"),
    ],
)
def test_settings_that_cannot_be_are_refused(world, settings, at):
    before = world.everything()

    answer = world.api("PATCH", "/v1/business", settings)

    assert answer.status == 422
    assert [fault["at"] for fault in answer["errors"]] == [at]
    assert world.everything() == before


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("sk_live_none", 401, "bad_key"), ("", 401, None), ("x" * 5_000, 401, None)],
)
def test_who_does_not_prove_themselves_is_told_nothing(world, key, status, code):
    answer = world.request("GET", "/v1/clients", b"", {"authorization": f"Bearer {key}"} if key else {})

    assert answer.status == status
    assert code in {None, answer["code"]}


@pytest.mark.parametrize(
    ("role", "method", "path", "status"),
    [
        ("technician", "POST", "/issue", 403),
        ("technician", "POST", "/void", 403),
        ("technician", "POST", "/send", 403),
        ("accountant", "PATCH", "", 403),
        ("accountant", "DELETE", "", 403),
        ("technician", "PATCH", "", 403),
        ("manager", "POST", "/issue", 200),
    ],
)
def test_each_role_may_do_its_own(world, role, method, path, status):
    draft = world.draft()

    answer = world.api(method, f"{INVOICES}/{draft['id']}{path}", {}, key=world.key(role))

    assert answer.status == status


def test_a_revoked_key_ends_at_once(world):
    made = world.ok("POST", "/v1/keys", {"name": "old", "role": "manager"})
    assert world.api("GET", CLIENTS, key=made["secret"]).status == 200

    world.ok("DELETE", f"/v1/keys/{made['id']}")

    assert world.api("GET", CLIENTS, key=made["secret"]).problem == (401, "bad_key")


def test_a_number_that_is_taken_is_given_to_nobody_else(world):
    """The register refuses it, whatever the counter says (C20)."""
    world.business(numbering=Numbering(prefix="A"))
    client = world.client()
    world.invoice(client)
    draft = world.draft(client)
    core = world.aws.client("dynamodb")
    counter = {"PK": {"S": f"T#{world.house.id}#SER#invoice"}, "SK": {"S": "CTR"}}
    item = core.get_item(TableName="core", Key=counter)["Item"]
    item["doc"]["S"] = item["doc"]["S"].replace('"next":2', '"next":1').replace('"next": 2', '"next": 1')
    core.put_item(TableName="core", Item=item)

    answer = world.api("POST", f"{INVOICES}/{draft['id']}/issue", {})

    assert answer.status == 409
    assert world.see(draft)["number"] is None
    world.houses.clear()  # its counter stays wrong
