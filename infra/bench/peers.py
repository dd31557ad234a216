"""The work of the peers, over HTTP on the local run: `dev.py bench peers [--full]`.

Prints `QUICK {...}` with the samples that every peer gives; --full measures the rest too and prints one JSON document.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.bench.work import figures, grown, rivals, samples, workload
from infra.bench.work.figures import Row
from infra.bench.work.ground import prepared
from infra.bench.work.serving import ROOT, local_run

PEER = "Quittance"
WRITERS = (1, 2, 4, 8)
ASKED_OF_PEERS = (
    "create_draft",
    "issue",
    "create_and_issue",
    "approve_quote_to_draft_invoice",
    "pay",
    "pdf",
    "list_page_50",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench peers", description=__doc__)
    parser.add_argument("--full", action="store_true", help="writers, races, 1,000 and 10,000 rows, AWS requests")
    is_full = parser.parse_args().full
    with tempfile.TemporaryDirectory(prefix="quittance-bench-") as folder:
        taken, told = measured(Path(folder) / "quick")
        print(quick_line(taken), flush=True)
        rows = figures.rows(taken) + told + (the_rest(Path(folder)) if is_full else [])
        answer: dict[str, object] = {"machine": figures.machine(), "rows": rows}
        if is_full:
            answer["aws"] = asked_of_aws(Path(folder) / "counted")
        print(json.dumps(answer), flush=True)


def quick_line(taken: figures.Samples) -> str:
    """The line by which programs are compared side by side."""
    kept = {metric: [round(each, 3) for each in taken[metric]] for metric in ASKED_OF_PEERS}
    return f"QUICK {json.dumps({'peer': PEER, 'samples': kept})}"


def measured(data: Path) -> tuple[figures.Samples, list[Row]]:
    """The samples every peer gives. Raises AssertionError if the first 1,000 totals are not the workload's."""
    with local_run(data) as run:
        ground = prepared(run.caller())
        taken = samples.quick(run, ground)
        total = samples.sum_of_totals(ground, 1000)
        if total != workload.SUM_OF_1000:
            raise AssertionError(f"the first 1,000 totals sum to {total} instead of {workload.SUM_OF_1000}")
        return taken, [
            {"metric": "first_answer", "value": round(run.first_answer_ms), "unit": "ms", "n": 1},
            {"metric": "sum_of_1000_totals", "value": str(total), "unit": "CAD", "n": 1000},
        ]


def the_rest(folder: Path) -> list[Row]:
    """A hundred in a row, payments by hand, writers, races, and what grows with the rows."""
    with local_run(folder / "full") as run:
        ground = prepared(run.caller())
        taken = samples.paid_by_hand(ground, 20)
        in_a_row = samples.created_and_issued(ground, 100, at_rest=False)
        taken["batch100_by_one_caller"] = in_a_row["create_and_issue"]
        told = figures.rows(taken)
        for writers in WRITERS:
            told += rivals.parallel(run, ground, writers)
        told += rivals.races(run, ground)
    return told + grown.at_each_step(folder / "rows")


def asked_of_aws(data: Path) -> object:
    """Requests and capacity units of each deed, from a run that is not timed."""
    command = [sys.executable, "-m", "infra.bench.work.counting", str(data)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(said.splitlines()[-1])


if __name__ == "__main__":
    main()
