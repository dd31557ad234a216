"""The OpenAPI document says what the API does: it is sound, fresh, whole, and real answers conform to it."""

import json
import re
from pathlib import Path

import pytest

from chalicelib.domain.access import PERMISSIONS
from chalicelib.entrypoints.http import openapi, operations  # noqa: F401 - the second registers them
from chalicelib.entrypoints.http.contract import OPERATIONS
from chalicelib.entrypoints.http.problems import TITLES
from tests.entrypoints.calling import Person, opened
from tests.entrypoints.schemas import KNOWN, resolved

WRITTEN = Path(__file__).parents[2] / "infra" / "openapi.json"
DOCUMENT = openapi.document()
DESCRIBED = [(method, path, spec) for path, item in DOCUMENT["paths"].items() for method, spec in item.items()]
each_operation = pytest.mark.parametrize(
    ("method", "path", "spec"), DESCRIBED, ids=[f"{method} {path}" for method, path, _ in DESCRIBED]
)
PROBLEM = {"$ref": "#/components/schemas/Problem"}
nobody = Person(credential=None)


def test_the_written_document_is_the_generated_one():
    assert WRITTEN.read_text() == openapi.text(), "write it with: python3 infra/dev.py openapi"


def test_it_is_what_is_served_to_anybody(aws):
    served = nobody.get("/openapi.json")
    assert (served.status, served.headers["content-type"]) == (200, "application/json")
    assert served.body.decode() == openapi.text()


# --- sound


def test_its_frame_is_that_of_openapi_3_1():
    assert set(DOCUMENT) == {"openapi", "info", "servers", "security", "paths", "webhooks", "components"}
    assert DOCUMENT["openapi"] == "3.1.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert DOCUMENT["security"] == [{"bearer": []}]
    assert DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_what_is_posted_to_webhooks_is_told_with_its_headers():
    posted = DOCUMENT["webhooks"]["event"]["post"]
    content = posted["requestBody"]["content"]["application/json"]["schema"]
    assert content == {"$ref": "#/components/schemas/FeedEvent"}
    told = {parameter["name"] for parameter in posted["parameters"]}
    assert told == {"Quittance-Signature", "Quittance-Event-Id", "Quittance-Sequence"}


def test_every_reference_leads_somewhere_and_every_schema_is_referred_to():
    references = set(re.findall(r'"\$ref": "([^"]+)"', openapi.text()))
    assert all(resolved(reference, DOCUMENT) for reference in references)
    assert {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]} == references


def test_every_schema_uses_words_of_json_schema_only():
    def words(schema):
        assert set(schema) <= KNOWN, set(schema) - KNOWN
        inner = [schema["items"]] if "items" in schema else []
        for part in [*inner, *schema.get("anyOf", ()), *schema.get("properties", {}).values()]:
            words(part)

    for schema in DOCUMENT["components"]["schemas"].values():
        words(schema)
    for _, _, spec in DESCRIBED:
        for parameter in spec["parameters"]:
            words(parameter["schema"])


def test_names_suit_a_generator_of_clients():
    names = [spec["operationId"] for _, _, spec in DESCRIBED]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", name) for name in DOCUMENT["components"]["schemas"])


# --- whole


def test_every_operation_is_in_it():
    assert {(method.upper(), path) for method, path, _ in DESCRIBED} == {(one.method, one.path) for one in OPERATIONS}


@each_operation
def test_an_operation_says_all_that_a_caller_needs(method, path, spec):
    assert spec["summary"].endswith(".")
    assert spec["x-permission"] in PERMISSIONS
    assert [part["name"] for part in spec["parameters"] if part["in"] == "path"] == re.findall(r"\{(\w+)\}", path)
    answers = spec["responses"]
    assert {"401", "403", "422", "500"} <= set(answers)
    assert ("{" in path) <= ("404" in answers or "422" in answers)
    for status, answer in answers.items():
        assert answer["description"]
        if int(status) >= 400:
            assert status in map(str, TITLES)
            assert answer["content"] == {"application/problem+json": {"schema": PROBLEM}}
    headers = {part["name"] for part in spec["parameters"] if part["in"] == "header"}
    assert ("Idempotency-Key" in headers) == (method != "get")
    assert ("If-Match" in headers) == ("412" in answers)
    assert ("requestBody" in spec) <= ({"400", "413", "415"} <= set(answers))


