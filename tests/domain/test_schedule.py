from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import (
    DaysAfter,
    DueOn,
    EndOfMonth,
    Instalment,
    InstalmentTerm,
    credited_of,
    dated,
    paid_so_far,
    plan,
)
from tests.domain.examples import eur

MARCH_1 = date(2026, 3, 1)


def percent(number, **rest):
    return InstalmentTerm(percent=Decimal(number), **rest)


def fixed(amount, **rest):
    return InstalmentTerm(amount=eur(amount), **rest)


REST = InstalmentTerm(remainder=True)


def planned(total, *terms):
    return [str(part.amount) for part in plan(terms, eur(total))]


def refusal(total, *terms):
    with pytest.raises(Invalid) as caught:
        plan(terms, eur(total))
    fault = caught.value.faults[0]
    return fault.at, fault.code, fault.detail


@pytest.mark.row("P28")
@pytest.mark.parametrize(
    ("total", "terms", "amounts"),
    [
        pytest.param("1149.75", [percent(30), REST], ["344.93", "804.82"], id="a deposit, then the rest"),
        pytest.param("1149.75", [fixed("500"), REST], ["500.00", "649.75"], id="an amount, then the rest"),
        pytest.param(
            "8623.13", [percent(30), percent(40), percent(30)], ["2586.94", "3449.25", "2586.94"], id="thirds"
        ),
        pytest.param(
            "1000", [percent(70), fixed("200"), percent(30)], ["700.00", "200.00", "100.00"], id="last percent"
        ),
        pytest.param("1000", [percent(70), percent(30), fixed("200")], ["700.00", "100.00", "200.00"], id="wherever"),
        pytest.param("1000", [REST, fixed("250")], ["750.00", "250.00"], id="the rest may come first"),
        pytest.param("1000", [fixed("250"), fixed("750")], ["250.00", "750.00"], id="amounts that sum"),
        pytest.param("-1149.75", [percent(30), percent(70)], ["-344.93", "-804.82"], id="a credit mirrors"),
        pytest.param("100", [percent(0), percent(100)], ["100.00"], id="zero is dropped"),
        pytest.param("100", [fixed("100"), REST], ["100.00"], id="an empty rest is dropped"),
        pytest.param("0.02", [percent(25)] * 4, ["0.01", "0.01"], id="cents are not asked for twice"),
        pytest.param("100", [], ["100.00"], id="without terms all at once"),
        pytest.param("0", [], [], id="nothing is not paid"),
        pytest.param("0", [percent(30), REST], [], id="nor in parts"),
    ],
)
def test_instalments_sum_to_the_total(total, terms, amounts):
    assert planned(total, *terms) == amounts


@pytest.mark.parametrize(
    ("total", "terms", "at", "code"),
    [
        pytest.param("100", [percent("33.33")] * 3, "/schedule", "percentages_off", id="short of 100"),
        pytest.param("100", [percent(60), percent(60)], "/schedule", "percentages_off", id="beyond 100"),
        pytest.param("100", [percent(101), REST], "/schedule", "percentages_off", id="beyond 100, with a rest"),
        pytest.param("100", [percent(50), fixed("50")], "/schedule", "percentages_off", id="half, and an amount"),
        pytest.param("1000", [fixed("700"), fixed("500")], "/schedule", "over_total", id="amounts beyond"),
        pytest.param("-1000", [fixed("-700"), fixed("-500")], "/schedule", "over_total", id="a credit's beyond"),
        pytest.param("1000", [fixed("700"), fixed("200")], "/schedule", "amounts_off", id="amounts short"),
        pytest.param("1000", [fixed("700"), percent(40), REST], "/schedule", "over_total", id="together beyond"),
        pytest.param("1000", [REST, REST], "/schedule/1/remainder", "two_remainders", id="two rests"),
        pytest.param("1000", [percent(-1), REST], "/schedule/0/percent", "negative_instalment", id="negative percent"),
        pytest.param("1000", [fixed("-1"), REST], "/schedule/0/amount", "negative_instalment", id="negative amount"),
        pytest.param(
            "1000",
            [InstalmentTerm(amount=Money(1, "CAD")), REST],
            "/schedule/0/amount",
            "currency_mismatch",
            id="another currency",
        ),
        pytest.param("1000", [InstalmentTerm()], "/schedule/0", "instalment_kind", id="neither"),
        pytest.param("1", [percent(1)] * 101, "/schedule", "too_many_instalments", id="too many"),
    ],
)
def test_a_schedule_that_does_not_sum_is_refused_at_its_place(total, terms, at, code):
    assert refusal(total, *terms)[:2] == (at, code)


