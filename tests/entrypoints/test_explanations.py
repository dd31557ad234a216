"""An explanation as we answer it: complete by itself, and never longer than an answer may be."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from chalicelib.domain.explained_figures import explained
from chalicelib.domain.explanation import Rule
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.money import Money
from chalicelib.domain.sales import worked_out
from chalicelib.entrypoints.http.shapes.explanations import ExplanationOut, written
from tests import builders as b
from tests.domain.examples import GST, QST, a_line

LARGEST_ANSWER = 6 * 1024 * 1024
"""Of a Lambda function, in bytes, as JSON in JSON."""


def answered(figure, content, figures):
    step = explained(figure, content, figures)
    return ExplanationOut.told(step, of="inv_1", figure=figure, at=b.NOON).model_dump(mode="json")


def recomputed(step, currency):
    """The value of a step of an answer by its parts, and so on; what is told elsewhere by itself."""
    parts = [recomputed(part, currency) for part in step["parts"]]
    match step["rule"]:
        case "sum":
            exact = sum(parts, Fraction(0))
        case "percent":
            exact = sum(parts, Fraction(0)) * Fraction(step["rate_percent"]) / 100
        case "product":
            first, second, units = (*map(Fraction, step["factors"]), Fraction(1))[:3]
            exact = first * second / units
        case _:
            return Fraction(step["value"])
    value = exact if step["exact"] is None else Fraction(Money.rounded(exact, currency).decimal)
    return -value if step["value"].startswith("-") != (value < 0) else value


@pytest.mark.row("Part4-11")
@pytest.mark.parametrize("rounding", ["document", "line"])
def test_an_answer_is_recomputed_from_what_it_says_alone(rounding):
    thirds = a_line(
        "10.01", quantity="2", base_quantity="3", taxes=("GST", "QST"), allowances=(Adjustment(percent=Decimal("7.5")),)
    )
    some = (Adjustment(percent=Decimal(5), reason="Regular"), Adjustment(amount=b.cad("1.00")))
    content, figures = worked_out(b.content(thirds, thirds, rates=(GST, QST), allowances=some, rounding=rounding))

    answer = answered("total", content, figures)

    assert recomputed(answer["derivation"], "CAD") == Fraction(answer["amount"]) == Fraction(figures.total.decimal)


def test_three_thousand_lines_fit_into_one_answer_and_what_is_cut_of_them_says_so():
    line = a_line("10.01", quantity="3.333", base_quantity="7", description="中" * 200, taxes=("GST", "QST"))
    content, figures = worked_out(b.content(*[line] * 3_000, rates=(GST, QST), rounding="line"))

    answer = answered("total", content, figures)

    text = json.dumps(answer)
    assert len(json.dumps(text)) < LARGEST_ANSWER * 0.9
    assert text.count(f'"rule": "{Rule.CUT}"') > 0
    assert recomputed(answer["derivation"], "CAD") == Fraction(figures.total.decimal)


def test_a_value_is_written_as_a_decimal_or_else_as_a_fraction():
    assert [written(Fraction(one)) for one in ("9.9750", "-100", "0", "100/3")] == ["9.975", "-100", "0", "100/3"]
