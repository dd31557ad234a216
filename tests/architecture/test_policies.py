"""What each function may do, as .chalice/ states it."""

import json
from pathlib import Path

import pytest

from chalicelib import wiring
from infra.local.resources import defined

CHALICE = Path(__file__).parents[2] / ".chalice"
CONFIG = json.loads((CHALICE / "config.json").read_text())
FUNCTIONS = CONFIG["stages"]["live"]["lambda_functions"]
POLICIES = sorted(path.name for path in CHALICE.glob("policy-*.json"))
REWRITING = {"UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"}


def statements(policy):
    return json.loads((CHALICE / policy).read_text())["Statement"]


def actions(statement):
    return [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]


def test_chalice_does_not_guess_policies():
    """Its guess reads app.py only, and would see none of what the blueprints do."""
    assert CONFIG["autogen_policy"] is False


def test_every_function_has_a_policy_of_its_own():
    used = [function.get("iam_policy_file", CONFIG["iam_policy_file"]) for function in FUNCTIONS.values()]
    assert sorted(used) == POLICIES


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_may_rewrite_the_journal(policy):
    (denial,) = (statement for statement in statements(policy) if statement["Effect"] == "Deny")
    assert set(denial["Action"]) == {f"dynamodb:{action}" for action in REWRITING}
    assert denial["Resource"] == {"Fn::GetAtt": ["Journal", "Arn"]}
    for statement in statements(policy):
        if statement["Effect"] == "Allow" and "Journal" in json.dumps(statement["Resource"]):
            assert not {f"dynamodb:{action}" for action in REWRITING} & set(actions(statement))


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_allows_a_whole_service_a_scan_or_everything(policy):
    for statement in statements(policy):
        assert not [action for action in actions(statement) if "*" in action or action == "dynamodb:Scan"]
        if statement["Effect"] == "Allow" and statement["Resource"] == "*":
            assert "Condition" in statement


@pytest.mark.parametrize("policy", ["policy-api.json", "policy-deliver.json"])
def test_who_reads_documents_may_learn_that_one_is_missing(policy):
    """Without ListBucket S3 answers 403 for a key that is not there, and nobody catches that as missing."""
    allowed = {action: statement["Resource"] for statement in statements(policy) for action in actions(statement)}
    assert "s3:GetObject" in allowed
    assert allowed["s3:ListBucket"] == {"Fn::GetAtt": ["DocumentsBucket", "Arn"]}


@pytest.mark.parametrize("policy", POLICIES)
def test_policies_name_resources_that_exist(policy):
    text = json.dumps(statements(policy))
    named = {
        *(place["Ref"] for place in found(json.loads(text), "Ref")),
        *(place["Fn::GetAtt"][0] for place in found(json.loads(text), "Fn::GetAtt")),
    }
    assert named <= {*defined(), "Sender"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_preloaded_is_something_that_wiring_can_build(function):
    for name in filter(None, FUNCTIONS[function].get("environment_variables", {}).get("PRELOAD", "").split(",")):
        assert callable(getattr(wiring, name))


def found(value, key):
    """Every mapping in a JSON value that has the key."""
    if isinstance(value, dict):
        return ([value] if key in value else []) + [place for part in value.values() for place in found(part, key)]
    return [place for part in value for place in found(part, key)] if isinstance(value, list) else []
