"""What a quote says on paper, before anybody draws it."""

from datetime import date

import pytest

from chalicelib.domain.document import Emphasis, Fact, Standing, Template
from chalicelib.domain.money import Money
from chalicelib.domain.quote import QuoteStatus
from chalicelib.domain.quote_document import quote_document
from chalicelib.domain.sales import parties_of, worked_out
from chalicelib.domain.schedule import DaysAfter, DueOn, EndOfMonth, Instalment, InstalmentTerm
from tests import builders as b
from tests.domain.test_document_of_invoice import BUYER, SELLER, PlainWording


def a_document(*, quote=None, **content):
    sold, figures = worked_out(b.content(**content))
    head = b.a_quote(sold, **{"figures": figures, "number": "Q-00001"} | (quote or {}))
    parties = parties_of(head.id, sold, seller=SELLER, buyer=BUYER)
    return quote_document(
        head, sold, parties, template=Template.COMPACT, dated=date(2026, 3, 2), wording=PlainWording()
    )


def test_a_quote_says_what_it_is_for_whom_and_in_which_template():
    document = a_document()

    assert (document.title, document.number, document.heading) == ("Quote", "No. Q-00001", "Quote Q-00001")
    assert [(party.label, party.name) for party in document.parties] == [
        ("From", "Rénovation Boréale inc."),
        ("For", "Les Érables"),
    ]
    assert (document.template, document.dated, document.stamp) == (Template.COMPACT, date(2026, 3, 2), "")


def test_a_quote_without_a_number_is_a_draft():
    document = a_document(quote={"number": None})

    assert (document.number, document.heading, document.stamp) == ("", "Quote", "DRAFT")


@pytest.mark.parametrize(
    ("until", "note", "facts"),
    [
        pytest.param(None, "", [("Quote date", "2026-03-02")], id="for good"),
        pytest.param(
            date(2026, 4, 1),
            "Valid until 2026-04-01",
            [("Quote date", "2026-03-02"), ("Valid until", "2026-04-01")],
            id="until a day",
        ),
    ],
)
def test_a_quote_says_until_when_it_is_valid(until, note, facts):
    document = a_document(quote={"valid_until": until})

    assert document.panel.note == note
    assert document.facts == tuple(Fact(label=label, value=value) for label, value in facts)


def test_nothing_of_a_quote_is_due_yet():
    document = a_document()
    (last,) = [total for total in document.totals if total.emphasis is Emphasis.FINAL]

    assert (last.label, last.value) == ("Total", "114.98 CAD")
    assert (document.panel.label, document.panel.amount, document.panel.action) == ("Total", "114.98 CAD", "")
    assert document.schedule is None


def test_a_quote_with_something_paid_says_what_is_left():
    document = a_document(prepaid=Money(10_00, "CAD"))

    assert (document.totals[-1].label, document.totals[-1].value) == ("Balance due", "104.98 CAD")


def test_the_instalments_of_a_quote_are_offered_and_not_due():
    halves = tuple(
        Instalment(id=f"{number}", label=label, amount=Money(57_49, "CAD"))
        for number, label in enumerate(("Acompte", "Solde"), 1)
    )
    entries = a_document(quote={"schedule": halves}).schedule.instalments

    assert [(entry.label, entry.amount) for entry in entries] == [("Acompte", "57.49 CAD"), ("Solde", "57.49 CAD")]
    assert {(entry.state, entry.standing) for entry in entries} == {("", Standing.UPCOMING)}


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (DaysAfter(days_after="approval", days=0), "On approval"),
        (DaysAfter(days_after="approval", days=7), "7 days after approval"),
        (DaysAfter(days_after="issue", days=0), "When invoiced"),
        (DaysAfter(days_after="completion", days=10), "10 days after the work is done"),
        (EndOfMonth(end_of_month=0), "At the end of the month"),
        (DueOn(on=date(2026, 4, 1)), "2026-04-01"),
        (None, ""),
    ],
)
def test_an_instalment_without_a_day_says_what_was_agreed(due, says):
    terms = (InstalmentTerm(amount=b.cad("50.00"), due=due), InstalmentTerm(remainder=True))
    schedule = b.a_quote(b.content(schedule=terms)).schedule

    assert a_document(quote={"schedule": schedule}).schedule.instalments[0].detail == says


@pytest.mark.parametrize(
    ("status", "stamp"),
    [
        (QuoteStatus.SENT, ""),
        (QuoteStatus.VIEWED, ""),
        (QuoteStatus.APPROVED, "APPROVED"),
        (QuoteStatus.INVOICED, "APPROVED"),
        (QuoteStatus.DECLINED, "DECLINED"),
        (QuoteStatus.EXPIRED, "EXPIRED"),
    ],
)
def test_a_quote_is_stamped_with_what_became_of_it(status, stamp):
    assert a_document(quote={"status": status}).stamp == stamp
