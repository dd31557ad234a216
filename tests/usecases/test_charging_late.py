"""Late fees while others charge, pay and void."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.usecases import charging_late
from tests import builders as b
from tests.fakes.wording import PlainWording
from tests.usecases.desk import Desk
from tests.usecases.till import code_of

TERMS = LateFeeTerms(yearly_rate_percent=Decimal(24), flat=Decimal(15))
BY_ITSELF = replace(TERMS, automatic=True, since=b.TODAY)
FRENCH = LateFeeTerms(statutory="FR", automatic=True, since=b.TODAY)


def late(days=40, terms=TERMS):
    desk = Desk()
    desk.change(late_fee=terms)
    invoice = desk.invoiced()
    desk.clock.move(days=30 + days)
    return desk, invoice


def charge(desk, invoice, **more):
    return charging_late.charge_late_fee(
        invoice.id,
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
        wordings=lambda language, _: PlainWording(language=language),
        **more,
    )


def work(desk, invoice, through):
    return charging_late.charge_what_is_due(
        invoice.id,
        through=through,
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
        wordings=lambda language, _: PlainWording(language=language),
    )


@pytest.mark.row("C42")
def test_of_two_who_charge_at_once_one_does():
    desk, invoice = late()
    desk.tables.meanwhile(lambda: charge(desk, invoice))

    assert code_of(lambda: charge(desk, invoice)) == "nothing_owed"
    assert len(desk.see(invoice).late_fees) == 1


@pytest.mark.row("C42")
def test_a_message_that_comes_again_makes_no_second_document():
    desk, invoice = late(terms=BY_ITSELF)
    assert desk.sweep().done == 1
    through = desk.clock().date() - timedelta(days=1)

    made = [work(desk, invoice, through) for _ in range(3)]
    assert made == [desk.see(invoice).late_fees[0]] * 3
    assert desk.sweep().done == 0


def test_what_is_paid_in_time_costs_nothing():
    desk, invoice = late(terms=BY_ITSELF)
    desk.take(invoice, "114.98")
    desk.sweep()

    assert work(desk, invoice, desk.clock().date() - timedelta(days=1)) is None
    assert "invoice.late_fee_refused" not in desk.events(invoice.id)


def test_a_rate_that_nobody_knows_is_written_down_and_left_to_a_person():
    desk, invoice = late(days=120, terms=FRENCH)
    desk.sweep()

    assert work(desk, invoice, date(2026, 7, 29)) is None
    assert desk.events(invoice.id)[-1] == "invoice.late_fee_refused"


def test_a_void_invoice_brings_no_fee():
    desk, invoice = late(terms=BY_ITSELF)
    desk.void(invoice)

    assert charging_late.ask_for_late_fee(invoice.id, now=desk.clock(), store=desk.store()) is False
    assert code_of(lambda: charge(desk, invoice)) == "invoice_void"
    assert charging_late.ask_for_late_fee("inv_none", now=desk.clock(), store=desk.store()) is False
