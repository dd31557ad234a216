"""Exports made in steps: whoever dies at any moment, each document is in it once, and marked if and only if it is."""

import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import pytest

from chalicelib.domain import export as exports
from chalicelib.domain.export import ExportStatus
from chalicelib.domain.export_format import Format
from chalicelib.domain.invoice import Invoice
from chalicelib.usecases import export_files, export_steps, paying
from tests import builders as b
from tests.usecases.desk import Desk
from tests.usecases.exports import ask, go_on, marked, now, numbers

MANY = 5


class CrashedError(Exception):
    pass


@pytest.fixture(autouse=True)
def two_to_a_page(monkeypatch):
    monkeypatch.setattr(exports, "PAGE", 2)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def invoices(desk):
    return [desk.invoiced() for _ in range(MANY)]


def test_an_export_is_made_in_steps(desk, invoices):
    export = ask(desk)
    assert go_on(desk, export, steps=1)
    assert (now(desk, export).status, now(desk, export).total) == (ExportStatus.RUNNING, MANY)
    assert go_on(desk, export, steps=1)
    assert now(desk, export).done == 2
    assert not go_on(desk, export)
    assert numbers(desk, export) == [one.number for one in invoices]
    assert sorted(marked(desk, export)) == sorted(one.id for one in invoices)


@pytest.mark.row("C49")
@pytest.mark.parametrize("write", range(16))
@pytest.mark.parametrize("after", [False, True], ids=["before a write", "after it"])
def test_whoever_dies_at_any_write_leaves_nothing_twice_and_nothing_out(desk, invoices, write, after):
    export = ask(desk)
    for _ in range(write):
        desk.tables.meanwhile(lambda: None)
    if after:
        desk.tables.meanwhile(lambda: desk.tables.lose_next_answer(CrashedError()))
    else:
        desk.tables.fail_next(CrashedError())
    try:
        go_on(desk, export)
    except CrashedError:
        desk.tables.forget_faults()
        desk.clock.move(seconds=export_steps.LEASE_S + 1)
        assert not go_on(desk, export)
    assert (now(desk, export).status, now(desk, export).done) == (ExportStatus.READY, MANY)
    assert numbers(desk, export) == [one.number for one in invoices]
    assert sorted(marked(desk, export)) == sorted(one.id for one in invoices)


@pytest.mark.parametrize("put", range(1, 5))
def test_whoever_dies_while_a_piece_is_kept_is_followed_by_another(desk, invoices, put, monkeypatch):
    export, puts = ask(desk), []

    def dying(self, key, body, *, content_type):
        puts.append(key)
        if len(puts) == put:
            raise CrashedError
        self.bodies[key] = body

    with monkeypatch.context() as patched:
        patched.setattr("tests.fakes.papers.MemoryFiles.put", dying)
        with pytest.raises(CrashedError):
            go_on(desk, export)
    desk.clock.move(seconds=export_steps.LEASE_S + 1)
    assert not go_on(desk, export)
    assert numbers(desk, export) == [one.number for one in invoices]
    assert len(marked(desk, export)) == MANY


def test_of_two_workers_one_goes_on(desk, invoices):
    export = ask(desk)
    assert desk.store().claim(f"export:{export.id}:1", now=desk.clock(), seconds=export_steps.LEASE_S)
    assert not go_on(desk, export)
    assert now(desk, export).total is None
    desk.clock.move(seconds=export_steps.LEASE_S + 1)
    assert not go_on(desk, export)
    assert now(desk, export).done == MANY


@pytest.mark.row("A53")
def test_of_two_exports_at_once_each_document_is_in_one(desk, invoices):
    one, two = ask(desk), ask(desk)
    go_on(desk, two, steps=1)
    go_on(desk, one, steps=2)
    go_on(desk, two)
    go_on(desk, one)
    assert numbers(desk, one) == [invoice.number for invoice in invoices[:2]]
    assert numbers(desk, two) == [invoice.number for invoice in invoices[2:]]
    assert (now(desk, one).left_out, now(desk, two).left_out) == (3, 2)
    assert sorted(marked(desk, one) + marked(desk, two)) == sorted(invoice.id for invoice in invoices)


def test_a_mark_that_lost_a_race_is_made_on_what_is_there_now(desk, invoices):
    export = ask(desk)
    go_on(desk, export, steps=1)
    desk.tables.meanwhile(lambda: None)
    desk.tables.conflict_next(2)
    go_on(desk, export)
    assert len(marked(desk, export)) == MANY


def test_a_document_that_was_voided_since_it_was_chosen_fails_alone(desk, invoices):
    export = ask(desk)
    go_on(desk, export, steps=1)
    paying.void_invoice(
        invoices[1].id, reason="Erreur", now=desk.clock(), store=desk.store(), gateway=lambda: desk.gateway
    )
    go_on(desk, export)
    assert [(one.document_id, one.code) for one in now(desk, export).failures] == [(invoices[1].id, "invoice_void")]
    assert invoices[1].id not in marked(desk, export)


