"""What the domain asks of a language: words, and the ways of writing figures and days."""

from datetime import date
from decimal import Decimal
from typing import Protocol

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


def first_of(language: str) -> str:
    """The first of a pair of languages, ``fr+en``: that of what is not said in both, such as a mail."""
    return language.partition("+")[0]


class Wording(Protocol):
    """The words and the ways of writing figures of one language and country."""

    @property
    def language(self) -> str:
        """The language that is really spoken: "en" where the one asked for has no catalogue."""
        ...

    @property
    def tag(self) -> str:
        """Language and country as BCP 47 has them, e.g. "fr-CA"."""
        ...

    def text(self, key: str, **values: str) -> str:
        """The message of an English key, which stands for itself where there is none; without values, unfilled."""
        ...

    def money(self, amount: Money) -> str: ...

    def price(self, amount: Decimal, currency: str) -> str:
        """An amount with the currency's decimals, or with more if it has more."""
        ...

    def number(self, value: Decimal) -> str: ...

    def percent(self, value: Decimal) -> str:
        """20 is 20 %."""
        ...

    def day(self, value: date) -> str: ...

    def short_day(self, value: date) -> str:
        """The same in few letters, for tables."""
        ...

    def country(self, code: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Keys:
    """``Wording`` of no language, where it only counts that something is said: every message is its key."""

    language: str = "en"
    tag: str = "en-CA"

    def text(self, key: str, **values: str) -> str:
        return key.format_map(values) if values else key

    def money(self, amount: Money) -> str:
        return f"{amount} {amount.currency}"

    def price(self, amount: Decimal, currency: str) -> str:
        return f"{amount:f} {currency}"

    def number(self, value: Decimal) -> str:
        return f"{value:f}"

    def percent(self, value: Decimal) -> str:
        return f"{value:f} %"

    def day(self, value: date) -> str:
        return value.isoformat()

    def short_day(self, value: date) -> str:
        return value.isoformat()

    def country(self, code: str) -> str:
        return code
