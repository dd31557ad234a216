"""Why a figure is what it is: the steps from what was entered and what happened to it, each of which can be redone.

A step is computed from the steps below it, exactly, and rounded only where it says so; `redone` computes it again from
its leaves alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class Rule(StrEnum):
    """How a step follows from those below it.

    sum: they are added. percent: so many percent of their sum. product: the first factor times the second, for so many
    units as the third says. entered: as it was entered.
    shared: the part of an amount that was shared out by weight. Its factors are the amount, the weight and all weights
    together; what they come to is rounded down, or up for the largest remainders, so that all parts sum to the amount.
    held: what prices hold of taxes, or the net in them. allotted: a share of another document. booked: an event moved
    so much. due: so much of it should have been paid by a day.
    told: elsewhere in the same outline, under the same figure. cut: what it follows from is too much for the outline.
    """

    SUM = "sum"
    PERCENT = "percent"
    PRODUCT = "product"
    ENTERED = "entered"
    SHARED = "shared"
    HELD = "held"
    ALLOTTED = "allotted"
    BOOKED = "booked"
    DUE = "due"
    TOLD = "told"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; value: in major units, signed as it counts in the step above.

    figure:   what it is, e.g. ``total``, ``tax:TPS``, ``line:1``.
    negative: it is taken off: its value is the opposite of what its rule gives.
    rounded:  to the currency's smallest unit, halves away from zero.
    rate:     in percent; factors: of a product. because: the event that booked it.
    of:       the id of the document, payment or item that it is a figure of, where that is not what is explained.
    """

    figure: str
    label: str = ""
    rule: Rule
    currency: str
    value: Fraction
    negative: bool = False
    rounded: bool = False
    rate: Decimal | None = None
    factors: tuple[Decimal, ...] = ()
    parts: tuple["Step", ...] = ()
    because: Event | None = None
    of: str = ""

    @property
    def exact(self) -> Fraction:
        """Before it was rounded, without its sign."""
        return _computed(self, [part.value for part in self.parts])


def summed(
    figure: str,
    parts: Iterable[Step],
    currency: str,
    *,
    label: str = "",
    rounded: bool = False,
    because: Event | None = None,
    of: str = "",
) -> Step:
    step = _step(figure, Rule.SUM, currency, parts=tuple(parts), label=label, rounded=rounded)
    return replace(step, because=because, of=of)


def percent_of(
    figure: str, rate: Decimal, parts: Sequence[Step], currency: str, *, label: str = "", rounded: bool = True
) -> Step:
    return _step(figure, Rule.PERCENT, currency, rate=rate, parts=tuple(parts), label=label, rounded=rounded)


def product(
    figure: str, factors: tuple[Decimal, ...], currency: str, *, label: str = "", rounded: bool = False
) -> Step:
    return _step(figure, Rule.PRODUCT, currency, factors=factors, label=label, rounded=rounded)


def leaf(
    figure: str, rule: Rule, amount: Money, *, label: str = "", because: Event | None = None, of: str = ""
) -> Step:
    """What follows from nothing else."""
    return Step(
        figure=figure,
        label=label,
        rule=rule,
        currency=amount.currency,
        value=Fraction(amount.decimal),
        because=because,
        of=of,
    )


def taken_off(step: Step) -> Step:
    return replace(step, negative=not step.negative, value=-step.value)


def redone(step: Step) -> Fraction:
    """The step computed again from its leaves."""
    value = _computed(step, [redone(part) for part in step.parts])
    value = Fraction(Money.rounded(value, step.currency).decimal) if step.rounded else value
    return -value if step.negative else value


def outlined(step: Step, *, most: int) -> Step:
    """The same with each step told once, where it is met first, and with no more than so many steps below it.

    What is met again is ``told``; what has more parts than are left is ``cut``. Both keep their values.
    """
    told: set[int] = set()
    left = most

    def outline(one: Step) -> Step:
        nonlocal left
        if not one.parts:
            return one
        if id(one.parts) in told or len(one.parts) > left:
            rule = Rule.TOLD if id(one.parts) in told else Rule.CUT
            return replace(one, rule=rule, label="", parts=(), rate=None, rounded=False)
        told.add(id(one.parts))
        left -= len(one.parts)
        return replace(one, parts=tuple(map(outline, one.parts)))

    return outline(step)


def _computed(step: Step, parts: Sequence[Fraction]) -> Fraction:
    if step.rule is Rule.SUM:
        return sum(parts, Fraction(0))
    if step.rule is Rule.PERCENT:
        return sum(parts, Fraction(0)) * Fraction(step.rate or 0) / 100
    if step.rule is Rule.PRODUCT:
        first, second, units = (Fraction(factor) for factor in (*step.factors, Decimal(1))[:3])
        return first * second / units
    return -step.value if step.negative else step.value


def _step(
    figure: str,
    rule: Rule,
    currency: str,
    *,
    label: str,
    rounded: bool,
    rate: Decimal | None = None,
    factors: tuple[Decimal, ...] = (),
    parts: tuple[Step, ...] = (),
) -> Step:
    made = Step(
        figure=figure,
        label=label,
        rule=rule,
        currency=currency,
        value=Fraction(0),
        rounded=rounded,
        rate=rate,
        factors=factors,
        parts=parts,
    )
    value = made.exact
    return replace(made, value=Fraction(Money.rounded(value, currency).decimal) if rounded else value)
