"""The OpenAPI 3.1 document, from the operations and their shapes."""

import json
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.entrypoints.http.contract import OPERATIONS, Operation
from chalicelib.entrypoints.http.problems import TITLES, Problem

INTRODUCTION = """Quittance bills for service businesses. Money is a decimal string in the document's currency, dates
are those of the business, instants are UTC. Every POST takes an `Idempotency-Key`; verbs honour `If-Match` with the
`ETag` an entity was read with. Errors are RFC 9457 problem details with a stable `code`."""

ALWAYS = (401, 403)
WITH_BODY = (400, 413, 422)


@cache
def document() -> dict[str, Any]:
    """The whole API. Every operation names its permission (``x-permission``)."""
    refs, definitions = models_json_schema(_models(), ref_template="#/components/schemas/{model}")
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Quittance", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(definitions.get("$defs", {}).items())),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API key or an OIDC access token."}
            },
        },
    }


@cache
def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def _models() -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for one in OPERATIONS:
        if one.body:
            models[one.body, "validation"] = None
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
        "responses": {str(one.status): _success(one, refs)} | _refusals(one, refs),
    }
    if one.body:
        schema = refs[one.body, "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in one.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    properties = one.query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]


def _headers(one: Operation) -> list[dict[str, Any]]:
    headers = []
    if one.method == "POST":
        schema = {"type": "string", "minLength": 1, "maxLength": 255}
        headers.append({"name": "Idempotency-Key", "in": "header", "schema": schema})
    if 412 in one.refusals:  # noqa: PLR2004
        headers.append({"name": "If-Match", "in": "header", "schema": {"type": "string", "examples": ['"3"']}})
    return headers


def _success(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401
    if one.answer is None:
        content = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}} if one.status == 200 else {}  # noqa: PLR2004
        return {"description": "Done", "content": content} if content else {"description": "Done"}
    schema = refs[one.answer, "serialization"]
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _refusals(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401
    codes = {*ALWAYS, *one.refusals, *(WITH_BODY if one.body else ()), *((422,) if one.query else ())}
    schema = refs[Problem, "serialization"]
    content = {"application/problem+json": {"schema": schema}}
    return {str(code): {"description": TITLES[code], "content": content} for code in sorted(codes)}
