"""Every refusal over the whole API is a problem (RFC 9457) that says where and why, and changes nothing."""

import json

import pytest

from chalicelib import wiring
from chalicelib.domain.errors import DomainError
from chalicelib.entrypoints.http import contract, problems
from tests.entrypoints.calling import LINES, Person, opened

CLIENT = {"name": "Marie"}


@pytest.fixture
def owner(aws):
    return opened()


def refused(reply):
    """The status, code and faults of a problem, which is whole."""
    problem = reply.json
    assert reply.headers["content-type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors", "request_id"}
    assert (problem["status"], problem["type"]) == (reply.status, f"urn:quittance:problem:{problem['code']}")
    assert problem["request_id"]
    assert problem["detail"]
    return reply.status, reply.code


def test_every_refusal_of_the_domain_has_a_status_and_every_status_a_title():
    kinds = {leaf for kind in DomainError.__subclasses__() for leaf in (kind, *kind.__subclasses__())}
    assert set(problems.STATUS) == kinds
    assert set(problems.STATUS.values()) <= set(problems.TITLES)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"{", 400, "malformed_json", id="cut short"),
        pytest.param(b'{"name": "x",}', 400, "malformed_json", id="a comma too many"),
        pytest.param(b"\xff\xfe{}", 400, "malformed_json", id="not UTF-8"),
        pytest.param(b'\xef\xbb\xbf{"name": "x"}', 400, "malformed_json", id="a byte order mark"),
        pytest.param(b"[" * 200_000, 400, "malformed_json", id="nested without end"),
        pytest.param(b'{"name":' * 50_000, 400, "malformed_json", id="objects nested without end"),
        pytest.param(b'{"name": NaN}', 422, "not_a_number", id="NaN"),
        pytest.param(b'{"name": -Infinity}', 422, "not_a_number", id="infinity"),
        pytest.param(b'{"name": "x", "name": "y"}', 422, "given_twice", id="a field given twice"),
        pytest.param(b'{"name": ' + b"9" * 5_000 + b"}", 422, "too_large", id="a number without end"),
        pytest.param(b"null", 422, "invalid", id="null"),
        pytest.param(b'[{"name": "x"}]', 422, "invalid", id="a list"),
        pytest.param(b'{"name": 1.5}', 422, "invalid", id="a number as text"),
        pytest.param(b'{"name": "\\ud800"}', 422, "invalid", id="half a surrogate pair"),
        pytest.param(b'{"\\ud800": 1}', 422, "invalid", id="half a surrogate pair as a name"),
        pytest.param(b'{"name": "a\\u0000b"}', 422, "invalid", id="a control character"),
        pytest.param(b" " * 2_000_001, 413, "body_too_large", id="larger than is read"),
        pytest.param(b" " * (10 * 1024 * 1024 + 1), 413, "body_too_large", id="larger than API Gateway takes"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_and_nothing_is_written(owner, body, status, code):
    assert refused(owner.post("/v1/clients", body)) == (status, code)
    assert owner.get("/v1/clients").json["data"] == []


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "json"])
def test_a_body_of_another_type_is_refused(owner, media_type):
    assert refused(owner.post("/v1/clients", CLIENT, content_type=media_type)) == (415, "not_json")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_may_be_named_in_any_way(owner, media_type):
    assert owner.post("/v1/clients", CLIENT, content_type=media_type).status == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/v1/nothing", id="an unknown address"),
        pytest.param("GET", "/v1/clients/x/y/z", id="too deep an address"),
        pytest.param("PUT", "/v1/clients", id="an unknown method"),
        pytest.param("DELETE", "/v1/business", id="a method that this address has not"),
    ],
)
def test_what_is_not_there_is_not_found(owner, method, path):
    assert refused(owner.ask(method, path)) == (404, "not_found")


