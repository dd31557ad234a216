"""Which documents an export is of: those asked for, in the order of the books, wherever they are found."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain import export as exports
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Refused
from chalicelib.domain.export import ExportStatus
from chalicelib.ports import Filter
from chalicelib.usecases import crediting, export_reading, exporting
from tests.fakes.papers import a_press
from tests.usecases.desk import Desk
from tests.usecases.exports import ask, go_on, marked, now, numbers

MANY = 5


@pytest.fixture(autouse=True)
def two_to_a_page(monkeypatch):
    monkeypatch.setattr(exports, "PAGE", 2)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def invoices(desk):
    return [desk.invoiced() for _ in range(MANY)]


def test_documents_asked_for_by_their_ids_come_as_they_were_issued(desk, invoices):
    export = ask(desk, ids=tuple(one.id for one in reversed(invoices)))
    go_on(desk, export)
    assert numbers(desk, export) == [one.number for one in invoices]


def test_more_than_an_export_holds_is_refused(desk, invoices, monkeypatch):
    for module in ("export_reading", "export_steps"):
        monkeypatch.setattr(f"chalicelib.usecases.{module}.MOST_DOCUMENTS", MANY - 1)
    export = ask(desk)
    go_on(desk, export)
    assert (now(desk, export).status, now(desk, export).faults[0].code) == (ExportStatus.FAILED, "too_many")
    assert marked(desk, export) == []


def test_credit_notes_come_after_what_was_issued_before_them(desk):
    first = desk.invoiced()
    desk.clock.move(minutes=1)
    crediting.credit(
        first.id,
        crediting.Crediting(reason="Erreur"),
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
        gateway=lambda: desk.gateway,
        press=a_press(),
    )
    desk.clock.move(minutes=1)
    desk.invoiced()
    export = ask(desk)
    go_on(desk, export)
    assert numbers(desk, export) == ["00001", "CN-00001", "00002"]
    (note,) = desk.store().page(CreditNote, Filter(), limit=2).rows
    assert note.exports == (export.id,)


def test_what_was_issued_a_moment_ago_is_found_by_its_day(desk):
    """The register of numbers is read, which lags behind nothing, in the place of all documents there are."""
    desk.tables.delay_indexes()
    invoice = desk.invoiced()
    export = ask(desk, since=invoice.issue_date, until=invoice.issue_date)
    go_on(desk, export)
    assert numbers(desk, export) == [invoice.number]
    with pytest.raises(Refused):
        ask(desk, until=date(2020, 1, 1))


def test_a_request_looks_at_so_many_documents_and_the_worker_at_all(desk, invoices, monkeypatch):
    """Whether there is anything to export among very many the request does not find out."""
    monkeypatch.setattr(exporting, "PAGES_AT_ONCE", 1)
    monkeypatch.setattr(export_reading, "READ_AT_ONCE", 2)
    whole = Desk.store
    monkeypatch.setattr(Desk, "store", lambda desk, *of: replace(whole(desk, *of), most_read=2))
    go_on(desk, ask(desk))
    export = ask(desk)
    go_on(desk, export)
    assert (now(desk, export).status, now(desk, export).total) == (ExportStatus.READY, 0)


def test_nothing_to_export_is_refused_and_nothing_written(desk):
    before = len(desk.tables.journal())
    with pytest.raises(Refused) as refused:
        ask(desk)
    assert (refused.value.code, len(desk.tables.journal())) == ("nothing_to_export", before)
