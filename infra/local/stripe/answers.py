"""Whether an answer of the stand-in is one that the installed SDK's types describe."""

from collections.abc import Mapping
from typing import Any, ClassVar, get_args, get_origin

import stripe

from infra.local.stripe import shapes
from infra.local.stripe.operations import Operation

_DEEPEST = 12


def wrong_with(asked: Operation, answer: Mapping[str, Any]) -> list[str]:
    """One sentence per field that is absent, unknown or of another type."""
    return _in_value(answer, shapes.answer_of(asked.answer, tuple(asked.modules.items())), at="$")


def _in_value(value: object, shape: object, *, at: str) -> list[str]:
    alternatives = shapes.variants(shape)
    if Any in alternatives or shapes.Unknown in alternatives or at.count(".") > _DEEPEST:
        return []
    if value is None:
        return [] if type(None) in alternatives else [f"{at}: null"]
    if isinstance(value, str):
        return _in_text(value, alternatives, at=at)
    if isinstance(value, list):
        return _in_list(value, alternatives, at=at)
    if isinstance(value, dict):
        return _in_hash(value, alternatives, at=at)
    fits = type(value) in alternatives or value in shapes.literals(alternatives)
    return [] if fits or (type(value) is int and float in alternatives) else [f"{at}: {value!r}"]


def _in_text(value: str, alternatives: list[Any], *, at: str) -> list[str]:
    exact = shapes.literals(alternatives)
    if value in exact:
        return []
    named = {getattr(alternative, "__name__", "") for alternative in alternatives}
    return [f"{at}: {value!r}"] if exact or not named & {"str", "Decimal"} else []


def _in_list(value: list[Any], alternatives: list[Any], *, at: str) -> list[str]:
    lists = [alternative for alternative in alternatives if get_origin(alternative) is list]
    if not lists:
        return [f"{at}: a list"]
    inner = get_args(lists[0])[0]
    return [wrong for index, part in enumerate(value) for wrong in _in_value(part, inner, at=f"{at}[{index}]")]


def _in_hash(value: dict[str, Any], alternatives: list[Any], *, at: str) -> list[str]:
    for alternative in alternatives:
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
    (inner,) = get_args(alternative) or (Any,)
    return [wrong for index, part in enumerate(value["data"]) for wrong in _in_value(part, inner, at=f"{at}[{index}]")]


def _in_object(value: dict[str, Any], kind: type[stripe.StripeObject], *, at: str) -> list[str]:
    written_as = {name: wire for wire, name in getattr(kind, "_field_remappings", {}).items()}
    known = {
        written_as.get(name, name): shape
        for name, shape in shapes.fields(kind).items()  # type: ignore[arg-type]  # the SDK hides __hash__
        if not name.startswith("_") and get_origin(shape) is not ClassVar and name != "deleted"
    }
    wrong = [f"{at}.{name}: unknown to {kind.__qualname__}" for name in value.keys() - known.keys()]
    for name, shape in known.items():
        if name in value:
            wrong += _in_value(value[name], shape, at=f"{at}.{name}")
        elif type(None) not in shapes.variants(shape):
            wrong.append(f"{at}.{name}: absent, but promised by {kind.__qualname__}")
    return wrong
