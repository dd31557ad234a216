"""The lines of a document as EN 16931 has them, each under one category of VAT at one rate.

What it cannot say is refused: it knows VAT in percent, on top of prices, and one on each line; not a tax for each unit,
held in prices, kept back by the client or taken beside another one on the same line, as Quebec's is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.e_invoice import ELine
from chalicelib.domain.e_invoice_levies import (
    Key,
    Levies,
    bases_of,
    evened,
    gross_of,
    key_of,
    net_of,
    on_document,
    on_line,
)
from chalicelib.domain.e_invoice_units import ONE, coded
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.figures import Figures
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate

NEAR = Fraction(1, 100)
MOST_LEFT = 50
"""Minor units that rounding may leave of a base: half of one for each of a hundred parts."""
LONGEST_NAME = 250
Parts = tuple[tuple[Key, int], ...]
"""What of a line's net bears which VAT, in minor units; nearly always one."""


def must_be_sayable(content: Content, figures: Figures) -> None:
    """Raise Invalid (``not_en16931``) naming each line whose taxes an e-invoice cannot tell."""
    rates = {rate.code: rate for rate in content.rates}
    splits = content.given is not None and _adds_up(figures)
    faults = [
        Fault(f"/lines/{place}/taxes", "not_en16931", reason)
        for place, line in enumerate(content.lines)
        if (reason := _unsayable(line, rates, splits=splits))
    ]
    if faults:
        detail = "You cannot make an e-invoice of this because EN 16931 cannot say its taxes."
        raise Invalid("not_en16931", detail, faults=faults)


def sold(content: Content, figures: Figures, language: str) -> tuple[tuple[ELine, ...], Levies]:
    """The lines, and what the document allows and charges; where it has no more than that, these are its lines.

    What is left of an invoice to be credited may be a charge alone.
    """
    levies = on_document(content, figures, language)
    lines = _lines(content, figures, levies, language)
    return (lines, levies) if lines else (_lines_of(levies), Levies(allowances=(), charges=()))


def _lines_of(levies: Levies) -> tuple[ELine, ...]:
    signed = [*((-1, levy) for levy in levies.allowances), *((1, levy) for levy in levies.charges)]
    return tuple(
        ELine(
            id=f"{number}",
            name=levy.reason,
            quantity=Decimal(sign),
            unit=ONE,
            net=sign * levy.amount,
            price=levy.amount,
            category=levy.category,
            rate=levy.rate,
        )
        for number, (sign, levy) in enumerate(signed, start=1)
    )


def _lines(content: Content, figures: Figures, levies: Levies, language: str) -> tuple[ELine, ...]:
    """One that stands for a part of a whole with several rates becomes one for each of them."""
    shown = [
        (line, key, part, len(parts) == 1)
        for line, parts in zip(content.lines, _borne(content, figures, levies), strict=True)
        for key, part in parts
    ]
    return tuple(
        _line(f"{number}", line, key, Money(part, content.currency), language if alone else None)
        for number, (line, key, part, alone) in enumerate(shown, start=1)
    )


