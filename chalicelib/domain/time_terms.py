"""How time is billed: at whose rate, and how it is rounded."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.money import half_away
from chalicelib.domain.values import dataclass

MINUTES = 60


class RoundingMode(StrEnum):
    """Which way time that is no whole number of steps goes; a tie of NEAREST goes up."""

    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class RoundedPer(StrEnum):
    """What is rounded: each entry, or all of a day together."""

    ENTRY = "entry"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRounding:
    """step_minutes: what time is rounded to; least_minutes: what is billed at least of anything at all."""

    step_minutes: Decimal
    mode: RoundingMode = RoundingMode.UP
    per: RoundedPer = RoundedPer.ENTRY
    least_minutes: Decimal = Decimal(0)

    def rounded(self, minutes: Decimal) -> Decimal:
        """The minutes that are billed for so many that were worked; none for none."""
        if minutes <= 0:
            return Decimal(0)
        return max(rounded_to(minutes, step=self.step_minutes, mode=self.mode), self.least_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRate:
    """What an hour costs: of one person, of one code of the catalogue, of both, or of anybody's anything."""

    unit_price: Decimal
    person: str | None = None
    catalog_code: str | None = None


def rounded_to(amount: Decimal, *, step: Decimal, mode: RoundingMode) -> Decimal:
    """The multiple of a step that an amount is rounded to; ``nearest`` takes a tie away from zero."""
    steps = Fraction(amount) / Fraction(step)
    match mode:
        case RoundingMode.UP:
            whole = -(-steps.numerator // steps.denominator)
        case RoundingMode.DOWN:
            whole = steps.numerator // steps.denominator
        case RoundingMode.NEAREST:
            whole = half_away(steps)
    return whole * step


def rate_for(rates: Iterable[TimeRate], *, person: str | None, catalog_code: str | None) -> TimeRate | None:
    """The rate that fits best: of the person and the code, of the person, of the code, of everything."""
    fitting = [rate for rate in rates if rate.person in {None, person} and rate.catalog_code in {None, catalog_code}]
    return max(fitting, key=lambda rate: (rate.person is not None, rate.catalog_code is not None), default=None)


def in_hours(minutes: Decimal) -> Decimal:
    """Minutes as hours, to six decimals: what a quantity may have."""
    return (minutes / MINUTES).quantize(Decimal("0.000001")).normalize() + Decimal(0)
