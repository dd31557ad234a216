"""Periods of a contract: counted from an anchor, without gap or overlap, whatever the days of its months."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contract import Contract, ContractType
from chalicelib.domain.recurrence import Period
from tests import builders as b

MONTH, WEEK = Period(months=1), Period(days=7)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2028, 12, 31))
LENGTHS = st.sampled_from([MONTH, WEEK, Period(months=3), Period(months=12), Period(days=30)])


def a_contract(**more):
    plain = {"starts_on": date(2026, 1, 31), "every": MONTH, "created_at": b.NOON}
    named = {"id": "con_1", "client_id": b.CLIENT, "client_name": "Marie", "name": "Parc", "job_id": "job_1"}
    return Contract(**named | {"type": ContractType.FLAT, "currency": "CAD"} | plain | more)


def bounds(contract, count):
    return [(one.starts.isoformat(), one.last_day.isoformat()) for n in range(count) if (one := contract.period(n))]


@pytest.mark.row("C40")
def test_periods_from_the_31st_come_back_to_it():
    assert bounds(a_contract(), 4) == [
        ("2026-01-31", "2026-02-27"),
        ("2026-02-28", "2026-03-30"),
        ("2026-03-31", "2026-04-29"),
        ("2026-04-30", "2026-05-30"),
    ]


def test_a_first_period_ends_at_its_anchor_and_the_last_with_the_contract():
    contract = a_contract(starts_on=date(2026, 1, 20), anchor=date(2026, 2, 1), ends_on=date(2026, 3, 10))

    assert bounds(contract, 9) == [
        ("2026-01-20", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-10"),
    ]
    assert [contract.period(n).whole_days for n in range(3)] == [31, 28, 31]


def test_without_periods_there_is_one_without_an_end():
    contract = a_contract(every=None)

    assert contract.period(0).ends == date.max
    assert contract.period(1) is None
    assert contract.period_of(date(2030, 1, 1)).number == 0


@given(starts=DAYS, every=LENGTHS, first=st.integers(0, 27), day=DAYS)
def test_every_day_is_in_exactly_one_period(starts, every, first, day):
    contract = a_contract(starts_on=starts, every=every, anchor=starts + timedelta(days=first) if first % 7 else None)

    found = contract.period_of(day)

    before = contract.period(found.number - 1) if found.number else None
    assert found.starts <= day < found.ends or (day < starts and found.number == 0)
    assert before is None or before.ends == found.starts


@given(starts=DAYS, every=LENGTHS, lasts=st.integers(0, 900), day=DAYS)
def test_what_is_done_after_the_end_is_in_the_last_period(starts, every, lasts, day):
    contract = a_contract(starts_on=starts, every=every, ends_on=starts + timedelta(days=lasts))

    found = contract.period_of(max(day, starts))

    assert found.last_day <= contract.ends_on
    assert day <= contract.ends_on or contract.period(found.number + 1) is None


def test_an_ended_contract_lets_nothing_wait():
    contract = replace(a_contract(), ended_at=b.NOON)

    assert contract.clears_on(0) is None
