"""How documents stand in a client's eyes, told in words, on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.wording import wording
from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.money import Money
from chalicelib.domain.quote import QuoteStatus
from chalicelib.domain.schedule import DueOn, InstalmentTerm
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
        pytest.param(paid(b.an_issued_invoice(), "10.00"), LATE, ("Paid in part", "wait"), id="partly paid"),
        pytest.param(paid(b.an_issued_invoice(), "114.98"), LATE, ("Paid in full", "good"), id="paid"),
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

    badges = showing.instalment_badges(invoice, on, ENGLISH)

    assert [badge.text for badge in badges] == says


def test_of_a_void_invoice_no_instalment_is_told():
    invoice = replace(b.an_issued_invoice(), schedule=b.a_quote(b.content(schedule=b.halves())).schedule)
    void = invoices.voided(paid(invoice, "0", "0"), reason=None, at=b.NOON)[0]

    assert showing.instalment_badges(void, b.TODAY, ENGLISH) == []
