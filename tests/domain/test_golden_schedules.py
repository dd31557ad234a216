"""The public worked examples of schedules, due dates and recurrence, as far as the domain has the function."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures import compute, portion, shares
from chalicelib.domain.late_fee import LateFeeTerms, Movement, late_fee, rate_on
from chalicelib.domain.money import Money
from chalicelib.domain.recurrence import Period, occurrence, prorated
from chalicelib.domain.schedule import InstalmentTerm, plan
from chalicelib.domain.sharing import equal_parts
from chalicelib.domain.tax import within
from chalicelib.domain.terms import DaysThenEndOfMonth, EndOfMonthThenDays, NetDays, OnDayOfMonth, due_on
from tests.domain.examples import GST, QST, a_line, a_rate, allotted, by_code, eur
from tests.golden import schedules

TRIED = {
    "sch-01", "sch-02", "sch-04", "sch-05", "sch-07", "sch-08", "sch-10", "sch-11", "sch-13", "sch-14", "sch-16",
    "sch-17", "sch-19", "pay-02", "due-01", "due-03", "due-04", "due-06", "rec-01", "rec-03", "rec-04", "rec-06",
    "rec-09", "lat-01", "lat-02", "lat-04", "lat-05",
}  # fmt: skip
ELSEWHERE = {
    "due-07": "no due date moves to a business day: the option is off, and has no calendar of holidays",
    **dict.fromkeys(("pro-02", "pro-03", "pro-05"), "in test_golden_billings.py"),
    **dict.fromkeys(("tim-01", "tim-03", "tim-04", "use-01", "use-02"), "in test_golden_billings.py"),
    "rec-07": "in test_plan_terms.py",
    "pay-03": "what is tendered in cash is rounded at the till; what is booked is what the invoice says",
}


def case(id):
    return schedules()[id]["input"], schedules()[id]["expected"]


def day(text):
    return date.fromisoformat(text)


def quebec(invoice):
    return allotted(invoice["total"], {"GST": invoice["GST"], "QST": invoice["QST"]})


def shown(figures):
    taxes = {tax.code: str(tax.amount) for tax in figures.taxes}
    return {"total": str(figures.total), **taxes, "net": str(figures.net_total)}


def percents(*numbers):
    return [InstalmentTerm(percent=Decimal(number)) for number in numbers]


def amounts(instalments):
    return [str(part.amount) for part in instalments]


def test_every_example_is_tried_or_named():
    assert set(schedules()) == TRIED | set(ELSEWHERE)


@pytest.mark.row("C33")
def test_a_deposit_and_the_balance_share_the_taxes():
    given, expected = case("sch-02")
    deposit = eur(given["instalment"])

    first, last = shares(quebec(given["invoice"]), [deposit, eur(given["invoice"]["total"]) - deposit])

    assert {"instalment": shown(first), "balance": shown(last)} == expected


def test_a_deposit_of_a_percentage_leaves_the_rest():
    given, expected = case("sch-01")
    terms = [*percents(30), InstalmentTerm(remainder=True)]

    assert amounts(plan(terms, eur(given["invoice"]["total"]))) == expected


def test_a_fixed_deposit_has_its_part_of_each_tax():
    given, (deposit, balance) = case("sch-05")
    terms = [InstalmentTerm(amount=eur(given["instalments"][0])), InstalmentTerm(remainder=True)]
    first, last = plan(terms, eur(given["invoice"]["total"]))

    assert shown(portion(quebec(given["invoice"]), first.amount)) == deposit
    assert str(last.amount) == balance


def test_a_forfeited_deposit_holds_each_tax():
    given, expected = case("sch-04")

    assert {rate.code: str(within(eur(given["deposit_kept"]), rate)) for rate in (GST, QST)} == expected


def test_a_deposit_repeats_every_vat_rate():
    given, expected = case("sch-07")
    rates = by_code(*(a_rate(rate, code=rate) for _, rate in given["lines"]))
    whole = compute([a_line(net, taxes=(rate,)) for net, rate in given["lines"]], currency="EUR", rates=rates)

    deposit = portion(whole, plan([*percents(30), InstalmentTerm(remainder=True)], whole.total)[0].amount)

    found = {tax.code: {"base": str(tax.base), "VAT": str(tax.amount)} for tax in deposit.taxes}
    assert {**found, "total": str(deposit.total)} == expected


def test_a_discount_for_paying_early_is_credited_with_its_part_of_the_tax():
    given, expected = case("pay-02")
    whole = allotted(given["total"], {"VAT20": given["VAT20"]})

    discount = portion(whole, Money.rounded(whole.total.decimal * 2 / 100, "EUR"))

    found = shown(discount)
    assert (found["net"], found["VAT20"]) == (expected["net"], expected["VAT20"])
    assert str(whole.total - discount.total) == expected["paid"]


def test_a_credit_of_a_deposit_invoice_is_its_negative():
    given, expected = case("sch-08")
    line = a_line(f"-{given['deposit_invoice']['net']}", taxes=("VAT",))

    credit = compute([line], currency="EUR", rates=by_code(a_rate("20")))

    assert str(credit.total) == expected["customer_balance"]


@pytest.mark.parametrize(("id", "key"), [("sch-10", "half_up_last"), ("sch-16", None), ("sch-17", None)])
def test_equal_parts_leave_the_rest_to_the_last(id, key):
    given, expected = case(id)
    total = Money.rounded(Decimal(given["total"]), given.get("currency", "EUR"))

    assert [str(part) for part in equal_parts(total, given["n"])] == (expected[key] if key else expected)


@pytest.mark.parametrize("id", ["sch-11", "sch-19"])
def test_percentages_leave_the_rest_to_the_last(id):
    given, expected = case(id)

    assert amounts(plan(percents(*given["percents"]), eur(given["total"]))) == expected


def test_percentages_must_add_up_to_a_hundred():
    given, expected = case("sch-13")

    with pytest.raises(Invalid, match=r"add up to 99\.99, not 100"):
        plan(percents(*given["percents"]), eur("100"))
    assert expected == "refused: percentages add up to 99.99, not 100"


def test_fixed_instalments_may_not_pass_the_total():
    given, expected = case("sch-14")

    with pytest.raises(Invalid, match=r"exceed the total by 200\.00"):
        plan([InstalmentTerm(amount=eur(amount)) for amount in given["fixed"]], eur(given["total"]))
    assert expected == "refused: fixed instalments exceed the total by 200.00"


def test_net_days_count_from_the_invoice():
    given, expected = case("due-01")

    assert due_on(NetDays(days=30), day(given["date"])) == day(expected)


def test_forty_five_days_end_of_month_has_two_readings():
    given, expected = case("due-03")
    readings = {"A": DaysThenEndOfMonth(days=45), "B": EndOfMonthThenDays(end_of_month_days=45)}

    assert {name: f"{due_on(terms, day(given['date']))}" for name, terms in readings.items()} == expected


def test_thirty_days_end_of_month_the_tenth():
    given, expected = case("due-04")

    assert due_on(DaysThenEndOfMonth(days=30, on_day=10), day(given["date"])) == day(expected)


def test_a_day_the_month_lacks_is_its_last():
    given, expected = case("due-06")
    first = due_on(OnDayOfMonth(day_of_month=given["day"]), day(given["date"]))

    assert [f"{first}", f"{due_on(OnDayOfMonth(day_of_month=given['day']), first)}"] == expected


@pytest.mark.parametrize(
    ("id", "every", "end_of_months", "key"),
    [
        ("rec-01", Period(months=1), False, None),
        ("rec-03", Period(months=12), False, None),
        ("rec-04", Period(months=3), False, "same_day"),
        ("rec-04", Period(months=3), True, "end_of_month"),
        ("rec-06", Period(days=14), False, None),
    ],
)
def test_occurrences_are_counted_from_the_anchor(id, every, end_of_months, key):
    given, expected = case(id)

    found = [
        f"{occurrence(day(given['anchor']), number, every=every, end_of_months=end_of_months)}"
        for number in range(given["n"])
    ]

    assert found == (expected[key] if key else expected)


def test_an_upgrade_credits_the_old_and_charges_the_new():
    given, expected = case("rec-09")
    part = {"days_used": given["left"], "days_in_period": given["of"]}

    credit, charge = prorated(-eur(given["old"]), **part), prorated(eur(given["new"]), **part)

    assert {"credit": str(credit), "charge": str(charge), "net": str(credit + charge)} == expected


def movement(day_, amount):
    return Movement(on=day_, amount=eur(amount))


@pytest.mark.row("C43")
def test_french_penalties_and_the_fixed_sum():
    given, expected = case("lat-01")
    terms, paid = LateFeeTerms(statutory="FR"), day(given["paid"])
    debts, payments = (movement(day(given["due"]), given["amount"]),), (movement(paid, given["amount"]),)

    for through in (paid, paid + timedelta(days=60)):
        fee = late_fee(terms, debts, payments, charged_through=None, through=through, flat_currency="EUR")
        assert {"days": fee.days, "interest": f"{fee.interest}", "total": f"{fee.total}"} == expected
        assert [str(stretch.percent) for stretch in fee.stretches] == [given["rate"]]


@pytest.mark.row("C43")
def test_interest_of_quebec_at_a_rate_by_the_year():
    given, expected = case("lat-02")
    terms, due = LateFeeTerms(yearly_rate_percent=Decimal(given["annual_rate"])), date(2026, 1, 31)
    through = due + timedelta(days=given["days"])

    fee = late_fee(
        terms, (movement(due, given["amount"]),), (), charged_through=None, through=through, flat_currency="CAD"
    )
    assert f"{fee.total}" == expected


@pytest.mark.row("C43")
def test_interest_on_what_is_open_each_day_rounded_once():
    given, expected = case("lat-04")
    due = date(2026, 1, 31)
    payments = [movement(due + timedelta(days=days), amount) for days, amount in given["payments"]]

    fee = late_fee(
        LateFeeTerms(yearly_rate_percent=Decimal(given["rate"])),
        (movement(due, given["amount"]),),
        payments,
        charged_through=None,
        through=date(2026, 4, 30),
        flat_currency="EUR",
    )
    assert [(stretch.days, f"{stretch.amount}") for stretch in fee.stretches] == [(20, "1200.00"), (23, "700.00")]
    assert f"{fee.interest}" == expected


def test_the_least_that_french_law_allows_a_contract():
    given, expected = case("lat-05")
    terms = LateFeeTerms(yearly_rate_percent=Decimal(given["contract_rate"]), statutory="FR")

    assert str(rate_on(terms, date(2026, 2, 1))[0]) == expected == str(3 * Decimal(given["legal_rate"]))
