"""A failing history made as short as it gets: fewer deeds, fewer days, one business, fewer faults, fewer kinds.

What is taken away changes the chances of the rest, so each shorter plan is tried with several.
"""

from collections.abc import Iterator
from dataclasses import replace

from tests.simulation.play import Failure, Plan, play

MOST_TRIES = 400
CHANCES = 12


def shortest(failure: Failure) -> Failure:
    """The same fault of ours in the shortest history that was found."""
    tries = MOST_TRIES
    while tries > 0:
        for plan in _shorter(failure):
            again, spent = _failing(plan, failure)
            tries -= spent
            if again:
                failure = again
                break
            if tries <= 0:
                break
        else:
            return failure
    return failure


def _failing(plan: Plan, known: Failure) -> tuple[Failure | None, int]:
    """A failure of this plan that is like the known one, in no longer a story, and how many chances it took."""
    for chance in range(CHANCES):
        try:
            play(replace(plan, salt=f"+{chance}" if chance else plan.salt))
        except Failure as failure:
            if _same(failure, known) and len(failure.world.story) <= len(known.world.story):
                return failure, chance + 1
    return None, CHANCES


def _same(one: Failure, other: Failure) -> bool:
    """Whether two histories end in the same fault: both name the same invariant, or raise the same error."""
    return type(one.error) is type(other.error) and str(one.error)[:4] == str(other.error)[:4]


def _shorter(failure: Failure) -> Iterator[Plan]:
    plan, struck = failure.plan, failure.world.faults.struck
    for place in range(len(plan.deeds)):
        if len(plan.deeds) > 1:
            yield replace(plan, deeds=plan.deeds[:place] + plan.deeds[place + 1 :])
    if plan.jumps:
        yield replace(plan, jumps=())
        yield from (replace(plan, jumps=plan.jumps[:n] + plan.jumps[n + 1 :]) for n in range(len(plan.jumps)))
    if plan.houses > 1:
        yield replace(plan, houses=1)
    used = struck.total()
    for budget in sorted({0, used // 2, used - 1}):
        if 0 <= budget < (used if plan.budget is None else min(used, plan.budget)):
            yield replace(plan, budget=budget)
    for kind in sorted(struck):
        if plan.kinds is None or len(plan.kinds) > 1:
            yield replace(plan, kinds=(plan.kinds or frozenset(struck)) - {kind})
