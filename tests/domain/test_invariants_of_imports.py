"""What a former system gave beside what is given here (I1, I10): its numbers, its revenue, its taxes."""

from dataclasses import replace
from datetime import date

from chalicelib.domain import numbering
from chalicelib.domain.books import Books
from chalicelib.domain.import_events import SeriesContinued
from chalicelib.domain.invariants import check, of_series
from chalicelib.domain.numbering import IMPORTED, Place
from chalicelib.domain.opening_invoice import Former, opening
from tests import builders as b
from tests.domain import ledger
from tests.domain.ledger import details


def gone_on(series, seq, on=None):
    """The series after a former system's number, and the event that tells of it."""
    after = numbering.continued(series, Place(None, seq), on=on, this_year=2026)
    event = SeriesContinued(
        subject=b.BUSINESS,
        version=2,
        at=b.NOON,
        series="invoice",
        seq=seq,
        on=on,
        last_number=series.last,
        next_number=numbering.next_to_give(after),
    )
    return after, ledger.enveloped(event)


def taken(series, document_id):
    return numbering.take(series, document_id=document_id, on=b.TODAY)


def test_a_series_that_goes_on_after_a_former_systems_is_sound_at_every_step():
    series, first = taken(b.a_series(), "inv_1")
    series, told = gone_on(series, 4711, on=date(2026, 3, 1))
    assert list(of_series(series, [first], changes=[told])) == []

    series, second = taken(series, "inv_2")

    assert second.id == "04712"
    assert list(of_series(series, [first, second], changes=[told])) == []


def test_a_jump_that_another_series_made_explains_nothing():
    series, first = taken(b.a_series(), "inv_1")
    series, told = gone_on(series, 4711)
    of_notes = replace(told, event=replace(told.event, series="credit_note"))

    assert [id for id, _ in details(of_series(series, [first], changes=[of_notes]))] == ["I1", "I1"]


def test_imported_numbers_need_no_counter_and_are_given_by_none():
    former = Former(number="00001", issue_date=date(2026, 2, 1), total=b.cad("10").decimal, taxes={})
    one = opening(former, id="inv_9", client=b.a_client(), business=b.a_business(), remind=False, at=b.NOON)
    invoices, numbers = (one.invoice,), (one.number,)
    told = (ledger.enveloped(one.event),)
    assert check(Books(invoices=invoices, numbers=numbers, series=(), envelopes=told)) == ()

    series, given = taken(b.a_series(), "inv_1")

    twice = [
        violation.detail for violation in check(Books(numbers=(*numbers, given), invoices=invoices, series=(series,)))
    ]
    assert "You cannot trust number 00001 because it was imported, and given here once more." in twice
    assert one.number.series == IMPORTED
