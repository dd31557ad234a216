"""A language of which every message is its key."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.domain.money import Money


@dataclass(frozen=True, slots=True)
class PlainWording:
    """``Wording``: keys with their values, figures as the domain writes them."""

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
