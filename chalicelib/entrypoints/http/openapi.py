"""The OpenAPI 3.1 document, from the operations and their shapes."""

import json
import re
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from chalicelib.entrypoints.http.contract import LONGEST_KEY, OPERATIONS, Operation
from chalicelib.entrypoints.http.problems import TITLES, Problem

INTRODUCTION = """Quittance bills for service businesses. Money is a decimal string in the document's currency, dates
are those of the business, instants are UTC. Every POST takes an `Idempotency-Key`; verbs honour `If-Match` with the
`ETag` an entity was read with. Errors are RFC 9457 problem details with a stable `code`.

Texts are kept as they are sent, but for blanks around a single line, and marks that turn the direction of writing
(U+202A to U+202E, U+2066 to U+2069), which are left out; every line break becomes a line feed. Refused are control
characters, half surrogate pairs, noncharacters, and more than 8 combining marks on a character."""

REFERENCE = "#/components/schemas/{model}"
ALWAYS = (401, 403, 422, 500)
WITH_BODY = (400, 413, 415)
KEPT_FOR_EVER = "Makes a repeated request safe: same key and body, the first answer again. Remembered for ever."
KEPT_FOR_A_DAY = "Makes a repeated request safe: same key and body, the first answer again. Remembered for 24 hours."
DONE = {200: "Done", 201: "Made", 202: "Taken; it goes on in the background", 204: "Gone"}
NOT_KEPT = "Taken, but not needed: doing this again is as good as the first answer."
VERSIONED: dict[str, Any] = {"description": "The entity's version, for If-Match.", "schema": {"type": "string"}}
FILES = (
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/xml",
    "application/zip",
    "text/csv; charset=utf-8",
    "text/plain; charset=utf-8",
)
FETCHED: dict[str, Any] = {"description": "Where it is fetched, for five minutes.", "schema": {"type": "string"}}
PLACED: dict[str, Any] = {"description": "Where what was made can be read.", "schema": {"type": "string"}}
REPLAYED: dict[str, Any] = {
    "description": "`true` when this is the answer to the same request made before.",
    "schema": {"type": "string", "enum": ["true"]},
}
SIGNED = {
    "Quittance-Signature": "`t=<seconds>,v1=<hex>`, with a `v1` for each secret that is valid: HMAC-SHA-256 over "
    "`<t>.<body>`. Refuse a `t` that is more than five minutes away.",
    "Quittance-Event-Id": "The event's `id`: whoever remembers it sees each event once.",
    "Quittance-Sequence": "The event's `sequence`.",
}
POSTED: dict[str, Any] = {
    "operationId": "take_event",
    "summary": "What is posted to a webhook: one event, the next when this one was taken",
    "parameters": [
        {"name": name, "in": "header", "required": True, "description": told, "schema": {"type": "string"}}
        for name, told in SIGNED.items()
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": REFERENCE.format(model="FeedEvent")}}},
    },
    "responses": {"2XX": {"description": "Taken; anything else, and no answer in ten seconds, is tried again"}},
}


@cache
def document() -> dict[str, Any]:
    """The whole API. Every operation names its permission (``x-permission``)."""
    refs, definitions = models_json_schema(_models(), ref_template=REFERENCE, schema_generator=_Named)
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Quittance", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": dict(sorted(paths.items())),
        "webhooks": {"event": {"post": POSTED}},
        "components": {
            "schemas": _schemas(definitions["$defs"]),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API key or an OIDC access token."}
            },
        },
    }


@cache
def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


class _Named(GenerateJsonSchema):
    """Schemas with names that suit a generator of clients: InvoicePage, and no titles that repeat a field's name."""

    def normalize_name(self, name: str) -> str:
        return super().normalize_name(re.sub(r"Listed\[(\w+)Out\]", r"\1Page", name))

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's own
        return False


def _schemas(definitions: dict[str, Any]) -> dict[str, Any]:
    """The schemas of bodies and answers; those only answered may gain fields without breaking anybody's client."""
    queries = {one.query.__name__ for one in OPERATIONS if one.query}
    asked = [(one.body, "validation") for one in OPERATIONS if one.body]
    strict = models_json_schema(asked)[1]["$defs"]  # type: ignore[arg-type]
    return {
        name: schema if name in strict else {part: schema[part] for part in schema if part != "additionalProperties"}
        for name, schema in sorted(definitions.items())
        if name not in queries
    }


