"""What is sold: the lines of a quote or an invoice, with their allowances and charges."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

MOST_LINES = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An allowance or a charge: a percentage or an amount, never both.

    percent: of the gross of its line, or of the document's subtotal.
    taxes:   codes, on a document only; None spreads it over the taxes of the lines.
    """

    percent: Decimal | None = None
    amount: Money | None = None
    reason: str | None = None
    taxes: tuple[str, ...] | None = None

    def of(self, gross: Fraction, *, currency: str) -> Fraction:
        """What it comes to, in major units, before any rounding. Raises Invalid for an amount of another currency."""
        if self.percent is not None:
            return gross * Fraction(self.percent) / 100
        amount = Money.zero(currency) + self.amount if self.amount else Money.zero(currency)
        return Fraction(amount.decimal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A line of another document."""

    document_id: str
    line_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing sold; a negative quantity or price makes it a discount.

    unit_price:    in major units, for base_quantity units; up to 6 decimals.
    taxes:         codes of tax rates, in the order in which they are computed.
    item_version:  of the billable item, as the line was written from it.
    item_ids:      the billable items that it bills together, where they are several; item_versions: of those, as the
                   line was written from them.
    origins:       the lines it was made from: of the nearest document first, then of what that was made from.
    on_account:    it asks for what is to be applied later, or applies it: no revenue, whatever it comes to.
    net:           what the line comes to; None until it is priced. Holds the taxes that prices include.
    """

    id: str = ""
    description: str
    quantity: Decimal = Decimal(1)
    unit_price: Decimal
    base_quantity: Decimal = Decimal(1)
    unit: str | None = None
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    taxes: tuple[str, ...] = ()
    catalog_code: str | None = None
    item_id: str | None = None
    item_version: int | None = None
    item_ids: tuple[str, ...] = ()
    item_versions: tuple[int, ...] = ()
    group: str | None = None
    on_account: bool = False
    origins: tuple[Origin, ...] = ()
    net: Money | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """The billable items that it bills."""
        return (self.item_id,) if self.item_id else self.item_ids


def priced(lines: Iterable[Line], *, currency: str) -> tuple[Line, ...]:
    """The lines with their nets. Raises Invalid for more than 3,000 lines, or one beyond 10^12."""
    given = tuple(lines)
    if len(given) > MOST_LINES:
        raise Invalid("too_many_lines", f"A document cannot have more than {MOST_LINES} lines.", at="/lines")
    return tuple(
        replace(line, net=net_of(line, currency=currency, at=f"/lines/{position}"))
        for position, line in enumerate(given)
    )


def net_of(line: Line, *, currency: str, at: str = "") -> Money:
    """Quantity times price, less allowances, plus charges: computed exactly and rounded once.

    Every percentage is taken on the same gross. Raises Invalid beyond 10^12.
    """
    if line.base_quantity <= 0:
        raise Invalid("not_positive", "A base quantity must be above 0.", at=f"{at}/base_quantity")
    gross = Fraction(line.quantity) * Fraction(line.unit_price) / Fraction(line.base_quantity)
    allowed = sum((allowance.of(gross, currency=currency) for allowance in line.allowances), Fraction(0))
    charged = sum((charge.of(gross, currency=currency) for charge in line.charges), Fraction(0))
    return Money.rounded(gross - allowed + charged, currency).within_limits(at=at)


def put_on_account(lines: Iterable[Line], *, currency: str) -> Money | None:
    """What of the lines is asked for beforehand, or applied of that; they must be priced. None where none are so."""
    nets = [line.net for line in lines if line.on_account and line.net is not None]
    return sum(nets, Money.zero(currency)) if nets else None


def subtotals_of(lines: Iterable[Line], *, currency: str) -> dict[str, Money]:
    """What the lines of each group come to, by its name, in the order of their first lines; they must be priced."""
    subtotals: dict[str, Money] = {}
    for line in lines:
        if line.group:
            net = line.net or Money.zero(currency)
            subtotals[line.group] = subtotals.get(line.group, Money.zero(currency)) + net
    return subtotals
