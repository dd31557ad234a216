"""The figures of a document: what its lines, allowances, charges and taxes come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.lines import Adjustment, Line, priced, put_on_account
from chalicelib.domain.money import Money
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate, named
from chalicelib.domain.taxation import Piece, TaxLine, merge, per_line, per_rate
from chalicelib.domain.values import dataclass

__all__ = ["Figures", "TaxLine", "compute", "less", "not_negative", "plus", "portion", "shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a document comes to, all of it in one currency.

    rounding:    "document" rounds each tax once; "line" on every line.
    line_nets:   one for each line; they hold the taxes that prices include, as ``subtotal`` does.
    net_total:   subtotal - discount_total + charge_total, less the taxes that prices include.
    tax_total:   every tax of ``taxes`` that is not withheld; those are in ``withheld_total``.
    payable:     total - withheld_total.
    amount_due:  payable - prepaid_total + rounding_adjustment (EN 16931, BR-CO-16).
    on_account:  what of the net is asked for beforehand, or below zero applied of that: no revenue.
    """

    currency: str
    rounding: str
    line_nets: tuple[Money, ...]
    subtotal: Money
    discount_total: Money
    charge_total: Money
    net_total: Money
    taxes: tuple[TaxLine, ...]
    tax_total: Money
    withheld_total: Money
    total: Money
    payable: Money
    prepaid_total: Money
    rounding_adjustment: Money
    amount_due: Money
    on_account: Money | None = None

    @property
    def earned(self) -> Money:
        """What of the net is revenue."""
        return self.net_total - self.on_account if self.on_account else self.net_total

    @property
    def drawn(self) -> Money:
        """By how much less is prepaid from now on; below zero by how much more."""
        return self.prepaid_total - self.on_account if self.on_account else self.prepaid_total


def compute(
    lines: Iterable[Line],
    *,
    currency: str,
    rates: Mapping[str, TaxRate],
    allowances: Sequence[Adjustment] = (),
    charges: Sequence[Adjustment] = (),
    rounding: str = "document",
    prepaid: Money | None = None,
    rounding_adjustment: Money | None = None,
) -> Figures:
    """What a document comes to; halves are rounded away from zero.

    rates: every tax rate that lines, allowances and charges name, by its code.
    Raises Invalid for an unknown tax or currency, more than 3,000 lines, or a figure beyond 10^12.
    A total below zero is computed: ``not_negative`` refuses it where it may not be.
    """
    sold = priced(lines, currency=currency)
    line_nets = tuple(line.net for line in sold if line.net is not None)
    subtotal = _sum(line_nets, currency)
    taken = _adjustments(allowances, subtotal, sign=-1, rates=rates, at="/allowances")
    added = _adjustments(charges, subtotal, sign=1, rates=rates, at="/charges")
    pieces = _adjusted(_pieces(sold, rates=rates, rounding=rounding), [*taken, *added])
    taxes = (per_rate if rounding == "document" else per_line)(pieces, currency=currency)
    discount_total = -_sum((one.amount for one in taken), currency)
    charge_total = _sum((one.amount for one in added), currency)
    held = _sum((tax.amount for tax in taxes if rates[tax.code].included), currency)
    figures = _totalled(
        currency=currency,
        rounding=rounding,
        line_nets=line_nets,
        subtotal=subtotal,
        discount_total=discount_total,
        charge_total=charge_total,
        net_total=subtotal - discount_total + charge_total - held,
        taxes=taxes,
        prepaid_total=prepaid or Money.zero(currency),
        rounding_adjustment=rounding_adjustment or Money.zero(currency),
    )
    return replace(figures, on_account=put_on_account(sold, currency=currency))


def not_negative(figures: Figures) -> Figures:
    """The same figures.

    Raises Invalid if the total or what is payable is below zero (``negative_total``), or what is left to pay of it
    (``negative_due``): it would hide what else the client owes.
    """
    if figures.total.minor < 0 or figures.payable.minor < 0:
        raise Invalid("negative_total", "An invoice cannot come to less than zero; give a credit note.", at="/lines")
    if figures.amount_due.minor < 0:
        raise Invalid(
            "negative_due",
            "More cannot be paid beforehand, or rounded off, than an invoice comes to.",
            at="/prepaid_total",
        )
    return figures


def portion(figures: Figures, amount: Money) -> Figures:
    """The share of a document that comes to amount, as an instalment's invoice shows it.

    Each tax and its base are rounded in proportion to amount; the net is what is left of it (sch-02, sch-05).
    Raises Invalid (``nothing_to_share``) if the document comes to zero.
    """
    if not figures.total:
        raise Invalid("nothing_to_share", "A document that comes to zero has no instalments.")
    ratio = Fraction(amount.minor, figures.total.minor)
    taxes = tuple(replace(tax, base=_part(tax.base, ratio), amount=_part(tax.amount, ratio)) for tax in figures.taxes)
    return coming_to(figures, amount, taxes)


def coming_to(figures: Figures, amount: Money, taxes: tuple[TaxLine, ...]) -> Figures:
    """What comes to amount with these taxes in it, in the currency of the figures; the net is what is left of it."""
    zero = Money.zero(figures.currency)
    net = amount - _sum((tax.amount for tax in taxes if not tax.withheld), figures.currency)
    return _totalled(
        currency=figures.currency,
        rounding=figures.rounding,
        line_nets=(net,),
        subtotal=net,
        discount_total=zero,
        charge_total=zero,
        net_total=net,
        taxes=taxes,
        prepaid_total=zero,
        rounding_adjustment=zero,
    )


