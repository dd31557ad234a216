"""A burst of webhooks: payments that Stripe tells of all at once, with 100 and with 5,000 invoices there already.

`dev.py bench burst [--payments 2000] [--most 5000]` prints JSON: how long until every invoice is right, and what each
payment asks of AWS. Both should be the same however many invoices there are. On two processors that nobody else uses a
burst of 2,000 takes some ten minutes, most of them for pages that are opened and paid before it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from infra.bench.work import figures
from infra.bench.work.ground import prepared
from infra.bench.work.serving import ROOT, local_run

SIZES = (100, 5_000)
PAYMENTS = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench burst", description=__doc__)
    parser.add_argument("--payments", type=int, default=PAYMENTS, help="how many are told of at once")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="how many invoices are there already at most")
    wanted = parser.parse_args()
    rows = [_burst(size, wanted.payments) for size in SIZES if size <= wanted.most]
    for row in rows:
        row["time_to_smallest"] = round(row["right_ms_per_payment"] / rows[0]["right_ms_per_payment"], 2)
    print(json.dumps({"machine": figures.machine(), "rows": rows}), flush=True)


def _burst(there: int, payments: int) -> dict[str, Any]:
    """The burst in a run of its own, which is filled while it is stopped: beside those there, with what is paid."""
    with tempfile.TemporaryDirectory(prefix="quittance-bench-") as folder:
        with local_run(Path(folder)) as run:
            prepared(run.caller())
        _step("filling", folder, there + payments)
        told: dict[str, Any] = json.loads(_step("bursting", folder, payments))
    return {"invoices_there": there} | told


def _step(name: str, folder: str, count: int) -> str:
    command = [sys.executable, "-m", f"infra.bench.work.{name}", folder, str(count)]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
