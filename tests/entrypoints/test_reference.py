"""The API reference for people, made from a small document with one of everything."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from chalicelib.entrypoints.http.reference import page, policy
from chalicelib.entrypoints.http.reference_schemas import example_of, fields_of, type_of
from tests.entrypoints.sample_openapi import DOCUMENT

SCHEMAS = DOCUMENT["components"]["schemas"]
LINE = {"description": "Window cleaning", "quantity": "1", "unit_price": "40.00"}
INVOICE_ID = "inv_01KJMMA2G0ZZZZZZZZZZZZZZZZ"
CLIENT_ID = "cli_01KJMMA2G0ZZZZZZZZZZZZZZZZ"
VOID_TAGS = {"meta", "wbr"}


class Reader(HTMLParser):
    """Reads a page strictly: every tag closed in order; keeps the ids, the links and the text of each section."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.ids, self.links, self.sections = set(), [], [], [], {}
        self._section = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given[name] for name in ("href", "src") if name in given]
        if tag == "section":
            self._section = given.get("id", "intro")
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag in {"dt", "dd", "th", "td", "summary", "figcaption"}:
            self.handle_data(" ")

    def handle_data(self, text):
        self.sections[self._section] = self.sections.get(self._section, "") + text


@pytest.fixture(scope="module")
def html():
    return page(DOCUMENT)


@pytest.fixture(scope="module")
def reader(html):
    return Reader(html)


def section(reader, id):
    return re.sub(r"\s+", " ", reader.sections[id])


def test_every_link_leads_somewhere_on_the_page_and_no_id_is_given_twice(reader):
    inner = {link.removeprefix("#") for link in reader.links if link.startswith("#")}
    assert inner <= set(reader.ids)
    assert sorted(reader.ids) == sorted(set(reader.ids))


def test_nothing_comes_from_elsewhere_and_nothing_runs(reader, html):
    # Relative, since a stage of API Gateway puts its name before every path.
    assert [link for link in reader.links if not link.startswith("#")] == ["openapi.json"]
    assert reader.tags.isdisjoint({"script", "link", "img", "iframe", "form", "object"})
    assert not re.search(r"url\(|@import|\son\w+=|\sstyle=", html)


def test_the_policy_lets_exactly_this_style_sheet_in(html):
    style = re.search(r"<style>(.*)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy() == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_groups_follow_the_document_and_empty_ones_are_left_out(html):
    assert re.findall(r'<h2 class="group"[^>]*>([^<]+)<', html) == ["Invoices", "Quotes", "Other", "Schemas"]


def test_an_operation_tells_its_route_who_may_its_body_and_its_answers(reader):
    told = section(reader, "create_invoice")
    assert "Create a draft POST /v1/invoices A draft has no number" in told
    assert "Roles: owner, manager." in told
    assert "Body InvoiceIn client_id string required" in told
    assert "lines array of Line required at most 2000 items" in told
    assert "send_on string (date) or null" in told
    assert "rounding one of document line document if left out" in told
    assert "Answers 201 The draft. Invoice 422 The invoice is not a draft." in told


def test_a_request_can_be_copied_into_a_shell(reader):
    asked = (
        "curl -X POST https://api.example.com/v1/invoices \\\n"
        '  -H "Authorization: Bearer $KEY" \\\n'
        '  -H "Idempotency-Key: $(uuidgen)" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f'  -d \'{{\n  "client_id": "{CLIENT_ID}",'
    )
    assert asked in reader.sections["create_invoice"]
    assert '"notes": "Ann\'\\\'\'s garden"' in reader.sections["edit_quote"]
    assert "curl https://api.example.com/v1/invoices \\\n" in reader.sections["list_invoices"]


def test_an_open_operation_asks_for_no_credential(reader):
    told = section(reader, "health")
    assert "No credential." in told
    assert "Authorization" not in told
    assert '{ "status": "ok" }' in told


def test_parameters_are_shown_whether_shared_of_the_path_or_their_own(reader):
    assert "limit integer in query 1 to 100, else 25. cursor string in query" in section(reader, "list_invoices")
    assert "invoice_id string in path required" in section(reader, "issue_invoice")


def test_shared_answers_are_shown_with_their_example(reader):
    told = section(reader, "issue_invoice")
    assert "409 The invoice is not a draft." in told
    assert '"code": "move_not_allowed"' in told


def test_a_deprecated_operation_says_so_and_an_unknown_permission_is_nobodys(reader):
    told = section(reader, "unissue_invoice")
    assert "Take back deprecated" in told
    assert "Roles: nobody." in told


def test_what_the_document_says_is_text_never_markup(html):
    assert "&lt;b&gt;Nothing&lt;/b&gt; is sent." in html
    hostile = "</style><script>alert(1)</script>`<i>`"
    document = {
        "info": {"title": hostile, "version": hostile, "description": hostile},
        "paths": {f"/{{{hostile}}}": {"get": {"operationId": hostile, "description": hostile, "responses": {}}}},
        "components": {"schemas": {hostile: {"description": hostile, "enum": [hostile]}}},
    }
    reader = Reader(page(document))
    assert "script" not in reader.tags
    assert hostile.replace("`", "") in reader.sections["intro"]


def test_a_document_without_anything_is_a_page_too():
    reader = Reader(page({"info": {"title": "Quittance", "version": "1"}}))
    assert section(reader, "intro").strip() == "Quittance openapi.json"


def test_examples_come_from_the_schema_and_reach_to_the_bottom():
    invoice = {
        "id": INVOICE_ID,
        "version": 1,
        "status": "draft",
        "is_test": False,
        "client_id": CLIENT_ID,
        "lines": [LINE],
        "rounding": "document",
    }
    assert example_of({"$ref": "#/components/schemas/InvoicePage"}, SCHEMAS) == {
        "data": [invoice],
        "next_cursor": "text",
    }


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "string", "format": "date"}, "2026-03-01"),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "object"}, {}),
        ({"const": "percent"}, "percent"),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, True),
        ({"type": "array", "items": {}}, []),
        ({"type": "string", "example": "old style"}, "old style"),
        ({}, None),
        ({"$ref": "#/components/schemas/QuoteIn"}, {"notes": "text", "child": None}),
        ({"$ref": "#/components/schemas/Missing"}, None),
    ],
)
def test_a_schema_without_an_example_gets_the_simplest_value(schema, example):
    assert example_of(schema, SCHEMAS) == example


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "date-time"}, "string (date-time)"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}, "string or integer or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Line"}}, "array of Line"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "map to string"),
        ({"enum": ["a", "b"]}, "one of"),
        ({}, "any"),
    ],
)
def test_a_type_reads_as_words(schema, words):
    assert "".join(word.text for word in type_of(schema)) == words


def test_the_fields_of_a_joined_schema_are_those_of_all_its_parts():
    fields = fields_of({"$ref": "#/components/schemas/Invoice"}, SCHEMAS)
    assert {field.name: field.is_required for field in fields} == {
        "client_id": True,
        "lines": True,
        "send_on": False,
        "notes": False,
        "rounding": False,
        "id": True,
        "version": True,
        "status": True,
        "metadata": False,
        "is_test": False,
    }
    assert next(field.limits for field in fields if field.name == "version") == ("at least 1",)
    assert next(field.limits for field in fields if field.name == "is_test") == ("false if left out",)
