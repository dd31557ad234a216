"""Numbers: one after the other, dates never back, no text twice whatever the rules become."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.business import Numbering
from chalicelib.domain.numbering import next_to_give, opened, renumbered, take
from tests import builders as b

YEARLY = Numbering(prefix="F", padding=4, yearly_reset=True)


def taken(series, count=1, *, on=b.TODAY):
    numbers = []
    for _ in range(count):
        series, number = take(series, document_id="inv_1", on=on)
        numbers.append(number)
    return series, numbers


def test_a_new_series_has_given_nothing():
    series = opened("invoice", Numbering(start=7))
    assert (series.version, series.next, series.year, series.last_date) == (0, 7, None, None)


@pytest.mark.row("C17")
def test_numbers_follow_each_other_from_one():
    series, numbers = taken(b.a_series(), 3)
    assert [number.id for number in numbers] == ["00001", "00002", "00003"]
    assert (series.next, series.version, series.last_date) == (4, 3, b.TODAY)


def test_a_number_says_who_bears_it_since_when():
    series, number = take(b.a_series(numbering=YEARLY), document_id="inv_9", on=b.TODAY)
    assert (number.id, number.series, number.seq, number.year) == ("F2026-0001", "invoice", 1, 2026)
    assert (number.document_id, number.issue_date) == ("inv_9", b.TODAY)
    began = b.a_series(numbering=YEARLY)
    assert series == replace(began, version=1, next=2, year=2026, last=number.id, last_date=b.TODAY, highest=1)


def test_the_last_number_is_the_one_given_last_whatever_the_rules_became():
    series, _ = taken(b.a_series(), 3)
    assert renumbered(renumbered(series, Numbering(start=100)), Numbering(prefix="F-")).last == "00003"


@pytest.mark.parametrize(
    ("rules", "printed"),
    [
        pytest.param(Numbering(), "00001", id="five digits unless told otherwise"),
        pytest.param(Numbering(padding=0), "1", id="no padding"),
        pytest.param(Numbering(padding=2, start=123), "123", id="a number longer than its padding is whole"),
        pytest.param(Numbering(prefix="INV-"), "INV-00001", id="a prefix"),
        pytest.param(Numbering(prefix="INV-", yearly_reset=True), "INV-2026-00001", id="the year where it restarts"),
        pytest.param(Numbering(start=4712), "04712", id="after what was imported (C23)"),
    ],
)
def test_how_a_number_is_printed(rules, printed):
    assert taken(b.a_series(numbering=rules))[1][0].id == printed


def test_a_date_never_goes_back_within_a_series():
    series, _ = taken(b.a_series(), on=date(2026, 3, 10))
    series, (number,) = taken(series, on=date(2026, 3, 9))
    assert number.issue_date == date(2026, 3, 10)
    assert series.last_date == date(2026, 3, 10)


def test_a_yearly_series_restarts_with_the_first_number_of_a_new_year():
    series, last = taken(b.a_series(numbering=YEARLY), 2, on=date(2026, 12, 31))
    series, first = taken(series, 2, on=date(2027, 1, 1))
    assert [number.id for number in last + first] == ["F2026-0001", "F2026-0002", "F2027-0001", "F2027-0002"]


def test_a_number_dated_back_over_new_year_belongs_to_the_new_year():
    series, _ = taken(b.a_series(numbering=YEARLY), on=date(2027, 1, 1))
    _, (number,) = taken(series, on=date(2026, 12, 31))
    assert (number.id, number.issue_date) == ("F2027-0002", date(2027, 1, 1))


def test_a_year_in_which_nothing_was_issued_is_skipped():
    series, _ = taken(b.a_series(numbering=YEARLY), on=date(2026, 5, 1))
    assert taken(series, on=date(2028, 5, 1))[1][0].id == "F2028-0001"


@pytest.mark.row("C22")
def test_a_new_prefix_goes_on_counting():
    series, _ = taken(b.a_series(), 3)
    series = renumbered(series, Numbering(prefix="A"))
    assert series.version == 4
    assert taken(series)[1][0].id == "A00004"


@pytest.mark.row("C22")
def test_a_restart_every_year_that_begins_in_mid_year_goes_on_counting_that_year():
    series, _ = taken(b.a_series(), 3)
    series, (mid_year,) = taken(renumbered(series, YEARLY))
    _, (next_year,) = taken(series, on=date(2027, 1, 2))
    assert (mid_year.id, next_year.id) == ("F2026-0004", "F2027-0001")


@pytest.mark.row("C22")
def test_a_series_that_stops_restarting_goes_on_after_the_highest_number_it_ever_gave():
    series, _ = taken(b.a_series(), 9)
    series, _ = taken(renumbered(series, replace(YEARLY, prefix="")), 1, on=date(2027, 1, 2))
    series, _ = taken(series, 2, on=date(2028, 1, 2))
    series = renumbered(series, Numbering())
    assert taken(series)[1][0].id == "00011"


@pytest.mark.row("C23")
def test_a_later_start_skips_ahead_and_an_earlier_one_changes_nothing():
    series, _ = taken(b.a_series(), 3)
    assert renumbered(series, Numbering(start=100)).next == 100
    assert renumbered(series, Numbering(start=2)).next == 4


RULES = st.builds(
    Numbering,
    prefix=st.sampled_from(["", "A", "B-"]),
    padding=st.integers(0, 6),
    start=st.integers(1, 30),
    yearly_reset=st.booleans(),
)
STEPS = st.lists(st.one_of(RULES, st.integers(-40, 400)), max_size=60)


@pytest.mark.row("C22", "C20")
@given(first=RULES, steps=STEPS)
def test_no_number_is_given_twice_and_no_date_goes_back_whatever_happens_to_the_rules(first, steps):
    series, day, given_out = opened("invoice", first), b.TODAY, []
    for step in steps:
        if isinstance(step, int):
            day += timedelta(days=step)
            series, number = take(series, document_id="inv_1", on=day)
            given_out.append(number)
        else:
            series = renumbered(series, step)

    texts = [number.id for number in given_out]
    assert len(set(texts)) == len(texts)
    dates = [number.issue_date for number in given_out]
    assert dates == sorted(dates)


def test_a_series_says_its_last_number_and_its_next():
    series, _ = taken(opened("invoice", YEARLY), 7)
    assert (series.last, next_to_give(series)) == ("F2026-0007", "F2026-0008")
    assert opened("invoice", YEARLY).last is None
