"""I18: a document is marked with just the exports that it is in; and what an export is late for (I13)."""

from dataclasses import replace

import pytest

from chalicelib.domain import export as exports
from chalicelib.domain.books import Books
from chalicelib.domain.export import ExportStatus
from chalicelib.domain.export_choice import Wanted
from chalicelib.domain.export_format import Format, Options, Target
from chalicelib.domain.journal import Envelope
from chalicelib.domain.sound_exports import of_export_work, of_exports
from tests import builders as b


def an_export(**more):
    export, _ = exports.requested(
        "exp_1", format=Format.CSV, target=Target.FILE, wanted=Wanted(), options=Options(), by="key_1", at=b.NOON
    )
    return replace(export, **{"status": ExportStatus.READY, "total": 1, "done": 1, "look_at": None} | more)


def marked(export, invoice=None):
    after, event = exports.marked(invoice or b.an_issued_invoice(), export, at=b.NOON)
    return after, Envelope.around(event, b.a_caller())


def found(export, *documents, told):
    by_subject = {}
    for envelope in told:
        by_subject.setdefault(envelope.event.subject, []).append(envelope)
    books = Books(invoices=documents, others=(export,), envelopes=tuple(told))
    return [(one.invariant, one.subject) for one in of_exports(books, by_subject)]


def test_a_document_in_the_export_that_says_so_is_sound():
    export = an_export()
    invoice, told = marked(export)
    assert found(export, invoice, told=[told]) == []


def test_a_mark_without_its_event_is_found():
    export = an_export(done=0, total=0)
    invoice, _ = marked(export)
    assert found(export, invoice, told=[]) == [("I18", "inv_1"), ("I18", "inv_1")]


def test_an_event_without_its_mark_is_found():
    export = an_export()
    _, told = marked(export)
    assert ("I18", "inv_1") in found(export, b.an_issued_invoice(), told=[told])


def test_an_export_that_counts_more_than_is_in_it_is_found():
    assert found(an_export(), told=[]) == [("I18", "exp_1")]


def test_a_document_that_is_in_an_export_twice_is_found():
    export = an_export(total=2, done=1, left_out=1)
    first, told = marked(export)
    second, again = marked(export, first)
    assert ("I18", "exp_1") in found(export, second, told=[told, again])


def test_an_export_that_does_not_account_for_all_is_found():
    export = an_export(total=5)
    invoice, told = marked(export)
    assert found(export, invoice, told=[told]) == [("I18", "exp_1")]


@pytest.mark.parametrize(
    ("status", "sound"), [(ExportStatus.QUEUED, False), (ExportStatus.RUNNING, True), (ExportStatus.FAILED, True)]
)
def test_of_one_under_way_a_page_may_be_ahead(status, sound):
    export = an_export(status=status, done=0)
    invoice, told = marked(export)
    assert (found(export, invoice, told=[told]) == []) is sound


def test_what_is_exported_again_unasked_is_found():
    first, once = marked(an_export(id="exp_0"))
    second, again = marked(an_export(), first)
    assert found(an_export(), second, told=[once, again]) == [("I18", "inv_1")]
    asked = an_export(wanted=Wanted(again=True))
    assert found(asked, second, told=[once, again]) == []


def test_what_is_booked_in_another_program_is_not_exported_again():
    first, once = marked(an_export(id="exp_0", target=Target.XERO))
    second, there = marked(an_export(target=Target.QUICKBOOKS), first)
    third, again = marked(an_export(id="exp_2", target=Target.XERO), second)
    assert second.booked_in == ("xero", "quickbooks")
    assert found(an_export(target=Target.QUICKBOOKS), second, told=[once, there]) == []
    assert found(an_export(id="exp_2", target=Target.XERO), third, told=[once, there, again]) == [("I18", "inv_1")]


def test_without_the_journal_nothing_is_judged():
    assert list(of_exports(Books(others=(an_export(),)), {})) == []


def test_one_of_which_nothing_was_heard_is_found():
    export = an_export(status=ExportStatus.RUNNING, look_at=b.NOON)
    assert [one.invariant for one in of_export_work(export, late=b.later(minutes=1))] == ["I13"]
    assert list(of_export_work(export, late=b.later(minutes=-1))) == []
