"""A value of the domain as one text that is the same wherever and whenever it is written, and its SHA-256.

What a field is by default is left out, so that a field added later leaves the fingerprints of before as they were.
"""

import json
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any

from chalicelib.domain.money import Money


def canonical(value: Any) -> str:  # noqa: ANN401 - any value of the domain
    """As JSON with sorted keys and no spaces; amounts and decimals are texts, exact as they were entered."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """SHA-256 of a text's UTF-8, in hex."""
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Money):
        return f"{value.minor} {value.currency}"
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return _of_fields(value)
    return [_plain(one) for one in value]


def _of_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401
    kind: Any = type(value)
    told = ((name, getattr(value, name), default) for name, default in _defaults(kind))
    return {name: _plain(one) for name, one, default in told if default is MISSING or one != default}


@cache
def _defaults(kind: Hashable) -> tuple[tuple[str, Any], ...]:
    of: Any = kind
    return tuple((one.name, _default(one)) for one in fields(of))


def _default(one: "Field[Any]") -> Any:  # noqa: ANN401
    return one.default_factory() if one.default_factory is not MISSING else one.default
