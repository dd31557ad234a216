"""`dev.py run` as a process: it says where it is, keeps its data over kill -9, and leaves nobody behind."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_S = 60


class Run:
    """One local run on a folder; its one line of JSON says where it is."""

    def __init__(self, data):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.serve", "--json", "--port", "0", "--data", str(data)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.ready = json.loads(line)

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.ready["url"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.ready['api_key']}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=START_S) as answer:
            return json.loads(answer.read())

    def end(self, how):
        self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=START_S)
        return self.process.returncode, said


@pytest.fixture
def start(tmp_path):
    runs = []

    def begin():
        runs.append(Run(tmp_path / "data"))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)


def test_the_data_and_the_key_are_there_after_kill_9(start):
    run = start()
    client = run.ask("POST", "/v1/clients", {"name": "Marie Gagnon", "email": "marie@example.com"})
    run.end(signal.SIGKILL)
    again = start()
    assert again.ready["api_key"] == run.ready["api_key"]
    assert again.ready["business_id"] == run.ready["business_id"]
    assert again.ask("GET", f"/v1/clients/{client['id']}")["name"] == "Marie Gagnon"
    assert again.ask("POST", "/_local/settle", {})["drained"]
    returncode, said = again.end(signal.SIGTERM)
    assert (returncode, said) == (0, "")  # nothing but the one line went to standard output
    assert start().ask("GET", f"/v1/clients/{client['id']}") == client


def test_the_local_business_is_a_quebec_sandbox_with_both_taxes(start):
    business = start().ask("GET", "/v1/business")
    assert (business["country"], business["currency"], business["time_zone"]) == ("CA", "CAD", "America/Toronto")
    rates = [(rate["code"], rate["rate_percent"], bool(rate["registration_number"])) for rate in business["tax_rates"]]
    assert rates == [("TPS", "5", True), ("TVQ", "9.975", True)]


def test_a_second_run_on_the_same_folder_is_refused(start, tmp_path):
    start()
    command = [sys.executable, "-m", "infra.local.serve", "--json", "--port", "0", "--data", str(tmp_path / "data")]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=START_S, check=False)
    assert second.returncode == 1
    assert "because another local run does" in second.stderr
