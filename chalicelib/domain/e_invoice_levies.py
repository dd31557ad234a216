"""Allowances and charges as EN 16931 has them: each on a line, or on what of the document bears one VAT category."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.e_invoice import Levy
from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures import Figures
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money, exponent
from chalicelib.domain.sales import Content
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.values import dataclass

Key = tuple[str, Decimal | None]
"""A category of VAT and its rate: what one group of the breakdown is about."""

TAXED = "S"
ALLOWANCE, CHARGE = "95", "ZZZ"  # UNTDID 5189 discount, UNTDID 7161 mutually defined
WORDS: Mapping[str, tuple[str, str]] = {"en": ("Discount", "Charge"), "fr": ("Remise", "Frais")}
"""By language: what an allowance and a charge are called that have no reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levies:
    allowances: tuple[Levy, ...]
    charges: tuple[Levy, ...]


def key_of(rate: TaxRate) -> Key:
    return rate.category, None if rate.category == "O" else rate.rate_percent


def net_of(line: Line) -> Money:
    """Raises ValueError for a line that was never worked out."""
    if line.net is None:
        raise ValueError(f"line {line.id} has no net")
    return line.net


def gross_of(line: Line) -> Fraction:
    return Fraction(line.quantity) * Fraction(line.unit_price) / Fraction(line.base_quantity)


def on_line(line: Line, language: str) -> Levies:
    """What a line allows and charges, in whole cents with which it comes to its net: the last takes what rounding left.

    A net is rounded once, on all of it; who reads an e-invoice has each part rounded already.
    """
    currency, gross = net_of(line).currency, gross_of(line)
    base = Money.rounded(gross, currency)
    allowed = [Money.rounded(one.of(gross, currency=currency), currency) for one in line.allowances]
    charged = [Money.rounded(one.of(gross, currency=currency), currency) for one in line.charges]
    over = base.minor - sum(one.minor for one in allowed) + sum(one.minor for one in charged) - net_of(line).minor
    if allowed:
        allowed[-1] += Money(over, currency)
    elif charged:
        charged[-1] -= Money(over, currency)

    def told(adjustments: Sequence[Adjustment], amounts: Sequence[Money], *, charges: bool) -> tuple[Levy, ...]:
        pairs = zip(adjustments, amounts, strict=True)
        return tuple(_levy(one, amount, language, charges=charges, base=base.decimal) for one, amount in pairs)

    return Levies(
        allowances=told(line.allowances, allowed, charges=False), charges=told(line.charges, charged, charges=True)
    )


def on_document(content: Content, figures: Figures, language: str) -> Levies:
    """What the document allows and charges, for each group of VAT; where that was allotted, as its figures have it.

    Raises Invalid (``not_en16931``) for one that bears several taxes, or none.
    """
    if content.given is not None:
        return _allotted(content, figures, language)
    return Levies(
        allowances=tuple(_agreed(content.allowances, content, language, charges=False)),
        charges=tuple(_agreed(content.charges, content, language, charges=True)),
    )


def _levy(
    adjustment: Adjustment,
    amount: Money,
    language: str,
    *,
    charges: bool,
    base: Decimal | None = None,
    key: Key | None = None,
) -> Levy:
    in_percent = adjustment.percent is not None and base is not None
    return Levy(
        amount=amount.decimal,
        base=base if in_percent else None,
        percent=adjustment.percent if in_percent else None,
        reason=adjustment.reason or WORDS.get(language[:2], WORDS["en"])[charges],
        reason_code=CHARGE if charges else ALLOWANCE,
        category=key[0] if key else "",
        rate=key[1] if key else None,
    )


def _agreed(adjustments: Sequence[Adjustment], content: Content, language: str, *, charges: bool) -> Iterable[Levy]:
    """As the figures were computed: shared out over the lines, or over what of them bears the same tax."""
    rates = {rate.code: rate for rate in content.rates}
    pieces = [(key_of(rates[line.taxes[0]]), net_of(line).minor) for line in content.lines]
    bases = _summed(pieces)
    if content.rounding == "document":
        pieces = list(bases.items())
    subtotal = Fraction(Money(sum(bases.values()), content.currency).decimal)
    for place, one in enumerate(adjustments):
        amount = Money.rounded(one.of(subtotal, currency=content.currency), content.currency)
        own = _own_key(one, rates, at=f"/{'charges' if charges else 'allowances'}/{place}/taxes")
        shares = zip([key for key, _ in pieces], share(amount.minor, [net for _, net in pieces]), strict=True)
        parts = {own: amount.minor} if own else _summed(shares)
        for key, part in parts.items():
            base = None if own else Money(bases[key], content.currency).decimal
            yield _levy(one, Money(part, content.currency), language, charges=charges, base=base, key=key)


