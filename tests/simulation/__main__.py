"""Play many seeds, on all processors: ``python -m tests.simulation --seeds 100000 --from 0``."""

import argparse
import json
import os
import sys
import time
from collections import Counter
from multiprocessing import Pool

from tests.simulation.play import Failure, Plan, play
from tests.simulation.shrink import shortest
from tests.simulation.stage import stage

SHARE = 25  # seeds given to a process at once
WIDTH = 40


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000, help="how many (1000)")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of them (0)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON at the end")
    asked = parser.parse_args(arguments)
    shares = [
        range(start, min(start + SHARE, asked.first + asked.seeds))
        for start in range(asked.first, asked.first + asked.seeds, SHARE)
    ]
    begun, calls, faults, failed = time.monotonic(), 0, Counter[str](), []
    with Pool(asked.processes) as pool:
        for done, (share_calls, share_faults, share_failed) in enumerate(pool.imap_unordered(play_all, shares), 1):
            calls, faults, failed = calls + share_calls, faults + share_faults, failed + share_failed
            _show(done, len(shares), len(failed), time.monotonic() - begun)
    seconds = time.monotonic() - begun
    print(file=sys.stderr)
    for story in failed:
        print(story)
    figures = {
        "seeds": asked.seeds,
        "seeds_per_second": round(asked.seeds / seconds, 1),
        "calls": calls,
        "calls_per_second": round(calls / seconds),
        "faults": dict(faults.most_common()),
        "violations": len(failed),
    }
    print(json.dumps(figures) if asked.json else _told(figures))
    return 1 if failed else 0


def play_all(seeds: range) -> tuple[int, Counter[str], list[str]]:
    """The calls made, the faults that struck, and the shortest story of each failure."""
    calls, faults, failed = 0, Counter[str](), []
    with stage():
        for seed in seeds:
            try:
                world = play(Plan.of(seed))
            except Failure as failure:
                failed.append(story_of(shortest(failure)))
                world = failure.world
            calls += world.calls
            faults += world.faults.struck
    return calls, faults, failed


def story_of(failure: Failure) -> str:
    """What happened, line by line, and the plan that makes it happen again."""
    lines = "\n".join(f"  {line}" for line in failure.world.story)
    return f"{failure}\n{lines}\n  to be kept in tests/simulation/regressions.py:\n  {failure.plan!r}\n"


def _show(done: int, of: int, failed: int, seconds: float) -> None:
    bar = "#" * (WIDTH * done // of)
    left = seconds / done * (of - done)
    said = f"\r[{bar:<{WIDTH}}] {done * SHARE:>7} seeds, {failed} failed, {left:5.0f} s left"
    print(said, end="", file=sys.stderr, flush=True)


def _told(figures: dict[str, object]) -> str:
    return "\n".join(f"{name.replace('_', ' '):18} {value}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
