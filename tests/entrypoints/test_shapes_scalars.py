import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from chalicelib.entrypoints.http.shapes import scalars


def read(shape, value):
    return TypeAdapter(shape).validate_python(value)


def refusal(shape, value):
    with pytest.raises(ValidationError) as caught:
        read(shape, value)
    return [error["type"] for error in caught.value.errors()]


def from_json(text):
    """As the HTTP layer reads a body: a fraction arrives as its digits."""
    return json.loads(text, parse_float=str)


@pytest.mark.parametrize(
    ("text", "number"),
    [('"10.50"', "10.50"), ("7", "7"), ("0.1", "0.1"), ("12.345678", "12.345678"), ('"-3"', "-3")],
)
def test_a_number_is_a_string_or_a_json_number_and_never_a_binary_float(text, number):
    assert read(scalars.Price, from_json(text)) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e5", "not_a_number"),
        ('"1E5"', "not_a_number"),
        ('"٣"', "not_a_number"),
        ("true", "not_a_number"),
        ("[]", "not_a_number"),
        ("0.1234567", "too_many_decimals"),
        ("1000000000001", "too_large"),
    ],
)
def test_any_other_number_is_refused_with_its_code(text, code):
    assert refusal(scalars.Amount, from_json(text)) == [code]


def test_a_percentage_and_a_base_quantity_have_their_limits():
    assert read(scalars.Percent, "9.975") == Decimal("9.975")
    assert refusal(scalars.Percent, "1000.01") == ["too_large"]
    assert refusal(scalars.PositiveQuantity, "0") == ["not_positive"]
    assert read(scalars.PositiveQuantity, "0.5") == Decimal("0.5")


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-29",
        "2026-13-01",
        "20260301",
        "2026-W09-1",
        "1 March",
        "0001-01-01",
        "9999-12-31",
        "\u0662026-03-01",
        20260301,
    ],
)
def test_a_date_that_does_not_exist_is_refused(value):
    assert refusal(scalars.Day, value) == ["not_a_date"]


def test_a_date_and_an_instant_are_read():
    assert read(scalars.Day, "2028-02-29") == date(2028, 2, 29)
    assert read(scalars.Instant, "2026-03-01T09:30:00Z") == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert read(scalars.Instant, "2026-03-01T04:30:00.5-05:00") == datetime(2026, 3, 1, 9, 30, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-03-01T09:30:00", "not_an_instant"),
        ("2026-03-01", "not_an_instant"),
        ("2026-02-30T09:30:00Z", "not_an_instant"),
        ("2026-03-01T24:30:00Z", "not_an_instant"),
        ("0001-01-01T00:00:00+23:59", "not_an_instant"),
        ("9000-01-01T00:00:00Z", "not_a_date"),
        (1_772_357_400, "not_an_instant"),
    ],
)
def test_an_instant_that_does_not_exist_is_refused(value, code):
    assert refusal(scalars.Instant, value) == [code]


@pytest.mark.parametrize(
    ("shape", "value", "code"),
    [
        (scalars.ShortText, "two\nlines", "control_character"),
        (scalars.ShortText, "   ", "empty"),
        (scalars.ShortText, "x" * 256, "too_long"),
        (scalars.ShortText, "\ud800", "lone_surrogate"),
        (scalars.ShortText, 5, "not_a_text"),
        (scalars.LongText, "nul\0", "control_character"),
        (scalars.LongText, "x" * 10_001, "too_long"),
        (scalars.LongText, None, "not_a_text"),
        (scalars.Code, "x" * 65, "too_long"),
        (scalars.Email, "nobody", "not_an_email"),
        (scalars.Email, "a@b.co\nBcc: c@d.co", "control_character"),
        (scalars.Email, "a@b.co, c@d.co", "not_an_email"),
        (scalars.CurrencyCode, "EURO", "unknown_currency"),
        (scalars.CurrencyCode, "eur", "unknown_currency"),
        (scalars.CurrencyCode, 978, "unknown_currency"),
    ],
)
def test_text_that_cannot_be_kept_is_refused(shape, value, code):
    assert refusal(shape, value) == [code]


def test_text_is_kept_without_the_space_around_it():
    assert read(scalars.ShortText, " Zoë ") == "Zoë"
    assert read(scalars.LongText, "one\r\n\ttwo ") == "one\n\ttwo "
    assert read(scalars.Email, "zoë@exämple.org") == "zoë@exämple.org"
    assert read(scalars.CurrencyCode, "CAD") == "CAD"


def test_every_scalar_tells_its_schema():
    for shape in (scalars.Day, scalars.Instant, scalars.ShortText, scalars.Code, scalars.Email):
        assert TypeAdapter(shape).json_schema()["type"] == "string"
    assert [each["type"] for each in TypeAdapter(scalars.Amount).json_schema()["anyOf"]] == ["string", "number"]
