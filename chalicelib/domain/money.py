"""Amounts: whole minor units of one ISO 4217 currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from chalicelib.domain.currencies import MINOR_UNITS
from chalicelib.domain.errors import Invalid


def exponent(currency: str) -> int:
    """How many decimals a currency has (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.

    Raises Invalid (``unknown_currency``) for a code that ISO 4217 does not list.
    """
    if currency not in MINOR_UNITS:
        raise Invalid("unknown_currency", f"{currency!r} is not an ISO 4217 currency code.", at="/currency")
    return MINOR_UNITS[currency]


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
    def rounded(cls, amount: Decimal, currency: str) -> Self:
        """The nearest whole minor unit; half goes away from zero, so that a credit mirrors its invoice."""
        minor = amount.scaleb(exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP)
        return cls(int(minor), currency)

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
        return f"{self.decimal:f}"

    def _same_currency(self, other: Self) -> None:
        if self.currency != other.currency:
            raise Invalid("currency_mismatch", f"{other.currency} cannot be added to {self.currency}.")
