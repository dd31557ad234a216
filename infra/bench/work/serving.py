"""The local run as the benchmark's own child: started on a folder and a free port, stopped at the end."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.bench.work.caller import Caller

ROOT = Path(__file__).resolve().parents[3]
STOP_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """first_answer_ms: from starting the process until an authenticated request was answered."""

    url: str
    api_key: str
    business_id: str
    data: Path
    first_answer_ms: float

    def caller(self) -> Caller:
        return Caller(self.url, self.api_key)

    @property
    def webhook_secret(self) -> str:
        secret: str = json.loads((self.data / "secrets.json").read_text())["stripe_webhook"]
        return secret


@contextmanager
def local_run(data: Path) -> Iterator[Run]:
    """Raises RuntimeError if it does not come up."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local.serve", "--json", "--port", "0", "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the local run did not start; `dev.py run` says why")
        ready = json.loads(line)
        Caller(ready["url"], ready["api_key"]).ask("GET", "/v1/business")
        yield Run(
            url=ready["url"],
            api_key=ready["api_key"],
            business_id=ready["business_id"],
            data=data,
            first_answer_ms=(time.perf_counter() - began) * 1000,
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOP_S)
