"""Every period of a recurring plan is billed once, whatever the clock and the sweep do meanwhile."""

from datetime import date, time, timedelta

import pytest

from chalicelib.domain.business import Numbering
from chalicelib.domain.contract import Timing
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.plan_terms import Automation, Interval, Unit
from chalicelib.ports import Once
from chalicelib.usecases import billing_plans, invoicing, sweeping
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.subscriptions import Subscriptions

APRIL_1 = date(2026, 4, 1)
APRIL, MAY, JUNE = ("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-05-31"), ("2026-06-01", "2026-06-30")


@pytest.fixture
def desk():
    return Subscriptions()


@pytest.mark.row("C3")
def test_a_tick_that_comes_ten_times_makes_one_invoice(desk):
    plan = desk.agreed(APRIL_1, automation=Automation.SEND)
    desk.at("2026-04-01T13:00")

    for _ in range(10):
        desk.sweep()

    (invoice,) = desk.invoices()
    assert (invoice.plan_id, invoice.plan_period, invoice.delivery.state) == (plan.id, 1, DeliveryState.QUEUED)
    assert desk.see_plan(plan).number == 2


@pytest.mark.row("C3")
def test_two_ticks_at_once_make_one_invoice(desk):
    plan = desk.agreed(APRIL_1)
    desk.at("2026-04-01T13:00")
    desk.tables.meanwhile(desk.sweep)

    desk.sweep()

    assert desk.periods() == [APRIL]
    assert desk.see_plan(plan).number == 2
    assert desk.store().seen(Once(f"plan:{plan.id}:1"))


@pytest.mark.row("C3")
def test_a_draft_that_was_deleted_is_not_made_again(desk):
    plan = desk.agreed(APRIL_1)
    desk.at("2026-04-01T13:00")
    desk.sweep()
    invoicing.remove_invoice(desk.invoices()[0].id, if_match=None, now=desk.clock(), store=desk.store())

    desk.clock.move(days=3)
    desk.sweep()

    assert desk.invoices() == ()
    assert desk.see_plan(plan).billed == 1


@pytest.mark.row("C4")
@pytest.mark.parametrize(
    ("first", "count"),
    [
        pytest.param(date(2026, 2, 15), 3, id="three months"),
        pytest.param(date(2026, 2, 1), 4, id="four where day 0 is a billing day"),
    ],
)
def test_an_hourly_tick_for_90_days_bills_each_month_once(desk, first, count):
    desk.at("2026-02-01T05:30")
    desk.agreed(first)

    for _ in range(90 * 24):
        desk.clock.move(hours=1)
        desk.sweep()

    assert len(desk.periods()) == len(set(desk.periods())) == count


@pytest.mark.row("C5")
def test_after_70_days_without_a_clock_each_missed_period_has_its_own_invoice(desk):
    desk.agreed(APRIL_1, automation=Automation.ISSUE)
    desk.at("2026-06-09T15:00")

    desk.sweep()

    assert desk.periods() == [APRIL, MAY, JUNE]
    found = [(invoice.number, f"{invoice.issue_date}", f"{invoice.due_date}") for invoice in desk.invoices()]
    assert found == [(f"0000{n}", "2026-06-09", "2026-07-09") for n in (1, 2, 3)]
    assert [invoice.delivery.state for invoice in desk.invoices()] == [DeliveryState.NONE] * 3


@pytest.mark.row("C5")
def test_what_was_missed_for_long_is_billed_a_part_at_a_time(desk, monkeypatch):
    monkeypatch.setattr(billing_plans, "AT_ONCE", 2)
    desk.agreed(APRIL_1, interval=Interval(unit=Unit.DAY))
    desk.at("2026-04-03T15:00")

    sweeps = [desk.sweep().done for _ in range(3)]

    assert (sweeps, len(desk.invoices())) == ([1, 1, 0], 3)


