"""The API reference for people: one page made from the OpenAPI document; no script, nothing from elsewhere."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from chalicelib.domain.access import Role, allows
from chalicelib.domain.values import dataclass
from chalicelib.entrypoints.http.reference_schemas import Field, Schema, Schemas, Word, example_of, fields_of, type_of

STATIC: Final = Path(__file__).parent / "static"
METHODS: Final = ("get", "post", "put", "patch", "delete")
FIRST_REFUSAL: Final = 400

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    name: str
    place: str
    type: tuple[Word, ...]
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: str
    description: str
    type: tuple[Word, ...]
    example: str | None

    @property
    def is_refusal(self) -> bool:
        return not self.status.isdigit() or int(self.status) >= FIRST_REFUSAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    roles: str | None
    is_open: bool
    is_deprecated: bool
    parameters: list[Parameter]
    body_type: tuple[Word, ...]
    body: list[Field]
    request: str
    answers: list[Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    name: str
    description: str
    type: tuple[Word, ...]
    fields: list[Field]
    choices: list[str]
    example: str


def page(document: Json) -> str:
    """The reference as one HTML page; serve it with ``policy()`` as its Content-Security-Policy."""
    schemas: Schemas = document.get("components", {}).get("schemas", {})
    return _template().render(
        info=document["info"],
        groups=_groups(document, schemas),
        shapes=[_shape(name, schema, schemas) for name, schema in sorted(schemas.items())],
        style=Markup(_style()),  # noqa: S704 (our own file, and escaping would change its hash)
    )


def policy() -> str:
    """A Content-Security-Policy that lets the page be styled by its own style sheet and do nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _groups(document: Json, schemas: Schemas) -> dict[str, list[Operation]]:
    """Operations by their first tag, tags in the order that the document declares or first uses them."""
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in document.get("tags", ())}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                spec = {
                    **item[method],
                    "parameters": [*item.get("parameters", ()), *item[method].get("parameters", ())],
                }
                tag = (spec.get("tags") or ["Other"])[0]
                groups.setdefault(tag, []).append(_operation(document, schemas, method, path, spec))
    return {tag: operations for tag, operations in groups.items() if operations}


def _operation(document: Json, schemas: Schemas, method: str, path: str, spec: Json) -> Operation:
    parameters = [_parameter(_component(document, one)) for one in spec["parameters"]]
    schema, example = _content(spec.get("requestBody", {}), schemas)
    is_open = spec.get("security", document.get("security", [])) == []
    return Operation(
        id=_anchor(spec.get("operationId", f"{method} {path}")),
        method=method.upper(),
        path=path,
        summary=spec.get("summary") or spec.get("operationId", path),
        description=spec.get("description", ""),
        roles=_roles(spec.get("x-permission")),
        is_open=is_open,
        is_deprecated=spec.get("deprecated", False),
        parameters=parameters,
        body_type=type_of(schema) if schema is not None else (),
        body=fields_of(schema, schemas) if schema is not None else [],
        request=_curl(document, method.upper(), path, example if schema is not None else None, is_open=is_open),
        answers=[*_answers(document, spec.get("responses", {}), schemas)],
    )


def _roles(permission: str | None) -> str | None:
    if permission is None:
        return None
    return ", ".join(role for role in Role if allows(role, permission)) or "nobody"


def _component(document: Json, part: Json) -> Json:
    """The part itself, or the shared one that it refers to."""
    if "$ref" not in part:
        return part
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return _component(document, found)


def _parameter(spec: Json) -> Parameter:
    return Parameter(
        name=spec["name"],
        place=spec["in"],
        type=type_of(spec.get("schema", {})),
        is_required=spec.get("required", False),
        description=spec.get("description", ""),
    )


def _answers(document: Json, responses: Json, schemas: Schemas) -> Iterator[Answer]:
    for status, reference in sorted(responses.items()):
        spec = _component(document, reference)
        schema, example = _content(spec, schemas)
        yield Answer(
            status=status,
            description=spec.get("description", ""),
            type=type_of(schema) if schema is not None else (),
            example=_pretty(example) if schema is not None else None,
        )


def _content(spec: Json, schemas: Schemas) -> tuple[Schema | None, Any]:
    """The schema and an example of the first JSON body that is described."""
    for media, content in spec.get("content", {}).items():
        if "json" in media and "schema" in content:
            named = [one["value"] for one in content.get("examples", {}).values() if "value" in one]
            given = [content["example"]] if "example" in content else named
            return content["schema"], given[0] if given else example_of(content["schema"], schemas)
    return None, None


def _curl(document: Json, method: str, path: str, body: object, *, is_open: bool) -> str:
    base = next((server["url"] for server in document.get("servers", ())), "$URL").rstrip("/")
    lines = [f"curl -X {method} {base}{path}" if method != "GET" else f"curl {base}{path}"]
    if not is_open:
        lines.append('-H "Authorization: Bearer $KEY"')
    if method == "POST" and not is_open:
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        quoted = _pretty(body).replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{quoted}'"]
    return " \\\n  ".join(lines)


def _shape(name: str, schema: Schema, schemas: Schemas) -> Shape:
    return Shape(
        name=name,
        description=schema.get("description", ""),
        type=type_of(schema),
        fields=fields_of(schema, schemas),
        choices=[str(value) for value in schema.get("enum", ())],
        example=_pretty(example_of(schema, schemas)),
    )


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


@cache
def _style() -> str:
    return (STATIC / "reference.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(STATIC),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"prose": _prose, "coloured": _coloured, "path": _path, "anchor": _anchor}
    return environment.get_template("reference.html")


def _anchor(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-")


def _prose(text: str) -> Markup:
    """Paragraphs, and code between backticks."""
    paragraphs = [
        re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(part))) for part in re.split(r"\n\s*\n", text.strip())
    ]
    return Markup("".join(f"<p>{part}</p>" for part in paragraphs if part))  # noqa: S704 (escaped above)


_TOKEN: Final = re.compile(r'("(?:\\.|[^"\\])*")(\s*:)?')


def _coloured(text: str) -> Markup:
    """JSON or a shell command with its names and strings marked."""
    pieces, end = [], 0
    for found in _TOKEN.finditer(text):
        tag = "b" if found[2] else "i"
        pieces += [escape(text[end : found.start()]), Markup("<{0}>{1}</{0}>").format(tag, found[1]), found[2] or ""]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _path(text: str) -> Markup:
    """A path whose parameters stand out and which may break after each slash."""
    parts = [Markup("<em>{}</em>").format(part) if part.startswith("{") else escape(part) for part in text.split("/")]
    return Markup("/<wbr>").join(parts)
