"""A cold start pays for what is imported: every function of the app in an interpreter of its own."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.adapters.pdf import container

ROOT = Path(__file__).parents[2]
NOT_FOR_THE_API = (
    "stripe",
    "fpdf",
    "PIL",
    "fontTools",
    "babel",
    "lxml",
    "facturx",
    "pypdf",
    "segno",
    "requests",
    "cryptography",
)
NOT_FOR_EVENTS = (*NOT_FOR_THE_API, "jinja2")  # which the API shows the portal's pages with
ASK_FOR_HEALTH = "client.http.get('/health')"
FORGE_A_WEBHOOK = "client.http.post('/v1/stripe/webhook', headers={'Stripe-Signature': 't=1,v1=00'}, body=b'{}')"


@pytest.fixture(scope="module")
def app():
    return importlib.import_module("app").app


NEVER_FOR_PDFS = (
    "fontTools",
    "PIL",
    "defusedxml",
    "fpdf.svg",
    "fpdf.html",
    "fpdf.drawing",
    "fpdf.fonts",
)
STANDARD = re.compile(r"^(from dataclasses import .*\bdataclass\b|import dataclasses)", re.MULTILINE)


def test_importing_the_api_loads_nothing_heavy():
    assert loaded_after("import app", NOT_FOR_THE_API) == []


def test_every_event_function_stands_alone_and_loads_nothing_heavy(app):
    """Lambda imports a blueprint's function without app.py."""
    handlers = {source.name: source.handler_string for source in app.event_sources}
    assert set(handlers) == {"react", "deliver", "settle", "notify", "run", "sweep", "reconcile", "audit", "bounced"}
    for handler in [*handlers.values(), *(each.handler_string for each in app.builtin_auth_handlers)]:
        module, name = handler.rsplit(".", 1)
        alone = f"import sys, {module} as module; module.{name}; assert 'app' not in sys.modules"
        assert loaded_after(alone, NOT_FOR_EVENTS) == [], handler


@pytest.mark.parametrize("request_", [ASK_FOR_HEALTH, FORGE_A_WEBHOOK], ids=["health", "webhook"])
def test_answering_at_the_edge_loads_neither_stripe_nor_the_renderer(request_):
    asked = f"import app; from chalice.test import Client\nwith Client(app.app) as client: {request_}"
    assert loaded_after(asked, NOT_FOR_THE_API) == []


def test_no_middleware_waits_for_events(app):
    """On Lambda it would not run for the functions of a blueprint: they have decorators."""
    assert [kind for _, kind in app.middleware_handlers if kind != "http"] == []


def test_a_pdf_is_answered_as_bytes(app):
    """Chalice answers 500 for bytes of a type that it was not told is binary."""
    assert {"application/pdf", "*/*"} & set(app.api.binary_types)


def test_what_a_function_preloads_is_there_before_its_first_event():
    assert loaded_after("import chalicelib.entrypoints.events", ["fpdf"], PRELOAD="renderer") == ["fpdf"]


def test_what_a_function_starts_with_is_never_looked_through_for_garbage():
    statement = "import gc, chalicelib.entrypoints.events; assert gc.isenabled() and gc.get_freeze_count() > 10_000"
    assert loaded_after(statement, ()) == []


def test_the_renderer_is_ready_without_what_it_never_asks_of_fpdf2():
    assert loaded_after("import chalicelib.adapters.pdf", NEVER_FOR_PDFS) == []


def test_nothing_that_another_thread_may_import_meanwhile_is_stood_in_for():
    """A thread that opened a seal while another imported fpdf2 got a cryptography of empty names."""
    assert not {"cryptography", "jwt", "stripe", "lxml", "pypdf", "jinja2", "babel"} & container.ABSENT


def test_no_import_compiles_the_methods_of_values():
    """That was three quarters of what importing any function cost: infra/decisions/0037."""
    modules = [path for path in (ROOT / "chalicelib").rglob("*.py") if path != ROOT / "chalicelib/domain/values.py"]
    assert [str(path.relative_to(ROOT)) for path in modules if STANDARD.search(path.read_text())] == []
    written = "import app; from chalicelib.domain import invoice, values"
    written += "; assert invoice.Invoice.__init__ is values._Unwritten.__init__"
    assert loaded_after(written, ()) == []


def loaded_after(statement, modules, **more):
    probe = f"import sys\n{statement}\nprint(*[name for name in {modules} if name in sys.modules])"
    environment = {**os.environ, "STRIPE_WEBHOOK_SECRETS": "whsec_test", "SIGNING_SECRET": "a signing secret", **more}
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[-2].split()
