import random
from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures import compute, not_negative
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.money import Money
from tests.domain.examples import GST, QST, a_line, a_rate, by_code, eur

VAT = a_rate("21")
FOUR = Decimal(4)


def figures(*lines, rates=(VAT,), currency="EUR", **rest):
    return compute(lines, currency=currency, rates=by_code(*rates), **rest)


def amounts(figures):
    return {tax.code: str(tax.amount) for tax in figures.taxes}


def bases(figures):
    return {tax.code: str(tax.base) for tax in figures.taxes}


def refused(**call):
    with pytest.raises(Invalid) as caught:
        figures(*call.pop("lines", ()), **call)
    return [(fault.at, fault.code) for fault in caught.value.faults]


def workload(number):
    """The lines of invoice ``number`` of the work that peers are compared by: 20 services, 5 lines, two taxes."""
    places = [(number * 5 + place) % 20 for place in range(5)]
    return [
        a_line(str(Decimal(10) + Decimal("7.35") * service), quantity=str(1 + (number + j) % 7), taxes=("GST", "QST"))
        for j, service in enumerate(places)
    ]


def test_a_thousand_quebec_invoices_come_to_the_sum_every_peer_is_held_to():
    totals = [figures(*workload(number), rates=(GST, QST), currency="CAD").total for number in range(1_000)]

    assert (str(totals[0]), str(totals[2])) == ("510.49", "2907.15")
    assert sum(total.decimal for total in totals) == Decimal("1835697.21")


@pytest.mark.row("P13", "P14")
def test_quebec_taxes_are_both_on_the_price_and_each_is_rounded():
    found = figures(a_line("100", taxes=("GST", "QST")), rates=(GST, QST), currency="CAD")

    assert amounts(found) == {"GST": "5.00", "QST": "9.98"}
    assert str(found.total) == "114.98"


@pytest.mark.row("C24")
@pytest.mark.parametrize(("rounding", "total"), [("document", "6527.81"), ("line", "6527.80")])
def test_the_declared_policy_decides_about_the_cent(rounding, total):
    """A discount in a line of its own: 1177.15 on the sum, 1226.19 - 49.05 line by line."""
    sale = a_line("348.35", quantity="16", taxes=("VAT",))
    discount = a_line("-222.94", taxes=("VAT",))

    found = figures(sale, discount, rates=(a_rate("22"),), rounding=rounding)

    assert str(found.total) == total
    assert found.rounding == rounding


@pytest.mark.row("C24")
@pytest.mark.parametrize("rounding", ["document", "line"])
def test_a_line_is_rounded_before_its_tax_under_either_policy(rounding):
    """EN 16931 and the golden cases: 5350.656 is shown as 5350.66, and 22 % of what is shown is 1177.15."""
    line = a_line("348.35", quantity="16", allowances=(Adjustment(percent=FOUR),), taxes=("VAT",))

    found = figures(line, rates=(a_rate("22"),), rounding=rounding)

    assert (str(found.net_total), str(found.tax_total), str(found.total)) == ("5350.66", "1177.15", "6527.81")


@pytest.mark.row("C28")
def test_tax_is_computed_after_the_discount():
    found = figures(a_line("45", quantity="3", taxes=("VAT",)), allowances=[Adjustment(amount=eur("60"))])

    assert (str(found.net_total), str(found.tax_total), str(found.total)) == ("75.00", "15.75", "90.75")
    assert (str(found.subtotal), str(found.discount_total)) == ("135.00", "60.00")


@pytest.mark.row("C30")
@pytest.mark.parametrize(
    ("currency", "total"), [("JPY", "1235"), ("KWD", "1234.568"), ("CLF", "1234.5678"), ("EUR", "1234.57")]
)
def test_every_currency_has_its_own_decimals(currency, total):
    assert str(figures(a_line("1234.5678"), currency=currency).total) == total


def test_a_discount_is_spread_over_the_taxes_by_largest_remainder():
    lines = [a_line("10", taxes=("A",)), a_line("10", taxes=("B",)), a_line("10")]

    found = figures(
        *lines, rates=(a_rate("10", code="A"), a_rate("20", code="B")), allowances=[Adjustment(amount=eur("1"))]
    )

    assert bases(found) == {"A": "9.66", "B": "9.67"}
    assert str(found.net_total) == "29.00"


