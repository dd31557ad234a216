"""`dev.py run` as a process: it says where it is, keeps its data over kill -9, and leaves nobody behind."""

import json
import signal
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

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
        with self.opened(method, path, body) as answer:
            return json.loads(answer.read())

    def opened(self, method, path, body=None, **headers):
        request = urllib.request.Request(
            self.ready["url"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.ready['api_key']}", "Content-Type": "application/json", **headers},
        )
        return urllib.request.urlopen(request, timeout=START_S)

    def at_once(self, path, body, *, times=50):
        """The same request on so many connections at once; of each answer whether it is a replay, and its body."""
        ready = Barrier(times)

        def send(_):
            ready.wait()
            with self.opened("POST", path, body, **{"Idempotency-Key": path}) as answer:
                return "Idempotent-Replay" in answer.headers, answer.read()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(send, range(times)))

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


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A run for whoever leaves it as it was."""
    run = Run(tmp_path_factory.mktemp("run") / "data")
    yield run
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


def test_the_local_business_is_a_quebec_sandbox_with_both_taxes(running):
    business = running.ask("GET", "/v1/business")
    assert (business["country"], business["currency"], business["time_zone"]) == ("CA", "CAD", "America/Toronto")
    rates = [(rate["code"], rate["rate_percent"], bool(rate["registration_number"])) for rate in business["tax_rates"]]
    assert rates == [("TPS", "5", True), ("TVQ", "9.975", True)]


@pytest.mark.row("C7", "C8", "C9")
def test_fifty_connections_at_once_issue_an_invoice_once_and_book_its_money_once(running):
    client = running.ask("POST", "/v1/clients", {"name": "Marie Gagnon"})
    lines = [{"description": "Visite", "unit_price": "100.00"}]
    draft = running.ask("POST", "/v1/invoices", {"client_id": client["id"], "lines": lines})
    path = f"/v1/invoices/{draft['id']}"
    numbers = running.ask("GET", "/v1/reports/numbers/invoice")["count"]

    for verb, body in (("issue", {}), ("payments", {"amount": "114.98", "method": "cash"})):
        answers = running.at_once(f"{path}/{verb}", body)
        assert [replay for replay, _ in answers].count(False) == 1
        assert len({told for _, told in answers}) == 1
    assert running.ask("GET", "/v1/reports/numbers/invoice")["count"] == numbers + 1
    assert running.ask("GET", path)["paid_total"] == "114.98"
    assert len(running.ask("GET", f"{path}/payments")["data"]) == 1


def test_a_second_run_on_the_same_folder_is_refused(start, tmp_path):
    start()
    command = [sys.executable, "-m", "infra.local.serve", "--json", "--port", "0", "--data", str(tmp_path / "data")]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=START_S, check=False)
    assert second.returncode == 1
    assert "because another local run does" in second.stderr


def test_a_business_is_paid_by_a_key_of_its_own_also_after_kill_9(start):
    run = start()
    merchant = run.ask("POST", "/_local/stripe/merchants", {})
    payments = run.ask("PUT", "/v1/business/stripe-key", {"restricted_key": merchant["restricted_key"]})
    asked = {"account": merchant["account"], "url": payments["stripe_key"]["webhook_url"]}
    secret = run.ask("POST", "/_local/stripe/merchants/endpoints", asked)["secret"]
    connected = run.ask("PUT", "/v1/business/stripe-key", {"webhook_secrets": [secret]})
    assert connected["stripe_key"]["connected"] is True
    assert paid_online(run) == "paid"
    run.end(signal.SIGKILL)

    again = start()
    assert again.ready["url"] != run.ready["url"]
    assert paid_online(again) == "paid"
    assert {one["account"] for one in again.ask("GET", "/_local/stripe/sessions")["data"]} == {merchant["account"]}


def paid_online(run):
    """What an invoice is after its client has paid it on Stripe's page."""
    client = run.ask("POST", "/v1/clients", {"name": "Marie Gagnon", "email": "marie@example.com"})
    lines = [{"description": "Visite", "unit_price": "80.00"}]
    invoice = run.ask("POST", "/v1/invoices", {"client_id": client["id"], "lines": lines})["id"]
    run.ask("POST", f"/v1/invoices/{invoice}/issue", {})
    url = run.ask("POST", f"/v1/invoices/{invoice}/payment-link", {"choice": "all"})["url"]
    run.ask("POST", "/_local/stripe/pay", {"session": url.rpartition("/")[2].partition("#")[0]})
    assert run.ask("POST", "/_local/settle", {})["drained"]
    return run.ask("GET", f"/v1/invoices/{invoice}")["status"]