def _models() -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for one in OPERATIONS:
        if one.body:
            models[one.body, "validation"] = None
        if one.query:
            models[one.query, "validation"] = None
        if one.answer:
            models[one.answer, "serialization"] = None
    return list(models)


def _operation(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's mapping of models
    described: dict[str, Any] = {
        "operationId": one.view.__name__,
        "summary": one.summary,
        "tags": [one.tag],
        "x-permission": one.needs,
        "parameters": [*_path_parameters(one), *_query_parameters(one), *_headers(one)],
        "responses": _otherwise(one, refs) | {str(one.status): _success(one, refs)} | _refusals(one, refs),
    }
    if one.body:
        must_be_sent = any(field.is_required() for field in one.body.model_fields.values())  # no body is as good as {}
        content = {"application/json": {"schema": refs[one.body, "validation"]}}
        described["requestBody"] = {"required": must_be_sent, "content": content}
    return described


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in one.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    properties = one.query.model_json_schema(ref_template=REFERENCE)["properties"]
    return [{"name": name, "in": "query", "schema": _parameter(schema)} for name, schema in properties.items()]


def _parameter(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out, never null."""
    given = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    plain = {name: value for name, value in schema.items() if name not in {"anyOf", "default", "title"}}
    return plain | given[0] if given else {name: value for name, value in schema.items() if name != "title"}


def _headers(one: Operation) -> list[dict[str, Any]]:
    headers = []
    if one.method != "GET":
        promise = NOT_KEPT if one.harmless else KEPT_FOR_EVER if one.forever else KEPT_FOR_A_DAY
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
        headers.append({"name": "Idempotency-Key", "in": "header", "description": promise, "schema": schema})
    if HTTPStatus.PRECONDITION_FAILED in one.refusals:
        headers.append({"name": "If-Match", "in": "header", "schema": {"type": "string", "examples": ['"3"']}})
    return headers


def _success(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401
    done: dict[str, Any] = {"description": DONE[one.status]}
    if headers := _answer_headers(one):
        done["headers"] = headers
    if one.answer:
        done["content"] = {"application/json": {"schema": refs[one.answer, "serialization"]}} | _on_paper(one)
    elif one.file:
        done["content"] = {kind: {} for kind in FILES}
    elif one.status == HTTPStatus.OK:
        done["content"] = _on_paper(one) or {"application/pdf": {}}
    return done


def _on_paper(one: Operation) -> dict[str, Any]:
    """What can be asked for as PDF, and as a picture."""
    return {"application/pdf": {}, "image/png": {}} if one.query and "format" in one.query.model_fields else {}


def _trial(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401
    """What a dry run of something that is made otherwise answers."""
    if one.status != HTTPStatus.CREATED or one.query is None or "dry_run" not in one.query.model_fields:
        return {}
    content = {"application/json": {"schema": refs[one.answer, "serialization"]}}
    return {"200": {"description": "What a dry run would make", "content": content}}


def _otherwise(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401
    """What else is answered: to a dry run, or where a file is that is too large for an answer."""
    return _trial(one, refs) | _elsewhere(one)


def _elsewhere(one: Operation) -> dict[str, Any]:
    return {"303": {"description": "Elsewhere, being large", "headers": {"Location": FETCHED}}} if one.file else {}


def _answer_headers(one: Operation) -> dict[str, Any]:
    headers = {}
    if one.place or (one.answer and "version" in one.answer.model_fields):
        headers["ETag"] = VERSIONED
    if one.place:
        headers["Location"] = PLACED
    if one.method != "GET" and not one.harmless:
        headers["Idempotent-Replay"] = REPLAYED
    return headers


def _refusals(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401
    codes = {*ALWAYS, *one.refusals, *(WITH_BODY if one.body else ())}
    schema = refs[Problem, "serialization"]
    content = {"application/problem+json": {"schema": schema}}
    return {str(code): {"description": TITLES[code], "content": content} for code in sorted(codes)}