def test_one_that_was_marked_and_then_voided_before_its_page_was_kept_is_in_the_file(desk, invoices):
    """It was in force when the export took it; nothing else of the export is lost by that."""
    export = ask(desk)
    go_on(desk, export, steps=1)
    desk.tables.meanwhile(lambda: None)
    desk.tables.meanwhile(lambda: desk.tables.lose_next_answer(CrashedError()))
    with pytest.raises(CrashedError):
        go_on(desk, export)
    desk.tables.forget_faults()
    assert marked(desk, export)
    paying.void_invoice(
        invoices[0].id, reason="Erreur", now=desk.clock(), store=desk.store(), gateway=lambda: desk.gateway
    )
    desk.clock.move(seconds=export_steps.LEASE_S + 1)
    go_on(desk, export)
    assert now(desk, export).status is ExportStatus.READY
    assert numbers(desk, export) == [one.number for one in invoices]


def test_our_own_mistake_with_one_document_is_told_without_its_words(desk, invoices, monkeypatch):
    bad = invoices[2].id
    real = export_steps.paper_of

    def broken(document, reference, store):
        if document.id == bad:
            raise KeyError("secret")
        return real(document, reference, store)

    monkeypatch.setattr(export_steps, "paper_of", broken)
    export = ask(desk)
    go_on(desk, export)
    (failure,) = now(desk, export).failures
    assert (failure.document_id, failure.code, "secret" in failure.detail) == (bad, "cannot_be_written", False)
    assert len(numbers(desk, export)) == MANY - 1


def test_what_was_marked_and_cannot_be_written_any_more_is_tried_again(desk, invoices, monkeypatch):
    """It is in the export: to leave it out would make the mark a lie."""
    export = ask(desk)
    go_on(desk, export, steps=1)
    desk.tables.meanwhile(lambda: None)
    desk.tables.meanwhile(lambda: desk.tables.lose_next_answer(CrashedError()))
    with pytest.raises(CrashedError):
        go_on(desk, export)
    desk.tables.forget_faults()
    desk.clock.move(seconds=export_steps.LEASE_S + 1)
    with monkeypatch.context() as patched:
        patched.setattr(export_steps, "paper_of", broken_paper)
        with pytest.raises(KeyError):
            go_on(desk, export)
    desk.clock.move(seconds=export_steps.LEASE_S + 1)
    go_on(desk, export)
    assert numbers(desk, export) == [one.number for one in invoices]


def broken_paper(*_):
    raise KeyError


def test_only_the_newest_exports_are_remembered(desk, invoices):
    for _ in range(exports.MOST_REMEMBERED + 2):
        last = ask(desk, again=True, ids=(invoices[0].id,))
        go_on(desk, last)
    kept = desk.store().get(Invoice, invoices[0].id).exports
    assert (len(kept), kept[-1]) == (exports.MOST_REMEMBERED, last.id)


def test_a_file_that_a_program_takes_in_parts_is_a_zip_of_them(desk, invoices, monkeypatch):
    layout = export_steps.LAYOUTS[Format.CSV]
    parts = {Format.CSV: replace(layout, most=2)}
    monkeypatch.setattr(export_files, "LAYOUTS", {**export_steps.LAYOUTS, **parts})
    export = ask(desk)
    go_on(desk, export)
    file = now(desk, export).file
    assert file.name.endswith(".zip")
    archive = exporting_archive(desk, export)
    assert [name[-7:] for name in archive.namelist()] == ["001.csv", "002.csv", "003.csv"]
    assert [archive.read(name).count(b"\r\n") for name in archive.namelist()] == [3, 3, 2]


def exporting_archive(desk, export):
    return zipfile.ZipFile(io.BytesIO(desk.files.get(f"{b.BUSINESS}/exports/{export.id}")))


def test_a_workbook_of_more_lines_than_there_is_time_for_ends_with_the_reason(desk, invoices, monkeypatch):
    """Whoever tried would be stopped before its end, again and again."""
    monkeypatch.setattr(export_files, "MOST_LINES", MANY - 1)
    export = ask(desk, Format.XLSX)
    go_on(desk, export)
    assert (now(desk, export).status, "4 lines" in now(desk, export).reason) == (ExportStatus.FAILED, True)
    whole = ask(desk, again=True)
    go_on(desk, whole)
    assert len(numbers(desk, whole)) == MANY


@pytest.mark.row("C49")
@pytest.mark.parametrize("format", [Format.CSV, Format.PDF_ZIP, Format.XLSX])
def test_a_file_is_put_together_of_one_piece_at_a_time(desk, invoices, format, monkeypatch):
    """Neither the pieces nor the file are ever held as a whole."""
    export = ask(desk, format)
    go_on(desk, export, steps=4)
    assert now(desk, export).pages == 3
    order = []
    real_get = type(desk.files).get

    def watched_get(self, key):
        if key.startswith("temporary/") and not key.endswith("chosen"):
            order.append("read")
        return real_get(self, key)

    def watched_stream(self, key, parts, *, content_type):
        for part in parts:
            order.append("write")
            self.bodies[key] = self.bodies.get(key, b"") + part

    monkeypatch.setattr("tests.fakes.papers.MemoryFiles.get", watched_get)
    monkeypatch.setattr("tests.fakes.papers.MemoryFiles.stream", watched_stream)
    go_on(desk, export)
    assert now(desk, export).status is ExportStatus.READY
    if format is Format.XLSX:  # its rows go to the disk, since a workbook is closed at its end
        assert order == ["read"] * 3 + ["write"]
    else:
        read = [place for place, deed in enumerate(order) if deed == "read"]
        assert all("write" in order[one:other] for one, other in pairwise(read))
