"""The README's tour is run as it is written, against the local run, and its answers are the ones shown."""

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chalicelib.domain.signing import signature

ROOT = Path(__file__).parents[2]
TOUR = (ROOT / "README.md").read_text().split("## Five minutes with the API")[1].split("## Habits of the API")[0]
SCRIPT = "\n".join(re.findall(r"```sh\n(.*?)```", TOUR, re.DOTALL))
SHOWN = [
    line.strip()
    for line in re.findall(r"^ {4}(.+)$", re.sub(r"```sh\n.*?```", "", TOUR, flags=re.DOTALL), re.MULTILINE)
]


@pytest.fixture
def served(tmp_path):
    command = [sys.executable, "infra/dev.py", "run", "--json", "--no-story", "--port", "0", "--data", str(tmp_path)]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield json.loads(run.stdout.readline())
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(30)
        run.stdout.close()


def test_a_newcomer_who_types_the_tour_sees_what_the_readme_shows(served, tmp_path):
    environment = {**os.environ, "URL": served["url"], "KEY": served["api_key"]}
    typed = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", SCRIPT],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert typed.returncode == 0, typed.stderr
    *answers, error = typed.stdout.strip().splitlines()
    assert answers == SHOWN[:-1]
    assert json.loads(error)["errors"][0]["at"] == "/lines/0/unit_price"


def test_the_readmes_six_lines_know_our_posts_from_others():
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    told = {"hmac": hmac, "hashlib": hashlib, "time": time}
    exec(code, told)
    is_ours = told["is_from_quittance"]
    now, body = int(time.time()), '{"name": "Élodie"}'.encode()

    assert is_ours(body, signature(body, secrets=["whsec_a"], at=now), "whsec_a")
    assert is_ours(body, signature(body, secrets=["whsec_b", "whsec_a"], at=now), "whsec_a")
    assert not is_ours(body, signature(body, secrets=["whsec_b"], at=now), "whsec_a")
    assert not is_ours(body + b" ", signature(body, secrets=["whsec_a"], at=now), "whsec_a")
    assert not is_ours(body, signature(body, secrets=["whsec_a"], at=now - 301), "whsec_a")
