"""The smallest shapes: amounts, days, texts. Each refuses with a stable code that is the error's ``type``."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from chalicelib.domain.currencies import MINOR_UNITS
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Invalid
from chalicelib.domain.numerals import decimal_of
from chalicelib.domain.texts import readable

MOST_DECIMALS = 6  # of quantities, unit prices and percentages; an amount has its currency's
MOST_PERCENT = 1_000
SHORT, LONG, LONGEST_CODE = 255, 10_000, 64
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")
_ATOM = r"[^@\s<>,;:()\[\]\\\"]"
EMAIL = re.compile(rf"(?!.*=\?){_ATOM}{{1,64}}@(?!\.){_ATOM}{{1,180}}\.(?!\.){_ATOM}{{2,63}}")
"""One address and nothing else: no second one, no comment, no group, and nothing that a mail's header would decode."""
Read = TypeVar("Read")
FIRST_YEAR, LAST_YEAR = 1900, 2999  # outside them a date is a slip, and reckoning with it may leave the calendar


class Digits(str):
    """A JSON number with a point, in the digits it was written with; it is no text."""

    __slots__ = ()


class Shape(BaseModel):
    """A JSON object whose fields are all known; nothing is turned into another type on the quiet."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, frozen=True)


def refusal(code: str, detail: str) -> PydanticCustomError:
    """What a validator raises: the code becomes the error's type, the detail its message."""
    return PydanticCustomError(code, "{detail}", {"detail": detail})


def one_of(shape: BaseModel, *names: str, at_least: int = 1) -> None:
    """Refuse a shape that does not have exactly one (or, with at_least=0, at most one) of some fields."""
    values = [getattr(shape, name) for name in names]
    given = [value for value in values if value is not None and value is not False and value != []]
    if not at_least <= len(given) <= 1:
        raise refusal("one_of", f"Give {'exactly' if at_least else 'at most'} one of {', '.join(names)}.")


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise refusal("not_a_number", "A number is a decimal string or a JSON number.")
    return _by_domain(lambda: decimal_of(f"{value}", places=MOST_DECIMALS))


def _percent(value: object) -> Decimal:
    percent = _number(value)
    if abs(percent) > MOST_PERCENT:
        raise refusal("too_large", f"A percentage cannot go beyond {MOST_PERCENT}.")
    return percent


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise refusal("not_positive", "This must be above 0.")
    return value


def _day(value: object) -> date:
    day = _calendar_day(value) if isinstance(value, str) and DAY.fullmatch(value) else None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refusal("not_a_date", "This is no date of the calendar written YYYY-MM-DD.")
    return day


def _calendar_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise refusal("not_an_instant", "This is no instant written as in RFC 3339, such as 2026-03-01T09:30:00Z.")
    try:
        instant = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusal("not_an_instant", "This is no instant of the calendar.") from None
    _day(f"{instant.date()}")
    return instant


def _short(value: object) -> str:
    return _text(value, longest=SHORT)


def _long(value: object) -> str:
    text = _written(value)
    return _by_domain(lambda: readable(text, longest=LONG, several_lines=True))


def _code(value: object) -> str:
    """Composed (NFC), so that two codes that look the same are the same."""
    return unicodedata.normalize("NFC", _text(value, longest=LONGEST_CODE))


def _text(value: object, *, longest: int) -> str:
    written = _written(value)
    text = _by_domain(lambda: readable(written, longest=longest)).strip()
    if not text:
        raise refusal("empty", "This text is empty.")
    return text


def _written(value: object) -> str:
    if not isinstance(value, str) or isinstance(value, Digits):
        raise refusal("not_a_text", "This must be a string.")
    return value


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise refusal("unknown_time_zone", "This is no IANA time zone, such as America/Toronto.")
    return name


def _email(value: object) -> str:
    email = _short(value)
    if not EMAIL.fullmatch(email):
        raise refusal("not_an_email", "This is no e-mail address.")
    return email


def _currency(value: object) -> str:
    if not isinstance(value, str) or value not in MINOR_UNITS:
        raise refusal("unknown_currency", "This is no ISO 4217 currency code.")
    return value


def _by_domain(read: Callable[[], Read]) -> Read:
    """What the domain reads, its refusal as pydantic's."""
    try:
        return read()
    except Invalid as invalid:
        raise refusal(invalid.code, invalid.detail) from invalid


def _decimal_schema(description: str, example: str) -> WithJsonSchema:
    """A JSON number is taken too, in the digits it is written with; a string says them without doubt."""
    text = {"type": "string", "format": "decimal", "examples": [example]}
    return WithJsonSchema({"description": description, "anyOf": [text, {"type": "number"}]})


Figure = Annotated[str, WithJsonSchema({"type": "string", "format": "decimal", "examples": ["1149.75"]})]
"""A number in an answer, in the digits that it has."""
Amount = Annotated[
    Decimal,
    PlainValidator(_number),
    _decimal_schema("In the document's currency, with no more than its decimals.", "1149.75"),
]
Price = Annotated[Decimal, PlainValidator(_number), _decimal_schema("Up to 6 decimals.", "72.50")]
Quantity = Annotated[Decimal, PlainValidator(_number), _decimal_schema("Up to 6 decimals.", "2.5")]
PositiveQuantity = Annotated[
    Decimal, PlainValidator(_number), AfterValidator(_positive), _decimal_schema("Above 0, up to 6 decimals.", "1")
]
Percent = Annotated[Decimal, PlainValidator(_percent), _decimal_schema("Per cent, up to 6 decimals.", "9.975")]
Day = Annotated[
    date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-01"]})
]
Instant = Annotated[
    datetime,
    PlainValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-01T09:30:00Z"]}),
]
ShortText = Annotated[
    str,
    PlainValidator(_short),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": SHORT, "description": "One line."}),
]
LongText = Annotated[
    str,
    PlainValidator(_long),
    WithJsonSchema({"type": "string", "maxLength": LONG, "description": "Line breaks and tabs are kept."}),
]
Code = Annotated[
    str,
    PlainValidator(_code),
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE, "description": "One line, in Unicode NFC."}
    ),
]
Email = Annotated[
    str, PlainValidator(_email), WithJsonSchema({"type": "string", "format": "email", "examples": ["ann@example.com"]})
]
TemplateName = Annotated[Template, Field(strict=False, description="How the PDF looks.")]
MOST_PAGES = 10_000


def _page(value: object) -> object:
    """A query string holds text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _of_a_picture(page: int, info: ValidationInfo) -> int:
    if info.data.get("format", "png") != "png":
        raise refusal("not_a_picture", "A page is chosen with format=png; a PDF has all of them.")
    return page


PageNumber = Annotated[
    Annotated[int, Field(ge=1, le=MOST_PAGES)], BeforeValidator(_page), AfterValidator(_of_a_picture)
]
"""Of a shape whose ``format`` stands before it."""
Disposition = Annotated[
    Literal["inline", "attachment"], Field(description="To be looked at and printed, or saved as a file.")
]
CurrencyCode = Annotated[
    str, PlainValidator(_currency), WithJsonSchema({"type": "string", "description": "ISO 4217.", "examples": ["CAD"]})
]
Zone = Annotated[ShortText, AfterValidator(_zone)]
