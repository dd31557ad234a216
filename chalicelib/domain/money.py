"""Amounts: whole minor units of one ISO 4217 currency."""

from decimal import Decimal
from fractions import Fraction
from typing import Self

from chalicelib.domain.currencies import MINOR_UNITS
from chalicelib.domain.errors import Invalid
from chalicelib.domain.values import dataclass

# In major units. An amount beyond it is a slip, and below it every figure fits a page.
LARGEST = 10**12


def exponent(currency: str) -> int:
    """How many decimals a currency has (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.

    Raises Invalid (``unknown_currency``) for a code that ISO 4217 does not list.
    """
    if currency not in MINOR_UNITS:
        raise Invalid("unknown_currency", f"{currency!r} is not an ISO 4217 currency code.", at="/currency")
    return MINOR_UNITS[currency]


def half_away(amount: Fraction) -> int:
    """The nearest whole number; half goes away from zero, so that a credit mirrors its invoice."""
    nearest = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return nearest if amount >= 0 else -nearest


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of one currency.

    minor:    whole minor units (cents for EUR, yen for JPY); may be negative.
    currency: ISO 4217 alphabetic code, upper case.
    """

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def rounded(cls, amount: Decimal | Fraction, currency: str) -> Self:
        """The nearest whole minor unit of an amount in major units, computed exactly; half goes away from zero."""
        return cls(half_away(Fraction(amount) * 10 ** exponent(currency)), currency)

    @classmethod
    def exactly(cls, amount: Decimal, currency: str, *, at: str = "") -> Self:
        """The amount itself. Raises Invalid if it has more decimals than its currency, or is beyond 10^12."""
        money = cls.rounded(amount, currency)
        if money.decimal != amount:
            digits = exponent(currency)
            raise Invalid("too_many_decimals", f"{amount:f} has more than the {digits} decimals of {currency}.", at=at)
        return money.within_limits(at=at)

    def within_limits(self, *, at: str = "") -> Self:
        """The same amount. Raises Invalid (``too_large``) beyond 10^12 major units."""
        if abs(self.minor) > LARGEST * 10 ** exponent(self.currency):
            raise Invalid("too_large", "An amount cannot go beyond 1,000,000,000,000.", at=at)
        return self

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with the currency's own number of decimals."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Self) -> Self:
        self._same_currency(other)
        return type(self)(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> Self:
        self._same_currency(other)
        return type(self)(self.minor - other.minor, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        digits = exponent(self.currency)
        sign, text = "-" if self.minor < 0 else "", str(abs(self.minor)).zfill(digits + 1)
        return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"

    def _same_currency(self, other: Self) -> None:
        if self.currency != other.currency:
            raise Invalid("currency_mismatch", f"{other.currency} cannot be added to {self.currency}.")