def test_an_allowance_may_name_its_own_taxes_and_a_charge_none():
    found = figures(
        a_line("100", taxes=("VAT",)),
        rates=(VAT, a_rate("0", code="ZERO", category="Z")),
        allowances=[Adjustment(percent=Decimal(1), taxes=("ZERO",))],
        charges=[Adjustment(amount=eur("7"), taxes=()), Adjustment(percent=Decimal(10))],
    )

    assert bases(found) == {"VAT": "110.00", "ZERO": "-1.00"}
    assert (str(found.charge_total), str(found.net_total), str(found.total)) == ("17.00", "116.00", "139.10")


@pytest.mark.parametrize("rounding", ["document", "line"])
def test_a_charge_on_nothing_stands_alone(rounding):
    found = figures(charges=[Adjustment(amount=eur("5"))], rounding=rounding)

    assert (found.line_nets, str(found.total)) == ((), "5.00")


def test_two_discounts_of_one_line_are_taken_on_the_same_gross():
    line = a_line("100", allowances=(Adjustment(percent=Decimal(10)), Adjustment(percent=Decimal(10))))

    assert str(figures(line).total) == "80.00"


def test_a_price_may_be_for_several_units():
    assert str(figures(a_line("10", quantity="5", base_quantity="3")).total) == "16.67"


def test_a_base_without_tax_is_shown_with_its_reason():
    exempt = a_rate("0", code="E", category="E", exemption_reason="TVA non applicable, art. 293 B du CGI")

    line = figures(a_line("80", taxes=("E",)), rates=(exempt,)).taxes[0]

    assert (str(line.base), str(line.amount), line.category) == ("80.00", "0.00", "E")
    assert line.exemption_reason == "TVA non applicable, art. 293 B du CGI"


def test_taxes_stand_in_the_order_of_their_first_use_with_their_registration():
    registered = replace(GST, registration_number="123456789 RT0001")
    lines = [a_line("10", taxes=("QST",)), a_line("10", taxes=("GST", "QST"))]

    found = figures(*lines, rates=(registered, QST))

    assert [tax.code for tax in found.taxes] == ["QST", "GST"]
    assert found.taxes[1].registration_number == "123456789 RT0001"


@pytest.mark.parametrize("rounding", ["document", "line"])
def test_a_withheld_tax_lowers_what_is_payable_only(rounding):
    line = a_line("100", taxes=("VAT", "IRPF"))

    found = figures(line, rates=(VAT, a_rate("15", code="IRPF", withheld=True)), rounding=rounding)

    assert (str(found.tax_total), str(found.total)) == ("21.00", "121.00")
    assert (str(found.withheld_total), str(found.payable), str(found.amount_due)) == ("15.00", "106.00", "106.00")


def test_what_was_paid_before_and_the_rounding_of_the_total_change_only_what_is_due():
    found = figures(a_line("1200.78"), prepaid=eur("1000"), rounding_adjustment=eur("0.22"))

    assert (str(found.total), str(found.amount_due)) == ("1200.78", "201.00")


@pytest.mark.parametrize(("rounding", "tax"), [("document", "15.97"), ("line", "15.96")])
def test_a_tax_held_in_prices_is_rounded_and_the_net_is_the_rest(rounding, tax):
    lines = [a_line("50", taxes=("VAT",)), a_line("50", taxes=("VAT",))]

    found = figures(*lines, rates=(a_rate("19", included=True),), rounding=rounding)

    assert (str(found.subtotal), str(found.tax_total), str(found.total)) == ("100.00", tax, "100.00")
    assert found.net_total == found.total - found.tax_total


def test_a_tax_held_in_prices_is_shared_out_where_another_is_on_top():
    lines = [a_line("10", taxes=("IN", "ON")), a_line("10", taxes=("IN",)), a_line("1")]
    rates = (a_rate("7", code="IN", included=True), a_rate("10", code="ON"))

    found = figures(*lines, rates=rates)

    assert amounts(found) == {"IN": "1.31", "ON": "0.93"}
    assert bases(found) == {"IN": "18.69", "ON": "9.34"}
    assert str(found.total) == "21.93"


def test_taxes_held_in_prices_that_cancel_out_still_leave_each_price_its_net():
    lines = [a_line("60", taxes=("IN", "ON")), a_line("-60", taxes=("IN",))]
    rates = (a_rate("20", code="IN", included=True), a_rate("10", code="ON"))

    found = figures(*lines, rates=rates)

    assert (amounts(found), bases(found)) == ({"IN": "0.00", "ON": "5.00"}, {"IN": "0.00", "ON": "50.00"})


