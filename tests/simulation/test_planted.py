"""The simulator is tested itself: bugs that somebody might well make are put into the product, and each is found."""

from dataclasses import replace

import pytest

from tests.simulation.__main__ import story_of
from tests.simulation.planted import BUGS
from tests.simulation.play import Failure, Plan, play
from tests.simulation.shrink import shortest
from tests.simulation.stage import stage

ENOUGH = 150
FOUND_LATE = {
    "refund_asked_twice": 70,
    "the_plan_forgotten_first": 35,
    "left_out_after_a_crash": 32,
    "a_draft_that_nobody_follows": 30,
    "requests_remembered_late": 28,
    "marker_after_the_effect": 24,
    "a_page_left_open": 17,
    "a_sum_off_by_one": 17,
    "told_of_none": 16,
    "a_reaction_that_is_not_idempotent": 16,
}
"""The first seed that found a bug when it was planted. It is tried first; where deeds have changed since, all are."""


def found(bug, *, first=0):
    """The first failure that a bug leads to."""
    for seed in (first, *range(ENOUGH)):
        plan = Plan.of(seed, only=bug.where)
        try:
            play(replace(plan, kinds=frozenset({bug.when})) if bug.when else plan)
        except Failure as failure:
            return failure
    return None


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name, record_property):
    bug = BUGS[name]
    with stage(), bug.plant():
        failure = found(bug, first=FOUND_LATE.get(name, 0))
    assert failure, f"nobody notices that {bug.says}"
    assert "TypeError" not in str(failure), f"it is found by how it was planted: {failure}"
    record_property("seed", failure.plan.seed)


def test_a_failing_history_is_told_in_its_shortest_form_and_can_be_played_again():
    bug = BUGS["a_lost_credit"]
    with stage(), bug.plant():
        first = found(bug)
        short = shortest(first)
        with pytest.raises(Failure) as again:
            play(short.plan)
    assert len(short.world.story) <= len(first.world.story)
    assert len(short.plan.deeds) <= 2
    assert str(again.value) == str(short)
    assert repr(short.plan) in story_of(short)
