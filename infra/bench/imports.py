"""What a cold start costs: processor time to import a function, and until it has drawn its first document; prints JSON.

    python -m infra.bench.imports [--times 21]

Each way is a fresh process, in turns, all in one run; their bytecode is kept in a folder of its own and written before
anything is counted. Counted is processor time of the whole process (user and system), so Python's own start is in
each. "beyond" is what is left after the median of boto3 alone, which Lambda brings and loads for everybody; a
function that is ready has made the clients that `PRELOAD` names, so there boto3 makes the same ones.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / ".chalice" / "config.json"
CLIENTS = ("dynamodb", "s3", "ses")
"""Of those that deliver preloads, boto3's part."""

WAYS = {
    "python": "",
    "boto3": "import boto3",
    "boto3 and its clients": f"import boto3\nfor name in {CLIENTS}: boto3.client(name)",
    "deliver": "import boto3, chalicelib.entrypoints.events",
    "deliver, ready": "import boto3, chalicelib.entrypoints.events",
    "deliver, first document": "import boto3, infra.bench.work.first_document",
    "api": "import boto3, app",
}
BEYOND = {
    "deliver": "boto3",
    "deliver, ready": "boto3 and its clients",
    "deliver, first document": "boto3 and its clients",
    "api": "boto3",
}
READY = ("deliver, ready", "deliver, first document")


def main() -> None:
    arguments = argparse.ArgumentParser(description="Measure what cold starts cost.")
    arguments.add_argument("--times", type=int, default=21)
    print(json.dumps(measured(arguments.parse_args().times), indent=2))


def measured(times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as bytecode:
        preloaded = preloads()
        environments = {way: _environment(bytecode, preloaded if way in READY else "") for way in WAYS}
        taken: dict[str, list[float]] = {way: [] for way in WAYS}
        for turn in range(times + 1):
            for way, statement in WAYS.items():
                spent = _processor_ms(statement, environments[way])
                if turn:  # the first writes the bytecode
                    taken[way].append(spent)
    medians = {way: statistics.median(each) for way, each in taken.items()}
    return {
        "unit": "CPU milliseconds",
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "times": times,
        "ways": {way: {"median": round(medians[way], 1), "least": round(min(each), 1)} for way, each in taken.items()},
        "beyond": {way: round(medians[way] - medians[beside], 1) for way, beside in BEYOND.items()},
    }


def preloads() -> str:
    """What the deployed function builds while it starts."""
    functions = json.loads(CONFIG.read_text())["stages"]["live"]["lambda_functions"]
    return str(functions["deliver"]["environment_variables"]["PRELOAD"])


def _environment(bytecode: str, preloaded: str) -> Mapping[str, str]:
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"PYTHONPYCACHEPREFIX": bytecode, "PRELOAD": preloaded, "AWS_DEFAULT_REGION": "ca-central-1"}
    return given | own


def _processor_ms(statement: str, environment: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    leaving = f"{statement}\nimport os\nos._exit(0)"  # without tidying up, which Lambda never does
    subprocess.run([sys.executable, "-c", leaving], cwd=ROOT, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


if __name__ == "__main__":
    main()
