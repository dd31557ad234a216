"""Whether an answer of the stand-in is one that the installed SDK's types describe."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, get_args, get_origin

import stripe

from infra.local.stripe import shapes
from infra.local.stripe.operations import Operation
from infra.local.stripe.shapes import Choice

_DEEPEST = 12


def wrong_with(asked: Operation, answer: Mapping[str, Any]) -> list[str]:
    """One sentence per field that is absent, unknown or of another type."""
    shape: Any = shapes.answer_of(asked.answer, tuple(asked.modules.items()))
    return _in_value(answer, shapes.choice(shape), at="$")


def _in_value(value: object, choice: Choice, *, at: str) -> list[str]:
    if choice.is_open or at.count(".") > _DEEPEST:
        return []
    if value is None:
        return [] if type(None) in choice.kinds else [f"{at}: null"]
    if isinstance(value, str):
        return _in_text(value, choice, at=at)
    if isinstance(value, list):
        return _in_list(value, choice, at=at)
    if isinstance(value, dict):
        return _in_hash(value, choice, at=at)
    fits = type(value) in choice.kinds or value in choice.exact
    return [] if fits or (type(value) is int and float in choice.kinds) else [f"{at}: {value!r}"]


def _in_text(value: str, choice: Choice, *, at: str) -> list[str]:
    if value in choice.exact:
        return []
    named = {getattr(alternative, "__name__", "") for alternative in choice.kinds}
    return [f"{at}: {value!r}"] if choice.exact or not named & {"str", "Decimal"} else []


def _in_list(value: list[Any], choice: Choice, *, at: str) -> list[str]:
    lists = [alternative for alternative in choice.kinds if get_origin(alternative) is list]
    if not lists:
        return [f"{at}: a list"]
    inner = shapes.choice(get_args(lists[0])[0])
    return [wrong for index, part in enumerate(value) for wrong in _in_value(part, inner, at=f"{at}[{index}]")]


def _in_hash(value: dict[str, Any], choice: Choice, *, at: str) -> list[str]:
    for alternative in choice.kinds:
        if shapes.is_mapping(alternative):
            return []
        kind = get_origin(alternative) or alternative
        if not isinstance(kind, type) or not issubclass(kind, stripe.StripeObject):
            continue
        if kind is stripe.ListObject:
            return _in_page(value, alternative, at=at)
        if value.get("object") in (None, getattr(kind, "OBJECT_NAME", value.get("object"))):
            return _in_object(value, kind, at=at)
    return [f"{at}: a hash"]


def _in_page(value: dict[str, Any], alternative: object, *, at: str) -> list[str]:
    if value.get("object") != "list":
        return [f"{at}: not a list object"]
    (kind,) = get_args(alternative) or (Any,)
    inner = shapes.choice(kind)
    return [wrong for index, part in enumerate(value["data"]) for wrong in _in_value(part, inner, at=f"{at}[{index}]")]


@cache
def _known_of(kind: Any) -> dict[str, Choice]:  # noqa: ANN401 - a class that mypy takes for unhashable
    """The fields of a resource as they are called on the wire, and what each may be."""
    written_as = {name: wire for wire, name in getattr(kind, "_field_remappings", {}).items()}
    return {
        written_as.get(name, name): shapes.choice(shape)
        for name, shape in shapes.fields(kind).items()
        if not name.startswith("_") and get_origin(shape) is not ClassVar and name != "deleted"
    }


def _in_object(value: dict[str, Any], kind: type[stripe.StripeObject], *, at: str) -> list[str]:
    known = _known_of(kind)  # type: ignore[arg-type]  # the SDK hides __hash__
    wrong = [f"{at}.{name}: unknown to {kind.__qualname__}" for name in value.keys() - known.keys()]
    for name, choice in known.items():
        if name in value:
            wrong += _in_value(value[name], choice, at=f"{at}.{name}")
        elif type(None) not in choice.kinds:
            wrong.append(f"{at}.{name}: absent, but promised by {kind.__qualname__}")
    return wrong
