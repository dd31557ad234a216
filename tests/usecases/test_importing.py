"""What a former system kept, taken in while others write."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.business import Numbering
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import IMPORTED, Number, Place, Series, continued, opened, place_of, take
from chalicelib.ports import Filter
from chalicelib.usecases import issuing
from chalicelib.usecases.importing_clients import import_clients
from chalicelib.usecases.importing_invoices import import_invoices
from chalicelib.usecases.importing_numbers import import_last_numbers
from chalicelib.usecases.line_by_line import Became, Row
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.desk import Desk

TODAY = date(2026, 3, 2)


@pytest.fixture
def desk():
    return Desk()


def never():
    return False


def client_row(line=2, **given):
    plain = {"reference": "C-1", "name": "Ann"} | given
    return Row(line=line, name=plain["reference"], given=plain)


def invoice_row(number="OLD-1", line=2, **given):
    plain = {"number": number, "client_name": "Marie Gagnon", "issue_date": date(2026, 2, 1), "total": Decimal(10)}
    return Row(line=line, name=number, given=plain | {"taxes": {}} | given)


def bring_clients(desk, *rows):
    return import_clients(rows, dry_run=False, enough=never, now=desk.clock(), ids=desk.ids, store=desk.store())


def bring_invoices(desk, *rows):
    return import_invoices(
        rows, remind=False, dry_run=False, enough=never, now=desk.clock(), ids=desk.ids, store=desk.store()
    )


def bring_number(desk, last):
    row = Row(line=2, name="invoice", given={"last_number": last})
    return import_last_numbers([row], dry_run=False, enough=never, now=desk.clock(), store=desk.store())


def came(outcomes):
    return [one.came for one in outcomes]


def issued(desk):
    return issuing.issue_invoice(desk.drafted().id, now=desk.clock(), store=desk.store(), press=a_press())


@pytest.mark.row("C23")
def test_an_invoice_issued_at_the_moment_of_the_import_bears_a_number_of_its_own(desk):
    desk.tables.meanwhile(lambda: issued(desk))

    (outcome,) = bring_number(desk, "4711")

    assert (outcome.came, outcome.made) == (Became.UPDATED, "04712")
    assert [number.id for number in desk.store().page(Number, Filter(series="invoice"), limit=9).rows] == ["00001"]
    assert issued(desk).number == "04712"


@pytest.mark.row("C23")
def test_an_invoice_and_the_series_that_goes_on_beyond_it_are_written_together(desk):
    desk.tables.meanwhile(lambda: issued(desk))

    outcomes = bring_invoices(desk, invoice_row("00007", 2), invoice_row("00009", 3), invoice_row("00008", 4))

    assert came(outcomes) == [Became.CREATED] * 3
    assert [one.line for one in outcomes] == [2, 3, 4]
    assert desk.events(b.BUSINESS).count("business.series_continued") == 1
    assert issued(desk).number == "00010"


@pytest.mark.row("C23")
@pytest.mark.parametrize("reads", range(9))
def test_a_number_that_is_given_while_it_is_imported_is_borne_by_one_invoice(desk, monkeypatch, reads):
    """After so many reads of the import."""
    get, left = type(desk.tables).get, iter(range(reads, -1, -1))

    def interrupted(*asked, **more):
        if next(left, None) == 0:
            issued(desk)
        return get(*asked, **more)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(type(desk.tables), "get", interrupted)
        (outcome,) = bring_invoices(desk, invoice_row("00001"))

    given = [number.id for number in desk.store().page(Number, Filter(series="invoice"), limit=9).rows]
    assert (given, outcome.code) in [(["00001"], "number_given"), (["00002"], ""), ([], "")]


def test_two_lists_that_bring_the_same_at_once_bring_it_once(desk):
    desk.tables.meanwhile(lambda: bring_clients(desk, client_row()))
    assert came(bring_clients(desk, client_row())) == [Became.SAME]

    desk.tables.meanwhile(lambda: bring_invoices(desk, invoice_row()))
    assert came(bring_invoices(desk, invoice_row())) == [Became.SAME]
    assert len(desk.store().page(Number, Filter(series=IMPORTED), limit=9).rows) == 1
    assert len(desk.store().page(Invoice, Filter(), limit=9).rows) == 1
    assert len(desk.store().page(Client, Filter(word="ann"), limit=9).rows) == 1


def test_a_place_in_the_count_is_read_as_the_series_prints_it():
    yearly = Numbering(prefix="F-", yearly_reset=True)
    assert place_of(Numbering(prefix="F-"), "F-4711") == Place(None, 4711)
    assert place_of(yearly, "F-2026-004711") == Place(2026, 4711)
    assert not any(place_of(Numbering(), text) for text in ("", "0", "x1", "-1", "1.0", "١٢", "9" * 13))
    assert not any(place_of(yearly, text) for text in ("F-4711", "F-26-1", "F-2026-", "G-2026-1", "F-2026-0"))


@pytest.mark.row("C23")
def test_a_series_goes_on_only_forward():
    series = continued(opened("invoice", Numbering()), Place(None, 4711), on=date(2026, 3, 1), this_year=2026)
    assert series is not None
    assert (series.next, series.highest, series.version, series.last) == (4712, 4711, 1, None)
    assert continued(series, Place(None, 4711), on=None, this_year=2026) is None

    after, number = take(series, document_id="inv_1", on=date(2026, 2, 1))

    assert (number.id, number.issue_date, after.next) == ("04712", date(2026, 3, 1), 4713)


@pytest.mark.row("C23")
@pytest.mark.parametrize(
    ("year", "of", "goes_on"),
    [
        (None, Place(2026, 5), True),
        (None, Place(2025, 5), False),
        (2025, Place(2026, 1), True),
        (2026, Place(2026, 9), False),
        (2026, Place(2026, 10), True),
        (2026, Place(2025, 99), False),
    ],
)
def test_a_yearly_series_goes_on_in_the_year_that_is_counted(year, of, goes_on):
    series = Series(id="invoice", numbering=Numbering(yearly_reset=True), next=10 if year else 1, year=year)

    after = continued(series, of, on=None, this_year=2026)

    assert (after is not None) is goes_on
    assert after is None or take(after, document_id="inv_1", on=TODAY)[1].seq == of.seq + 1
