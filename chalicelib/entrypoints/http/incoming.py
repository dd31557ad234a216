"""What a request says: its body, its query and its conditions, read without guessing."""

import base64
import json
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from chalice.app import MultiDict, Request
from pydantic import BaseModel, ValidationError

from chalicelib.domain.errors import Invalid, TooLarge
from chalicelib.entrypoints.http.problems import Unreadable, faulty
from chalicelib.entrypoints.http.shapes.scalars import Digits

LARGEST_BODY = 2_000_000
LONGEST_NUMBER = 100
LONGEST_VERSION = 10
CSV = "text/csv"
"""What a body may be too where its shape has a ``csv``."""
FILES = frozenset({"application/pdf", "application/xml", "text/xml"})
"""What it may be where its shape has a ``file``."""
S = TypeVar("S", bound=BaseModel)


def body_in(request: Request, shape: type[S]) -> S:
    """The body's values in their shape; no body is as good as ``{}``.

    Raises Unreadable for what is no JSON, Invalid for what breaks a rule.
    """
    content_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if content_type == CSV and "csv" in shape.model_fields:
        return _shaped(shape, {"csv": _text(sized(request))})
    if content_type in FILES and "file" in shape.model_fields:
        return _shaped(shape, {"file": base64.b64encode(sized(request)).decode()})
    if content_type != "application/json":
        raise Unreadable(415, "not_json", "You cannot send this because a body is application/json here.")
    return _shaped(shape, _json(sized(request) or b"{}"))


def query_in(request: Request, shape: type[S] | None) -> S | None:
    """The query string in its shape. Raises Invalid, also for a parameter that is not known or comes twice."""
    given = request.query_params or MultiDict({})
    for name in given:
        if shape is None:
            raise Invalid("unknown_field", "You cannot send this because it is not known here.", at=f"/{name}")
        if len(given.getlist(name)) > 1:
            raise Invalid("given_twice", "A parameter is given once.", at=f"/{name}")
    return _shaped(shape, dict(given)) if shape else None


def sized(request: Request) -> bytes:
    """The body's bytes. Raises TooLarge."""
    raw = cast("bytes", request.raw_body) or b""
    if len(raw) > LARGEST_BODY:
        raise TooLarge("body_too_large", f"You cannot send more than {LARGEST_BODY} bytes.")
    return raw


def expected_version(headers: Mapping[str, str]) -> int | None:
    """The version that If-Match names; ``*`` asks nothing, and what is no version of ours matches none."""
    if_match = headers.get("if-match", "*").strip()
    if if_match == "*":
        return None
    digits = if_match.removeprefix("W/").strip('"')  # a proxy that compresses weakens our tags
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < LONGEST_VERSION else -1


def _shaped(shape: type[S], values: Any) -> S:  # noqa: ANN401 - whatever was sent
    try:
        return shape.model_validate(values)
    except ValidationError as error:
        raise faulty(error) from error


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(400, "malformed_csv", "The body is no CSV in UTF-8.") from error


def _json(raw: bytes) -> Any:  # noqa: ANN401
    """The body's values; a number with a point keeps its digits, and only what JSON's standard knows is read."""
    try:
        return json.loads(
            raw.decode(),
            parse_float=Digits,
            parse_int=_whole,
            parse_constant=_no_number,
            object_pairs_hook=_each_once,
        )
    except json.JSONDecodeError as error:
        detail = f"The body is no JSON: {error.msg} at character {error.pos}."
        raise Unreadable(400, "malformed_json", detail) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(400, "malformed_json", "The body is no JSON in UTF-8 of sensible depth.") from error


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise Invalid("too_large", f"A number is written with at most {LONGEST_NUMBER} characters.")
    return int(digits)


def _no_number(name: str) -> Any:  # noqa: ANN401
    raise Invalid("not_a_number", f"{name} is no number in JSON.")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise Invalid("given_twice", "A field is given once; readers of JSON differ on which of two counts.")
    return values
