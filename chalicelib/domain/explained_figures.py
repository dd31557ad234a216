"""The figures of a document explained: from its lines, allowances, charges and rates."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.explanation import Rule, Step, leaf, percent_of, product, summed, taken_off
from chalicelib.domain.figures import Figures
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.taxation import Piece, held_exactly, nets_of, rounded_sums
from chalicelib.domain.values import dataclass

FIGURES = (
    "subtotal",
    "discount_total",
    "charge_total",
    "net_total",
    "tax_total",
    "withheld_total",
    "total",
    "payable",
    "prepaid_total",
    "rounding_adjustment",
    "amount_due",
)
"""That can be explained, beside ``tax:`` with a code and ``line:`` with an id."""


def explained(figure: str, content: Content, figures: Figures) -> Step:
    """Why a figure of a document is what it is. Raises Invalid (``unknown_figure``).

    content: priced, as ``worked_out`` leaves it.
    """
    steps = _Allotted(figures) if content.given else _Computed(content)
    kind, _, code = figure.partition(":")
    if kind == "tax" and code in {tax.code for tax in figures.taxes}:
        return steps.tax(code)
    if kind == "line" and code in {line.id for line in content.lines}:
        return _line(next(line for line in content.lines if line.id == code), content.currency)
    if figure not in FIGURES:
        raise Invalid("unknown_figure", f"There is no figure {figure!r} on this document.", at="/figure")
    return _Whole(content, figures, steps).step(figure)


@dataclass(frozen=True, slots=True)
class _Allotted:
    """Taxes of a document whose figures are a share of another's."""

    figures: Figures

    def tax(self, code: str) -> Step:
        (tax,) = (tax for tax in self.figures.taxes if tax.code == code)
        return leaf(f"tax:{code}", Rule.ALLOTTED, tax.amount, label=tax.name)

    def held(self) -> Sequence[Step]:
        return ()


@dataclass(frozen=True, slots=True)
class _Whole:
    """The totals of a document, each from those before it."""

    content: Content
    figures: Figures
    taxes: "_Allotted | _Computed"

    def step(self, figure: str) -> Step:
        return getattr(self, figure)()  # type: ignore[no-any-return]  # named in FIGURES

    def subtotal(self) -> Step:
        lines = [_line(line, self._currency) for line in self.content.lines]
        if self.content.given:
            lines = [leaf("lines", Rule.ALLOTTED, self.figures.subtotal, label="Share of another document")]
        return self._sum("subtotal", lines)

    def discount_total(self) -> Step:
        return self._sum("discount_total", self._adjusted("allowance", self.content.allowances))

    def charge_total(self) -> Step:
        return self._sum("charge_total", self._adjusted("charge", self.content.charges))

    def net_total(self) -> Step:
        held = [taken_off(step) for step in self.taxes.held()]
        return self._sum("net_total", [self.subtotal(), taken_off(self.discount_total()), self.charge_total(), *held])

    def tax_total(self) -> Step:
        return self._sum("tax_total", [self.taxes.tax(tax.code) for tax in self.figures.taxes if not tax.withheld])

    def withheld_total(self) -> Step:
        return self._sum("withheld_total", [self.taxes.tax(tax.code) for tax in self.figures.taxes if tax.withheld])

    def total(self) -> Step:
        return self._sum("total", [self.net_total(), self.tax_total()])

    def payable(self) -> Step:
        return self._sum("payable", [self.total(), taken_off(self.withheld_total())])

    def prepaid_total(self) -> Step:
        return leaf("prepaid_total", Rule.ENTERED, self.figures.prepaid_total)

    def rounding_adjustment(self) -> Step:
        return leaf("rounding_adjustment", Rule.ENTERED, self.figures.rounding_adjustment)

    def amount_due(self) -> Step:
        return self._sum("amount_due", [self.payable(), taken_off(self.prepaid_total()), self.rounding_adjustment()])

    @property
    def _currency(self) -> str:
        return self.content.currency

    def _sum(self, figure: str, parts: Sequence[Step]) -> Step:
        return summed(figure, [part for part in parts if part.value or part.parts], self._currency)

    def _adjusted(self, kind: str, adjustments: Sequence[Adjustment]) -> list[Step]:
        if self.content.given:
            return []
        return [
            _adjustment(f"{kind}:{n}", one, [self.subtotal()], self._currency, rounded=True)
            for n, one in enumerate(adjustments, start=1)
        ]


def _line(line: Line, currency: str) -> Step:
    factors = (line.quantity, line.unit_price, line.base_quantity)
    gross = product("gross", factors, currency, label=f"{line.quantity} {line.unit or ''}".strip())
    less = [
        taken_off(_adjustment(f"allowance:{n}", one, [gross], currency)) for n, one in enumerate(line.allowances, 1)
    ]
    more = [_adjustment(f"charge:{n}", one, [gross], currency) for n, one in enumerate(line.charges, 1)]
    return summed(f"line:{line.id}", [gross, *less, *more], currency, label=line.description, rounded=True)


def _adjustment(figure: str, one: Adjustment, of: Sequence[Step], currency: str, *, rounded: bool = False) -> Step:
    label = one.reason or ""
    if one.percent is not None:
        return percent_of(figure, one.percent, of, currency, label=label, rounded=rounded)
    return leaf(figure, Rule.ENTERED, one.amount or Money.zero(currency), label=label)


@dataclass(frozen=True, slots=True)
class _Bearing:
    """What bears the same taxes: the steps that its net is the sum of; held: what its prices hold of each tax."""

    taxes: tuple[TaxRate, ...]
    parts: tuple[Step, ...]
    quantity: Decimal
    held: Mapping[str, int] = field(default_factory=dict)

    @property
    def minor(self) -> int:
        whole = sum((part.value for part in self.parts), Fraction(0))
        return Money.rounded(whole, self.parts[0].currency).minor if self.parts else 0


