"""The figures of a document explained: from its lines, allowances, charges and rates."""

from collections.abc import Sequence
from functools import cached_property

from chalicelib.domain.errors import Invalid
from chalicelib.domain.explained_taxes import Adjusted, Taxes
from chalicelib.domain.explanation import Rule, Step, leaf, percent_of, product, summed, taken_off
from chalicelib.domain.figures import Figures, TaxLine
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content

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
"""That can be explained, beside ``tax:`` with a code, ``line:`` with an id and ``group:`` with a name."""


def explained(figure: str, content: Content, figures: Figures, *, part_of: str = "") -> Step:
    """Why a figure of a document is what it is. Raises Invalid (``unknown_figure``).

    content: priced, as ``worked_out`` leaves it. A step that several others rest on is the same object in all of them.
    part_of: the id of the document of which it is a part, where its figures do not follow from its lines.
    """
    kind, _, code = figure.partition(":")
    whole = _Whole(figures, _Allotted(content, figures, part_of) if content.given else _Computed(content))
    if kind == "tax" and code in {tax.code for tax in figures.taxes}:
        return whole.basis.tax(code)
    if kind == "line" and code in {line.id for line in content.lines}:
        return next(step for step in whole.basis.lines if step.figure == figure)
    if kind == "group" and code in {line.group for line in content.lines}:
        of_lines = zip(content.lines, whole.basis.lines, strict=True)
        return summed(figure, [step for line, step in of_lines if line.group == code], content.currency, label=code)
    if figure not in FIGURES:
        raise Invalid("unknown_figure", f"There is no figure {figure!r} on this document.", at="/figure")
    return whole.step(figure)


class _Computed:
    """What the totals of a document begin with, computed from its lines."""

    def __init__(self, content: Content) -> None:
        self._content = content

    @cached_property
    def lines(self) -> list[Step]:
        return [_line(line, self._content.currency) for line in self._content.lines]

    @cached_property
    def subtotal(self) -> Step:
        return summed("subtotal", self.lines, self._content.currency)

    @cached_property
    def allowances(self) -> list[Step]:
        return self._adjusted("allowance", self._content.allowances)

    @cached_property
    def charges(self) -> list[Step]:
        return self._adjusted("charge", self._content.charges)

    def tax(self, code: str) -> Step:
        return self._taxes.tax(code)

    @property
    def held(self) -> list[Step]:
        """The taxes that prices hold."""
        return self._taxes.held()

    @cached_property
    def _taxes(self) -> Taxes:
        less = zip(map(taken_off, self.allowances), self._content.allowances, strict=True)
        more = zip(self.charges, self._content.charges, strict=True)
        adjusted = [Adjusted(step=step, taxes=one.taxes) for step, one in (*less, *more)]
        return Taxes(self._content, self.lines, adjusted)

    def _adjusted(self, kind: str, adjustments: Sequence[Adjustment]) -> list[Step]:
        return [
            _adjustment(f"{kind}:{n}", one, self.subtotal, self._content.currency, rounded=True)
            for n, one in enumerate(adjustments, start=1)
        ]


