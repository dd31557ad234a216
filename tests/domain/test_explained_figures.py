"""Every figure of a document explained, and computed again from what was entered."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.credit_parts import part_of_total, so_far
from chalicelib.domain.errors import Invalid
from chalicelib.domain.explained_figures import FIGURES, explained
from chalicelib.domain.explanation import Rule, outlined, redone
from chalicelib.domain.figures import portion
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content, worked_out
from tests import builders as b
from tests.domain.examples import GST, QST, a_line, a_rate
from tests.domain.explaining import every_step, wrong_steps
from tests.domain.test_figures_properties import documents, unhurried

some = settings(unhurried, max_examples=40)


def content_of(document):
    return Content(
        currency=document["currency"],
        lines=tuple(document["lines"]),
        allowances=tuple(document["allowances"]),
        charges=tuple(document["charges"]),
        rates=tuple(document["rates"].values()),
        rounding=document["rounding"],
    )


def named(content, figures):
    """Every figure of a document that can be explained, by its name."""
    expected = {name: getattr(figures, name) for name in FIGURES}
    expected |= {f"tax:{tax.code}": tax.amount for tax in figures.taxes}
    return expected | {f"line:{line.id}": line.net for line in content.lines}


@pytest.mark.row("Part4-11")
@some
@given(documents())
def test_every_figure_is_computed_again_from_its_leaves(document):
    content, figures = worked_out(content_of(document))
    for figure, amount in named(content, figures).items():
        step = explained(figure, content, figures)
        assert (figure, step.value) == (figure, Fraction(amount.decimal))
        assert (figure, wrong_steps(step)) == (figure, [])
        assert redone(step) == step.value, figure


@pytest.mark.row("Part4-11")
@some
@given(documents(), st.data())
def test_so_is_every_figure_of_a_part_of_another_document(document, data):
    whole, figures = worked_out(content_of(document))
    if figures.total.minor <= 1:
        return
    amount = Money(data.draw(st.just(figures.total.minor) | st.integers(1, figures.total.minor)), figures.currency)
    try:
        note = part_of_total("inv_1", whole, so_far(whole, []), amount)
    except Invalid:  # no part of it comes to so much
        return
    content, figures = worked_out(note)
    for figure, amount in named(content, figures).items():
        step = explained(figure, content, figures)
        assert (figure, step.value) == (figure, Fraction(amount.decimal))
        assert (figure, wrong_steps(step)) == (figure, [])


def test_a_step_that_does_not_follow_is_found():
    content, figures = worked_out(b.content())
    total = explained("total", content, figures)
    for broken in (
        replace(total, value=total.value + Fraction("0.01")),
        replace(total, parts=total.parts[1:]),
        replace(total, parts=(replace(total.parts[0], negative=True), *total.parts[1:])),
        replace(total, rule=Rule.PERCENT, rate=Decimal("5.001")),
        replace(total, rule=Rule.BOOKED),
    ):
        assert wrong_steps(broken)


def test_a_tax_says_its_rate_its_base_and_how_it_was_rounded():
    content, figures = worked_out(b.content())

    tax = explained("tax:TVQ", content, figures)

    assert (tax.rule, tax.rate, tax.rounded, tax.exact) == (Rule.PERCENT, Decimal("9.975"), True, Fraction("9.975"))
    assert tax.value == Fraction("9.98")
    (base,) = tax.parts
    assert [(part.figure, part.label, part.value) for part in base.parts] == [
        ("line:1", "Remplacement du chauffe-eau", 100)
    ]


def test_a_tax_that_is_rounded_on_each_line_says_so_line_by_line():
    lines = (b.a_line(unit_price=Decimal("10.10")), b.a_line(unit_price=Decimal("20.10")))
    content, figures = worked_out(b.content(*lines, rounding="line"))

    tax = explained("tax:TVQ", content, figures)

    assert [(part.figure, part.exact, part.value) for part in tax.parts] == [
        ("line:1/tax:TVQ", Fraction("1.007475"), Fraction("1.01")),
        ("line:2/tax:TVQ", Fraction("2.004975"), Fraction("2.00")),
    ]


@pytest.mark.parametrize("rounding", ["document", "line"])
def test_taxes_that_raise_others_or_are_not_raised_tell_what_they_are_taken_on(rounding):
    rates = (
        a_rate("20", code="IN", included=True, affects_next=True),
        a_rate("3", code="IN_TOO", included=True),
        a_rate(code="ECO", kind="fixed", amount=Decimal("0.155"), affects_next=True),
        a_rate("9.975", code="ON_TOP"),
        a_rate("5", code="APART", affected=False),
    )
    line = a_line("10.03", quantity="3", taxes=tuple(rate.code for rate in rates))
    content, figures = worked_out(b.content(line, line, rates=rates, rounding=rounding))

    for figure, amount in named(content, figures).items():
        step = explained(figure, content, figures)
        assert (figure, step.value, wrong_steps(step)) == (figure, Fraction(amount.decimal), [])


def test_a_share_of_a_discount_says_of_what_and_by_which_weights():
    lines = (b.a_line(unit_price=Decimal(20), taxes=("TPS",)), b.a_line(unit_price=Decimal(10)))
    content, figures = worked_out(b.content(*lines, allowances=(Adjustment(amount=b.cad("1.00"), reason="Regular"),)))

    (base,) = explained("tax:TPS", content, figures).parts

    shares = [part for net in base.parts for part in net.parts if part.rule is Rule.SHARED]
    assert [(one.figure, one.label, one.value, one.factors) for one in shares] == [
        ("TPS/allowance:1", "Regular", Fraction("-0.67"), (Decimal("-1.00"), Decimal("20.00"), Decimal("30.00"))),
        ("TPS+TVQ/allowance:1", "Regular", Fraction("-0.33"), (Decimal("-1.00"), Decimal("10.00"), Decimal("30.00"))),
    ]


def test_a_tax_in_prices_is_told_from_its_rate_and_the_prices():
    rate = a_rate("20", code="IN", included=True)
    content, figures = worked_out(b.content(a_line("100", taxes=("IN",)), a_line("0.01", taxes=("IN",)), rates=(rate,)))

    tax = explained("tax:IN", content, figures)

    (held,) = tax.parts
    (net,) = held.parts
    assert (tax.value, tax.exact, held.rate) == (Fraction("16.67"), Fraction("100.01") / 6, 20)
    assert (net.rule, net.factors) == (Rule.PRODUCT, (Decimal("100.01"), 100, 120))


def test_a_part_of_another_document_tells_what_was_allotted_to_it():
    content, figures = worked_out(b.content())
    half = portion(figures, b.cad("57.49"))
    content, figures = worked_out(Content(currency="CAD", lines=content.lines, rates=content.rates, given=half))

    assert explained("total", content, figures).value == Fraction("57.49")
    tax = explained("tax:TPS", content, figures)
    assert [(part.rule, part.value) for part in tax.parts] == [(Rule.ALLOTTED, 50)]
    (unlike,) = [replace(one, amount=b.cad("2.51")) for one in figures.taxes if one.code == "TPS"]
    taken = explained("tax:TPS", content, replace(figures, taxes=(unlike,)))
    assert (taken.rule, taken.value) == (Rule.ALLOTTED, Fraction("2.51"))


def test_a_part_of_another_document_tells_the_discount_and_the_tax_in_prices_that_were_allotted_to_it():
    rate = a_rate("20", code="IN", included=True)
    content, figures = worked_out(
        b.content(a_line("120", taxes=("IN",)), rates=(rate,), allowances=(Adjustment(percent=Decimal(10)),))
    )
    part = replace(content, given=replace(figures, line_nets=(b.cad("120"),)))

    net = explained("net_total", part, figures)

    assert [(one.figure, one.value) for one in net.parts] == [("subtotal", 120), ("discount_total", -12), ("held", -18)]
    assert explained("discount_total", part, figures).value == 12


def test_a_group_is_told_from_its_lines():
    lines = (b.a_line(group="Ground floor: kitchen"), b.a_line(), b.a_line(group="Ground floor: kitchen"))
    content, figures = worked_out(b.content(*lines))

    group = explained("group:Ground floor: kitchen", content, figures)

    assert (group.value, [part.figure for part in group.parts]) == (200, ["line:1", "line:3"])


@pytest.mark.parametrize(
    "figure", ["group:", "group:None", "nothing", "tax:NONE", "line:9", "tax:", "step", "__init__", "held", "basis"]
)
def test_a_figure_that_is_not_there_is_refused(figure):
    content, figures = worked_out(b.content())

    with pytest.raises(Invalid, match="There is no figure"):
        explained(figure, content, figures)


def long_document(count, rounding):
    """So many lines with five taxes, each raised by those before it, ten discounts and ten charges."""
    raising = tuple(a_rate("1", code=f"T{n}", affects_next=True) for n in range(3))
    rates = (*raising, GST, QST)
    lines = tuple(a_line(f"{n + 1}.01", taxes=tuple(rate.code for rate in rates)) for n in range(count))
    ten = tuple(Adjustment(percent=Decimal(n)) for n in range(1, 11))
    return worked_out(b.content(*lines, rates=rates, allowances=ten, charges=ten, rounding=rounding))


@pytest.mark.parametrize(("rounding", "of_each_line"), [("document", 2), ("line", 28)])
def test_the_steps_are_as_many_as_the_lines_however_many_taxes_and_discounts_there_are(rounding, of_each_line):
    few, many = (every_step(explained("total", *long_document(count, rounding))) for count in (10, 30))

    assert len(many) - len(few) == 20 * of_each_line


def test_an_outline_tells_each_step_once_and_cuts_what_is_too_much():
    content, figures = worked_out(b.content(b.a_line(), b.a_line()))
    total = explained("total", content, figures)

    whole, short = outlined(total, most=100), outlined(total, most=5)

    told = [one for one in every_step(whole) if one.rule is Rule.TOLD]
    assert {(one.figure, one.value, one.parts) for one in told} == {
        ("line:1", 100, ()),
        ("line:2", 100, ()),
        ("TPS+TVQ/net", 200, ()),
    }
    assert (wrong_steps(whole), wrong_steps(short)) == ([], [])
    assert [one.figure for one in every_step(short) if one.rule is Rule.CUT] == ["tax_total", "line:2", "line:1"]
