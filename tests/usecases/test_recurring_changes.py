"""Recurring plans that are changed or hindered: nothing is billed twice, or passed over in silence."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.contract import Timing
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.plan import PlanStatus
from chalicelib.domain.plan_events import PlanChanged, PlanNotBilled
from chalicelib.domain.plan_terms import Automation
from chalicelib.usecases import plan_letters, recurring, registering
from tests import builders as b
from tests.usecases.subscriptions import Subscriptions, sweep_on
from tests.usecases.till import code_of

APRIL_1 = date(2026, 4, 1)
APRIL, MAY, JUNE = ("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-05-31"), ("2026-06-01", "2026-06-30")


@pytest.fixture
def desk():
    return Subscriptions()


def announce(desk):
    """The worker takes every event that tells of what could not be billed."""
    for envelope in desk.tables.journal():
        if isinstance(envelope.event, PlanNotBilled):
            plan_letters.announce_not_billed(
                envelope.event.subject, event=envelope.id, store=desk.store(), post=desk.post()
            )


def rates(**percents):
    return tuple(b.a_rate(code, percent, registration_number="1") for code, percent in percents.items())


# --- changed


def test_a_change_is_of_the_periods_to_come(desk):
    plan = desk.agreed(APRIL_1)
    sweep_on(desk, "2026-04-01")
    dearer = b.content(b.a_line(unit_price=Decimal(200)))

    changed = desk.changed(plan, lambda plan, _: (plan, dearer))
    sweep_on(desk, "2026-05-01")

    assert (changed.revision, f"{changed.figures.total}") == (2, "229.95")
    told = [e.event for e in desk.store().history(plan.id) if isinstance(e.event, PlanChanged)]
    assert [event.total for event in told] == [changed.figures.total]
    assert [f"{invoice.figures.total}" for invoice in desk.invoices()] == ["114.98", "229.95"]


def test_another_anchor_cuts_the_next_period_short(desk):
    plan = desk.agreed(APRIL_1)
    sweep_on(desk, "2026-04-01")

    desk.changed(plan, lambda plan, content: (moved(plan, anchor_on=date(2026, 4, 15)), content))
    sweep_on(desk, "2026-05-01", "2026-05-15")

    assert desk.periods() == [APRIL, ("2026-05-01", "2026-05-14"), ("2026-05-15", "2026-06-14")]
    assert f"{desk.invoices()[1].figures.net_total}" == "46.67"  # 14 days of the 30 from 15 April


def test_a_plan_is_filed_to_no_job_that_is_not_there(desk):
    plan = desk.agreed(APRIL_1)

    def elsewhere(known, content):
        return replace(known, job_id="job_unknown"), content

    assert code_of(lambda: desk.changed(plan, elsewhere)) == "not_found"
    assert desk.see_plan(plan).job_id == plan.job_id


def test_a_plan_of_old_can_still_be_changed(desk):
    plan = desk.agreed(APRIL_1)
    desk.at("2028-04-01T15:00")

    ended = desk.changed(plan, lambda plan, content: (moved(plan, end_on=date(2026, 4, 30)), content))

    assert ended.terms.end_on == date(2026, 4, 30)
    assert code_of(lambda: desk.changed(plan, lambda p, c: (moved(p, start_on=b.TODAY), c))) == "too_long_ago"


def test_an_end_ends_it_even_in_what_is_billed(desk):
    plan = desk.agreed(APRIL_1)
    sweep_on(desk, "2026-04-01")

    ended = desk.changed(plan, lambda plan, content: (moved(plan, end_on=date(2026, 4, 10)), content))
    sweep_on(desk, "2026-05-01", "2026-06-01")

    assert (ended.status, ended.due_at) == (PlanStatus.ENDED, None)
    assert desk.periods() == [APRIL]


def test_an_end_is_taken_back_within_a_year_of_what_it_left_out(desk):
    plan = desk.agreed(APRIL_1, times=1)
    sweep_on(desk, "2026-04-01")

    def go_on(known, content):
        return moved(known, times=None), content

    desk.at("2027-05-03T15:00")
    with pytest.raises(Invalid, match="ended more than a year ago") as refused:
        desk.changed(plan, go_on)
    assert [(fault.code, fault.at) for fault in refused.value.faults] == [("too_long_ago", "/end_on")]
    desk.at("2026-06-03T15:00")
    desk.changed(plan, go_on)
    desk.sweep()
    assert desk.periods() == [APRIL, MAY, JUNE]


def test_only_what_has_not_begun_gets_another_start_or_is_deleted(desk):
    plan = desk.agreed(APRIL_1)
    later = desk.changed(plan, lambda plan, content: (moved(plan, start_on=date(2026, 5, 1)), content))
    assert f"{later.starts}" == "2026-05-01"
    sweep_on(desk, "2026-05-01")

    assert code_of(lambda: desk.changed(plan, lambda p, c: (moved(p, start_on=APRIL_1), c))) == "plan_begun"
    assert code_of(lambda: remove(desk, plan)) == "plan_begun"
    other = desk.agreed(APRIL_1, timing=Timing.ARREARS, end_on=date(2026, 9, 1))
    desk.paused(other)
    remove(desk, other)
    assert code_of(lambda: desk.see_plan(other)) == "not_found"


@pytest.mark.row("C39")
def test_a_day_that_has_not_begun_by_the_clocks_of_now_is_not_billed(desk):
    desk.change(time_zone="Australia/Sydney")
    plan = desk.agreed(APRIL_1)
    desk.change(time_zone="America/Toronto")

    desk.at("2026-03-31T23:00")  # nine in the morning of the first, in Sydney
    desk.sweep()

    assert (desk.invoices(), f"{desk.see_plan(plan).due_at:%m-%dT%H}") == ((), "04-01T13")


# --- hindered


@pytest.mark.row("C5")
def test_what_cannot_be_billed_is_told_once_tried_for_a_day_and_then_waits_for_a_person(desk):
    plan = desk.agreed(APRIL_1)
    desk.change(tax_rates=rates(TPS="5"))
    desk.at("2026-04-01T13:00")

    for _ in range(48):
        desk.sweep()
        desk.clock.move(hours=1)
    announce(desk)
    announce(desk)

    stuck = desk.see_plan(plan)
    assert (stuck.status, stuck.due_at, desk.invoices()) == (PlanStatus.BLOCKED, None, ())
    assert (stuck.hindrance.code, stuck.hindrance.tries, stuck.hindrance.retry_at) == ("tax_missing", 4, None)
    tried = [e.event for e in desk.store().history(plan.id) if isinstance(e.event, PlanNotBilled)]
    assert stuck.hindrance.since == tried[0].at
    assert [event.at - tried[0].at for event in tried] == [timedelta(hours=hours) for hours in (0, 1, 6, 24)]
    assert [event.parked for event in tried] == [False, False, False, True]
    assert desk.letters() == [("plan_not_billed", "bureau@plomberie.example")]


def test_a_business_without_an_address_is_told_of_nothing(desk):
    desk.agreed(APRIL_1)
    desk.change(tax_rates=(), email=None)
    sweep_on(desk, "2026-04-01")

    announce(desk)

    assert desk.letters() == []


@pytest.mark.row("C5")
def test_once_it_is_seen_to_everything_that_was_missed_is_billed(desk):
    plan = desk.agreed(APRIL_1)
    desk.change(tax_rates=())
    sweep_on(desk, "2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04", "2026-05-02")
    desk.change(tax_rates=(b.TPS, b.TVQ))
    assert desk.sweep().done == 0

    resumed = desk.resumed(plan)
    desk.sweep()

    assert (resumed.hindrance, resumed.left_out) == (None, ())
    assert desk.periods() == [APRIL, MAY]


def test_a_hindered_plan_that_is_changed_is_tried_at_once(desk):
    plan = desk.agreed(APRIL_1)
    desk.change(tax_rates=())
    sweep_on(desk, "2026-04-01", "2026-04-02")

    desk.changed(plan, lambda plan, _: (plan, b.content(b.a_line(taxes=()), rates=())))
    desk.sweep()

    assert desk.periods() == [APRIL]


def test_what_hinders_for_an_hour_hinders_nobody(desk):
    plan = desk.agreed(APRIL_1)
    desk.change(tax_rates=())
    desk.at("2026-04-01T13:00")
    desk.sweep()
    desk.change(tax_rates=(b.TPS, b.TVQ))
    desk.clock.move(hours=1)

    desk.sweep()

    assert desk.periods() == [APRIL]
    assert desk.see_plan(plan).status is PlanStatus.ACTIVE


def test_what_could_not_be_issued_is_not_drafted(desk):
    plan = desk.agreed(APRIL_1, automation=Automation.ISSUE)
    desk.change(tax_rates=tuple(replace(rate, registration_number=None) for rate in (b.TPS, b.TVQ)))

    sweep_on(desk, "2026-04-01")

    assert desk.see_plan(plan).hindrance.code == "tax_unregistered"
    assert desk.invoices() == ()


def test_a_client_with_a_plan_is_not_deleted_and_one_deleted_at_that_moment_is_not_billed(desk):
    plan = desk.agreed(APRIL_1)
    assert code_of(lambda: remove_client(desk)) == "client_in_use"
    desk.client_is(removed_at=desk.clock())

    sweep_on(desk, "2026-04-01")

    assert (desk.see_plan(plan).hindrance.code, desk.invoices()) == ("not_found", ())
    with pytest.raises(NotFound):
        desk.foreseen(plan)


def moved(plan, **terms):
    return replace(plan, terms=replace(plan.terms, **terms))


def remove(desk, plan):
    recurring.remove_plan(plan.id, if_match=None, now=desk.clock(), store=desk.store())


def remove_client(desk):
    registering.remove_client(b.CLIENT, if_match=None, now=desk.clock(), store=desk.store())
