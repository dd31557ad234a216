"""Numbers without gap or double (I1): what the counter, the register and the documents say of each other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import numbering
from chalicelib.domain.business import Numbering
from chalicelib.domain.events import SeriesChanged
from chalicelib.domain.invariants import check, of_number, of_numbered, of_series
from tests import builders as b
from tests.domain import ledger
from tests.domain.ledger import details

NEW_YEAR = date(2027, 1, 4)
RULES = st.builds(
    Numbering,
    prefix=st.sampled_from(["", "F-"]),
    start=st.integers(1, 12),
    padding=st.integers(1, 5),
    yearly_reset=st.booleans(),
)


def taken(series, *days):
    """The series after numbers for these days, and the numbers."""
    numbers = []
    for n, day in enumerate(days):
        series, number = numbering.take(series, document_id=f"inv_{n}", on=day)
        numbers.append(number)
    return series, numbers


def renumbered(series, rules):
    """The series under new rules, and the event that tells of it."""
    following = numbering.renumbered(series, rules)
    event = SeriesChanged(
        subject=b.BUSINESS,
        version=2,
        at=b.NOON,
        last_number=series.last,
        next_number=numbering.next_to_give(following),
    )
    return following, ledger.enveloped(event)


@pytest.fixture
def three():
    return taken(b.a_series(), b.TODAY, b.TODAY, b.TODAY + timedelta(days=1))


def test_a_series_that_has_given_none_or_some_is_sound(three):
    assert list(of_series(None, [])) == []
    assert list(of_series(b.a_series(), [])) == []
    assert list(of_series(*three)) == []


def test_numbers_without_a_counter(three):
    _, numbers = three
    assert details(of_series(None, numbers)) == [
        ("I1", "series invoice because it has given 3 numbers and has no counter.")
    ]


def test_a_gap(three):
    series, numbers = three
    assert details(of_series(series, [numbers[0], numbers[2]])) == [
        ("I1", "series invoice because 00001 is followed by 3 and what follows should be 2.")
    ]


def test_a_first_number_that_is_missing(three):
    series, numbers = three
    assert details(of_series(series, numbers[1:])) == [
        ("I1", "series invoice because it begins with 2 and its rules begin with 1.")
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"next": 3}, "its last number is 3 and its counter stands after 2."),
        ({"last": "00002"}, "its last number is 00003 and its counter says 00002."),
        ({"last_date": b.TODAY}, "its last number is of 2026-03-03 and its counter says 2026-03-02."),
        ({"highest": 4}, "its highest number is 3 and its counter says 4."),
    ],
)
def test_a_counter_that_is_not_where_its_numbers_are(three, changed, sentence):
    series, numbers = three
    assert details(of_series(replace(series, **changed), numbers)) == [("I1", f"series invoice because {sentence}")]


def test_a_date_that_goes_back(three):
    series, numbers = three
    late = replace(numbers[1], issue_date=b.TODAY + timedelta(days=1))
    back = replace(numbers[2], issue_date=b.TODAY)
    found = details(of_series(replace(series, last_date=late.issue_date), [numbers[0], late, back]))
    assert (
        "I1",
        "series invoice because 00002 is of 2026-03-03 and 00003, given later, of 2026-03-02.",
    ) in found


def test_a_new_year_begins_again():
    yearly = b.a_series(numbering=Numbering(yearly_reset=True))
    assert list(of_series(*taken(yearly, b.TODAY, b.TODAY, NEW_YEAR, NEW_YEAR))) == []


def test_a_new_year_that_does_not_begin_again():
    series, numbers = taken(b.a_series(numbering=Numbering(yearly_reset=True)), b.TODAY, b.TODAY, NEW_YEAR, NEW_YEAR)
    assert details(of_series(series, numbers[:2] + numbers[3:])) == [
        ("I1", "series invoice because 2026-00002 is followed by 2 and what follows should be 1.")
    ]


@pytest.mark.parametrize("given", [10, 0])
def test_a_number_that_only_ends_like_the_one_foretold_is_not_explained(three, given):
    series, numbers = three
    following, told = renumbered(series, Numbering(start=110))
    after, (number,) = taken(replace(following, next=given), b.TODAY + timedelta(days=2))
    found = ("I1", f"series invoice because 00003 is followed by {given} and what follows should be 4.")
    assert found in details(of_series(after, [*numbers, number], changes=[told]))
    counted = replace(following, next=given)
    assert details(of_series(counted, numbers, changes=[told])) == [
        ("I1", f"series invoice because its last number is 3 and its counter stands after {given - 1}.")
    ]


def test_a_later_start_is_explained_by_the_journal_and_by_nothing_else(three):
    series, numbers = three
    following, told = renumbered(series, Numbering(start=100))
    assert list(of_series(following, numbers, changes=[told])) == []
    after, more = taken(following, NEW_YEAR)
    assert list(of_series(after, numbers + more, changes=[told])) == []
    assert details(of_series(after, numbers + more)) == [
        ("I1", "series invoice because it begins with 1 and its rules begin with 100."),
        ("I1", "series invoice because 00003 is followed by 100 and what follows should be 4."),
    ]


def test_what_the_register_says_and_its_document_does_not():
    invoice = b.an_issued_invoice()
    assert list(of_number(b.a_number(), invoice)) == []
    assert details(of_number(b.a_number(seq=7), invoice)) == [
        ("I1", "number 00001 because its document says 1 and the register says 7.")
    ]
    assert details(of_number(b.a_number("00002"), invoice)) == [
        (
            "I1",
            "number 00002 because the register gives it to a document that bears 00001 and the register says 00002.",
        )
    ]
    assert details(of_number(b.a_number(), None)) == [
        (
            "I1",
            "number 00001 because the register gives it to a document that bears nothing and the register says 00001.",
        )
    ]


def test_a_number_that_the_register_does_not_give_to_its_bearer():
    invoice = b.an_issued_invoice()
    assert list(of_numbered(b.an_invoice(), None)) == []
    assert details(of_numbered(invoice, None)) == [
        ("I1", "number 00001 because it is borne by inv_1 and the register gives it to nothing.")
    ]


def test_the_register_is_compared_with_all_documents():
    books = ledger.sound()
    found = check(replace(books, numbers=books.numbers[:2]))
    assert [(violation.invariant, violation.subject) for violation in found] == [
        *[("I1", "invoice")] * 3,
        ("I1", "inv_3"),
    ]


@settings(deadline=None)
@given(first=RULES, steps=st.lists(st.one_of(st.integers(0, 400), RULES), max_size=12))
def test_whatever_a_series_gives_under_whatever_rules_is_sound(first, steps):
    """Rules change, years turn, days go by; every number taken by the domain is in order."""
    series = numbering.opened("invoice", first)
    numbers, changes, day = [], [], b.TODAY
    for step in steps:
        if isinstance(step, int):
            day += timedelta(days=step)
            series, (number,) = taken(series, day)
            numbers.append(number)
        elif numbers and step != series.numbering:
            series, told = renumbered(series, step)
            changes.append(told)
    assert list(of_series(series, numbers, changes=changes)) == []
