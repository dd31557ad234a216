"""Lists and issues where there are 1,000 and 10,000 invoices already: growth must be flat."""

import subprocess
import sys
from pathlib import Path

from infra.bench.work import samples
from infra.bench.work.figures import Row, rows
from infra.bench.work.ground import prepared
from infra.bench.work.serving import ROOT, local_run

STEPS = (1_000, 10_000)
ISSUES = 30
LISTS = 30


def at_each_step(data: Path) -> list[Row]:
    """The figures at each number of rows, in a run of its own that is filled while it is stopped."""
    with local_run(data) as run:
        prepared(run.caller())
    told: list[Row] = []
    there = 0
    for count in STEPS:
        subprocess.run(
            [sys.executable, "-m", "infra.bench.work.filling", str(data), str(count - there)], cwd=ROOT, check=True
        )
        with local_run(data) as run:
            ground = prepared(run.caller())
            taken = samples.listed(ground, LISTS) | samples.created_and_issued(ground, ISSUES)
            told += rows({f"{metric}_at_{count}_rows": each for metric, each in taken.items()})
            told.append({"metric": f"first_answer_at_{count}_rows", "value": round(run.first_answer_ms), "unit": "ms"})
        there = count + ISSUES + samples.WARM_UP
    return told
