"""Figures explained, as we give them."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field

from chalicelib.domain.explanation import Rule, Step, outlined
from chalicelib.domain.money import Money
from chalicelib.entrypoints.http.shapes.scalars import SHORT, CurrencyCode, Figure, Instant, Shape

EXACTLY = 28
"""Digits after the point up to which a value is written as a decimal; what has more is written as a fraction."""


MOST_STEPS = 16_000
"""Of one answer: so many are at most 5 MB as Lambda answers them (measured), where 6 MB are allowed."""
LONGEST_FIGURE = len("group:") + SHORT
LONGEST_LABEL = 80
"""Characters; the document itself has the whole text."""


class FigureQuery(Shape):
    """Which figure.

    figure: ``subtotal``, ``discount_total``, ``charge_total``, ``net_total``, ``tax_total``, ``withheld_total``,
    ``total``, ``payable``, ``prepaid_total``, ``rounding_adjustment``, ``amount_due``, ``tax:`` with a code, ``line:``
    with an id or ``group:`` with a name.
    """

    figure: Annotated[str, Field(min_length=1, max_length=LONGEST_FIGURE)] = "total"


class ExplainQuery(FigureQuery):
    """Which figure, and as of when.

    figure: as of any document, and ``paid_total``, ``credited_total`` or ``written_off_total``.
    at: until when what was booked counts in what moves after issue; now, if it is left out.
    """

    at: Instant | None = None


class BalanceQuery(Shape):
    """at: as of when; now, if it is left out. currency: the business's, unless said."""

    at: Instant | None = None
    currency: CurrencyCode | None = None


class ExplainBalanceQuery(BalanceQuery):
    """Which balance, in which currency and as of when.

    figure: ``amount_due``, ``unbilled_total``, ``credit_total`` or ``overdue_total``.
    """

    figure: Annotated[str, Field(min_length=1, max_length=LONGEST_FIGURE)] = "amount_due"


class BecauseOut(Shape):
    """The event that booked it."""

    type: str
    subject: str
    version: int
    at: datetime


class DerivationOut(Shape):
    """One step: how its value follows from the parts below it, which count in it with their signs.

    rule: ``sum`` of the parts; ``percent``: rate_percent of their sum; ``product``: the first factor times the second,
    over the third; ``entered``; ``shared``: a part of what was shared out by weight: the first factor times the second,
    over the third, rounded down, or up for the largest remainders; ``held``: what prices hold of taxes, or the net in
    them; ``allotted``: a share of another document; ``booked``: by an event; ``due``: so much should have been paid by
    the day in its name; ``told``: its parts stand elsewhere in the answer, under the same name; ``cut``: they are too
    many for one answer; ask for the figure itself.
    value: exact, e.g. ``9.98``, or a fraction, ``100/3``; with a minus where it is taken off.
    exact: before it was rounded, halves away from zero; null where it is not rounded.
    of: the id of the document, payment or item that it is a figure of, where that is not what is explained.
    """

    figure: str
    label: str
    rule: Rule
    value: str
    exact: str | None
    rate_percent: str | None
    factors: list[str]
    event: BecauseOut | None
    of: str | None
    parts: list["DerivationOut"]

    @classmethod
    def told(cls, step: Step) -> Self:
        event = step.because
        return cls(
            figure=step.figure,
            label=step.label if len(step.label) <= LONGEST_LABEL else f"{step.label[: LONGEST_LABEL - 1]}\u2026",
            rule=step.rule,
            value=written(step.value),
            exact=written(step.exact) if step.rounded else None,
            rate_percent=f"{step.rate:f}" if step.rate is not None else None,
            factors=[f"{factor:f}" for factor in step.factors],
            event=BecauseOut(type=event.type, subject=event.subject, version=event.version, at=event.at)
            if event
            else None,
            of=step.of or None,
            parts=[cls.told(part) for part in step.parts],
        )


class ExplanationOut(Shape):
    """A figure as it was at an instant, which is the value of its derivation.

    of: the id of the document or client; rounding: how the document rounds its taxes, ``document`` each of them once,
    ``line`` on every line; null of a client.
    """

    of: str
    figure: str
    at: datetime
    currency: str
    rounding: str | None
    amount: Figure
    derivation: DerivationOut

    @classmethod
    def told(cls, step: Step, *, of: str, figure: str, rounding: str | None = None, at: datetime) -> Self:
        return cls(
            of=of,
            figure=figure,
            at=at,
            currency=step.currency,
            rounding=rounding,
            amount=f"{Money.rounded(step.value, step.currency)}",
            derivation=DerivationOut.told(outlined(step, most=MOST_STEPS)),
        )


def written(value: Fraction) -> str:
    """Exact: as a decimal if it is one, else as a fraction."""
    scaled = value * 10**EXACTLY
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    plain = f"{Decimal(scaled.numerator).scaleb(-EXACTLY):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