def test_a_refusal_says_by_how_much():
    assert refusal("1000", fixed("700"), fixed("500"))[2] == "The instalments exceed the total by 200.00."
    assert refusal("1", *[percent("33.33")] * 3)[2] == "The percentages add up to 99.99, not 100."


def test_instalments_keep_their_number_when_an_empty_one_is_dropped():
    parts = plan([percent(0, label="Deposit"), percent(100, label="All")], eur("10"))

    assert [(part.id, part.label) for part in parts] == [("2", "All")]


def test_an_instalment_is_due_on_its_day_once_that_is_known():
    parts = plan(
        [
            percent(10, due=DueOn(on=MARCH_1)),
            percent(20, due=DaysAfter(days_after="approval", days=15)),
            percent(20, due=DaysAfter(days_after="completion", days=0)),
            percent(20, due=EndOfMonth(end_of_month=1)),
            percent(30),
        ],
        eur("100"),
    )

    assert [part.due_on for part in dated(parts)] == [MARCH_1, None, None, None, None]
    known = dated(parts, approval=date(2026, 1, 20), issue=date(2026, 1, 31), completion=date(2026, 4, 2))
    assert [part.due_on for part in known] == [
        MARCH_1,
        date(2026, 2, 4),
        date(2026, 4, 2),
        date(2026, 2, 28),
        None,
    ]


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ("0", [("0.00", "overdue"), ("0.00", "due"), ("0.00", "upcoming"), ("0.00", "upcoming")]),
        ("15", [("10.00", "paid"), ("5.00", "due"), ("0.00", "upcoming"), ("0.00", "upcoming")]),
        ("500", [("10.00", "paid"), ("20.00", "paid"), ("30.00", "paid"), ("40.00", "paid")]),
    ],
)
def test_payments_fill_the_instalments_in_their_order(paid, expected):
    days = [date(2026, 2, 28), MARCH_1, date(2026, 3, 2), None]
    parts = [
        Instalment(id=f"{number}", amount=eur(f"{number}0"), due_on=day) for number, day in enumerate(days, start=1)
    ]

    states = paid_so_far(parts, eur(paid), today=MARCH_1)

    assert [(str(state.paid), state.status) for state in states] == expected


@pytest.mark.row("P15")
@pytest.mark.parametrize(
    ("paid", "credited", "parts"),
    [
        (("0", "0", "0"), "0", ["0.00", "0.00", "0.00"]),
        (("0", "0", "0"), "40", ["0.00", "10.00", "30.00"]),
        (("10", "5", "0"), "40", ["0.00", "10.00", "30.00"]),
        (("0", "0", "25"), "10", ["0.00", "5.00", "5.00"]),
        (("0", "0", "0"), "60", ["10.00", "20.00", "30.00"]),
    ],
)
def test_a_credit_is_taken_off_the_last_instalments(paid, credited, parts):
    schedule = [Instalment(id=f"{number}", amount=eur(f"{number}0")) for number in (1, 2, 3)]

    assert [f"{one}" for one in credited_of(schedule, [eur(one) for one in paid], eur(credited))] == parts


def test_a_credit_is_filled_by_what_is_given_back():
    parts = [Instalment(id="1", amount=Money(-500, "EUR")), Instalment(id="2", amount=Money(-500, "EUR"))]

    states = paid_so_far(parts, Money(-700, "EUR"), today=MARCH_1)

    assert [state.paid.minor for state in states] == [-500, -200]
