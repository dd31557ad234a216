from decimal import Decimal

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.numerals import decimal_of
from chalicelib.domain.texts import readable


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", "0"),
        ("-12.345678", "-12.345678"),
        ("007.50", "7.50"),
        ("1.00000000000", "1.000000"),
        ("1000000000000", "1000000000000"),
    ],
)
def test_a_number_is_read_from_its_digits(written, number):
    read = decimal_of(written, places=6)

    assert (read, f"{read:f}") == (Decimal(number), number)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *((text, "not_a_number") for text in ("", "NaN", "Infinity", "1e3", "1E-2", "+1", ".5", "5.", "1,5", " 1")),
        *((text, "not_a_number") for text in ("1_000", "٣", "\uff11", "1\n", "0x1", "--1")),
        ("1.0000001", "too_many_decimals"),
        ("1000000000000.000001", "too_large"),
        ("-1000000000001", "too_large"),
        ("1" * 4_000, "too_large"),
    ],
)
def test_anything_else_is_refused(written, code):
    with pytest.raises(Invalid) as caught:
        decimal_of(written, places=6)

    assert caught.value.code == code


def test_whole_numbers_have_no_decimals():
    assert decimal_of("5.0", places=0) == 5
    with pytest.raises(Invalid) as caught:
        decimal_of("5.5", places=0)
    assert caught.value.code == "too_many_decimals"


def test_text_is_what_can_be_printed():
    assert readable("Déjà vu 😀 مرحبا", longest=20) == "Déjà vu 😀 مرحبا"
    assert readable("one\r\n\ttwo", longest=20, several_lines=True) == "one\n\ttwo"


@pytest.mark.parametrize(
    ("text", "several_lines", "code"),
    [
        ("bell\a", False, "control_character"),
        ("one\ntwo", False, "control_character"),
        ("one\rtwo", True, "control_character"),
        ("nul\0", True, "control_character"),
        ("c1\x85", True, "control_character"),
        ("half \ud83d", False, "lone_surrogate"),
        ("x" * 21, False, "too_long"),
    ],
)
def test_text_that_cannot_be_printed_is_refused(text, several_lines, code):
    with pytest.raises(Invalid) as caught:
        readable(text, longest=20, several_lines=several_lines)

    assert caught.value.code == code
