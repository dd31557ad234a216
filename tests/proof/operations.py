"""What the API can be asked, read from its OpenAPI document; and which of it names somebody's thing."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.entrypoints.schemas import resolved

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "infra" / "openapi.json").read_text())
LONGEST_ID = 64
"""Texts of at most so many characters are ids and codes; all others are words for people."""
NAMED_LIKE_AN_ID = re.compile(r"(^|_)(ids?|codes?|keys?|number|series|account|cursor|token|secrets?|reference)$")
Place = tuple[str, ...]
"""Where a value stands in a body; ``[]`` is each of a list."""

SAMPLES: dict[str, dict[str, Any]] = {
    "LineIn": {"description": "Visit", "unit_price": "1"},
    "AdjustmentIn": {"percent": "1"},
    "DocumentAdjustmentIn": {"percent": "1"},
    "LetterTextIn": {"subject": "Invoice {number}"},
    "InstalmentIn": {"remainder": True},
    "DueIn": {"days_after": "issue", "days": 1},
    "DueTermsShape": {"net_days": 1},
    "BatchExportIn": {"format": "csv"},
    "ExportIn": {"format": "csv"},
    "AccountShape": {"iban": "FR7630006000011234567890189"},
}
"""Objects with rules that their schema cannot say."""

PLAIN: dict[str, Any] = {"boolean": False, "null": None, "object": {}}
"""The smallest of what says no more than its type; an object is one of names that the caller chooses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An operation of the document."""

    method: str
    path: str
    spec: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def needs(self) -> str | None:
        return self.spec.get("x-permission")

    def parameters(self, place: str) -> list[str]:
        return [each["name"] for each in self.spec.get("parameters", ()) if each["in"] == place]

    def ids(self, place: str) -> list[str]:
        """The parameters of the path, or those of the query that take an id."""
        found = [each for each in self.spec.get("parameters", ()) if each["in"] == place]
        return [each["name"] for each in found if place == "path" or _takes_an_id(each["name"], each["schema"])]

    @property
    def schema(self) -> dict[str, Any] | None:
        """Of the body."""
        body = self.spec.get("requestBody")
        return body["content"]["application/json"]["schema"] if body else None

    def body(self, known: dict[str, str]) -> Any:
        """The smallest body that the operation takes; the ids it cannot do without are taken from what is known."""
        return None if self.schema is None else _sample(self.schema, known)

    def ids_in_body(self) -> list[Place]:
        return [] if self.schema is None else list(dict.fromkeys(_ids_within(self.schema, ())))

    def body_with(self, place: Place, value: str, known: dict[str, str]) -> Any:
        """The smallest body with this value at this place."""
        assert self.schema is not None
        return _put(self.body(known), self.schema, place, value, known)


def every_operation() -> list[Asked]:
    return [
        Asked(method=method.upper(), path=path, spec=spec)
        for path, item in DOCUMENT["paths"].items()
        for method, spec in item.items()
    ]


def _takes_an_id(name: str, schema: dict[str, Any]) -> bool:
    return any(
        one.get("type") == "string" and (one.get("maxLength") == LONGEST_ID or NAMED_LIKE_AN_ID.search(name))
        for one in _choices(schema)
    )


def _choices(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas of which a value has one, references followed."""
    if "$ref" in schema:
        yield from _choices(resolved(schema["$ref"], DOCUMENT))
    elif "anyOf" in schema:
        for choice in schema["anyOf"]:
            yield from _choices(choice)
    else:
        yield schema


def _ids_within(schema: dict[str, Any], at: Place) -> Iterator[Place]:
    for one in _choices(schema):
        for name, inner in one.get("properties", {}).items():
            if _takes_an_id(name, inner):
                yield (*at, name)
            yield from _ids_within(inner, (*at, name))
        if "items" in one:
            if at and _takes_an_id(at[-1], one["items"]):
                yield (*at, "[]")
            yield from _ids_within(one["items"], (*at, "[]"))


def _sample(schema: dict[str, Any], known: dict[str, str], name: str = "") -> Any:
    reference = schema.get("$ref", "").rpartition("/")[2]
    if reference in SAMPLES:
        return SAMPLES[reference] | {}
    one = next(_choices(schema))
    if "properties" in one:
        required = one.get("required", ())
        return {field: _sample(one["properties"][field], known, field) for field in required}
    if name in known:
        return known[name]
    for word in ("examples", "enum"):
        if word in one:
            return one[word][0]
    match one.get("type"):
        case "array":
            return [_sample(one["items"], known, name)]
        case "integer":
            return one.get("minimum", 1)
    return PLAIN.get(one.get("type", ""), "sample")


def _put(body: Any, schema: dict[str, Any], place: Place, value: str, known: dict[str, str]) -> Any:
    """The body with the value put in, making what must be there on the way."""
    if not place:
        return value
    step, *rest = place
    for one in _choices(schema):
        if step == "[]" and "items" in one:
            first = body[0] if isinstance(body, list) and body else _sample(one["items"], known)
            return [_put(first, one["items"], tuple(rest), value, known)]
        if step in one.get("properties", {}):
            inner = one["properties"][step]
            there = body if isinstance(body, dict) else _sample(schema, known)
            return {**there, step: _put(there.get(step), inner, tuple(rest), value, known)}
    raise AssertionError((place, schema))
