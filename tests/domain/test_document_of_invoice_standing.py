"""What an invoice says as it stands on a day, and what is asked for of it, the same on every output."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.document import Emphasis, Standing
from chalicelib.domain.invoice_asking import asked_as, asked_now, asked_on
from chalicelib.domain.invoice_document import invoice_document
from chalicelib.domain.invoice_standing import STANDINGS, invoice_as_it_stands, standing_of
from chalicelib.domain.invoice_status import InvoiceStatus
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Parties, worked_out
from chalicelib.domain.schedule import DueOn, InstalmentTerm
from tests import builders as b
from tests.fakes.wording import PlainWording

PARTIES = Parties(id="inv_1", seller=b.a_business().as_seller(), buyer=b.a_client().as_buyer())
SOLD = worked_out(b.content())[0]
LATE = b.TODAY + timedelta(days=60)
PARTS = (
    InstalmentTerm(label="Rest", amount=b.cad("64.98"), due=DueOn(on=date(2026, 4, 10))),
    InstalmentTerm(label="Deposit", remainder=True, due=DueOn(on=date(2026, 3, 10))),
)


def paid(invoice, *amounts):
    total = sum(b.cad(amount).minor for amount in amounts)
    return replace(invoice, paid_total=Money(total, "CAD"), instalments_paid=tuple(map(b.cad, amounts)))


def in_parts(*amounts):
    """An invoice of 64.98 by April 10 and 50.00 by March 10, of which so much is paid."""
    parts = b.a_quote(b.content(schedule=PARTS)).schedule
    schedule = tuple(replace(part, due_on=term.due.on) for part, term in zip(parts, PARTS, strict=True))
    return paid(replace(b.an_issued_invoice(), schedule=schedule), *amounts)


def stands(invoice, on=b.TODAY):
    return invoice_as_it_stands(invoice, SOLD, PARTIES, on=on, wording=PlainWording())


ISSUED = b.an_issued_invoice()
VOID = invoices.voided(ISSUED, reason=None, at=b.NOON)[0]
ALL_CREDITED = replace(ISSUED, credited_total=ISSUED.figures.total)


@pytest.mark.parametrize(
    ("invoice", "stamp"),
    [
        pytest.param(b.an_invoice(), "DRAFT", id="a draft"),
        pytest.param(ISSUED, "", id="issued"),
        pytest.param(paid(ISSUED, "10.00"), "", id="paid in part"),
        pytest.param(paid(ISSUED, "114.98"), "PAID IN FULL", id="paid"),
        pytest.param(VOID, "VOID", id="void"),
        pytest.param(ALL_CREDITED, "CREDITED IN FULL", id="credited"),
    ],
)
def test_what_is_over_is_stamped(invoice, stamp):
    assert stands(invoice).stamp == stamp


def test_of_what_is_void_or_paid_nothing_is_asked():
    assert [stands(one).panel for one in (VOID, paid(ISSUED, "114.98"), ALL_CREDITED)] == [None] * 3


def test_what_was_paid_and_credited_since_leads_to_what_is_left():
    document = stands(replace(paid(ISSUED, "14.98"), credited_total=b.cad("20.00")))

    assert [(total.label, total.value, total.emphasis) for total in document.totals[-4:]] == [
        ("Total due", "114.98 CAD", Emphasis.STRONG),
        ("Paid", "-14.98 CAD", Emphasis.PLAIN),
        ("Credited", "-20.00 CAD", Emphasis.PLAIN),
        ("Balance due", "80.00 CAD", Emphasis.FINAL),
    ]


def test_of_a_void_invoice_nothing_is_left():
    assert [(total.label, total.value) for total in stands(VOID).totals[-3:]] == [
        ("Total due", "114.98 CAD"),
        ("Void", "-114.98 CAD"),
        ("Balance due", "0.00 CAD"),
    ]


def test_an_invoice_of_which_nothing_has_become_says_what_was_issued():
    assert stands(ISSUED) == invoice_document(ISSUED, SOLD, PARTIES, wording=PlainWording())


def test_each_instalment_says_how_it_stands_and_what_of_it_is_paid():
    document = stands(in_parts("0", "10.00"), on=date(2026, 3, 11))

    assert [(one.label, one.detail, one.state, one.standing) for one in document.schedule.instalments] == [
        ("Rest", "2026-04-10", "Upcoming", Standing.UPCOMING),
        ("Deposit", "2026-03-10  ·  of which 10.00 CAD is paid", "Overdue", Standing.DUE),
    ]
    void = stands(invoices.voided(in_parts("0", "0"), reason=None, at=b.NOON)[0])
    assert [one.state for one in void.schedule.instalments] == ["", ""]


def test_the_instalment_due_first_is_asked_for_wherever_it_stands_in_the_schedule():
    invoice = in_parts("0", "0")
    issued = invoice_document(invoice, SOLD, PARTIES, wording=PlainWording()).panel

    assert (issued.label, issued.amount, issued.note) == (
        "Instalment due",
        "50.00 CAD",
        "by 2026-03-10  ·  Total balance: 114.98 CAD",
    )
    assert stands(invoice).panel == issued
    assert asked_now(invoice) == b.cad("50.00")


@pytest.mark.parametrize(
    ("amounts", "on", "asked", "called"),
    [
        (("0", "0"), date(2026, 3, 1), "50.00", "Instalment due"),
        (("0", "10.00"), date(2026, 3, 11), "40.00", "Overdue amount"),
        (("0", "50.00"), date(2026, 3, 11), "64.98", "Amount due"),
        (("0", "0"), date(2026, 4, 11), "114.98", "Amount due"),
    ],
)
def test_what_is_asked_for_is_what_is_late_else_what_comes_next(amounts, on, asked, called):
    invoice = in_parts(*amounts)

    assert (asked_on(invoice, on), asked_as(invoice, on)) == (b.cad(asked), called)


def test_every_standing_is_told_or_is_to_be_paid():
    untold = {status for status in InvoiceStatus if status not in STANDINGS}

    assert untold == {
        InvoiceStatus.EXPORTED,
        InvoiceStatus.SENT,
        InvoiceStatus.ISSUED,
        InvoiceStatus.SCHEDULED,
        InvoiceStatus.DRAFT,
    }
    assert (standing_of(ISSUED, b.TODAY), standing_of(ISSUED, LATE)) == ("To pay", "Overdue")
