"""Chalice's and AWS's quiet traps that a mapping cannot show, each looked for in the code itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "chalicelib").rglob("*.py"))
NO_CONTENT = 204


def nodes(kind):
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kind):
                yield path.relative_to(ROOT), node


def calls(name):
    """Every call of something with that last name: where, and the call."""
    return [(path, node) for path, node in nodes(ast.Call) if last_name(node.func) == name]


def last_name(function):
    return getattr(function, "attr", getattr(function, "id", None))


def argument(call, name, position):
    """A call's argument as its source, by keyword or position; None where it is not given."""
    by_name = {keyword.arg: keyword.value for keyword in call.keywords}
    given = by_name.get(name, call.args[position] if len(call.args) > position else None)
    return given and ast.unparse(given)


def test_an_empty_answer_has_an_empty_body():
    """`Response(None, 204)` sends the four letters null."""
    nulls = [f"{path}:{call.lineno}" for path, call in calls("Response") if argument(call, "body", 0) == "None"]
    assert nulls == []


def test_nothing_is_counted_up_in_an_update_of_its_own():
    """The SDK gives a token to a transaction, not to `UpdateItem ADD`: its own retry would count twice."""
    assert [f"{path}:{call.lineno}" for path, call in calls("update_item")] == []


@pytest.mark.parametrize(
    ("call", "answer"),
    [("send_message_batch", "Failed"), ("put_events", "FailedEntryCount"), ("batch_write_item", "UnprocessedItems"),
     ("batch_get_item", "UnprocessedKeys")],
)  # fmt: skip
def test_a_call_that_succeeds_in_part_is_asked_what_failed(call, answer):
    deaf = [str(path) for path, _ in calls(call) if answer not in (ROOT / path).read_text()]
    assert deaf == []


def test_powertools_batch_processor_is_not_used():
    """It hides what a record raised at debug level; `each_record` logs it."""
    importing = [str(path) for path in SOURCES if "utilities.batch" in path.read_text()]
    assert importing == []


def test_a_stream_records_own_timestamp_is_not_used():
    """`DynamoDBRecord.timestamp` is naive, in the zone of the machine; an event carries its own time."""
    entry_points = [(path, node) for path, node in nodes(ast.Attribute) if "entrypoints" in path.parts]
    naive = [f"{path}:{node.lineno}" for path, node in entry_points if ast.unparse(node).endswith("record.timestamp")]
    assert naive == []


def test_decorators_of_ours_keep_the_name_of_what_they_wrap():
    """Chalice deploys the path of the function it is given: without `wraps` a path that does not exist."""
    nameless = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in nodes(ast.FunctionDef)
        if "entrypoints" in path.parts and returns_a_function_of_its_own(node) and "wraps(" not in ast.unparse(node)
    ]
    assert [place for place in nameless if place.split()[1] in {"observed", "operation", "register"}] == []


def returns_a_function_of_its_own(node):
    inner = {child.name for child in node.body if isinstance(child, ast.FunctionDef)}
    returned = {last_name(child.value) for child in node.body if isinstance(child, ast.Return)}
    return bool(inner & returned)
