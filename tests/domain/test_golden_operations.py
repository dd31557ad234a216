"""The public golden cases of everything that is no invoice, as far as the domain has the function."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from chalicelib.domain.figures import portion
from chalicelib.domain.late_fee import LateFeeTerms, Movement, late_fee
from chalicelib.domain.money import Money, half_away
from chalicelib.domain.recurrence import (
    Period,
    add_months,
    end_of_month,
    prorated,
    whole_periods,
)
from chalicelib.domain.schedule import InstalmentTerm, plan
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate, within
from chalicelib.domain.terms import DaysThenEndOfMonth, EndOfMonthThenDays, NetDays, OnDayOfMonth, due_on
from tests.domain.examples import allotted
from tests.golden import cases, operations

LEFT_OUT = {
    "payments": "balances are the invoice's own",
    "price_convert": "prices are never converted; included taxes are computed as such",
    "fx": "documents have one currency",
}
OTHER_TERMS = {
    "tryton-term-02": "percentages of what remains, and half-even rounding",
    "tryton-cash-01": "instalments rounded to a cash step",
}
FRACTIONS = {"killbill-pro-1", "killbill-pro-3", "killbill-pro-5"}  # of one, in nine decimals
AMOUNTS = {*cases("proration")} - FRACTIONS


def named(operation, *, leaving=()):
    return [pytest.param(case, id=id) for id, case in cases(operation).items() if id not in leaving]


def eur(amount):
    return Money.rounded(Decimal(amount), "EUR")


def shared_largest_remainder():
    return [case for case in named("allocation") if "largest_remainder" in case.values[0]["holds_under"]]


@pytest.mark.parametrize("case", shared_largest_remainder())
def test_an_amount_is_shared_out_by_largest_remainder(case):
    given, step = case["input"], Fraction(case["input"]["step"])
    weights = [Fraction(ratio) for ratio in given["ratios"]] if "ratios" in given else [1] * int(given["parts"])

    shares = share(int(Fraction(given["amount"]) / step), weights)

    assert [part * step for part in shares] == [Fraction(part) for part in case["expected"]["shares"]]


@pytest.mark.parametrize("case", [case for case in named("rounding") if case.values[0]["input"]["mode"] == "half_up"])
def test_a_half_is_rounded_away_from_zero(case):
    step = Fraction(case["input"]["step"])

    assert half_away(Fraction(case["input"]["value"]) / step) * step == Fraction(case["expected"]["value"])


@pytest.mark.parametrize("case", named("portion"))
def test_a_part_of_a_total_has_its_part_of_each_tax(case):
    given, expected = case["input"], case["expected"]
    whole = allotted(given["total"], {tax["code"]: tax["amount"] for tax in given["taxes"]})
    amount = Money.rounded(Fraction(given["total"]) * Fraction(given["percent"]) / 100, "EUR")

    part = portion(whole, amount)

    assert part.total == amount == eur(expected["total"])
    assert part.net_total == eur(expected["net"])
    assert [(tax.code, tax.amount) for tax in part.taxes] == [
        (tax["code"], eur(tax["amount"])) for tax in expected["taxes"]
    ]


RULES = {
    "net_days": lambda rule, day: due_on(NetDays(days=rule["days"]), day),
    "eom_then_days": lambda rule, day: due_on(EndOfMonthThenDays(end_of_month_days=rule["days"]), day),
    "days_then_next_month_day": lambda rule, day: due_on(
        DaysThenEndOfMonth(days=rule["days"], on_day=rule["day"]), day
    ),
    "min_days_then_day": lambda rule, day: due_on(
        OnDayOfMonth(day_of_month=rule["day"], at_least_days=rule["days"]), day
    ),
    "day_on_or_after": lambda rule, day: due_on(OnDayOfMonth(day_of_month=rule["day"]), day),
    "first_day_next_month": lambda _, day: due_on(OnDayOfMonth(day_of_month=1), day),
    "last_day_of_month": lambda rule, day: (
        end_of_month(day) if rule.get("same_day_ok") else due_on(OnDayOfMonth(day_of_month=31), day)
    ),
}


@pytest.mark.parametrize("case", named("due_date"))
def test_a_due_date_follows_its_terms(case):
    rule = case["input"]["rule"]

    due = RULES[rule["type"]](rule, date.fromisoformat(case["input"]["date"]))

    assert due.isoformat() == case["expected"]["date"]


@pytest.mark.parametrize("case", named("payment_term", leaving=OTHER_TERMS))
def test_a_total_is_paid_in_its_instalments(case):
    given = case["input"]

    instalments = plan([instalment_term(term) for term in given["installments"]], eur(given["amount"]))

    assert [part.amount for part in instalments] == [eur(part["amount"]) for part in case["expected"]["installments"]]


def instalment_term(term):
    match term["type"]:
        case "percent_of_total":
            return InstalmentTerm(percent=Decimal(term["value"]))
        case "fixed":
            return InstalmentTerm(amount=eur(term["value"]))
        case "remainder":
            return InstalmentTerm(remainder=True)


@pytest.mark.parametrize("case", named("add_months"))
def test_a_month_later_is_the_same_day_or_the_last(case):
    later = add_months(date.fromisoformat(case["input"]["date"]), case["input"]["months"])

    assert later.isoformat() == case["expected"]["date"]


UNITS = {"week": Period(days=7), "30days": Period(days=30), "month": Period(months=1), "year": Period(months=12)}


@pytest.mark.parametrize("case", named("whole_periods"))
def test_only_whole_periods_count(case):
    start, end = (date.fromisoformat(case["input"][name]) for name in ("start", "end"))

    assert whole_periods(start, end, of=UNITS[case["input"]["unit"]]) == int(case["expected"]["periods"])


@pytest.mark.parametrize("case", named("proration", leaving=FRACTIONS))
def test_used_days_cost_their_part_of_the_period(case):
    given = case["input"]

    part = prorated(
        eur(given["amount"]), days_used=int(given["days_used"]), days_in_period=int(given["days_in_period"])
    )

    assert part == eur(case["expected"]["amount"])


@pytest.mark.parametrize("case", named("proration", leaving=AMOUNTS))
def test_a_share_of_one_in_nine_decimals_is_that_of_ten_million_in_two(case):
    given = case["input"]

    part = prorated(eur("10000000"), days_used=int(given["days_used"]), days_in_period=int(given["days_in_period"]))

    assert part == eur(Decimal(case["expected"]["amount"]) * 10_000_000)


@pytest.mark.parametrize("case", named("deposit_forfeited"))
def test_a_forfeited_deposit_holds_each_tax_by_itself(case):
    given = case["input"]
    rates = [TaxRate(code=tax["code"], rate_percent=Decimal(tax["rate"])) for tax in given["taxes"]]

    assert [within(eur(given["amount"]), rate) for rate in rates] == [
        eur(tax["amount"]) for tax in case["expected"]["taxes"]
    ]


def owed(terms, amount, *, days):
    debts = (Movement(on=date(2026, 3, 1), amount=eur(amount)),)
    through = date(2026, 3, 1) + timedelta(days=days)
    return late_fee(terms, debts, (), charged_through=None, through=through, flat_currency="EUR")


@pytest.mark.parametrize("case", named("late_interest"))
def test_interest_is_the_amount_times_the_rate_times_the_days_by_365(case):
    given = case["input"]
    fee = owed(
        LateFeeTerms(yearly_rate_percent=Decimal(given["annual_rate"])), given["amount"], days=int(given["days"])
    )

    assert f"{fee.interest}" == case["expected"]["interest"]


@pytest.mark.parametrize("case", named("late_fees"))
def test_a_fixed_fee_is_owed_beside_the_principal(case):
    given = case["input"]
    (flat,) = given["fees"]
    fee = owed(LateFeeTerms(flat=Decimal(flat["value"])), given["principal"], days=1)

    assert [f"{fee.total}"] == case["expected"]["fees"]
    assert [f"{eur(given['principal']) + fee.total}"] == case["expected"]["owed"]


def test_what_is_left_out_of_the_operations_that_are_tried_is_of_another_rule_than_ours():
    """Each is named here by its rule: a rest that goes to the first part, or nowhere; a half that goes to the even."""
    shared = [case for case in cases("allocation").values() if "largest_remainder" not in case["holds_under"]]
    rounded = [case for case in cases("rounding").values() if case["input"]["mode"].startswith("half_")]
    summed = [case for case in cases("invoice").values() if not {"per_rate", "per_line"} & {*case["holds_under"]}]

    assert Counter(case["policy"]["rule"] for case in shared) == {
        "floor_to_first": 5,
        "largest_ratio": 3,
        "floor_separate": 5,
        "block_separate": 2,
        "equal_separate": 6,
        "floor_neg_inf_largest_remainder": 1,
        "sequential_from_last": 1,
        "round_half_down_fix_first": 1,
    }
    assert Counter(case["input"]["mode"] for case in rounded) == {"half_up": 11, "half_even": 3, "half_odd": 2}
    assert all(case["policy_dependent"] for case in (*shared, *summed))
    assert len(summed) == 12  # taxes of lines that were not rounded, or the sum of taxes that were not


def test_every_other_operation_is_left_out_for_a_reason():
    tried = {"invoice", "allocation", "rounding", "portion", "due_date", "payment_term", "add_months"}
    tried |= {"whole_periods", "proration", "deposit_forfeited", "late_fees", "late_interest"}
    tried |= {"next_billing_day", "recurrence"}  # test_plan_terms.py
    tried |= {"usage", "time_rounding", "progress_billing"}  # test_golden_billings.py
    tried |= {"fec_row"}  # test_export_formats.py
    assert operations() - tried == set(LEFT_OUT)