@pytest.mark.parametrize(("rounding", "base"), [("document", "35.59"), ("line", "35.58")])
def test_a_tax_may_raise_the_base_of_the_next(rounding, base):
    rates = (
        a_rate("6", code="A", affects_next=True),
        a_rate("6", code="B", affects_next=True, affected=False),
        a_rate("3", code="C"),
    )
    lines = [a_line("15.89", taxes=("A", "B", "C"))] * 2

    assert bases(figures(*lines, rates=rates, rounding=rounding))["C"] == base


@pytest.mark.parametrize("rounding", ["document", "line"])
def test_a_fixed_tax_is_due_by_the_unit(rounding):
    eco = a_rate(code="ECO", kind="fixed", amount=Decimal("0.125"))

    found = figures(a_line("10", quantity="3", taxes=("ECO",)), rates=(eco,), rounding=rounding)

    assert (amounts(found), bases(found)) == ({"ECO": "0.38"}, {"ECO": "30.00"})
    assert found.taxes[0].rate_percent is None


@pytest.mark.row("C50")
def test_three_thousand_lines_are_computed_and_no_more():
    assert str(figures(*[a_line("1")] * 3_000).total) == "3000.00"
    assert refused(lines=[a_line("1")] * 3_001) == [("/lines", "too_many_lines")]


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        pytest.param({"lines": [a_line(taxes=("X",))]}, ("/lines/0/taxes/0", "unknown_tax"), id="unknown"),
        pytest.param({"lines": [a_line(taxes=("VAT", "VAT"))]}, ("/lines/0/taxes/1", "tax_twice"), id="twice"),
        pytest.param(
            {"charges": [Adjustment(amount=eur("1"), taxes=("X",))]}, ("/charges/0/taxes/0", "unknown_tax"), id="charge"
        ),
        pytest.param({"lines": [a_line()], "currency": "XXX"}, ("/currency", "unknown_currency"), id="currency"),
        pytest.param({"lines": [a_line("999999999999", quantity="2")]}, ("/lines/0", "too_large"), id="line"),
        pytest.param({"lines": [a_line("999999999999")] * 2}, ("/lines", "too_large"), id="total"),
        pytest.param({"lines": [a_line(base_quantity="0")]}, ("/lines/0/base_quantity", "not_positive"), id="base"),
    ],
)
def test_what_cannot_be_computed_is_refused_at_its_place(call, fault):
    assert refused(**call) == [fault]


def test_taxes_that_leave_no_net_are_refused():
    rates = (a_rate("-200", code="OFF", affects_next=True), a_rate("100", code="IN", included=True))

    assert refused(lines=[a_line(taxes=("OFF", "IN"))], rates=rates) == [("/lines", "tax_rate")]


def test_a_discount_is_in_the_currency_of_its_document():
    assert refused(lines=[a_line()], currency="CAD", allowances=[Adjustment(amount=eur("1"))]) == [
        ("", "currency_mismatch")
    ]


def test_an_invoice_cannot_come_to_less_than_zero():
    below = figures(a_line("-1"))
    withheld = figures(a_line("100", taxes=("W",)), rates=(a_rate("150", code="W", withheld=True),))

    assert not_negative(figures(a_line("0"))).total == eur("0")
    for found in (below, withheld):
        with pytest.raises(Invalid) as caught:
            not_negative(found)
        assert caught.value.code == "negative_total"


def test_no_more_can_be_prepaid_than_an_invoice_comes_to():
    """What is due would be less than nothing, and hide what else the client owes."""
    assert not_negative(figures(a_line("10"), prepaid=eur("10"))).amount_due == eur("0")
    with pytest.raises(Invalid) as caught:
        not_negative(figures(a_line("10"), prepaid=eur("10.01")))
    assert (caught.value.code, caught.value.faults[0].at) == ("negative_due", "/prepaid_total")


def test_the_order_of_lines_changes_no_total():
    lines = [a_line(f"{number}.33", quantity="0.7", taxes=("GST", "QST")) for number in range(40)]
    shuffled = random.Random(7).sample(lines, len(lines))

    assert figures(*lines, rates=(GST, QST)).total == figures(*shuffled, rates=(GST, QST)).total


def test_the_largest_line_there_may_be_is_exact_to_the_cent():
    found = figures(a_line("999999999999.99"))

    assert found.total == Money(99_999_999_999_999, "EUR")
