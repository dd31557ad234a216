"""Decimal numbers as people and programs write them, read without ever passing through a binary float."""

import re
from decimal import Decimal

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import LARGEST

PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
LONGEST = 100  # characters: longer than any number within the limits is written


def decimal_of(written: str, *, places: int) -> Decimal:
    """The number that digits, a point and a minus sign spell.

    places: how many decimals it may have; zeros at the end do not count.
    Raises Invalid for anything else (``not_a_number``: NaN, exponents, other
    scripts' digits, spaces), for more decimals, and beyond 10^12.
    """
    if not PLAIN.fullmatch(written):
        raise Invalid("not_a_number", "A number is written with the digits 0 to 9, a point and a minus sign only.")
    if len(written) > LONGEST:
        raise Invalid("too_large", f"A number is written with at most {LONGEST} characters.")
    whole, _, decimals = written.partition(".")
    if len(decimals.rstrip("0")) > places:
        raise Invalid("too_many_decimals", f"This number cannot have more than {places} decimals.")
    number = Decimal(f"{whole}.{decimals[:places]}" if decimals[:places] else whole)
    if abs(number) > LARGEST:
        raise Invalid("too_large", "A number cannot go beyond 1,000,000,000,000.")
    return number