# --- where the fault is


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param({"quantity": "x"}, ("/lines/1/quantity", "not_a_number"), id="a wrong number"),
        pytest.param({"quantity": "1e3"}, ("/lines/1/quantity", "not_a_number"), id="an exponent in a text"),
        pytest.param({"color": "red"}, ("/lines/1/color", "unknown_field"), id="an unknown field"),
        pytest.param({"a/b~c": 1}, ("/lines/1/a~1b~0c", "unknown_field"), id="a name to escape"),
        pytest.param({"taxes": ["ZZZ"]}, ("/lines/1/taxes/0", "unknown_tax"), id="an unknown tax"),
        pytest.param({"catalog_code": "ZZZ"}, ("/lines/1/catalog_code", "unknown_catalog_code"), id="an unknown code"),
        pytest.param({"unit_price": None}, ("/lines/1/unit_price", "missing"), id="no price"),
        pytest.param(
            {"allowances": [{"percent": "5"}, {"percent": "y"}]},
            ("/lines/1/allowances/1/percent", "not_a_number"),
            id="deep within",
        ),
    ],
)
def test_a_fault_is_pointed_at(owner, line, fault):
    body = {"client_id": owner.a_client(), "lines": [LINES[0], LINES[0] | line]}
    reply = owner.post("/v1/invoices", body)
    assert refused(reply)[0] == 422
    assert fault in reply.faults
    assert owner.get("/v1/invoices").json["data"] == []


def test_every_fault_is_named_at_once_but_no_more_than_a_hundred(owner):
    reply = owner.post("/v1/clients", {f"unknown_{n}": 1 for n in range(500)})
    assert len(reply.faults) == 100
    reply = owner.post("/v1/clients", {"email": "x", "phone": 1})
    assert reply.faults == [("/email", "not_an_email"), ("/phone", "not_a_text"), ("/name", "missing")]


def test_an_absurd_name_is_not_sent_back_whole(owner):
    reply = owner.post("/v1/clients", {"x" * 100_000: 1})
    assert refused(reply) == (422, "invalid")
    assert len(reply.body) < 2_000


@pytest.mark.parametrize("path", ["/v1/clients", "/v1/business", "/v1/clients/unknown"])
def test_a_query_parameter_that_is_not_known_is_refused(owner, path):
    reply = owner.get(path, query={"sort": "name"})
    assert (reply.status, reply.faults) == (422, [("/sort", "unknown_field")])


def test_two_rules_of_when_an_invoice_is_due_contradict_each_other(owner):
    both = {"invoice_defaults": {"due_terms": {"net_days": 3, "day_of_month": 5}}}
    reply = owner.patch("/v1/business", both)
    assert (refused(reply), reply.faults) == ((422, "invalid"), [("/invoice_defaults/due_terms", "one_of")])


def test_a_patch_with_two_discounts_is_refused(owner):
    invoice_id = owner.an_invoice()
    reply = owner.patch(f"/v1/invoices/{invoice_id}", {"discount_percent": "5", "discount_amount": "1"})
    assert refused(reply) == (422, "invalid")
    assert owner.get(f"/v1/invoices/{invoice_id}").json["version"] == 1


# --- numbers keep their digits


@pytest.mark.row("C27")
@pytest.mark.parametrize(
    ("number", "total"),
    [
        pytest.param(b"1.10", "1.10", id="as written"),
        pytest.param(b"0.1", "0.10", id="a tenth"),
        pytest.param(b"1149.75", "1149.75", id="cents"),
        pytest.param(b"999999999999.99", "999999999999.99", id="beyond what a binary float holds"),
        pytest.param(b"100", "100.00", id="a whole number"),
        pytest.param(b'"2.675"', "2.68", id="half up"),
        pytest.param(b"1.005", "1.01", id="half up, where a float would be below the half"),
    ],
)
def test_a_json_number_is_read_from_its_digits(owner, number, total):
    body = b'{"lines": [{"description": "x", "taxes": [], "unit_price": ' + number + b"}]}"
    assert owner.post("/v1/invoices/preview", body).json["total"] == total


@pytest.mark.parametrize("number", [b"1e3", b"1E-2", b"1.5e1", b"0.1234567", b"1000000000001", b"true", b'"\xd9\xa1"'])
def test_a_number_that_is_not_plain_is_refused(owner, number):
    body = b'{"lines": [{"description": "x", "taxes": [], "unit_price": ' + number + b"}]}"
    reply = owner.post("/v1/invoices/preview", body)
    assert refused(reply) == (422, "invalid")
    assert reply.faults[0][0] == "/lines/0/unit_price"


# --- our own mistakes