class _Allotted:
    """The same of a document whose figures are a part of another's: they do not follow from its lines."""

    def __init__(self, content: Content, figures: Figures, part_of: str) -> None:
        self._content, self._figures, self._part_of = content, figures, part_of

    @cached_property
    def lines(self) -> list[Step]:
        return [self._line(line) for line in self._content.lines]

    @cached_property
    def subtotal(self) -> Step:
        subtotal, currency = self._figures.subtotal, self._content.currency
        rest = subtotal - sum((line.net for line in self._content.lines if line.net), Money.zero(currency))
        return summed("subtotal", [*self.lines, *self._some("rest", rest)], currency)

    @property
    def allowances(self) -> list[Step]:
        return self._some("allowances", self._figures.discount_total)

    @property
    def charges(self) -> list[Step]:
        return self._some("charges", self._figures.charge_total)

    @property
    def held(self) -> list[Step]:
        """The taxes that prices hold."""
        figures = self._figures
        held = figures.subtotal - figures.discount_total + figures.charge_total - figures.net_total
        return self._some("held", held)

    def tax(self, code: str) -> Step:
        """On its base where it follows from that, or as it was allotted."""
        (tax,) = (tax for tax in self._figures.taxes if tax.code == code)
        return self._on_base(tax) or self._allotted(f"tax:{code}", tax.amount, tax.name)

    def _line(self, line: Line) -> Step:
        """From its quantity and price where it comes to them, or as it was allotted."""
        net, step = line.net or Money.zero(self._content.currency), _line(line, self._content.currency)
        return step if step.value == net.decimal else self._allotted(step.figure, net, line.description)

    def _on_base(self, tax: TaxLine) -> Step | None:
        if tax.rate_percent is None:
            return None
        base = self._allotted(f"tax:{tax.code}/base", tax.base)
        step = percent_of(f"tax:{tax.code}", tax.rate_percent, [base], tax.base.currency, label=tax.name)
        return step if step.value == tax.amount.decimal else None

    def _some(self, figure: str, amount: Money) -> list[Step]:
        return [self._allotted(figure, amount)] if amount else []

    def _allotted(self, figure: str, amount: Money, label: str = "") -> Step:
        return leaf(figure, Rule.ALLOTTED, amount, label=label, of=self._part_of)


class _Whole:
    """The totals of a document, each from those before it."""

    def __init__(self, figures: Figures, basis: _Allotted | _Computed) -> None:
        self.figures, self.basis = figures, basis

    def step(self, figure: str) -> Step:
        return getattr(self, figure)  # type: ignore[no-any-return]  # named in FIGURES

    @property
    def subtotal(self) -> Step:
        return self.basis.subtotal

    @cached_property
    def discount_total(self) -> Step:
        return self._sum("discount_total", self.basis.allowances)

    @cached_property
    def charge_total(self) -> Step:
        return self._sum("charge_total", self.basis.charges)

    @cached_property
    def net_total(self) -> Step:
        held = [taken_off(step) for step in self.basis.held]
        return self._sum("net_total", [self.subtotal, taken_off(self.discount_total), self.charge_total, *held])

    @cached_property
    def tax_total(self) -> Step:
        return self._sum("tax_total", [self.basis.tax(tax.code) for tax in self.figures.taxes if not tax.withheld])

    @cached_property
    def withheld_total(self) -> Step:
        return self._sum("withheld_total", [self.basis.tax(tax.code) for tax in self.figures.taxes if tax.withheld])

    @cached_property
    def total(self) -> Step:
        return self._sum("total", [self.net_total, self.tax_total])

    @cached_property
    def payable(self) -> Step:
        return self._sum("payable", [self.total, taken_off(self.withheld_total)])

    @property
    def prepaid_total(self) -> Step:
        return leaf("prepaid_total", Rule.ENTERED, self.figures.prepaid_total)

    @property
    def rounding_adjustment(self) -> Step:
        return leaf("rounding_adjustment", Rule.ENTERED, self.figures.rounding_adjustment)

    @cached_property
    def amount_due(self) -> Step:
        return self._sum("amount_due", [self.payable, taken_off(self.prepaid_total), self.rounding_adjustment])

    def _sum(self, figure: str, parts: Sequence[Step]) -> Step:
        return summed(figure, [part for part in parts if part.value or part.parts], self.figures.currency)


def _line(line: Line, currency: str) -> Step:
    name, factors = f"line:{line.id}", (line.quantity, line.unit_price, line.base_quantity)
    gross = product(f"{name}/gross", factors, currency, label=f"{line.quantity} {line.unit or ''}".strip())
    less = [
        taken_off(_adjustment(f"{name}/allowance:{n}", one, gross, currency))
        for n, one in enumerate(line.allowances, 1)
    ]
    more = [_adjustment(f"{name}/charge:{n}", one, gross, currency) for n, one in enumerate(line.charges, 1)]
    return summed(name, [gross, *less, *more], currency, label=line.description, rounded=True, of=line.item_id or "")


def _adjustment(figure: str, one: Adjustment, of: Step, currency: str, *, rounded: bool = False) -> Step:
    label = one.reason or ""
    if one.percent is not None:
        return percent_of(figure, one.percent, [of], currency, label=label, rounded=rounded)
    return leaf(figure, Rule.ENTERED, one.amount or Money.zero(currency), label=label)