@pytest.mark.row("C36", "C39")
def test_midnight_of_the_first_in_sydney_is_dated_and_numbered_with_the_new_month(desk):
    desk.change(time_zone="Australia/Sydney")
    desk.change(numbering=Numbering(yearly_reset=True, padding=2))
    desk.agreed(APRIL_1, automation=Automation.ISSUE, send_at=time(0))

    end = desk.clock() + timedelta(days=365)
    while desk.clock() < end:
        near_the_first = (desk.clock() + timedelta(days=3)).day <= 5
        desk.clock.move(hours=1 if near_the_first else 24)
        desk.sweep()

    invoices = desk.invoices()
    days = [invoice.issue_date for invoice in invoices]
    assert [(day.day, day.month) for day in days] == [(1, (n + 3) % 12 + 1) for n in range(12)]
    assert [invoice.number for invoice in invoices[8:]] == ["2026-09", "2027-01", "2027-02", "2027-03"]


@pytest.mark.row("C37", "C38")
def test_a_client_elsewhere_is_mailed_at_nine_there_on_the_businesss_day(desk):
    desk.client_is(time_zone="Pacific/Kiritimati")
    plan = desk.agreed(APRIL_1, automation=Automation.SEND)

    found = [one.at for one in desk.foreseen(plan, 12)]

    assert {f"{at:%H:%M}" for at in found} == {"19:00"}  # UTC; nine on the day after, in Kiritimati
    assert [at.day for at in found] == [1] * 12
    desk.at("2026-04-01T19:00")
    desk.sweep()
    assert [invoice.issue_date for invoice in desk.invoices()] == [APRIL_1]


def test_in_arrears_a_period_is_billed_once_it_is_over(desk):
    desk.agreed(APRIL_1, timing=Timing.ARREARS)

    desk.at("2026-04-30T15:00")
    assert (desk.sweep().done, desk.periods()) == (0, [])
    desk.at("2026-05-01T15:00")
    desk.sweep()

    assert desk.periods() == [APRIL]


def test_what_is_foreseen_is_what_comes(desk):
    plan = desk.agreed(date(2026, 3, 20), anchor_on=APRIL_1, automation=Automation.ISSUE, times=4)
    foreseen = desk.foreseen(plan)

    for day in ("2026-03-20", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"):
        desk.at(f"{day}T15:00")
        desk.sweep()

    made = desk.invoices()
    assert [(f"{one.period.service.start}", f"{one.period.service.end}") for one in foreseen] == desk.periods()
    assert [one.invoice.figures for one in foreseen] == [invoice.figures for invoice in made]
    assert [(one.period.bill_on, one.due_date) for one in foreseen] == [(i.issue_date, i.due_date) for i in made]
    assert desk.foreseen(plan) == ()


def test_an_invoice_that_was_not_issued_in_its_turn_is_by_whoever_follows_the_event(desk):
    desk.agreed(APRIL_1, automation=Automation.ISSUE)
    desk.at("2026-04-01T15:00")
    (plan,) = desk.plans()
    (draft,) = billing_plans.bill_due(plan.id, now=desk.clock(), store=desk.store(), wordings=desk.post().wordings)

    for _ in range(2):
        sweeping.send_at_once(draft, now=desk.clock(), store=desk.store(), press=a_press())

    (invoice,) = desk.invoices()
    assert (invoice.number, invoice.delivery.state) == ("00001", DeliveryState.NONE)


def test_a_sandboxs_clock_bills_each_period_in_its_own_time(desk):
    desk.change(sandbox=True)
    desk.sandbox = True
    desk.agreed(APRIL_1, automation=Automation.ISSUE)

    sweeping.move_clock(
        b.later(days=100),
        now=desk.clock(),
        directory=desk.directory(),
        store=desk.store(),
        press=a_press(),
    )

    assert [f"{invoice.issue_date}" for invoice in desk.invoices()] == ["2026-04-01", "2026-05-01", "2026-06-01"]
