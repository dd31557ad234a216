"""Late fees while others charge, pay and void."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.schedule import DaysAfter, DueOn, InstalmentTerm
from chalicelib.usecases import charging_late, following, refunding, registering, replanning
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


def give_back(desk, payment, amount):
    refunding.refund(
        payment.id,
        amount=b.cad(amount),
        reason="Geste",
        if_match=None,
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
        gateway=lambda: desk.gateway,
    )


def reckoned(desk, invoice):
    return charging_late.reckon_late_fee(invoice.id, through=None, now=desk.clock(), store=desk.store()).fee


def work(desk, invoice, through):
    charging_late.charge_what_is_due(
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

    for _ in range(3):
        work(desk, invoice, through)
    assert len(desk.see(invoice).late_fees) == 1
    assert desk.sweep().done == 0


def test_what_is_paid_in_time_costs_nothing():
    desk, invoice = late(terms=BY_ITSELF)
    desk.take(invoice, "114.98")
    desk.sweep()

    work(desk, invoice, desk.clock().date() - timedelta(days=1))
    assert desk.see(invoice).late_fees == ()
    assert "invoice.late_fee_refused" not in desk.events(invoice.id)


def test_a_rate_that_nobody_knows_is_written_down_and_left_to_a_person():
    desk, invoice = late(days=120, terms=FRENCH)
    desk.sweep()

    work(desk, invoice, date(2026, 7, 29))
    assert desk.events(invoice.id)[-1] == "invoice.late_fee_refused"


def test_what_waits_for_the_work_bears_no_interest():
    waiting = (
        InstalmentTerm(percent=Decimal(50), due=DueOn(on=date(2026, 3, 20))),
        InstalmentTerm(remainder=True, due=DaysAfter(days_after="completion", days=0)),
    )
    desk = Desk()
    desk.change(late_fee=TERMS)
    invoice = desk.invoiced(b.content(schedule=waiting))
    desk.clock.move(days=100)

    assert [f"{one.amount}" for one in reckoned(desk, invoice).stretches] == ["57.49"]
    desk.take(invoice, "57.49", received_on=date(2026, 3, 20))
    assert reckoned(desk, invoice) is None


def test_an_invoice_of_which_all_waits_for_the_work_is_never_late():
    desk = Desk()
    desk.change(late_fee=TERMS)
    waits = InstalmentTerm(remainder=True, due=DaysAfter(days_after="completion", days=0))
    invoice = desk.invoiced(b.content(schedule=(waits,)))
    desk.clock.move(days=100)

    assert reckoned(desk, invoice) is None


@pytest.mark.row("C43")
def test_what_was_paid_in_time_and_given_back_bears_no_interest():
    desk, invoice = late(terms=BY_ITSELF)
    paid = desk.take(invoice, "114.98", received_on=b.TODAY)
    give_back(desk, paid, "14.98")

    assert desk.see(invoice).amount_due == b.cad("14.98")
    assert reckoned(desk, invoice) is None


@pytest.mark.row("C35")
def test_nothing_is_charged_while_a_payment_is_disputed():
    desk, invoice = late(terms=BY_ITSELF)
    payment = desk.paid_online(invoice)
    desk.gateway.dispute(payment, b.cad("114.98"))
    desk.settle(payment)

    assert code_of(lambda: charge(desk, invoice)) == "invoice_disputed"
    assert charging_late.ask_for_late_fee(invoice.id, now=desk.clock(), store=desk.store()) is False


def test_a_consumer_is_never_charged_by_itself_what_the_law_says_between_businesses():
    desk = Desk()
    desk.change(late_fee=FRENCH)
    registering.change_client(
        b.CLIENT, lambda client: replace(client, consumer=True), if_match=None, now=desk.clock(), store=desk.store()
    )
    invoice = desk.invoiced()

    assert desk.see(invoice).fee_at is None


def test_nothing_is_charged_by_itself_once_that_is_switched_off():
    desk, invoice = late(terms=BY_ITSELF)
    desk.change(late_fee=TERMS)
    assert desk.see(invoice).fee_at is not None  # the settings were not followed yet

    assert desk.sweep().done == 1
    assert (desk.events(invoice.id)[-1], desk.see(invoice).fee_at) == ("invoice.reminders_planned", None)


def test_settings_are_followed_for_what_is_off_the_ladder_too():
    desk, invoice = late(days=-10, terms=BY_ITSELF)
    following.switch_reminders(invoice.id, off=True, if_match=None, now=desk.clock(), store=desk.store())
    desk.change(late_fee=TERMS)
    following.follow_settings(after=None, now=desk.clock(), store=desk.store())

    assert desk.see(invoice).fee_at is None


def test_a_plan_agreed_anew_moves_the_fee_that_comes_by_itself():
    desk, invoice = late(days=-10, terms=BY_ITSELF)
    assert f"{desk.see(invoice).fee_at:%m-%d}" == "05-02"
    whole = InstalmentTerm(remainder=True, due=DueOn(on=date(2026, 6, 15)))
    replanning.replan(invoice.id, (whole,), now=desk.clock(), store=desk.store())

    assert f"{desk.see(invoice).fee_at:%m-%d}" == "07-16"


def test_a_void_invoice_brings_no_fee():
    desk, invoice = late(terms=BY_ITSELF)
    desk.void(invoice)

    assert charging_late.ask_for_late_fee(invoice.id, now=desk.clock(), store=desk.store()) is False
    assert code_of(lambda: charge(desk, invoice)) == "invoice_void"
    assert charging_late.ask_for_late_fee("inv_none", now=desk.clock(), store=desk.store()) is False
