"""JSON Schema (draft 2020-12, as pydantic writes it) in a reader's terms: types, fields, examples."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.values import dataclass

Schema = Mapping[str, Any]
Schemas = Mapping[str, Schema]

_REF: Final = "#/components/schemas/"
_BY_FORMAT: Final = {
    "date": "2026-03-01",
    "date-time": "2026-03-01T09:30:00Z",
    "email": "ann@example.com",
    "uri": "https://example.com",
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
}
_BY_TYPE: Final[Mapping[str, Any]] = {"string": "text", "integer": 1, "number": 1, "boolean": True, "object": {}}
_LIMITS: Final = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "matches {}",
    "default": "{} if left out",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a type's name; ``schema`` names the schema it leads to."""

    text: str
    schema: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    type: tuple[Word, ...]
    is_required: bool
    description: str
    choices: tuple[str, ...]
    limits: tuple[str, ...]


def type_of(schema: Schema) -> tuple[Word, ...]:
    """The type in words: ``array of`` ``Line``, ``string (date) or null``."""
    if "$ref" in schema:
        name = _named(schema["$ref"])
        return (Word(name, name),)
    if parts := _alternatives(schema):
        return _joined([type_of(part) for part in parts])
    if schema.get("type") == "array":
        return (Word("array of "), *type_of(schema.get("items", {})))
    if isinstance(schema.get("additionalProperties"), Mapping):
        return (Word("map to "), *type_of(schema["additionalProperties"]))
    return (Word(_plain_type(schema)),)


def fields_of(schema: Schema, schemas: Schemas) -> list[Field]:
    """The properties of an object schema, or of the one it refers to or consists of, in their order."""
    found = _resolved(schema, schemas)
    required = found.get("required", ())
    return [_field(name, value, is_required=name in required) for name, value in found.get("properties", {}).items()]


def example_of(schema: Schema, schemas: Schemas, *, within: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401 (JSON)
    """The schema's own example, or the simplest value of its shape; optional fields without an example stay out.

    within: the references that led here; one that leads back to itself ends as null.
    """
    given = [*_given_examples(schema)]
    if given or schema.get("$ref") in within:
        return given[0] if given else None
    if "$ref" in schema or "allOf" in schema:
        return example_of(_resolved(schema, schemas), schemas, within=within | {schema.get("$ref", "")})
    if parts := _alternatives(schema):
        return example_of(parts[0], schemas, within=within)
    if schema.get("type") == "array":
        one = example_of(schema.get("items", {}), schemas, within=within)
        return [] if one is None else [one]
    if "properties" in schema:
        return _example_object(schema, schemas, within)
    return _plain_example(schema)


def _example_object(schema: Schema, schemas: Schemas, within: frozenset[str]) -> dict[str, Any]:
    """The required fields and those with an example; where there are none, every field."""
    properties: Schemas = schema["properties"]
    shown = [name for name in properties if name in schema.get("required", ()) or [*_given_examples(properties[name])]]
    return {name: example_of(properties[name], schemas, within=within) for name in shown or properties}


def _given_examples(schema: Schema) -> Iterator[Any]:
    yield from schema.get("examples", ())
    if "example" in schema:
        yield schema["example"]
    if "const" in schema:
        yield schema["const"]
    yield from schema.get("enum", ())
    if schema.get("default") is not None:
        yield schema["default"]


def _plain_example(schema: Schema) -> Any:  # noqa: ANN401 (any JSON value)
    kinds = schema.get("type", "null")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "string":
        return _BY_FORMAT.get(schema.get("format", ""), "text")
    return schema.get("minimum", _BY_TYPE.get(kind)) if kind in {"integer", "number"} else _BY_TYPE.get(kind)


def _field(name: str, schema: Schema, *, is_required: bool) -> Field:
    parts = [schema, *_alternatives(schema), *_array_items(schema)]
    choices = [str(value) for part in parts for value in ([part["const"]] if "const" in part else part.get("enum", ()))]
    limits = [_LIMITS[key].format(_said(part[key])) for part in parts for key in _LIMITS if part.get(key) is not None]
    return Field(
        name=name,
        type=type_of(schema),
        is_required=is_required,
        description=schema.get("description", ""),
        choices=tuple(choices),
        limits=tuple(limits),
    )


def _array_items(schema: Schema) -> list[Schema]:
    return [schema["items"]] if isinstance(schema.get("items"), Mapping) else []


def _alternatives(schema: Schema) -> list[Schema]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _resolved(schema: Schema, schemas: Schemas) -> Schema:
    """The schema that a reference leads to, and one object for all that ``allOf`` joins."""
    if "$ref" in schema:
        return _resolved(schemas.get(_named(schema["$ref"]), {}), schemas)
    joined: dict[str, Any] = {**schema}
    for part in joined.pop("allOf", ()):
        whole = _resolved(part, schemas)
        joined["properties"] = {**whole.get("properties", {}), **joined.get("properties", {})}
        joined["required"] = [*whole.get("required", ()), *joined.get("required", ())]
    return joined


def _named(reference: str) -> str:
    return reference.removeprefix(_REF)


def _plain_type(schema: Schema) -> str:
    kinds = schema.get("type", "one of" if "enum" in schema or "const" in schema else "any")
    text = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return f"{text} ({schema['format']})" if "format" in schema else text


def _joined(types: list[tuple[Word, ...]]) -> tuple[Word, ...]:
    first, *rest = dict.fromkeys(types)
    return (*first, *(word for one in rest for word in (Word(" or "), *one)))


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
