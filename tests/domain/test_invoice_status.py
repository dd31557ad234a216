"""What is still due of an invoice, and what is shown of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import schedule
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from tests import builders as b

AT = b.later(hours=1)
LATE = date(2026, 4, 2)
VOID = replace(b.an_issued_invoice(), voided_at=AT)


# --- what is due


def test_what_is_due_is_what_is_payable_less_what_was_paid_and_credited():
    sold = b.content(prepaid=b.cad("14.98"))
    issued = replace(b.an_issued_invoice(sold), paid_total=b.cad("30"), credited_total=b.cad("20"))
    assert issued.amount_due == b.cad("50")


def in_two(*paid, days=(date(2026, 3, 10), date(2026, 4, 10))):
    parts = schedule.plan(b.halves(), b.cad("114.98"))
    parts = tuple(replace(part, due_on=day) for part, day in zip(parts, days, strict=True))
    issued = b.an_issued_invoice(schedule=parts, due=date(2026, 4, 10))
    return replace(issued, instalments_paid=tuple(map(b.cad, paid)))


@pytest.mark.parametrize(
    ("invoice", "day"),
    [
        pytest.param(in_two("0", "0"), date(2026, 3, 10), id="the first instalment"),
        pytest.param(in_two("57.48", "0"), date(2026, 3, 10), id="still the first, a cent is missing"),
        pytest.param(in_two("57.49", "0"), date(2026, 4, 10), id="then the second"),
        pytest.param(in_two("57.49", "57.49"), date(2026, 4, 10), id="the invoice's own day when all are paid"),
        pytest.param(in_two("0", "0", days=(None, date(2026, 5, 1))), date(2026, 5, 1), id="one without a day waits"),
        pytest.param(b.an_issued_invoice(), date(2026, 4, 1), id="without a schedule, the invoice's own day"),
        pytest.param(b.an_invoice(), None, id="a draft has none"),
        pytest.param(b.an_invoice(schedule=in_two("0", "0").schedule), None, id="nor has a draft with a schedule"),
    ],
)
def test_the_next_money_is_due_with_the_first_instalment_not_wholly_paid(invoice, day):
    assert invoice.next_due() == day


# --- status

CENT, ALL = b.cad("0.01"), b.cad("114.98")
SENT = {"sent_at": AT}
STATUSES = [
    pytest.param(b.an_invoice(), "draft", id="a draft"),
    pytest.param(b.an_invoice(schedule=in_two("0", "0").schedule), "draft", id="a draft with a schedule"),
    pytest.param(b.an_invoice(send_on=b.TODAY), "scheduled", id="a draft with a day"),
    pytest.param(b.an_issued_invoice(), "issued", id="issued"),
    pytest.param(replace(b.an_issued_invoice(), **SENT), "sent", id="sent"),
    pytest.param(replace(b.an_issued_invoice(), exported_at=AT), "exported", id="exported, never sent"),
    pytest.param(
        replace(b.an_issued_invoice(), **SENT, exported_at=AT + timedelta(1)), "exported", id="exported after the mail"
    ),
    pytest.param(
        replace(b.an_issued_invoice(), **SENT, exported_at=AT - timedelta(1)), "sent", id="mailed after the export"
    ),
    pytest.param(b.an_issued_invoice(due=b.TODAY, **SENT), "sent", id="due today is not overdue"),
    pytest.param(b.an_issued_invoice(due=date(2026, 3, 1), **SENT), "overdue", id="due yesterday is"),
    pytest.param(replace(b.an_issued_invoice(due=date(2026, 3, 1)), exported_at=AT), "overdue", id="exported or not"),
    pytest.param(in_two("0", "0", days=(date(2026, 3, 1), LATE)), "overdue", id="an instalment is overdue"),
    pytest.param(in_two("57.49", "0", days=(date(2026, 3, 1), LATE)), "issued", id="a paid instalment is not"),
    pytest.param(replace(b.an_issued_invoice(), paid_total=CENT), "partially_paid", id="a cent was paid"),
    pytest.param(
        replace(b.an_issued_invoice(due=date(2026, 3, 1)), paid_total=CENT), "partially_paid", id="however late"
    ),
    pytest.param(replace(b.an_issued_invoice(), paid_total=ALL), "paid", id="all was paid"),
    pytest.param(replace(b.an_issued_invoice(), credited_total=ALL), "paid", id="or credited"),
    pytest.param(
        replace(b.an_issued_invoice(), paid_total=ALL - CENT, refunded_total=CENT),
        "partially_refunded",
        id="a cent went back",
    ),
    pytest.param(
        replace(b.an_issued_invoice(), paid_total=ALL, refunded_total=CENT), "paid", id="and was paid once more"
    ),
    pytest.param(replace(b.an_issued_invoice(), refunded_total=ALL), "refunded", id="all went back"),
    pytest.param(
        replace(b.an_issued_invoice(), paid_total=CENT, disputed_total=ALL), "disputed", id="the bank holds it back"
    ),
    pytest.param(
        replace(b.an_issued_invoice(), paid_total=ALL, disputed_total=CENT), "disputed", id="a dispute shows over paid"
    ),
    pytest.param(
        replace(b.an_issued_invoice(), refunded_total=ALL, disputed_total=ALL), "refunded", id="a refund over a dispute"
    ),
    pytest.param(replace(b.an_issued_invoice(), written_off_total=ALL), "written_off", id="given up"),
    pytest.param(
        replace(b.an_issued_invoice(), paid_total=ALL - CENT, written_off_total=CENT), "written_off", id="the rest too"
    ),
    pytest.param(replace(VOID, refunded_total=ALL, **SENT), "void", id="void shows over everything"),
]


@pytest.mark.row("G5", "G7", "G9", "A52", "A53", "A54", "A55", "A56", "P22")
@pytest.mark.parametrize(("invoice", "status"), STATUSES)
def test_what_is_shown_of_an_invoice_is_the_first_that_applies(invoice, status):
    assert status_of(invoice, b.TODAY) == status


def test_every_status_is_shown_of_some_invoice():
    assert {case.values[1] for case in STATUSES} == set(InvoiceStatus)


def test_an_invoice_is_called_by_its_number_once_it_has_one():
    assert (b.an_invoice().name, b.an_issued_invoice().name) == ("inv_1", "00001")
