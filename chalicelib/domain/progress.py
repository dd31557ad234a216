"""Billing by progress (situations de travaux): of each line what is done so far, less what was billed of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One line of what was agreed: what it comes to, and how much of it is done, in per cent.

    billed: what was asked for it so far, be it on an invoice or still to be put on one.
    """

    id: str
    description: str
    amount: Money
    percent: Decimal = Decimal(0)
    billed: Money

    @property
    def planned(self) -> Money:
        """What is still to be asked for it."""
        return self.amount - self.billed

    @property
    def earned(self) -> Money:
        """What is done of it so far is worth: rounded as a whole, so that the last situation closes the line."""
        return share_of(self.amount, self.percent)


def share_of(amount: Money, percent: Decimal) -> Money:
    return Money.rounded(Fraction(amount.decimal) * Fraction(percent) / 100, amount.currency)


def progressed(work: Sequence[Work], percents: Mapping[str, Decimal]) -> tuple[Work, ...]:
    """The lines with how much is done of them by now. Raises Invalid for a line that is not there, or no percentage."""
    known = {one.id for one in work}
    for id, percent in percents.items():
        if id not in known:
            raise Invalid("unknown_line", f"There is no line {id!r} in this contract.", at=f"/progress/{id}")
        if not 0 <= percent <= WHOLE:
            raise Invalid("not_a_percentage", "Progress is between 0 and 100 per cent.", at=f"/progress/{id}")
    return tuple(replace(one, percent=percents.get(one.id, one.percent)) for one in work)
