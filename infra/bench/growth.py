"""How the work grows with what is there: create, issue, list and approve from 100 to 5,000 invoices.

`dev.py bench growth [--most 5000]` makes them all through the API, from two callers at once, and prints JSON: at
each step the medians of what is measured then, at rest. Growth should be flat.
"""

import argparse
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.bench.work import figures, samples
from infra.bench.work.figures import Row, Samples
from infra.bench.work.ground import Ground, prepared
from infra.bench.work.serving import Run, local_run

STEPS = (100, 500, 1_000, 2_000, 3_000, 4_000, 5_000)
CHUNK = 20  # deeds of a kind at each step
FILLERS = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench growth", description=__doc__)
    parser.add_argument("--most", type=int, default=STEPS[-1], help="how many invoices at the end")
    most = parser.parse_args().most
    with tempfile.TemporaryDirectory(prefix="quittance-bench-") as folder, local_run(Path(folder)) as run:
        rows = grown(run, [step for step in STEPS if step <= most])
    print(json.dumps({"machine": figures.machine(), "rows": rows}), flush=True)


def grown(run: Run, steps: list[int]) -> list[Row]:
    """One row per step and deed."""
    ground = prepared(run.caller())
    told: list[Row] = []
    there = 0
    for step in steps:
        _fill(run, ground, range(there, step))
        taken = _chunk(ground)
        told += figures.rows({f"{metric}_at_{step}": each for metric, each in taken.items()})
        there = step + len(taken["create_draft"]) + len(taken["approve_quote_to_draft_invoice"]) + 2 * samples.WARM_UP
    return told


def _chunk(ground: Ground) -> Samples:
    return samples.created_and_issued(ground, CHUNK) | samples.listed(ground, CHUNK) | samples.approved(ground, CHUNK)


def _fill(run: Run, ground: Ground, numbers: range) -> None:
    """Issued invoices made by callers of their own."""

    def fill(share: range) -> None:
        filler = Ground(caller=run.caller(), clients=ground.clients)
        for number in share:
            filler.issued(number)

    with ThreadPoolExecutor(FILLERS) as pool:
        list(pool.map(fill, [numbers[start::FILLERS] for start in range(FILLERS)]))


if __name__ == "__main__":
    main()
