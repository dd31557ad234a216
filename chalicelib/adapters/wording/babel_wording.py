"""One language and country: messages from its catalogue, figures and days as CLDR writes them there."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import NumberPattern, get_currency_symbol

from chalicelib.adapters.wording.bilingual import BilingualWording
from chalicelib.domain.money import Money, exponent
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording

CATALOGUES = Path(__file__).parent / "catalogues"
FALLBACK = "en"
MINUS = "\u2212"


@cache
def wording(language: str, country: str | None) -> Wording:
    """What is said and written in a language (BCP 47) in a country (ISO 3166, where CLDR knows the pair).

    A language that names its own country is written as there. A pair, ``fr+en``, is said in both.
    A language without a catalogue is answered in English.
    """
    first, _, second = language.partition("+")
    return BilingualWording(_one(first, country), _one(second, country)) if second else _one(first, country)


def _one(language: str, country: str | None) -> "BabelWording":
    primary, _, territory = language.partition("-")
    spoken = primary if primary.isalpha() and (CATALOGUES / f"{primary}.po").exists() else FALLBACK
    return BabelWording(_locale(spoken, territory or country))


def _locale(language: str, country: str | None) -> Locale:
    try:
        return Locale(language, country)
    except UnknownLocaleError:
        return Locale(language)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every message of a language by its English key."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


@dataclass(frozen=True, slots=True)
class _Figures:
    """How numbers are written: the marks, and how many digits stand in the last group and in those before it."""

    point: str
    comma: str
    last: int
    others: int

    def written(self, value: Decimal) -> str:
        """The value without its sign, with all its decimals."""
        whole, _, decimals = f"{abs(value):f}".partition(".")
        grouped = f"{int(whole):,}".replace(",", self.comma) if self.last == self.others == 3 else self._grouped(whole)  # noqa: PLR2004
        return f"{grouped}{self.point}{decimals}" if decimals else grouped

    def _grouped(self, whole: str) -> str:
        groups, rest = [whole[-self.last :]], whole[: -self.last]
        while rest:
            groups.insert(0, rest[-self.others :])
            rest = rest[: -self.others]
        return self.comma.join(groups)


class BabelWording:
    def __init__(self, locale: Locale) -> None:
        self.language = locale.language
        self.tag = f"{locale.language}-{locale.territory}" if locale.territory else locale.language
        self._locale = locale
        self._messages = catalogue(locale.language)
        self._figures = _figures(locale)
        self._around_money: dict[str, tuple[str, str]] = {}
        self._around_percent = _around(locale.percent_formats[None], "%")

    def text(self, key: str, **values: str) -> str:
        message = self._messages.get(key, key)
        return message.format(**values) if values else message

    def money(self, amount: Money) -> str:
        return self._money(amount.decimal, amount.currency)

    def price(self, amount: Decimal, currency: str) -> str:
        rounded = amount.quantize(Decimal(1).scaleb(-exponent(currency)))
        return self._money(rounded if rounded == amount else amount.normalize(), currency)

    def number(self, value: Decimal) -> str:
        plain = value.normalize() if value else Decimal(0)
        return (MINUS if plain < 0 else "") + self._figures.written(plain)

    def percent(self, value: Decimal) -> str:
        before, after = self._around_percent
        plain = value.normalize() if value else Decimal(0)
        return f"{MINUS if plain < 0 else ''}{before}{self._figures.written(plain)}{after}"

    def day(self, value: date) -> str:
        return self._dated(value, "long")

    def short_day(self, value: date) -> str:
        return self._dated(value, "medium")

    def country(self, code: str) -> str:
        return str(self._locale.territories.get(code, code))

    def _dated(self, value: date, length: Literal["medium", "long"]) -> str:
        written = format_date(value, length, locale=self._locale)
        first = self.language == "fr" and value.day == 1
        return written.replace("1 ", "1er ", 1) if first else written

    def _money(self, amount: Decimal, currency: str) -> str:
        around = self._around_money.get(currency)
        if around is None:
            symbol = get_currency_symbol(currency, locale=self._locale)
            around = _around(self._locale.currency_formats["standard"], symbol)
            self._around_money[currency] = around
        sign = MINUS if amount < 0 else ""
        return f"{sign}{around[0]}{self._figures.written(amount)}{around[1]}"


def _figures(locale: Locale) -> _Figures:
    symbols = locale.number_symbols["latn"]
    last, others = locale.decimal_formats[None].grouping
    return _Figures(symbols["decimal"], symbols["group"], last, others)


def _around(pattern: NumberPattern, symbol: str) -> tuple[str, str]:
    """What stands before and after a figure, with a space that does not break where CLDR puts one."""
    prefix, suffix = pattern.prefix[0], pattern.suffix[0]
    before, after = (part.replace("¤", symbol).replace(" ", "\u00a0") for part in (prefix, suffix))
    if before and before[-1].isalpha():
        before += "\u00a0"
    return before, after
