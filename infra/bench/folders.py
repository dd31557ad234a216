"""A job's space and a client's balance with 10, 100 and 1,000 documents: requests of AWS, capacity units, time.

`dev.py bench folders [--most 1000]` prints JSON. What is asked of AWS for a page must not grow with what is there;
times are given as ratios to the smallest folder of the same run. Half of the documents are issued; they are looked at
once before they are due, and once when all of them are overdue.
"""

import argparse
import json
import statistics
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from infra.bench.work import figures
from infra.bench.work.counting import Ledger, listened_to
from infra.bench.work.ground import Ground

SIZES = (10, 100, 1_000)
LOOKS = 20
PAGE = 50
PATIENCE = timedelta(days=60)  # longer than the workload's invoices may wait


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench folders", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="how many documents in the largest folder")
    most = parser.parse_args().most
    with (
        tempfile.TemporaryDirectory(prefix="quittance-bench-") as folder,
        listened_to(Path(folder)) as (ground, ledger),
    ):
        rows = [measured(ground, ledger, size) for size in SIZES if size <= most]
    for row in rows:
        for name in ("space", "space_page", "balance", "balance_overdue"):
            row[name]["time_to_smallest"] = round(row[name]["median_ms"] / rows[0][name]["median_ms"], 2)
    print(json.dumps({"machine": figures.machine(), "rows": rows}), flush=True)


def measured(ground: Ground, ledger: Ledger, size: int) -> dict[str, Any]:
    """A client with one job of so many documents, half of them issued, and what looking at it costs."""
    ask = ground.caller.ask
    client = ask("POST", "/v1/clients", {"name": f"Client of {size}"}).json["id"]
    job = ask("POST", "/v1/jobs", {"client_id": client, "title": f"{size} documents"}).json["id"]
    for number in range(size):
        draft = ask("POST", "/v1/invoices", ground.invoice(number) | {"client_id": client, "job_id": job}).json["id"]
        if number % 2:
            ask("POST", f"/v1/invoices/{draft}/issue", {})
    space, balance = f"/v1/jobs/{job}/space", f"/v1/clients/{client}/balance"
    looks = {
        "documents": size,
        "space": _looked_at(ground, ledger, space),
        "space_page": _looked_at(ground, ledger, f"{space}?limit={PAGE}"),
        "balance": _looked_at(ground, ledger, balance),
    }
    _waited(ground)
    return looks | {"balance_overdue": _looked_at(ground, ledger, balance)}


def _waited(ground: Ground) -> None:
    now = datetime.fromisoformat(ground.caller.ask("GET", "/v1/sandbox/clock").json["now"])
    ground.caller.ask("POST", "/v1/sandbox/clock", {"now": (now + PATIENCE).isoformat()})
    ground.caller.settle()


def _looked_at(ground: Ground, ledger: Ledger, path: str) -> dict[str, Any]:
    ground.caller.ask("GET", path)
    ground.caller.settle()
    ledger.taken()
    size = len(ground.caller.ask("GET", path).body)
    asked = ledger.taken()["the call"]
    taken = [ground.caller.ask("GET", path).took_ms for _ in range(LOOKS)]
    return {"asked": asked, "bytes": size, "median_ms": round(statistics.median(taken), 1)}


if __name__ == "__main__":
    main()
