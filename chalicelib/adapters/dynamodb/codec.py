"""Domain values to JSON and back: one codec for every dataclass, driven by its annotations.

Defaults are left out, so that an item holds what is particular to it, and a field added
later reads as its default from older items. Decimals and money are strings: exact, and short.
"""

import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from chalicelib.domain.money import Money

T = TypeVar("T")
Coder = Callable[[Any], Any]

_PLAIN = {str, int, bool, type(None)}


def dumps(value: Any) -> str:  # noqa: ANN401 - any dataclass of the domain
    """A dataclass as compact JSON text."""
    kind: Any = type(value)
    return json.dumps(encoder(kind)(value), ensure_ascii=False, separators=(",", ":"))


def loads(kind: type[T], text: str) -> T:
    """The dataclass that ``dumps`` wrote."""
    wanted: Any = kind
    value: T = decoder(wanted)(json.loads(text))
    return value


@cache
def encoder(kind: Any) -> Coder:  # noqa: ANN401 - a type or a generic alias
    """How a value of an annotated type is written as plain JSON values."""
    if kind in _PLAIN or get_origin(kind) is Literal:
        return _same
    if kind is Money:
        return lambda money: f"{money.minor} {money.currency}"
    if kind in (date, datetime, time):
        return lambda moment: moment.isoformat()
    if kind is Decimal:
        return str
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda member: member.value
    if is_dataclass(kind):
        return _dataclass_encoder(kind)
    return _generic_encoder(kind)


@cache
def decoder(kind: Any) -> Coder:  # noqa: ANN401 - a type or a generic alias
    """The way back."""
    if kind in _PLAIN or get_origin(kind) is Literal:
        return _same
    if kind is Money:
        return _money
    if kind in (date, datetime, time):
        return kind.fromisoformat  # type: ignore[no-any-return]
    if kind is Decimal:
        return Decimal
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    return _generic_decoder(kind)


def _same(value: Any) -> Any:  # noqa: ANN401 - JSON's own kinds
    return value


@lru_cache(4096)  # most amounts of a document come again and again, zero above all
def _money(text: str) -> Money:
    minor, _, currency = text.partition(" ")
    return Money(int(minor), currency)


def _dataclass_encoder(kind: Any) -> Coder:  # noqa: ANN401
    hints = get_type_hints(kind)
    plan = [(f.name, _default(f), hints[f.name]) for f in fields(kind) if f.init]
    coders: list[tuple[str, Any, Coder]] = []

    def encode(value: Any) -> dict[str, Any]:  # noqa: ANN401
        if not coders:  # built at the first use, and at once: a type may hold itself, and threads share it
            coders.extend([_with_coded_default(*planned) for planned in plan])
        return {name: coded for name, default, code in coders if (coded := code(getattr(value, name))) != default}

    return encode


def _with_coded_default(name: str, default: Any, hint: Any) -> tuple[str, Any, Coder]:  # noqa: ANN401
    """Compared as it is written: the quantity 1.00 is not the default 1."""
    code = encoder(hint)
    return name, default if default is MISSING else code(default), code


def _dataclass_decoder(kind: Any) -> Coder:  # noqa: ANN401
    hints = get_type_hints(kind)
    coders: dict[str, Coder] = {}

    def decode(plain: dict[str, Any]) -> Any:  # noqa: ANN401
        if not coders:
            coders.update({f.name: decoder(hints[f.name]) for f in fields(kind) if f.init})
        return kind(**{name: coders[name](given) for name, given in plain.items() if name in coders})

    return decode


def _default(f: Any) -> Any:  # noqa: ANN401 - dataclasses.Field of any type
    if f.default is not MISSING:
        return f.default
    return f.default_factory() if f.default_factory is not MISSING else MISSING


def _generic_encoder(kind: Any) -> Coder:  # noqa: ANN401
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union_encoder(args)
    if origin is tuple:
        code = encoder(args[0])
        return lambda values: [code(value) for value in values]
    code = encoder(args[1])
    return lambda mapping: {key: code(value) for key, value in mapping.items()}


def _generic_decoder(kind: Any) -> Coder:  # noqa: ANN401
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union_decoder(args)
    if origin is tuple:
        decode = decoder(args[0])
        return lambda values: tuple(decode(value) for value in values)
    decode = decoder(args[1])
    return lambda mapping: {key: decode(value) for key, value in mapping.items()}


def _union_encoder(args: tuple[Any, ...]) -> Coder:
    """``T | None`` as T; several dataclasses with the name of the one it is."""
    kinds = [arg for arg in args if arg is not type(None)]
    if len(kinds) == 1:
        code = encoder(kinds[0])
        return lambda value: None if value is None else code(value)
    by_kind = {kind: (kind.__name__, encoder(kind)) for kind in kinds}

    def encode_one(value: Any) -> Any:  # noqa: ANN401
        if value is None:
            return None
        name, code = by_kind[type(value)]
        return {name: code(value)}

    return encode_one


def _union_decoder(args: tuple[Any, ...]) -> Coder:
    kinds = [arg for arg in args if arg is not type(None)]
    if len(kinds) == 1:
        decode = decoder(kinds[0])
        return lambda value: None if value is None else decode(value)
    by_name = {kind.__name__: kind for kind in kinds}

    def decode_one(value: Any) -> Any:  # noqa: ANN401
        if value is None:
            return None
        ((name, plain),) = value.items()
        return decoder(by_name[name])(plain)

    return decode_one