@pytest.mark.parametrize(
    "error",
    [RuntimeError("the password is hunter2"), ValueError("no"), json.JSONDecodeError("x", "", 0), RecursionError()],
)
def test_a_mistake_of_ours_tells_nothing_and_is_logged(owner, monkeypatch, error):
    logged = []
    monkeypatch.setattr(contract.logger, "exception", lambda *words, **fields: logged.append((*words, fields)))

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(wiring, "ids", fail)
    reply = owner.post("/v1/clients", CLIENT)
    assert refused(reply) == (500, "internal")
    assert "hunter2" not in reply.body.decode()
    assert logged == [("failed", {"operation": "add_client", "request_id": reply.json["request_id"]})]


def test_an_answer_of_ours_that_breaks_its_own_shape_is_our_mistake(owner, monkeypatch):
    """Not the caller's: it once was answered 422."""
    client_id = owner.a_client()
    monkeypatch.setattr("chalicelib.entrypoints.http.clients.ClientOut.of", lambda client: _validated())
    assert refused(owner.get(f"/v1/clients/{client_id}")) == (500, "internal")


def _validated():
    from chalicelib.entrypoints.http.shapes.clients import ClientOut  # noqa: PLC0415

    return ClientOut.model_validate({})


# --- versions


def test_the_tag_of_an_entity_is_its_version(owner):
    path = f"/v1/clients/{owner.a_client()}"
    assert (owner.get(path).headers["etag"], owner.get(path).json["version"]) == ('"1"', 1)
    assert owner.patch(path, {"name": "x"}, if_match='"1"').headers["etag"] == '"2"'


@pytest.mark.row("C10")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/v1/business", {"name": "x"}),
        ("PATCH", "/v1/business/tax-rates", {"tax_rates": []}),
        ("PATCH", "/v1/clients/{client}", {"name": "x"}),
        ("DELETE", "/v1/clients/{client}", None),
        ("PATCH", "/v1/catalog/A1", {"name": "x"}),
        ("DELETE", "/v1/catalog/A1", None),
        ("PATCH", "/v1/quotes/{quote}", {"notes": "x"}),
        ("DELETE", "/v1/quotes/{quote}", None),
        ("POST", "/v1/quotes/{quote}/send", {}),
        ("POST", "/v1/quotes/{quote}/approve", {"by": "x"}),
        ("POST", "/v1/quotes/{quote}/decline", {"by": "x"}),
        ("POST", "/v1/quotes/{quote}/invoices", {}),
        ("PATCH", "/v1/invoices/{draft}", {"notes": "x"}),
        ("DELETE", "/v1/invoices/{draft}", None),
        ("POST", "/v1/invoices/{draft}/schedule", {"send_on": "2999-01-01"}),
        ("POST", "/v1/invoices/{draft}/issue", {}),
        ("POST", "/v1/invoices/{draft}/send", {}),
        ("POST", "/v1/invoices/{issued}/void", {}),
        ("POST", "/v1/invoices/{issued}/payments", {"amount": "1", "method": "cash"}),
        ("DELETE", "/v1/keys/{key}", None),
        ("PATCH", "/v1/users/{user}", {"role": "owner"}),
    ],
)
def test_what_was_changed_meanwhile_is_not_changed_on_an_old_copy(owner, aws, method, path, body):
    ann = {"subject": "a", "email": "a@b.ca", "name": "Ann", "role": "manager", "issuer": "i"}
    owner.made("/v1/catalog", {"code": "A1", "name": "Visite", "unit_price": "80"})
    path = path.format(
        client=owner.a_client(),
        quote=owner.a_quote(),
        draft=owner.an_invoice(),
        issued=owner.an_issued_invoice(),
        key=owner.made("/v1/keys", {"name": "till"})["id"],
        user=owner.made("/v1/users", ann)["id"],
    )
    before = aws.rows("core"), aws.rows("journal")
    for old in ('"99"', '"0"', "garbage", '""', '"-1"', '"1", "2"', '"' + "9" * 5_000 + '"', '"\u0661"'):
        assert refused(owner.ask(method, path, body, if_match=old)) == (412, "stale"), old
    assert (aws.rows("core"), aws.rows("journal")) == before
    assert owner.ask(method, path, body, if_match="*").status < 300


def test_nobody_is_told_more_in_a_problem_than_who_is_in(aws):
    assert refused(Person(credential=None).post("/v1/clients", b"{", idempotency_key="k" * 999)) == (
        401,
        "credential_missing",
    )