def shares(figures: Figures, amounts: Sequence[Money]) -> tuple[Figures, ...]:
    """The portions of a document that come to amounts; the last takes what is left of each tax and of the net.

    Raises Invalid (``shares_off``) if amounts do not sum to the total.
    """
    if not amounts or _sum(amounts, figures.currency) != figures.total:
        raise Invalid("shares_off", f"The parts do not sum to {figures.total}.", at="/schedule")
    first = tuple(portion(figures, amount) for amount in amounts[:-1])
    left = tuple(
        replace(
            tax,
            base=tax.base - _sum((part.taxes[index].base for part in first), figures.currency),
            amount=tax.amount - _sum((part.taxes[index].amount for part in first), figures.currency),
        )
        for index, tax in enumerate(figures.taxes)
    )
    return (*first, coming_to(figures, amounts[-1], left))


def plus(figures: Figures, more: Figures) -> Figures:
    """What two documents of as many lines come to together."""
    return _joined(figures, more, sign=1)


def less(figures: Figures, part: Figures) -> Figures:
    """What is left of a document when a part of it, of as many lines, is taken away."""
    return _joined(figures, part, sign=-1)


@dataclass(frozen=True, slots=True)
class _Adjustment:
    """A document's allowance (below zero) or charge, and the taxes it bears; None for those of the lines."""

    amount: Money
    taxes: tuple[TaxRate, ...] | None


def _adjustments(
    adjustments: Sequence[Adjustment], subtotal: Money, *, sign: int, rates: Mapping[str, TaxRate], at: str
) -> list[_Adjustment]:
    gross = Fraction(subtotal.decimal)
    return [
        _Adjustment(
            Money.rounded(sign * adjustment.of(gross, currency=subtotal.currency), subtotal.currency),
            None if adjustment.taxes is None else named(adjustment.taxes, rates, at=f"{at}/{position}/taxes"),
        )
        for position, adjustment in enumerate(adjustments)
    ]


def _pieces(lines: Sequence[Line], *, rates: Mapping[str, TaxRate], rounding: str) -> list[Piece]:
    """What bears taxes: every combination of them, or every line."""
    pieces = [
        Piece(named(line.taxes, rates, at=f"/lines/{position}/taxes"), line.net.minor, Fraction(line.quantity))
        for position, line in enumerate(lines)
        if line.net is not None
    ]
    return merge(pieces) if rounding == "document" else pieces


def _adjusted(pieces: Sequence[Piece], adjustments: Sequence[_Adjustment]) -> list[Piece]:
    """The pieces with each adjustment shared out over them by what they come to, or beside them with its own taxes."""
    borne = list(pieces) or [Piece((), 0, Fraction(0))]
    weights = [piece.amount for piece in borne]
    own = []
    for adjustment in adjustments:
        if adjustment.taxes is not None:
            own.append(Piece(adjustment.taxes, adjustment.amount.minor, Fraction(0)))
            continue
        parts = share(adjustment.amount.minor, weights)
        borne = [replace(piece, amount=piece.amount + part) for piece, part in zip(borne, parts, strict=True)]
    return [*borne, *own]


def _joined(one: Figures, other: Figures, *, sign: int) -> Figures:
    def joined(this: Money, that: Money) -> Money:
        return Money(this.minor + sign * that.minor, one.currency)

    zero = Money.zero(one.currency)
    nothing = {tax.code: replace(tax, base=zero, amount=zero) for tax in (*one.taxes, *other.taxes)}
    ours, theirs = (nothing | {tax.code: tax for tax in side.taxes} for side in (one, other))
    taxes = (
        replace(
            ours[code],
            base=joined(ours[code].base, theirs[code].base),
            amount=joined(ours[code].amount, theirs[code].amount),
        )
        for code in nothing
    )
    figures = _totalled(
        currency=one.currency,
        rounding=one.rounding,
        line_nets=tuple(joined(*nets) for nets in zip(one.line_nets, other.line_nets, strict=True)),
        subtotal=joined(one.subtotal, other.subtotal),
        discount_total=joined(one.discount_total, other.discount_total),
        charge_total=joined(one.charge_total, other.charge_total),
        net_total=joined(one.net_total, other.net_total),
        taxes=tuple(taxes),
        prepaid_total=joined(one.prepaid_total, other.prepaid_total),
        rounding_adjustment=joined(one.rounding_adjustment, other.rounding_adjustment),
    )
    of_either = one.on_account or other.on_account
    on_account = joined(one.on_account or zero, other.on_account or zero) if of_either else None
    return replace(figures, on_account=on_account)


def _totalled(
    *,
    currency: str,
    rounding: str,
    line_nets: tuple[Money, ...],
    subtotal: Money,
    discount_total: Money,
    charge_total: Money,
    net_total: Money,
    taxes: tuple[TaxLine, ...],
    prepaid_total: Money,
    rounding_adjustment: Money,
) -> Figures:
    tax_total = _sum((tax.amount for tax in taxes if not tax.withheld), currency)
    withheld_total = _sum((tax.amount for tax in taxes if tax.withheld), currency)
    total = (net_total + tax_total).within_limits(at="/lines")
    payable = total - withheld_total
    return Figures(
        currency=currency,
        rounding=rounding,
        line_nets=line_nets,
        subtotal=subtotal.within_limits(at="/lines"),
        discount_total=discount_total,
        charge_total=charge_total,
        net_total=net_total,
        taxes=taxes,
        tax_total=tax_total,
        withheld_total=withheld_total,
        total=total,
        payable=payable,
        prepaid_total=prepaid_total,
        rounding_adjustment=rounding_adjustment,
        amount_due=payable - prepaid_total + rounding_adjustment,
    )


def _part(amount: Money, ratio: Fraction) -> Money:
    return Money.rounded(Fraction(amount.decimal) * ratio, amount.currency)


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return Money(sum(amount.minor for amount in amounts), currency)
