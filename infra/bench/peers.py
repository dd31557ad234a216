"""The work of the peers, over HTTP on the local run: `dev.py bench peers [--full]`.

Prints `QUICK {...}` with the samples that every peer gives; --full measures the rest too and prints one JSON document.
"""

import argparse
import json
import tempfile
from pathlib import Path

from infra.bench.work import figures, samples, workload
from infra.bench.work.ground import prepared
from infra.bench.work.serving import local_run

PEER = "Quittance"
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
    parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quittance-bench-") as folder:
        taken, told = measured(Path(folder))
        print(quick_line(taken), flush=True)
        print(json.dumps({"machine": figures.machine(), "rows": figures.rows(taken), **told}), flush=True)


def quick_line(taken: figures.Samples) -> str:
    """The line by which programs are compared side by side."""
    kept = {metric: [round(each, 3) for each in taken[metric]] for metric in ASKED_OF_PEERS}
    return f"QUICK {json.dumps({'peer': PEER, 'samples': kept})}"


def measured(folder: Path) -> tuple[figures.Samples, dict[str, object]]:
    with local_run(folder / "quick") as run:
        ground = prepared(run.caller())
        taken = samples.quick(run, ground)
        total = samples.sum_of_totals(ground, 1000)
        if total != workload.SUM_OF_1000:
            raise AssertionError(f"the first 1,000 totals sum to {total} instead of {workload.SUM_OF_1000}")
        return taken, {"first_answer_ms": round(run.first_answer_ms), "sum_of_1000_totals": str(total)}


if __name__ == "__main__":
    main()
