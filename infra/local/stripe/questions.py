"""Whether a request is one that the installed SDK's types allow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

import typing_extensions

from infra.local.stripe import shapes
from infra.local.stripe.operations import Operation
from infra.local.stripe.shapes import Choice

_NOT_ON_THE_WIRE = frozenset(
    [
        "api_key",
        "content_type",
        "headers",
        "idempotency_key",
        "max_network_retries",
        "stripe_account",
        "stripe_context",
        "stripe_version",
    ],
)
_WHOLE = re.compile(r"-?\d+")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing wrong with a request: where, Stripe's code, and a sentence."""

    param: str
    code: str
    message: str


def wrong_with(asked: Operation, parameters: Mapping[str, Any]) -> list[Wrong]:
    """parameters: as decoded from the wire: texts, and hashes of them; a list is a hash with numbers for names."""
    shape = shapes.parameters_of(asked)
    if shape is None:
        return [_unknown(name) for name in parameters]
    return _in_hash(parameters, shape, at="")


def _in_hash(value: Mapping[str, Any], shape: type, *, at: str) -> list[Wrong]:
    known = shapes.fields(shape)
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    wrong = []
    for name in value:
        if name not in known or (not at and name in _NOT_ON_THE_WIRE):
            wrong.append(_unknown(_inside(at, name)))
        else:
            wrong += _in_value(value[name], known[name], at=_inside(at, name))
    return wrong + [_missing(_inside(at, name)) for name in required - value.keys() - _NOT_ON_THE_WIRE]


def _in_value(value: object, shape: Any, *, at: str) -> list[Wrong]:  # noqa: ANN401 - a type
    choice = shapes.choice(shape)
    if choice.is_open:
        return []
    if isinstance(value, str):
        return _in_text(value, choice, at=at)
    assert isinstance(value, dict)
    answers = [wrong for alternative in choice.kinds if (wrong := _in_group(value, alternative, at=at)) is not None]
    return min(answers, key=len) if answers else [_misfit(at, "a hash")]


def _in_text(value: str, choice: Choice, *, at: str) -> list[Wrong]:
    if value in choice.exact or any(_fits(value, kind) for kind in choice.kinds if kind is not str):
        return []
    if str not in choice.kinds:
        return [_misfit(at, repr(value))]
    if choice.exact - {""}:  # an open enumeration: Stripe may know the value, we should not rely on it
        return [Wrong(param=at, code="parameter_invalid", message=f"{value!r} is not a value known to this SDK: {at}")]
    return []


def _fits(value: str, alternative: object) -> bool:
    if alternative is bool:
        return value in ("true", "false")
    if alternative is int:
        return _WHOLE.fullmatch(value) is not None
    if alternative is float or getattr(alternative, "__name__", "") == "Decimal":
        return _DECIMAL.fullmatch(value) is not None
    return False


def _in_group(value: dict[str, Any], alternative: Any, *, at: str) -> list[Wrong] | None:  # noqa: ANN401 - a type
    """What is wrong if the alternative can be a group at all, else None."""
    if typing_extensions.is_typeddict(alternative):
        return _in_hash(value, alternative, at=at)
    arguments = get_args(alternative)
    if get_origin(alternative) is list and all(name.isdigit() for name in value):
        return _in_each(value, arguments[0], at=at)
    if shapes.is_mapping(alternative):
        return _in_each(value, arguments[-1], at=at) if arguments else []
    return None


def _in_each(value: dict[str, Any], shape: object, *, at: str) -> list[Wrong]:
    return [wrong for name, part in value.items() for wrong in _in_value(part, shape, at=_inside(at, name))]


def _inside(at: str, name: str) -> str:
    return f"{at}[{name}]" if at else name


def _unknown(at: str) -> Wrong:
    gone = at.startswith("payment_method_types")  # removed by 2026-09-30.endive
    code = "payment_method_types_no_longer_supported" if gone else "parameter_unknown"
    return Wrong(param=at, code=code, message=f"Received unknown parameter: {at}")


def _missing(at: str) -> Wrong:
    return Wrong(param=at, code="parameter_missing", message=f"Missing required param: {at}.")


def _misfit(at: str, value: str) -> Wrong:
    return Wrong(param=at, code="parameter_invalid", message=f"Invalid value for {at}: {value}")