class _Computed:
    """Taxes computed from lines, as ``figures.compute`` does."""

    def __init__(self, content: Content) -> None:
        self._content, self._currency = content, content.currency
        self._by_line = content.rounding != "document"
        self._rates: Mapping[str, TaxRate] = {rate.code: rate for rate in content.rates}
        self._bearing = self._without_held(self._all_bearing())

    def tax(self, code: str) -> Step:
        rate = self._rates[code]
        bearing = [one for one in self._bearing if rate in one.taxes]
        if rate.included:
            amount = Money(self._held[code], self._currency)
            return leaf(f"tax:{code}", Rule.HELD, amount, label=rate.name)
        if self._by_line or rate.amount is not None:
            steps = [self._on(rate, [one], rounded=self._by_line) for one in bearing]
            return summed(f"tax:{code}", steps, self._currency, label=rate.name, rounded=not self._by_line)
        return self._on(rate, bearing, rounded=True)

    def held(self) -> Sequence[Step]:
        return [self.tax(code) for code in self._held]

    def _on(self, rate: TaxRate, bearing: Sequence[_Bearing], *, rounded: bool) -> Step:
        """One tax on what bears it, with the taxes before it that raise its base."""
        figure = f"tax:{rate.code}"
        if rate.amount is not None:
            (one,) = bearing
            return product(figure, (one.quantity, rate.amount), self._currency, label=rate.name, rounded=rounded)
        parts = [step for one in bearing for step in (*one.parts, *self._before(rate, one))]
        base = summed("base", parts, self._currency, label=rate.name, rounded=not self._by_line)
        return percent_of(figure, rate.rate_percent, [base], self._currency, label=rate.name, rounded=rounded)

    def _before(self, rate: TaxRate, one: _Bearing) -> list[Step]:
        """The taxes before it on the same lines that are part of its base."""
        if not rate.affected:
            return []
        before = one.taxes[: one.taxes.index(rate)]
        return [self._raising(earlier, one) for earlier in before if earlier.affects_next]

    def _raising(self, earlier: TaxRate, one: _Bearing) -> Step:
        if earlier.included and self._by_line:
            held = Money(one.held[earlier.code], self._currency)
            return leaf(f"tax:{earlier.code}", Rule.HELD, held, label=earlier.name)
        if earlier.amount is not None:
            return self._on(earlier, [one], rounded=self._by_line)
        parts = [*one.parts, *self._before(earlier, one)]
        return percent_of(
            f"tax:{earlier.code}",
            earlier.rate_percent,
            parts,
            self._currency,
            label=earlier.name,
            rounded=self._by_line,
        )

    def _all_bearing(self) -> list[_Bearing]:
        found: dict[object, _Bearing] = {}
        for position, line in enumerate(self._content.lines):
            key: object = position if self._by_line else line.taxes
            taxes = tuple(self._rates[code] for code in line.taxes)
            before = found.get(key, _Bearing(taxes, (), Decimal(0)))
            parts = (*before.parts, _line(line, self._currency))
            found[key] = replace(before, parts=parts, quantity=before.quantity + line.quantity)
        return self._adjusted([*found.values()])

    def _adjusted(self, bearing: list[_Bearing]) -> list[_Bearing]:
        """With each allowance and charge of the document, shared out by what they come to before any of them."""
        borne, own = bearing or [_Bearing((), (), Decimal(0))], []
        weights = [one.minor for one in borne]
        subtotal = [summed("subtotal", [step for one in bearing for step in one.parts], self._currency)]
        kinds = [("allowance", self._content.allowances, -1), ("charge", self._content.charges, 1)]
        for kind, n, one, sign in ((kind, n, one, sign) for kind, ones, sign in kinds for n, one in enumerate(ones, 1)):
            step = _adjustment(f"{kind}:{n}", one, subtotal, self._currency, rounded=True)
            signed = taken_off(step) if sign < 0 else step
            if one.taxes is not None:
                own.append(_Bearing(tuple(self._rates[code] for code in one.taxes), (signed,), Decimal(0)))
                continue
            minor = Money.rounded(signed.value, self._currency).minor
            for place, part in enumerate(share(minor, weights)):
                shared = leaf(f"{kind}:{n}", Rule.SHARED, Money(part, self._currency), label=one.reason or "")
                borne[place] = replace(borne[place], parts=(*borne[place].parts, shared))
        return [*borne, *own]

    def _without_held(self, bearing: list[_Bearing]) -> list[_Bearing]:
        """With the taxes that prices hold taken out; they are rounded once on their sum, or line by line."""
        pieces = [Piece(one.taxes, one.minor, Fraction(one.quantity)) for one in bearing]
        exact = [held_exactly(piece, currency=self._currency) for piece in pieces]
        of_each = [rounded_sums([one]) for one in exact]
        if self._by_line:
            nets = [piece.amount - sum(held.values()) for piece, held in zip(pieces, of_each, strict=True)]
            self._held = {code: sum(held.get(code, 0) for held in of_each) for code in rounded_sums(exact)}
        else:
            self._held = rounded_sums(exact)
            nets = nets_of(pieces, exact, self._held)
        return [self._net(one, net, held) for one, net, held in zip(bearing, nets, of_each, strict=True)]

    def _net(self, one: _Bearing, net: int, held: Mapping[str, int]) -> _Bearing:
        if not held:
            return one
        taken = taken_off(leaf("held", Rule.HELD, Money(one.minor - net, self._currency)))
        return replace(one, parts=(*one.parts, taken), held=held)
