"""Figures explained, as we give them."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field

from chalicelib.domain.explanation import Rule, Step
from chalicelib.entrypoints.http.shapes.scalars import Instant, Shape

EXACTLY = 28
"""Digits after the point up to which a value is written as a decimal; what has more is written as a fraction."""


class ExplainQuery(Shape):
    """Which figure.

    figure: ``subtotal``, ``discount_total``, ``charge_total``, ``net_total``, ``tax_total``, ``withheld_total``,
    ``total``, ``payable``, ``prepaid_total``, ``rounding_adjustment``, ``amount_due``, ``tax:`` with a code or
    ``line:`` with an id.
    at: until when what was booked counts in what is due; now, if it is left out.
    """

    figure: Annotated[str, Field(min_length=1, max_length=100)] = "total"
    at: Instant | None = None


class BecauseOut(Shape):
    """The event that booked it."""

    type: str
    subject: str
    version: int
    at: datetime


class DerivationOut(Shape):
    """One step: how its value follows from the parts below it, which count in it with their signs.

    rule: ``sum`` of the parts; ``percent``: rate_percent of their sum; ``product``: the first factor times the second,
    over the third; ``entered``; ``shared``: its part of what was shared out by weight; ``held``: the tax that prices
    hold; ``allotted``: a share of another document; ``booked``: by an event.
    value: exact, e.g. ``9.98``, or a fraction, ``100/3``; with a minus where it is taken off.
    exact: before it was rounded, halves away from zero; null where it is not rounded.
    """

    figure: str
    label: str
    rule: Rule
    value: str
    exact: str | None
    rate_percent: str | None
    factors: list[str]
    event: BecauseOut | None
    parts: list["DerivationOut"]

    @classmethod
    def of(cls, step: Step) -> Self:
        event = step.because
        return cls(
            figure=step.figure,
            label=step.label,
            rule=step.rule,
            value=written(step.value),
            exact=written(step.exact) if step.rounded else None,
            rate_percent=f"{step.rate:f}" if step.rate is not None else None,
            factors=[f"{factor:f}" for factor in step.factors],
            event=BecauseOut(type=event.type, subject=event.subject, version=event.version, at=event.at)
            if event
            else None,
            parts=[cls.of(part) for part in step.parts],
        )


class ExplanationOut(Shape):
    """amount: the figure, which is the value of its derivation."""

    invoice_id: str
    figure: str
    currency: str
    amount: str
    derivation: DerivationOut


def written(value: Fraction) -> str:
    """Exact: as a decimal if it is one, else as a fraction."""
    scaled = value * 10**EXACTLY
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    plain = f"{Decimal(scaled.numerator).scaleb(-EXACTLY):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