def _unsayable(line: Line, rates: Mapping[str, TaxRate], *, splits: bool) -> str:
    """Why a line's taxes cannot be told; empty where they can."""
    taxes = [rates[code] for code in line.taxes if code in rates]
    reasons = (
        (not taxes, "A line needs a tax with its category, also where it is 0 %."),
        (any(tax.withheld for tax in taxes), "A tax that the client withholds cannot be told."),
        (any(tax.kind != "percent" for tax in taxes), "A tax for each unit cannot be told."),
        (any(tax.included for tax in taxes), "A tax that prices include cannot be told; give prices without it."),
        (any(tax.rate_percent < 0 for tax in taxes), "A negative tax cannot be told."),
        (len(taxes) > 1 and not splits, "Only one tax can be told of a line."),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _adds_up(figures: Figures) -> bool:
    """Whether each tax is taken on a part of its own, but for rounding: where two are on one, the bases are more.

    The last of many parts has what rounding left of all the others.
    """
    off = abs(sum(tax.base.minor for tax in figures.taxes) - figures.net_total.minor)
    return off <= MOST_LEFT * len(figures.taxes) and off * 10 <= abs(figures.net_total.minor)


def _borne(content: Content, figures: Figures, levies: Levies) -> tuple[Parts, ...]:
    rates = {rate.code: rate for rate in content.rates}
    alone = {place: key_of(rates[line.taxes[0]]) for place, line in enumerate(content.lines) if len(line.taxes) == 1}
    mixed = [place for place in range(len(content.lines)) if place not in alone]
    nets = [net_of(content.lines[place]).minor for place in mixed]
    left = evened(_left(content, figures, levies, alone), sum(nets)) if mixed else {}
    split = dict(zip(mixed, _split(nets, left), strict=True))
    return tuple(
        ((alone[place], net_of(line).minor),) if place in alone else split[place]
        for place, line in enumerate(content.lines)
    )


def _left(content: Content, figures: Figures, levies: Levies, alone: Mapping[int, Key]) -> dict[Key, int]:
    """What of each group the lines of one tax, the allowances and the charges leave to the others."""
    left = bases_of(figures)
    for sign, some in ((1, levies.allowances), (-1, levies.charges)):
        for levy in some:
            left[levy.category, levy.rate] += sign * Money.rounded(levy.amount, content.currency).minor
    for place, key in alone.items():
        left[key] = left.get(key, 0) - net_of(content.lines[place]).minor
    return left


def _split(nets: Sequence[int], left: Mapping[Key, int]) -> list[Parts]:
    """Nets shared out over groups by what is left of these; the last net takes the rest of each.

    A net of nothing is of one group: what is credited may be a cent of tax alone.
    """
    rest, split = dict(left), []
    for place, net in enumerate(nets):
        is_last = place == len(nets) - 1
        parts = dict(zip(rest, rest.values() if is_last else share(net, list(rest.values())), strict=True))
        split.append(tuple((key, part) for key, part in parts.items() if part) or tuple(parts.items())[:1])
        rest = {key: whole - parts[key] for key, whole in rest.items()}
    return split


def _line(id: str, line: Line, key: Key, net: Money, language: str | None) -> ELine:
    """A line for its net; a whole one, of a language, with its own quantity and price where they come to it."""
    name, _, more = line.description.strip().partition("\n")
    code, word = coded(line.unit)
    told = ELine(
        id=id,
        name=name[:LONGEST_NAME] or "-",
        description=f"{name[LONGEST_NAME:]}\n{more}".strip(),
        quantity=Decimal(-1) if net.minor < 0 else Decimal(1),
        unit=code,
        unit_word=word,
        net=net.decimal,
        price=abs(net.decimal),
        category=key[0],
        rate=key[1],
        code=line.catalog_code or "",
    )
    return _as_sold(told, line, on_line(line, language)) if language and _follows(line, net) else told


def _follows(line: Line, net: Money) -> bool:
    """Whether quantity and price come to the net; of a part that was allotted they may not."""
    gross = gross_of(line)
    taken = sum((one.of(gross, currency=net.currency) for one in line.allowances), Fraction(0))
    added = sum((one.of(gross, currency=net.currency) for one in line.charges), Fraction(0))
    return abs(gross - taken + added - Fraction(net.decimal)) < NEAR


def _as_sold(told: ELine, line: Line, levies: Levies) -> ELine:
    """With its own quantity and price; a price is never below zero (BR-27), its quantity is instead."""
    return replace(
        told,
        quantity=-line.quantity if line.unit_price < 0 else line.quantity,
        price=abs(line.unit_price),
        base_quantity=line.base_quantity,
        allowances=levies.allowances,
        charges=levies.charges,
    )
