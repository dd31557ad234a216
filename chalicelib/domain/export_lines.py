"""What a document sells as other programs want it: every line without its taxes, and together just what it comes to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.values import dataclass

ONE = Decimal(1)
SIX_PLACES = Decimal("0.000001")
MOST_PLACES = 4
"""Decimals of a quantity and of a price that accounting programs take; Xero rounds what has more (``unitdp``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An issued document with all that is told of it.

    reference: the client's, in the books of the business.
    """

    document: Invoice | CreditNote
    content: Content
    parties: Parties
    reference: str | None = None

    @property
    def is_credit(self) -> bool:
        return isinstance(self.document, CreditNote)

    @property
    def sign(self) -> int:
        """A credit note's figures are above zero, and take back."""
        return -1 if self.is_credit else 1

    @property
    def number(self) -> str:
        return self.document.number or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One line, or a discount or charge of the whole document.

    quantity, unit_price: they come to the net; net: without taxes, tax: with which it comes to the total.
    taxes: the codes of those that it bears. on_account: it is no revenue, but what is prepaid.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    unit: str | None = None
    net: Money
    tax: Money
    taxes: tuple[str, ...]
    catalog_code: str | None = None
    on_account: bool = False


def sold_on(paper: Paper) -> tuple[Sold, ...]:
    """The lines of a document; their nets come to its net, and their taxes to its taxes.

    Raises Refused (``figures_differ``) for a document of which that is not so.
    """
    content, figures = paper.content, paper.document.figures
    rates = {rate.code: rate for rate in content.rates}
    lines = [_as_sold(line, content.currency, rates) for line in content.lines]
    lines += _adjustments(paper, lines, rates)
    nets = _without_held([line.net.minor for line in lines], lines, rates, figures.net_total.minor)
    if sum(nets) != figures.net_total.minor:
        raise Refused("figures_differ", f"The lines of {paper.number} do not come to its total before tax.")
    taxes = _taxes(paper, lines, nets)
    return tuple(
        _priced(line, net=Money(net, content.currency), tax=Money(tax, content.currency))
        for line, net, tax in zip(lines, nets, taxes, strict=True)
    )


def plainly_sold_on(paper: Paper) -> tuple[Sold, ...]:
    """The same in no more decimals than accounting programs take; a line of more is one at what it comes to."""
    return tuple(line if _is_plain(line) else _as_one(line, line.net, line.tax) for line in sold_on(paper))


def _is_plain(line: Sold) -> bool:
    return all(round(figure, MOST_PLACES) == figure for figure in (line.quantity, line.unit_price))


def _as_sold(line: Line, currency: str, rates: dict[str, TaxRate]) -> Sold:
    return Sold(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price if line.base_quantity == ONE else _rounded(line.unit_price / line.base_quantity),
        unit=line.unit,
        net=line.net or Money.zero(currency),
        tax=Money.zero(currency),
        taxes=tuple(code for code in line.taxes if code in rates and not rates[code].withheld),
        catalog_code=line.catalog_code,
        on_account=line.on_account,
    )


def _adjustments(paper: Paper, lines: Sequence[Sold], rates: dict[str, TaxRate]) -> Iterator[Sold]:
    """The discounts and charges of the whole document, shared out over the taxes of its lines."""
    figures, currency = paper.document.figures, paper.content.currency
    shared = figures.charge_total.minor - figures.discount_total.minor
    shared += figures.subtotal.minor - sum(line.net.minor for line in lines)
    for name, amount, taxes in _with_own_taxes(paper):
        shared -= amount.minor
        yield _adjustment(name, amount, tuple(code for code in taxes if code in rates and not rates[code].withheld))
    sums: dict[tuple[str, ...], int] = {}
    for line in lines:
        sums[line.taxes] = sums.get(line.taxes, 0) + line.net.minor
    weights = sums or {(): 0}
    for taxes, minor in zip(weights, share(shared, list(weights.values())), strict=True):
        if minor:
            yield _adjustment("Discount" if minor < 0 else "Charge", Money(minor, currency), taxes)


def _with_own_taxes(paper: Paper) -> Iterator[tuple[str, Money, tuple[str, ...]]]:
    """The discounts and charges that name their taxes; where figures were allotted, they are in those."""
    content = paper.content
    gross = Fraction(paper.document.figures.subtotal.decimal)
    for sign, adjustments in ((-1, content.allowances), (1, content.charges)) if content.given is None else ():
        for one in adjustments:
            if one.taxes is not None:
                amount = Money.rounded(sign * one.of(gross, currency=content.currency), content.currency)
                yield one.reason or ("Charge" if sign > 0 else "Discount"), amount, one.taxes


def _adjustment(description: str, amount: Money, taxes: tuple[str, ...]) -> Sold:
    zero = Money.zero(amount.currency)
    return Sold(description=description, quantity=ONE, unit_price=amount.decimal, net=amount, tax=zero, taxes=taxes)


def _without_held(nets: list[int], lines: Sequence[Sold], rates: dict[str, TaxRate], net_total: int) -> list[int]:
    """The nets without the taxes that prices include."""
    held = sum(nets) - net_total
    weights = []
    for line, net in zip(lines, nets, strict=True):
        percent = sum((Fraction(rates[code].rate_percent) for code in line.taxes if rates[code].included), Fraction(0))
        weights.append(net * percent / (100 + percent))
    if not held or not any(weights):
        return nets
    return [net - part for net, part in zip(nets, share(held, weights), strict=True)]


def _taxes(paper: Paper, lines: Sequence[Sold], nets: Sequence[int]) -> list[int]:
    """Each tax of the document shared out over the lines that bear it."""
    taxes = [0] * len(lines)
    for tax in paper.document.figures.taxes:
        if tax.withheld or not tax.amount or not lines:
            continue
        bearing = [place for place, line in enumerate(lines) if tax.code in line.taxes] or [*range(len(lines))]
        for place, part in zip(bearing, share(tax.amount.minor, [nets[one] for one in bearing]), strict=True):
            taxes[place] += part
    return taxes


def _rounded(price: Decimal) -> Decimal:
    return price.quantize(SIX_PLACES)


def _priced(line: Sold, *, net: Money, tax: Money) -> Sold:
    """The line at what it comes to: one of it at its net, where quantity and price come to something else."""
    exact = Money.rounded(Fraction(line.quantity) * Fraction(line.unit_price), net.currency)
    if exact == net and line.quantity:
        return replace(line, net=net, tax=tax)
    return _as_one(line, net, tax)


def _as_one(line: Sold, net: Money, tax: Money) -> Sold:
    return replace(line, quantity=ONE, unit_price=net.decimal, unit=None, net=net, tax=tax)
