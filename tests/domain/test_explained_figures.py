"""Every figure of a document explained, and computed again from what was entered."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from chalicelib.domain.errors import Invalid
from chalicelib.domain.explained_figures import FIGURES, explained
from chalicelib.domain.explanation import Rule, redone
from chalicelib.domain.figures import portion
from chalicelib.domain.sales import Content, worked_out
from tests import builders as b
from tests.domain.test_figures_properties import documents, unhurried


@pytest.mark.row("Part4-11")
@unhurried
@given(documents())
def test_every_figure_is_computed_again_from_its_leaves(document):
    content, figures = worked_out(
        Content(
            currency=document["currency"],
            lines=tuple(document["lines"]),
            allowances=tuple(document["allowances"]),
            charges=tuple(document["charges"]),
            rates=tuple(document["rates"].values()),
            rounding=document["rounding"],
        )
    )
    expected = {name: getattr(figures, name) for name in FIGURES}
    expected |= {f"tax:{tax.code}": tax.amount for tax in figures.taxes}
    expected |= {f"line:{line.id}": line.net for line in content.lines}
    for figure, amount in expected.items():
        step = explained(figure, content, figures)
        assert (figure, step.value) == (figure, Fraction(amount.decimal))
        assert redone(step) == step.value, figure


def test_a_tax_says_its_rate_its_base_and_how_it_was_rounded():
    content, figures = worked_out(b.content())

    tax = explained("tax:TVQ", content, figures)

    assert (tax.rule, tax.rate, tax.rounded, tax.exact) == (Rule.PERCENT, Decimal("9.975"), True, Fraction("9.975"))
    assert tax.value == Fraction("9.98")
    (base,) = tax.parts
    assert [(part.figure, part.label, part.value) for part in base.parts] == [
        ("line:1", "Remplacement du chauffe-eau", 100)
    ]


def test_a_share_of_another_document_says_that_it_is_one():
    content, figures = worked_out(b.content())
    half = portion(figures, b.cad("57.49"))
    content, figures = worked_out(Content(currency="CAD", lines=content.lines, rates=content.rates, given=half))

    assert explained("total", content, figures).value == Fraction("57.49")
    assert explained("tax:TPS", content, figures).rule is Rule.ALLOTTED


@pytest.mark.parametrize("figure", ["nothing", "tax:NONE", "line:9", "tax:", "step", "__init__"])
def test_a_figure_that_is_not_there_is_refused(figure):
    content, figures = worked_out(b.content())

    with pytest.raises(Invalid, match="There is no figure"):
        explained(figure, content, figures)
