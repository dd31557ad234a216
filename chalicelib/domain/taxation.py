"""The taxes of a document: per rate on the whole of it, or line by line.

Source of the rules: EN 16931 (BR-CO-14, BR-CO-17, BR-S-08), Canada's ETA 165.2, French practice.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money, exponent, half_away
from chalicelib.domain.sharing import rounded_to
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """One tax of a document.

    rate_percent: None for a fixed tax.
    base:         what the tax is taken on; it holds the earlier taxes that raise it.
    """

    code: str
    name: str
    rate_percent: Decimal | None
    base: Money
    amount: Money
    category: str = "S"
    exemption_reason: str | None = None
    exemption_certificate: str | None = None
    withheld: bool = False
    registration_number: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document that bears the same taxes throughout.

    amount:   minor units, with the taxes that its prices include.
    quantity: the units of which fixed taxes are due.
    """

    taxes: tuple[TaxRate, ...]
    amount: int
    quantity: Fraction


@dataclass(frozen=True, slots=True)
class Taxed:
    """What one tax takes of one piece, in minor units."""

    tax: TaxRate
    base: Fraction
    amount: Fraction


def per_rate(pieces: Iterable[Piece], *, currency: str) -> tuple[TaxLine, ...]:
    """Each tax computed once, on the sum of what bears it, and rounded.

    The tax held in prices is rounded on its sum too, then shared out over the pieces; what is left of each is its net.
    """
    merged = merge(pieces)
    held = [held_exactly(piece, currency=currency) for piece in merged]
    totals = rounded_sums(held)
    found: dict[str, list[Taxed]] = {}
    for piece, net in zip(merged, nets_of(merged, held, totals), strict=True):
        for taxed in chain_of(piece, net, currency=currency):
            found.setdefault(taxed.tax.code, []).append(taxed)
    lines = []
    for code, parts in found.items():
        base = half_away(sum((part.base for part in parts), Fraction(0)))
        amount = totals[code] if code in totals else _on_whole(parts, base)
        lines.append(_line(parts[0].tax, base, amount, currency=currency))
    return tuple(lines)


def per_line(pieces: Iterable[Piece], *, currency: str) -> tuple[TaxLine, ...]:
    """Each tax computed and rounded on every piece, then added up."""
    found: dict[str, tuple[TaxRate, int, int]] = {}
    for piece in pieces:
        for taxed in rounded_chain_of(piece, currency=currency):
            _, base, amount = found.get(taxed.tax.code, (taxed.tax, 0, 0))
            found[taxed.tax.code] = (taxed.tax, base + int(taxed.base), amount + int(taxed.amount))
    return tuple(_line(tax, base, amount, currency=currency) for tax, base, amount in found.values())


def merge(pieces: Iterable[Piece]) -> list[Piece]:
    """One piece for each combination of taxes, in the order of first use."""
    sums: dict[tuple[str, ...], Piece] = {}
    for piece in pieces:
        codes = tuple(tax.code for tax in piece.taxes)
        before = sums.get(codes, Piece(piece.taxes, 0, Fraction(0)))
        sums[codes] = Piece(piece.taxes, before.amount + piece.amount, before.quantity + piece.quantity)
    return list(sums.values())


def nets_of(pieces: Sequence[Piece], held: Sequence[Mapping[str, Fraction]], totals: Mapping[str, int]) -> list[int]:
    """What is left of each piece, in minor units, when each tax held in its prices is taken out of it."""
    nets = [piece.amount for piece in pieces]
    for code, total in totals.items():
        bearing = [index for index, parts in enumerate(held) if code in parts]
        for index, part in zip(bearing, rounded_to(total, [held[index][code] for index in bearing]), strict=True):
            nets[index] -= part
    return nets


def rounded_sums(held: Iterable[Mapping[str, Fraction]]) -> dict[str, int]:
    """Each tax held in prices, by code: rounded once, on its sum."""
    sums: dict[str, Fraction] = {}
    for parts in held:
        for code, amount in parts.items():
            sums[code] = sums.get(code, Fraction(0)) + amount
    return {code: half_away(amount) for code, amount in sums.items()}


def held_exactly(piece: Piece, *, currency: str) -> dict[str, Fraction]:
    """Each tax held in a piece's prices, by code, before any rounding.

    Every tax is ``a x net + b``; so are the prices, as the net and the taxes they include; hence the net.
    Raises Invalid where negative taxes before an included one leave no net that adds up to the price.
    """
    if not any(tax.included for tax in piece.taxes):
        return {}
    of_nothing = chain_of(piece, 0, currency=currency)
    of_one = chain_of(piece, 1, currency=currency)
    constant = sum((part.amount for part in of_nothing if part.tax.included), Fraction(0))
    slope = 1 + sum((part.amount for part in of_one if part.tax.included), Fraction(0)) - constant
    if slope <= 0:
        raise Invalid("tax_rate", "The taxes that a price includes are more than the price.", at="/lines")
    net = (piece.amount - constant) / slope
    return {part.tax.code: part.amount for part in chain_of(piece, net, currency=currency) if part.tax.included}


def chain_of(piece: Piece, net: int | Fraction, *, currency: str) -> list[Taxed]:
    """The taxes of a piece, one after the other, before any rounding."""
    raised = Fraction(net)
    chain = []
    for tax in piece.taxes:
        base = raised if tax.affected else Fraction(net)
        amount = _amount(tax, base, piece.quantity, currency=currency)
        chain.append(Taxed(tax, base, amount))
        raised += amount if tax.affects_next else 0
    return chain


def rounded_chain_of(piece: Piece, *, currency: str) -> list[Taxed]:
    """The taxes of a piece, one after the other, each rounded before the next."""
    held = {code: half_away(amount) for code, amount in held_exactly(piece, currency=currency).items()}
    net = raised = Fraction(piece.amount - sum(held.values()))
    chain = []
    for tax in piece.taxes:
        base = raised if tax.affected else net
        exact = _amount(tax, base, piece.quantity, currency=currency)
        amount = held[tax.code] if tax.included else half_away(exact)
        chain.append(Taxed(tax, base, Fraction(amount)))
        raised += amount if tax.affects_next else 0
    return chain


def _amount(tax: TaxRate, base: Fraction, quantity: Fraction, *, currency: str) -> Fraction:
    if tax.amount is not None:
        minor_units: int = 10 ** exponent(currency)
        return quantity * Fraction(tax.amount) * minor_units
    return base * (Fraction(tax.rate_percent) / 100)


def _on_whole(parts: Sequence[Taxed], base: int) -> int:
    """A tax on top of prices: a percentage of the base that is shown, or the sum of what is due by the unit."""
    tax = parts[0].tax
    if tax.amount is not None:
        return half_away(sum((part.amount for part in parts), Fraction(0)))
    return half_away(base * Fraction(tax.rate_percent) / 100)


def _line(tax: TaxRate, base: int, amount: int, *, currency: str) -> TaxLine:
    return TaxLine(
        code=tax.code,
        name=tax.name,
        rate_percent=None if tax.amount is not None else tax.rate_percent,
        base=Money(base, currency),
        amount=Money(amount, currency),
        category=tax.category,
        exemption_reason=tax.exemption_reason,
        exemption_certificate=tax.exemption_certificate,
        withheld=tax.withheld,
        registration_number=tax.registration_number,
    )
