"""What a function reaches through wiring, its policy allows: a forgotten permission shows on AWS only, in the night."""

import ast
import importlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
FUNCTIONS = CONFIG["stages"]["live"]["lambda_functions"]
NEEDED = {  # by what entry points ask wiring for: the action and the resource it takes
    "files": ("s3:GetObject", "DocumentsBucket"),
    "mailer": ("ses:SendRawEmail", None),
    "documents": ("sqs:SendMessage", "DocumentsQueue"),
    "payments": ("sqs:SendMessage", "PaymentsQueue"),
    "gateway": ("secretsmanager:GetSecretValue", "StripeApiKey"),
    "webhook_secrets": ("secretsmanager:GetSecretValue", "StripeWebhookSecrets"),
    "SIGNING_SECRET": ("secretsmanager:GetSecretValue", "SigningSecret"),
}
OWN_SOURCE = {
    "react": ("dynamodb:GetRecords", "Journal"),
    "deliver": ("sqs:ReceiveMessage", "DocumentsQueue"),
    "settle": ("sqs:ReceiveMessage", "PaymentsQueue"),
}


@pytest.fixture(scope="module")
def modules():
    """The modules that run in each function, by its name."""
    app = importlib.import_module("app").app
    events = {source.name: source.handler_string for source in app.event_sources}
    guards = {guard.name: guard.handler_string for guard in app.builtin_auth_handlers}
    return {"api_handler": "app", **{name: path.rsplit(".", 1)[0] for name, path in {**events, **guards}.items()}}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_function_asks_wiring_for_its_policy_allows(modules, function):
    allowed = permissions(FUNCTIONS[function].get("iam_policy_file", CONFIG["iam_policy_file"]))
    asked = asked_for(modules[function]) if function != "authorizer" else set()
    needed = [NEEDED[part] for part in asked & set(NEEDED)] + [OWN_SOURCE[function]] * (function in OWN_SOURCE)
    missing = [need for need in needed if not any(grants(allowed, *need))]
    assert missing == []


def test_every_function_of_the_app_is_configured(modules):
    assert set(modules) == set(FUNCTIONS)


def grants(allowed, action, resource):
    return (action in actions and (resource is None or resource in where) for actions, where in allowed)


def permissions(policy):
    """Pairs of actions and where they are allowed, as text."""
    statements = json.loads((ROOT / ".chalice" / policy).read_text())["Statement"]
    return [(each["Action"], json.dumps(each["Resource"])) for each in statements if each["Effect"] == "Allow"]


def asked_for(module):
    """What a module and the entry-point modules it imports take from wiring, and SIGNING_SECRET where they name it."""
    seen, waiting, asked = set(), {module}, set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        tree = ast.parse(source_of(name).read_text())
        asked |= {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "wiring"
        }
        asked |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in NEEDED}
        waiting |= {each for each in imported(tree) if each.startswith("chalicelib.entrypoints")} - seen
    return asked


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (
                f"{node.module}.{alias.name}" for alias in node.names if source_of(f"{node.module}.{alias.name}")
            )


def source_of(module):
    path = ROOT / module.replace(".", "/")
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()), None)
