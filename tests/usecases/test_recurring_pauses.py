"""Recurring plans at rest: what comes due meanwhile is left out for ever, or billed if that is asked for."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.plan import PlanStatus
from chalicelib.domain.plan_events import PlanResumed
from tests import builders as b
from tests.usecases.subscriptions import Subscriptions, sweep_on
from tests.usecases.till import code_of

APRIL_1 = date(2026, 4, 1)
APRIL, MAY, JUNE = ("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-05-31"), ("2026-06-01", "2026-06-30")
JULY = ("2026-07-01", "2026-07-31")


@pytest.fixture
def desk():
    return Subscriptions()


def test_what_comes_due_in_a_pause_is_left_out_for_ever(desk):
    plan = desk.agreed(APRIL_1)
    sweep_on(desk, "2026-04-01")
    desk.paused(plan)
    sweep_on(desk, "2026-05-01", "2026-06-01", "2026-06-10")

    resumed = desk.resumed(plan)
    desk.sweep()
    sweep_on(desk, "2026-07-01")

    assert desk.periods() == [APRIL, JULY]
    assert (resumed.status, resumed.number, resumed.billed) == (PlanStatus.ACTIVE, 4, 1)
    assert [(gap.first, gap.last) for gap in resumed.left_out] == [(2, 3)]
    told = [e.event.left_out for e in desk.store().history(plan.id) if isinstance(e.event, PlanResumed)]
    assert told == [2]


def test_what_comes_due_in_a_pause_is_billed_if_that_is_asked_for(desk):
    plan = desk.agreed(APRIL_1)
    sweep_on(desk, "2026-04-01")
    desk.paused(plan)
    desk.at("2026-06-10T15:00")

    desk.resumed(plan, bill_missed=True)
    desk.sweep()

    assert desk.periods() == [APRIL, MAY, JUNE]


def test_a_period_that_is_due_on_the_day_of_resuming_is_billed(desk):
    plan = desk.agreed(APRIL_1)
    desk.paused(plan)
    desk.at("2026-05-01T20:00")

    assert [(gap.first, gap.last) for gap in desk.resumed(plan).left_out] == [(1, 1)]
    desk.sweep()

    assert desk.periods() == [MAY]


def test_every_pause_is_remembered_and_a_change_ends_none(desk):
    plan = desk.agreed(APRIL_1)
    for pause, resumption in (("2026-03-31T15:00", "2026-04-20T15:00"), ("2026-05-02T15:00", "2026-07-20T15:00")):
        desk.at(pause)
        desk.sweep()
        desk.paused(plan)
        desk.at(resumption)
        desk.changed(plan, lambda plan, content: (replace(plan, name="Chaudière"), content))
        desk.sweep()
        resumed = desk.resumed(plan)

    assert [(gap.first, gap.last) for gap in resumed.left_out] == [(1, 1), (3, 4)]
    assert (desk.periods(), resumed.billed) == ([MAY], 1)


def test_a_pause_to_the_end_ends_the_plan(desk):
    plan = desk.agreed(APRIL_1, times=2)
    desk.paused(plan)
    desk.at("2026-08-01T20:00")

    assert desk.resumed(plan).status is PlanStatus.ENDED
    assert code_of(lambda: desk.paused(plan)) == "move_not_allowed"


def test_only_a_paused_plan_is_resumed_and_only_a_running_one_paused(desk):
    plan = desk.agreed(APRIL_1)

    assert code_of(lambda: desk.resumed(plan)) == "move_not_allowed"
    desk.paused(plan)
    assert code_of(lambda: desk.paused(plan)) == "move_not_allowed"


def test_a_hindered_plan_can_be_paused_and_leaves_out_what_was_missed(desk):
    plan = desk.agreed(APRIL_1)
    desk.change(tax_rates=())
    sweep_on(desk, "2026-04-01")
    desk.paused(plan)
    desk.change(tax_rates=(b.TPS, b.TVQ))
    desk.at("2026-06-01T15:00")

    desk.resumed(plan)
    desk.sweep()

    assert desk.periods() == [JUNE]
