"""Batches of 100, 1,000 and 10,000 invoices over as many contracts: time, requests of AWS and units for each invoice.

`dev.py bench batches [--most 1000]` prints JSON. Drafting and issuing are measured alone, each until the batch says
that it is done; the PDFs that follow come after; then all are exported into one CSV file and one ZIP of PDFs. What an
invoice takes should be the same however many there are, and so should the memory of the worker. Each contract has a fee
and two hours to be billed (`--fees-only`: a fee). On two processors that nobody else uses the batch of 1,000 takes some
four minutes with its contracts and PDFs, that of 10,000 three quarters of an hour.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from infra.bench.work import figures
from infra.bench.work.counting import Count, Ledger, listened_to
from infra.bench.work.ground import Ground
from infra.bench.work.serving import ROOT

CALLERS = 3
SIZES = (100, 1_000, 10_000)
AT_MOST_S = 3_600
WORKER, EXPORTER = "then run", "then deliver"
FORMATS, UNDER_WAY = ("csv", "pdf_zip"), {"queued", "running"}
RATE, HOURS, FEE = "90.00", "2", "500.00"


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench batches", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="how many invoices in the largest batch")
    parser.add_argument("--fees-only", action="store_true", help="no hours on the contracts: made in half the time")
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.only:
        print(json.dumps(_measured(wanted.only, with_hours=not wanted.fees_only)), flush=True)
        return
    options = ["--fees-only"] if wanted.fees_only else []
    rows = [_apart(size, options) for size in SIZES if size <= wanted.most]
    for row in rows:
        for step in ("draft", "issue"):
            row[step]["time_to_smallest"] = round(row[step]["ms_each"] / rows[0][step]["ms_each"], 2)
    print(json.dumps({"machine": figures.machine(), "rows": rows}), flush=True)


def _apart(size: int, options: list[str]) -> dict[str, Any]:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "infra.bench.batches", "--only", str(size), *options]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    row: dict[str, Any] = json.loads(told)
    return row


def _measured(size: int, *, with_hours: bool) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="quittance-bench-") as folder,
        listened_to(Path(folder)) as (ground, ledger),
    ):
        _contracts(ground, size, with_hours=with_hours)
        ground.caller.settle(at_most_s=AT_MOST_S)
        ledger.taken()
        preview = ground.caller.ask("POST", "/v1/batches/preview", {"invoice_per": "contract", "limit": 1})
        foreseen = ledger.taken()["the call"]
        (totals,) = preview.json["totals"]
        assert totals["invoices_to_create"] == size, totals
        batch = ground.caller.ask("POST", "/v1/batches", {"name": f"{size}", "plan_hash": preview.json["plan_hash"]})
        path, before = f"/v1/batches/{batch.json['id']}", _memory_mb()
        drafted = _step(ground, ledger, path, "run", "drafted", size, {"confirm": True})
        issued = _step(ground, ledger, path, "issue", "issued", size, {})
        grown = _memory_mb() - before
        _must_be_right(ground, path, size)
        exports = {name: _exported(ground, ledger, path, name, size) for name in FORMATS}
    return {
        "invoices": size,
        "preview": {"ms": round(preview.took_ms), "asked": foreseen},
        "draft": drafted,
        "issue": issued,
        "memory_grown_mb": round(grown),
        "exports": exports,
        "memory_grown_with_exports_mb": round(_memory_mb() - before),
    }


def _step(
    ground: Ground, ledger: Ledger, path: str, verb: str, done: str, size: int, body: dict[str, Any]
) -> dict[str, Any]:
    """A step of a batch, from its request until the batch says that it is done; what the worker asked, for each."""
    ledger.taken()
    began, used = time.perf_counter(), time.process_time()
    ground.caller.ask("POST", f"{path}/{verb}", body)
    while (now := ground.caller.ask("GET", path).json)["status"] != done:
        if time.perf_counter() - began > AT_MOST_S:
            raise RuntimeError(f"the batch did not get {done}: {now}")
        time.sleep(0.25)
    took, cpu = time.perf_counter() - began, time.process_time() - used
    assert now["progress"]["failed"] == 0, now["progress"]
    asked: Count = ledger.taken()
    ground.caller.settle(at_most_s=AT_MOST_S)
    _say(f"{size}: {verb} took {timedelta(seconds=round(took))}")
    return {
        "seconds": round(took, 1),
        "ms_each": round(took / size * 1000, 2),
        "cpu_ms_each": round(cpu / size * 1000, 2),
        "asked_for_each": {name: round(many / size, 3) for name, many in asked[WORKER].items()},
    }


def _exported(ground: Ground, ledger: Ledger, path: str, name: str, size: int) -> dict[str, Any]:
    """All invoices of the batch in one file, from the request until it can be fetched."""
    ledger.taken()
    began, used = time.perf_counter(), time.process_time()
    export = ground.caller.ask("POST", f"{path}/exports", {"format": name, "again": True}).json["id"]
    while (now := ground.caller.ask("GET", f"/v1/exports/{export}").json)["status"] in UNDER_WAY:
        time.sleep(0.25)
    took, cpu = time.perf_counter() - began, time.process_time() - used
    assert (now["status"], now["progress"]["count"], now["failures"]) == ("ready", size, []), now
    asked = ledger.taken()
    _say(f"{size}: {name} took {timedelta(seconds=round(took))}, {now['file']['size']} bytes")
    return {
        "seconds": round(took, 1),
        "ms_each": round(took / size * 1000, 2),
        "cpu_ms_each": round(cpu / size * 1000, 2),
        "bytes": now["file"]["size"],
        "asked_for_each": {what: round(many / size, 3) for what, many in asked[EXPORTER].items()},
    }


def _contracts(ground: Ground, size: int, *, with_hours: bool) -> None:
    """So many contracts in force, each with a fee that is due and hours that were published; by three callers."""
    with ThreadPoolExecutor(CALLERS) as pool:
        parts = [range(first, size, CALLERS) for first in range(CALLERS)]
        for done in [pool.submit(_some_contracts, ground, part, with_hours=with_hours) for part in parts]:
            done.result()


def _some_contracts(ground: Ground, numbers: Sequence[int], *, with_hours: bool) -> None:
    ask = ground.caller.another().ask
    this_month = time.strftime("%Y-%m-01", time.gmtime())
    for number in numbers:
        if number and number % 1_000 == 0:
            _say(f"{number} contracts are in force")
        client = ground.clients[number % len(ground.clients)]
        terms = {"client_id": client, "name": f"Contract {number:05d}", "type": "flat", "starts_on": this_month}
        fee = {"description": "Managed services", "unit_price": FEE}
        contract = ask("POST", "/v1/contracts", terms | {"fees": [fee]}).json["id"]
        ask("POST", f"/v1/contracts/{contract}/activate", {})
        if not with_hours:
            continue
        entry = {"client_id": client, "contract_id": contract, "kind": "time", "description": "Support"}
        item = ask("POST", "/v1/items", entry | {"quantity": HOURS, "unit": "h", "unit_price": RATE}).json["id"]
        ask("POST", f"/v1/items/{item}/publish", {})


def _must_be_right(ground: Ground, path: str, size: int) -> None:
    """Raises AssertionError unless every invoice has its number, without a gap."""
    numbers: list[str] = []
    part: int | None = 0
    while part is not None:
        page = ground.caller.ask("GET", f"{path}/lines?part={part}").json
        numbers += [line["number"] for line in page["data"]]
        part = page["next_part"]
    given = sorted(int(number.rpartition("-")[2]) for number in numbers)
    if given != list(range(given[0], given[0] + size)):
        raise AssertionError(f"{size} invoices have the numbers {given[0]} to {given[-1]}")


def _memory_mb() -> float:
    """The most that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
