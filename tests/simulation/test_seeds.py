"""Hundreds of histories in which everything goes wrong, and not a cent is lost.

More of them: ``python3 infra/dev.py simulate --seeds 100000 --from 1000``.
"""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from tests.simulation.__main__ import story_of
from tests.simulation.deeds import DEEDS
from tests.simulation.faults import KINDS, RECEIVER
from tests.simulation.play import Failure, Plan, play
from tests.simulation.regressions import REGRESSIONS
from tests.simulation.shrink import shortest
from tests.simulation.stage import stage

SEEDS = 150
SHARE = 25
SEVERAL = 10


def digests():
    """Of twenty histories; every deed is in one of them, and the first goes through botocore."""
    names = sorted(DEEDS)
    plans = [replace(Plan.of(n), deeds=tuple(enumerate(names[n::20])), jumps=()) for n in range(20)]
    with stage():
        return [play(plan).digest.hexdigest() for plan in plans]


@pytest.fixture
def staged():
    with stage():
        yield


@pytest.mark.parametrize("first", range(0, SEEDS, SHARE))
@pytest.mark.usefixtures("staged")
@pytest.mark.row("C17", "C20", "C24", "C27")
def test_whatever_goes_wrong_the_books_are_right_and_nothing_is_left_undone(first):
    for seed in range(first, first + SHARE):
        try:
            play(Plan.of(seed))
        except Failure as failure:
            pytest.fail(story_of(shortest(failure)), pytrace=False)


@pytest.mark.parametrize("name", REGRESSIONS)
@pytest.mark.usefixtures("staged")
def test_what_once_went_wrong_goes_right(name):
    play(REGRESSIONS[name])


def test_one_seed_is_one_history_in_whatever_process():
    other_hashes = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    run = subprocess.run(
        [sys.executable, "-c", "from tests.simulation.test_seeds import digests; print(digests())"],
        env=os.environ | {"PYTHONHASHSEED": other_hashes},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == str(digests())


@pytest.mark.usefixtures("staged")
def test_every_fault_strikes_and_every_deed_is_done():
    """So that they cannot pass because nothing happens in them."""
    struck: Counter[str] = Counter()
    for seed in range(SEVERAL):
        struck += play(Plan.of(seed)).faults.struck
    for kind in sorted(set(KINDS) - set(struck)):
        struck += _struck_alone(kind)
    done = {name for seed in range(1_000) for _, name in Plan.of(seed).deeds}
    assert set(KINDS) - set(struck) == set()
    assert set(DEEDS) - done == set()


def _struck_alone(kind: str) -> Counter[str]:
    """What struck in the first history in which this kind does, where no other may."""
    told = tuple(name for name in DEEDS if name.startswith("a_webhook_"))
    for seed in range(50):
        plan = Plan.of(seed, only=told if kind in RECEIVER else ())
        struck = play(replace(plan, kinds=frozenset({kind}))).faults.struck
        if struck:
            break
    return struck