def test_requests_are_strict_and_answers_may_grow():
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["InvoiceIn"]["additionalProperties"] is False
    assert schemas["LineIn"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["InvoiceOut"]
    assert "additionalProperties" not in schemas["Problem"]


def test_a_field_of_an_answer_is_always_there_and_null_where_it_has_nothing_to_say():
    invoice = DOCUMENT["components"]["schemas"]["InvoiceOut"]
    optional = set(invoice["properties"]) - set(invoice["required"])
    assert optional == set()
    assert {"type": "null"} in invoice["properties"]["number"]["anyOf"]


def test_what_is_one_of_a_few_words_says_which():
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["InvoiceStatus"]["enum"][:2] == ["void", "refunded"]
    by_hand = ["cash", "cheque", "transfer", "card_terminal", "other"]
    assert schemas["PaymentIn"]["properties"]["method"]["enum"] == by_hand
    assert schemas["DeliveryState"]["enum"] == ["none", "queued", "sent", "delivered", "bounced", "failed"]
    assert schemas["PdfOut"]["properties"]["state"]["enum"] == ["none", "ready"]


def test_a_list_describes_its_query():
    query = {part["name"]: part["schema"] for part in DOCUMENT["paths"]["/v1/invoices"]["get"]["parameters"]}
    assert query["limit"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}
    assert query["status"] == {"$ref": "#/components/schemas/InvoiceStatus"}
    ids = {"client_id", "quote_id", "job_id", "plan_id", "contract_id", "batch_id"}
    assert set(query) == {"limit", "cursor", "status", "number", "from", "to", "due_before", "q"} | ids


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("post", "/v1/invoices", {"ETag", "Location", "Idempotent-Replay"}),
        ("get", "/v1/invoices/{invoice_id}", {"ETag"}),
        ("patch", "/v1/clients/{client_id}", {"ETag", "Idempotent-Replay"}),
        ("delete", "/v1/clients/{client_id}", {"Idempotent-Replay"}),
        ("post", "/v1/invoices/{invoice_id}/payments", {"ETag", "Location", "Idempotent-Replay"}),
    ],
)
def test_headers_of_answers_are_described(method, path, headers):
    (answer,) = [one for status, one in DOCUMENT["paths"][path][method]["responses"].items() if int(status) < 300]
    assert set(answer["headers"]) == headers


# --- what anybody may read, from anywhere


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/health"])
def test_what_is_for_anybody_needs_no_credential(aws, path):
    assert nobody.get(path).status == 200


def test_the_reference_for_people_shows_the_real_document(aws):
    page = nobody.get("/docs").body.decode()
    assert all(spec["summary"].split("'")[0].split("`")[0] in page for _, _, spec in DESCRIBED)
    assert "http-equiv" not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)


READABLE = [
    ("GET", "/v1/clients"),
    ("GET", "/v1/clients/unknown"),
    ("POST", "/v1/clients"),
    ("GET", "/v1/nothing"),
    ("GET", "/openapi.json"),
]


@pytest.fixture
def owner(aws):
    return opened()


@pytest.mark.parametrize(("method", "path"), READABLE)
def test_a_browser_may_read_every_answer_from_any_page(owner, method, path):
    for person in (owner, nobody):
        assert person.ask(method, path).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_a_browser_is_told_beforehand_what_it_may_send(aws, one):
    preflight = nobody.ask("OPTIONS", re.sub(r"\{\w+\}", "x", one.path), origin="https://app.example")
    assert preflight.status == 200
    assert one.method in preflight.headers["access-control-allow-methods"].split(",")
    allowed = preflight.headers["access-control-allow-headers"].split(",")
    assert {"Authorization", "Content-Type", "Idempotency-Key", "If-Match"} <= set(allowed)
    assert preflight.headers["access-control-expose-headers"] == (
        "ETag,Location,Idempotent-Replay,Content-Disposition,Page-Count"
    )


def test_the_document_is_json_that_any_reader_takes():
    assert json.loads(openapi.text()) == DOCUMENT
