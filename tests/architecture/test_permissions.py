"""What a function reaches through wiring, its policy allows: a forgotten permission shows on AWS only, in the night."""

import importlib
import json
from pathlib import Path

import pytest

from tests.architecture.reach import asked_of_wiring, everything_in

ROOT = Path(__file__).parents[2]
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
FUNCTIONS = CONFIG["stages"]["live"]["lambda_functions"]
NEEDED = {  # by what entry points ask wiring for: the action and the resource it takes
    "files": ("s3:GetObject", "DocumentsBucket"),
    "heads": ("s3:PutObject", "HeadsBucket"),
    "mailer": ("ses:SendRawEmail", None),
    "documents": ("sqs:SendMessage", "DocumentsQueue"),
    "payments": ("sqs:SendMessage", "PaymentsQueue"),
    "hooks": ("sqs:SendMessage", "HooksQueue"),
    "batches": ("sqs:SendMessage", "BatchesQueue"),
    "gateway": ("secretsmanager:GetSecretValue", "StripeApiKey"),
    "livemode": ("secretsmanager:GetSecretValue", "StripeApiKey"),
    "webhook_secrets": ("secretsmanager:GetSecretValue", "StripeWebhookSecrets"),
    "SIGNING_SECRET": ("secretsmanager:GetSecretValue", "SigningSecret"),
    "seal": ("secretsmanager:GetSecretValue", "SealingKeys"),
}
IN_TURN = {"gateway": {"seal"}, "renderer": {"files"}, "press": {"files"}}
"""What wiring asks of itself for what it was asked for."""

OWN_SOURCE = {
    "react": ("dynamodb:GetRecords", "Journal"),
    "deliver": ("sqs:ReceiveMessage", "DocumentsQueue"),
    "settle": ("sqs:ReceiveMessage", "PaymentsQueue"),
    "notify": ("sqs:ReceiveMessage", "HooksQueue"),
    "run": ("sqs:ReceiveMessage", "BatchesQueue"),
}


@pytest.fixture(scope="module")
def handlers():
    """Where each function of the app begins, by its name."""
    app = importlib.import_module("app").app
    return {each.name: each.handler_string for each in [*app.event_sources, *app.builtin_auth_handlers]}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_function_asks_wiring_for_its_policy_allows(handlers, function):
    allowed = permissions(FUNCTIONS[function].get("iam_policy_file", CONFIG["iam_policy_file"]))
    assert {need for need in needed(handlers, function) if not grants(allowed, *need)} == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_policy_allows_nothing_that_its_function_does_not_ask_for(handlers, function):
    allowed = permissions(FUNCTIONS[function].get("iam_policy_file", CONFIG["iam_policy_file"]))
    granted = {need for need in (*NEEDED.values(), *OWN_SOURCE.values()) if grants(allowed, *need)}
    assert granted - needed(handlers, function) == set()


def test_the_reach_of_a_function_is_seen():
    """So that the test above cannot pass by seeing nothing."""
    assert {"documents", "payments", "store"} <= asked_of_wiring({("chalicelib.entrypoints.events", "react")})
    assert {"renderer", "files", "mailer"} <= asked_of_wiring({("chalicelib.entrypoints.events", "deliver")})
    assert "mailer" not in asked_of_wiring({("chalicelib.entrypoints.events", "settle")})


def test_every_function_of_the_app_is_configured(handlers):
    assert {"api_handler", *handlers} == set(FUNCTIONS)


def needed(handlers, function):
    if function == "api_handler":
        starts = everything_in("chalicelib.entrypoints.http", "chalicelib.entrypoints.portal")
    else:
        starts = {tuple(handlers[function].rsplit(".", 1))}
    asked = asked_of_wiring(starts)
    asked |= {part for first in asked & set(IN_TURN) for part in IN_TURN[first]}
    needs = {NEEDED[part] for part in asked & set(NEEDED)}
    return needs | ({OWN_SOURCE[function]} if function in OWN_SOURCE else set())


def grants(allowed, action, resource):
    return any(action in actions and (resource is None or resource in where) for actions, where in allowed)


def permissions(policy):
    """Pairs of actions and where they are allowed, as text."""
    statements = json.loads((ROOT / ".chalice" / policy).read_text())["Statement"]
    return [(each["Action"], json.dumps(each["Resource"])) for each in statements if each["Effect"] == "Allow"]
