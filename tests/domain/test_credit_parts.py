"""Crediting in parts: whatever is credited, in any order, comes to the whole invoice, to the cent."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.credit_parts import Credited, Wish, part, part_of_total, so_far, whole_part
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content, worked_out
from tests import builders as b
from tests.domain.test_billing import CONTENTS

VAT = b.a_rate("TVA", "20")


def sold(*prices: str, quantity: str = "1", **more: object) -> Content:
    lines = [b.a_line(unit_price=Decimal(price), quantity=Decimal(quantity), taxes=("TVA",)) for price in prices]
    return worked_out(b.content(*lines, rates=(VAT,), **more))[0]


def untouched(content: Content) -> Credited:
    return so_far(content, ())


@pytest.mark.row("C25")
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_four_lines_credited_one_by_one_sum_to_the_invoice(order):
    content = sold("68.33", "68.33", "57.50", "85.00")
    notes: list[Content] = []
    for place in order:
        notes.append(part("inv_1", content, so_far(content, notes), {content.lines[place].id: Wish()}))
    assert f"{content.figures().total}" == "334.99"
    assert sum(note.figures().total.minor for note in notes) == 33499
    assert sum(note.figures().tax_total.minor for note in notes) == content.figures().tax_total.minor


def test_three_units_credited_one_by_one_come_to_the_line():
    content = sold("3.333333", quantity="3")
    notes: list[Content] = []
    for _ in range(3):
        notes.append(part("inv_1", content, so_far(content, notes), {"1": Wish(quantity=Decimal(1))}))
    assert [f"{note.lines[0].net}" for note in notes] == ["3.33", "3.34", "3.33"]
    assert sum(note.figures().total.minor for note in notes) == content.figures().total.minor == 1200


def test_an_amount_of_the_total_is_spread_over_lines_and_taxes():
    content = sold("100.00", "300.00")
    note = part_of_total("inv_1", content, untouched(content), b.cad("48.00"))
    assert [f"{line.net}" for line in note.lines] == ["10.00", "30.00"]
    figures = note.figures()
    assert (f"{figures.net_total}", f"{figures.tax_total}", f"{figures.total}") == ("40.00", "8.00", "48.00")


@pytest.mark.row("C26")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=CONTENTS)
def test_a_full_credit_is_the_exact_mirror_of_its_invoice(content):
    content, figures = worked_out(content)
    if figures.total.minor <= 0:
        return
    note = whole_part("inv_1", content, untouched(content))
    assert replace(note.figures(), line_nets=()) == replace(figures, line_nets=(), taxes=note.figures().taxes)
    assert {tax for tax in figures.taxes if tax.amount or tax.base} == set(note.figures().taxes)


@pytest.mark.row("C25")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=CONTENTS, chances=st.lists(st.integers(0, 100), min_size=1, max_size=6), data=st.data())
def test_any_split_in_any_order_sums_to_the_invoice(content, chances, data):
    content, figures = worked_out(content)
    notes: list[Content] = []
    for chance in chances:
        before = so_far(content, notes)
        line = data.draw(st.sampled_from(content.lines))
        left = (line.net or Money.zero("CAD")).minor - before.nets[int(line.id) - 1].minor
        wish = Wish()
        if chance < 40:
            wish = Wish(amount=Money(left * chance // 40, content.currency))
        elif chance < 80:
            wish = Wish(quantity=(line.quantity * (chance - 40) / 40).quantize(Decimal("0.01")))
        try:
            if chance > 95:
                total = figures.total.minor - sum(note.figures().total.minor for note in notes)
                notes.append(part_of_total("inv_1", content, before, Money(total // 2, content.currency)))
            else:
                notes.append(part("inv_1", content, before, {line.id: wish}))
        except (Refused, Invalid):
            continue
    with suppress(Refused):
        notes.append(whole_part("inv_1", content, so_far(content, notes)))
    if figures.total.minor > 0 and notes:
        assert sum(note.figures().total.minor for note in notes) == figures.total.minor
        assert sum(note.figures().amount_due.minor for note in notes) == figures.amount_due.minor
        assert all(note.figures().total.minor > 0 for note in notes)


def test_more_than_is_left_of_a_line_is_refused_with_its_place():
    content = sold("100.00")
    for wish in (Wish(quantity=Decimal(2)), Wish(amount=b.cad("100.01")), Wish(amount=b.cad("-1"))):
        with pytest.raises(Invalid) as refused:
            part("inv_1", content, untouched(content), {"1": wish})
        assert refused.value.code == "more_than_left"
    with pytest.raises(Invalid) as refused:
        part("inv_1", content, untouched(content), {"7": Wish()})
    assert refused.value.code == "unknown_line"


def test_what_is_credited_wholly_is_not_credited_again():
    content = sold("100.00")
    notes = [whole_part("inv_1", content, untouched(content))]
    with pytest.raises(Refused) as refused:
        whole_part("inv_1", content, so_far(content, notes))
    assert refused.value.code == "nothing_to_credit"
    with pytest.raises(Invalid):
        part_of_total("inv_1", content, so_far(content, notes), b.cad("1"))