def _own_key(adjustment: Adjustment, rates: Mapping[str, TaxRate], *, at: str) -> Key | None:
    if adjustment.taxes is None:
        return None
    keys = {key_of(rates[code]) for code in adjustment.taxes if code in rates}
    if len(adjustment.taxes) != 1:
        raise Invalid("not_en16931", "An allowance or a charge of an e-invoice bears exactly one tax.", at=at)
    return keys.pop()


def _allotted(content: Content, figures: Figures, language: str) -> Levies:
    """What the figures take off and add, for each group; where they do not say, what the lines have beyond its base."""
    bases = bases_of(figures)
    charged = dict(zip(bases, share(figures.charge_total.minor, list(bases.values())), strict=True))
    allowed = dict(zip(bases, share(figures.discount_total.minor, list(bases.values())), strict=True))
    if all(len(line.taxes) == 1 for line in content.lines):
        over = _over(content, figures)
        allowed = {key: beyond + charged.get(key, 0) for key, beyond in over.items()}
        if min(allowed.values(), default=0) < 0 or not (figures.discount_total or figures.charge_total):
            allowed, charged = _told_apart(over, less_than=10 ** exponent(content.currency))

    def told(parts: Mapping[Key, int], agreed: Sequence[Adjustment], *, charges: bool) -> tuple[Levy, ...]:
        known = Adjustment(reason=agreed[0].reason if agreed else None)
        amounts = {key: Money(part, content.currency) for key, part in parts.items() if part}
        return tuple(_levy(known, amount, language, charges=charges, key=key) for key, amount in amounts.items())

    return Levies(
        allowances=told(allowed, content.allowances, charges=False),
        charges=told(charged, content.charges, charges=True),
    )


def _over(content: Content, figures: Figures) -> dict[Key, int]:
    """By how much the lines of each group are more than its base."""
    rates = {rate.code: rate for rate in content.rates}
    nets = _summed((key_of(rates[line.taxes[0]]), net_of(line).minor) for line in content.lines)
    bases = bases_of(figures)
    over = {key: nets.get(key, 0) - bases.get(key, 0) for key in {**bases, **nets}}
    return evened(over, sum(nets.values()) - figures.net_total.minor)


def _told_apart(over: Mapping[Key, int], *, less_than: int) -> tuple[dict[Key, int], dict[Key, int]]:
    """Allowances where it is more, charges where it is less; nothing where it is rounding that the rules let pass.

    less_than: one unit of the currency. By less a taxed base may be off what bears it (BR-S-08), any other by nothing.
    """
    off = {key: beyond for key, beyond in over.items() if beyond}
    if not sum(off.values()) and all(key[0] == TAXED and abs(beyond) < less_than for key, beyond in off.items()):
        return {}, {}
    return {key: max(beyond, 0) for key, beyond in off.items()}, {key: max(-beyond, 0) for key, beyond in off.items()}


def evened(parts: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Parts that sum to a total: what rounding left goes to the largest group that is taxed, where it may be off."""
    taxed = [key for key in parts if key[0] == TAXED] or list(parts)
    left = total - sum(parts.values())
    if not left or not taxed:
        return dict(parts)
    largest = max(taxed, key=lambda key: abs(parts[key]))
    return {**parts, largest: parts[largest] + left}


def bases_of(figures: Figures) -> dict[Key, int]:
    """What each category bears at each rate, in minor units."""
    keys = ((tax.category, None if tax.category == "O" else tax.rate_percent) for tax in figures.taxes)
    return _summed(zip(keys, (tax.base.minor for tax in figures.taxes), strict=True))


def _summed(parts: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for key, part in parts:
        sums[key] = sums.get(key, 0) + part
    return sums
