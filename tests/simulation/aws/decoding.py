"""What botocore wrote for the wire, back to the request as a dict: JSON, query and REST-XML."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

Decode = Callable[[Any, Mapping[str, Any]], dict[str, Any]]


def of_json(_: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = json.loads(params["body"])
    return request


def of_query(model: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    """A form: ``Tags.member.1.Name`` is the name of the first tag."""
    request: dict[str, Any] = _member(model.input_shape, params["body"], "")
    return request or {}


def _member(shape: Any, form: Mapping[str, str], prefix: str) -> Any:
    match shape.type_name:
        case "structure":
            found = {
                name: _member(member, form, f"{prefix}.{_name(name, member)}".lstrip("."))
                for name, member in shape.members.items()
            }
            return {name: value for name, value in found.items() if value is not None} or None
        case "list":
            root = prefix if shape.serialization.get("flattened") else f"{prefix}.{_name('member', shape.member)}"
            rows: list[Any] = []
            number = 1
            while (row := _member(shape.member, form, f"{root}.{number}")) is not None:
                rows, number = [*rows, row], number + 1
            return rows or None
        case "blob":
            return base64.b64decode(form[prefix]) if prefix in form else None
        case "map":
            raise NotImplementedError("the simulator reads no maps from forms")
    return form.get(prefix)


def _name(name: str, shape: Any) -> str:
    given: str = shape.serialization.get("name", name)
    return given


def of_rest(model: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    """S3: the bucket and the key from the path, the rest from headers, query string and body."""
    _, bucket, key = [*unquote(params.get("auth_path", "/")).split("/", 2), ""][:3]
    path = {"Bucket": bucket, "Key": key}
    request: dict[str, Any] = {}
    if model.input_shape is None:
        return request
    for name, member in model.input_shape.members.items():
        place = member.serialization.get("location")
        wire = _name(name, member)
        value: Any = None
        if place == "uri":
            value = path.get(wire)
        elif place == "header":
            value = params["headers"].get(wire)
        elif place == "querystring":
            value = params["query_string"].get(wire)
        elif name == model.input_shape.serialization.get("payload") and member.type_name == "blob":
            value = _bytes(params["body"])
        if value is not None:
            request[name] = int(value) if member.type_name == "integer" else value
    return request


def _bytes(body: Any) -> bytes:
    if not hasattr(body, "read"):
        return body.encode() if isinstance(body, str) else bytes(body or b"")
    at = body.tell()
    content: bytes = body.read()
    body.seek(at)
    return content


PROTOCOLS: dict[str, Decode] = {"json": of_json, "query": of_query, "rest-xml": of_rest}
