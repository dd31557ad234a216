"""Two languages on one page: every word in both, figures as the first one writes them, days as ISO 8601 has them."""

from datetime import date
from decimal import Decimal
from typing import Self

from chalicelib.domain.money import Money
from chalicelib.domain.wording import Wording

BETWEEN = " / "
BLANKS = " \u00a0"
LONGEST_BESIDE = 60
"""Longer texts stand under each other."""


class Both(str):
    """A text in two languages, which is told apart again where it becomes part of another."""

    __slots__ = ("first", "second")
    first: str
    second: str

    def __new__(cls, first: str, second: str, *, ending: str = "") -> Self:
        """ending: what both end with, and is said once."""
        both = super().__new__(cls, _joined(first, second, ending))
        both.first, both.second = first, second
        return both


def _joined(first: str, second: str, ending: str) -> str:
    if first == second:
        return first
    if max(len(first), len(second)) > LONGEST_BESIDE or "\n" in first + second:
        return f"{first}\n{second}"
    if ending and first.endswith(ending) and second.endswith(ending):
        plain = [said.removesuffix(ending).rstrip(BLANKS) for said in (first, second)]
        one, other = (said.removesuffix(":").rstrip(BLANKS) for said in plain)
        colon = "\u00a0:" if all(said.endswith(":") for said in plain) else ""
        return f"{one}{BETWEEN}{other}{colon} {ending}" if one != other else f"{one}{colon} {ending}"
    return f"{first}{BETWEEN}{second}"


class BilingualWording:
    def __init__(self, first: Wording, second: Wording) -> None:
        self.language, self.tag = first.language, first.tag
        self._first, self._second = first, second

    def text(self, key: str, **values: str) -> str:
        in_first = {name: value.first if isinstance(value, Both) else value for name, value in values.items()}
        in_second = {name: value.second if isinstance(value, Both) else value for name, value in values.items()}
        last = list(values.values())[-1] if values else ""
        return Both(
            self._first.text(key, **in_first),
            self._second.text(key, **in_second),
            ending="" if isinstance(last, Both) else last,
        )

    def money(self, amount: Money) -> str:
        return self._first.money(amount)

    def price(self, amount: Decimal, currency: str) -> str:
        return self._first.price(amount, currency)

    def number(self, value: Decimal) -> str:
        return self._first.number(value)

    def percent(self, value: Decimal) -> str:
        return self._first.percent(value)

    def day(self, value: date) -> str:
        return value.isoformat()

    def short_day(self, value: date) -> str:
        return value.isoformat()

    def country(self, code: str) -> str:
        return Both(self._first.country(code), self._second.country(code))
