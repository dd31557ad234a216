"""How documents stand in a client's eyes, told in words, on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.wording import wording
from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.money import Money
from chalicelib.domain.quote import QuoteStatus
from chalicelib.domain.sales import Parties, worked_out
from chalicelib.domain.schedule import DaysAfter, DueOn, EndOfMonth, InstalmentTerm
from chalicelib.entrypoints.portal import showing
from tests import builders as b

ENGLISH = wording("en", "CA")
LATE = b.TODAY + timedelta(days=60)


def paid(invoice, *amounts):
    total = sum(b.cad(amount).minor for amount in amounts)
    return replace(invoice, paid_total=Money(total, "CAD"), instalments_paid=tuple(map(b.cad, amounts)))


@pytest.mark.parametrize(
    ("invoice", "on", "says"),
    [
        pytest.param(b.an_issued_invoice(), b.TODAY, ("To pay", "wait"), id="issued"),
        pytest.param(b.an_issued_invoice(), LATE, ("Overdue", "alert"), id="late"),
        pytest.param(paid(b.an_issued_invoice(), "10.00"), LATE, ("Partly paid", "wait"), id="partly paid"),
        pytest.param(paid(b.an_issued_invoice(), "114.98"), LATE, ("Paid", "good"), id="paid"),
        pytest.param(
            invoices.voided(b.an_issued_invoice(), reason=None, at=b.NOON)[0], LATE, ("Void", "quiet"), id="void"
        ),
    ],
)
def test_an_invoice_stands_as(invoice, on, says):
    badge = showing.invoice_badge(invoice, on, ENGLISH)

    assert (badge.text, badge.tone) == says


@pytest.mark.parametrize(
    ("quote", "says"),
    [
        pytest.param(b.a_quote(status=QuoteStatus.SENT), ("To approve", "wait"), id="sent"),
        pytest.param(b.a_quote(status=QuoteStatus.VIEWED), ("To approve", "wait"), id="viewed"),
        pytest.param(b.an_approved_quote(), ("Approved", "good"), id="approved"),
        pytest.param(b.a_quote(status=QuoteStatus.INVOICED), ("Approved", "good"), id="invoiced"),
        pytest.param(b.a_quote(status=QuoteStatus.DECLINED), ("Declined", "quiet"), id="declined"),
        pytest.param(b.a_quote(status=QuoteStatus.EXPIRED), ("Expired", "quiet"), id="expired"),
        pytest.param(
            b.a_quote(status=QuoteStatus.SENT, valid_until=b.TODAY), ("To approve", "wait"), id="on its last day"
        ),
        pytest.param(
            b.a_quote(status=QuoteStatus.SENT, valid_until=b.TODAY - timedelta(days=1)),
            ("Expired", "quiet"),
            id="a day later, not yet swept",
        ),
    ],
)
def test_a_quote_stands_as(quote, says):
    badge = showing.quote_badge(quote, b.TODAY, ENGLISH)

    assert (badge.text, badge.tone) == says


@pytest.mark.parametrize(
    ("on", "amounts", "says"),
    [
        (date(2026, 3, 9), ("0", "0", "0"), ["Upcoming", "Upcoming", "Due"]),
        (date(2026, 3, 10), ("0", "0", "0"), ["Due", "Upcoming", "Due"]),
        (date(2026, 3, 11), ("0", "0", "0"), ["Overdue", "Upcoming", "Due"]),
        (date(2026, 3, 9), ("10", "0", "0"), ["Partly paid", "Upcoming", "Due"]),
        (date(2026, 3, 11), ("10", "0", "0"), ["Overdue", "Upcoming", "Due"]),
        (date(2026, 4, 11), ("50", "30", "34.98"), ["Paid", "Paid", "Paid"]),
    ],
)
def test_instalments_stand_each_for_itself(on, amounts, says):
    terms = (
        InstalmentTerm(amount=b.cad("50.00"), due=DueOn(on=date(2026, 3, 10))),
        InstalmentTerm(amount=b.cad("30.00"), due=DueOn(on=date(2026, 4, 10))),
        InstalmentTerm(remainder=True),
    )
    plan = b.a_quote(b.content(schedule=terms)).schedule
    days = (date(2026, 3, 10), date(2026, 4, 10), None)
    schedule = tuple(replace(step, due_on=day) for step, day in zip(plan, days, strict=True))
    invoice = paid(replace(b.an_issued_invoice(), schedule=schedule), *amounts)

    sheet = showing.invoice_sheet(invoice, sold(), PARTIES, today=on, words=ENGLISH)

    assert [step.badge.text for step in sheet.steps] == says


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (DaysAfter(days_after="approval", days=0), "On approval"),
        (DaysAfter(days_after="approval", days=7), "7 days after approval"),
        (DaysAfter(days_after="issue", days=0), "When invoiced"),
        (DaysAfter(days_after="completion", days=10), "10 days after the work is done"),
        (EndOfMonth(end_of_month=0), "At the end of the month"),
        (DueOn(on=date(2026, 4, 1)), "April 1, 2026"),
        (None, ""),
    ],
)
def test_an_instalment_without_a_day_says_what_was_agreed(due, says):
    terms = (InstalmentTerm(amount=b.cad("50.00"), due=due), InstalmentTerm(remainder=True))
    quote = b.a_quote(b.content(schedule=terms))

    sheet = showing.quote_sheet(quote, sold(), b.a_business(), b.a_client(), words=ENGLISH)

    assert sheet.steps[0].when == says


def test_credit_notes_lower_what_is_due_below_the_total():
    invoice = replace(b.an_issued_invoice(), credited_total=b.cad("14.98"))

    sheet = showing.invoice_sheet(invoice, sold(), PARTIES, today=b.TODAY, words=ENGLISH)

    assert [(total.label, total.value) for total in sheet.totals[-3:]] == [
        ("Total due", "$114.98"),
        ("Credited", "\N{MINUS SIGN}$14.98"),
        ("Balance due", "$100.00"),
    ]


def sold():
    return worked_out(b.content())[0]


PARTIES = Parties(id="inv_1", seller=b.a_business().as_seller(), buyer=b.a_client().as_buyer())
