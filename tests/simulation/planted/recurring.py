"""Bugs in recurring plans: a period that is billed again after a crash, or never issued, or that nobody misses."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain import plan as plans
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_events import PlanBilled
from chalicelib.entrypoints import reactions
from chalicelib.ports import Save
from tests.simulation.planted.book import bug, commits

PLANS = ("a_plan_is_changed_and_paused_while_it_is_billed", "a_plan_rests_for_long")


@bug("a period is drafted first and ticked off afterwards", *PLANS)
def a_period_in_two_steps() -> Any:
    def in_two(store: DynamoStore, changes: tuple[Any, ...], right: Any) -> None:
        first = changes[0]
        if len(changes) > 1 and isinstance(first, Save) and first.because.type == "plan.billed":
            right(store, *changes[1:-1])
            right(store, first)
        else:
            right(store, *changes)

    return commits(in_two)


@bug("periods that came due in a pause are passed over without a word", *PLANS)
def a_pause_that_forgets() -> Any:
    right = plans.resumed

    def resumed(plan: Plan, **named: Any) -> Any:
        going, event = right(plan, **named)
        return replace(going, left_out=plan.left_out), event

    return patch.object(plans, "resumed", resumed)


@bug("an invoice of a plan is issued in its turn, or never", *PLANS)
def a_draft_that_nobody_follows() -> Any:
    right = reactions._follow_plans

    def deaf(envelope: Any) -> None:
        if not isinstance(envelope.event, PlanBilled):
            right(envelope)

    return patch.object(reactions, "_follow_plans", deaf)
