"""As much of JSON Schema 2020-12 as our OpenAPI document uses, to hold real answers against it."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

KNOWN = {
    "$ref", "additionalProperties", "anyOf", "const", "contentEncoding", "default", "description", "enum",
    "examples", "format", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
    "minimum", "pattern", "properties", "propertyNames", "required", "title", "type", "writeOnly",
}  # fmt: skip
TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
FORMATS = {
    "date": date.fromisoformat,
    "date-time": lambda text: datetime.fromisoformat(text).utcoffset() or text.endswith("Z") or 1 / 0,
    "decimal": Decimal,
    "email": lambda text: text.index("@"),
}


def breaches(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> list[str]:
    """Where the value breaks the schema; a field that the schema does not name counts, for we answer nothing else."""
    assert set(schema) <= KNOWN, f"{at}: {set(schema) - KNOWN} is no word that this reader knows"
    if "$ref" in schema:
        return breaches(value, resolved(schema["$ref"], root), root, at)
    if "anyOf" in schema:
        tried = [breaches(value, choice, root, at) for choice in schema["anyOf"]]
        return [] if [] in tried else [f"{at}: none of {len(tried)}: {tried}"]
    return [*_plain(value, schema, at), *_within(value, schema, root, at)]


def resolved(reference: str, root: dict[str, Any]) -> Any:
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _plain(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
        return [f"{at}: {value!r} is no {kind}"]
    wrong = []
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{at}: {value!r} is none of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        wrong.append(f"{at}: {value!r} is not {schema['const']}")
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        wrong.append(f"{at}: {value!r} does not match")
    if isinstance(value, str) and schema.get("format") in FORMATS:
        try:
            FORMATS[schema["format"]](value)
        except (ArithmeticError, ValueError):
            wrong.append(f"{at}: {value!r} is no {schema['format']}")
    return wrong


def _within(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    if isinstance(value, list):
        return [
            wrong
            for place, one in enumerate(value)
            for wrong in breaches(one, schema.get("items", {}), root, f"{at}/{place}")
        ]
    if not isinstance(value, dict):
        return []
    fields = schema.get("properties", {})
    if isinstance(others := schema.get("additionalProperties"), dict):
        fields = dict.fromkeys(value, others) | fields
    missing = [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    unknown = [f"{at}: {name} is not described" for name in value if name not in fields]
    inner = (breaches(value[name], fields[name], root, f"{at}/{name}") for name in fields.keys() & value)
    return [*missing, *unknown, *(wrong for found in inner for wrong in found)]
