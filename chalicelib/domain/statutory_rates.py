"""What the law of a country has a late payer owe a business, by the days for which it is known.

France: C. com. art. L441-10 (penalties at the European Central Bank's rate of 1 January and 1 July plus ten points,
never under three times the legal rate of interest) and D441-5 (40 EUR for each late invoice); consumers owe none of it.
A rate stands for a half-year and is published as it begins: a period that is not here is given by the business.
"""

from datetime import date
from decimal import Decimal

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryRate:
    """A yearly rate from a day to another; floor: the least that a contract may agree on instead."""

    since: date
    until: date
    percent: Decimal
    floor: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """recovery: what each late invoice costs beside the interest, outside VAT; law: what a document names."""

    rates: tuple[StatutoryRate, ...]
    recovery: Money
    law: str


STATUTES: dict[str, Statute] = {
    "FR": Statute(
        rates=(
            StatutoryRate(
                since=date(2026, 1, 1),
                until=date(2026, 6, 30),
                percent=Decimal("12.15"),  # 2.15 + 10
                floor=Decimal("7.86"),  # 3 x 2.62
            ),
        ),
        recovery=Money(40_00, "EUR"),
        law="C. com. art. L441-10, D441-5",
    ),
}
