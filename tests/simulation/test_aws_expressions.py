"""Expressions of the simulator's DynamoDB: what holds, what changes, and the words for what cannot be read."""

import pytest

from tests.infra.tables import key, number, text
from tests.simulation.aws.conditions import condition
from tests.simulation.aws.trial import Things, refused

ITEM = {
    **key("a"),
    "n": number(10),
    "word": text("billing"),
    "tags": {"SS": ["x", "y"]},
    "parts": {"L": [text("first"), {"M": {"deep": number("1.5")}}]},
    "nil": {"NULL": True},
}
VALUES = {
    ":nine": number(9),
    ":ten": number("10.0"),
    ":bill": text("bill"),
    ":x": text("x"),
    ":first": text("first"),
    ":half": number("1.50"),
    ":S": text("S"),
    ":text": text("10"),
}


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("attribute_exists(PK)", True),
        ("attribute_not_exists(nothing) AND NOT attribute_exists(nothing)", True),
        ("n = :ten", True),
        ("n <> :ten", False),
        ("nothing <> :ten", True),
        ("nothing = :ten", False),
        ("n > :nine and n >= :ten AND n <= :ten", True),
        ("n < :nine OR n = :nine", False),
        ("n = :text", False),
        ("n < :text", False),
        ("nothing < :nine", False),
        ("n BETWEEN :nine AND :ten", True),
        ("n BETWEEN :nine AND :ten AND word = :x", False),
        ("n IN (:x, :nine, :ten)", True),
        ("nothing IN (:x)", False),
        ("begins_with(word, :bill)", True),
        ("begins_with(n, :bill)", False),
        ("contains(word, :bill) AND contains(tags, :x) AND contains(parts, :first)", True),
        ("contains(tags, :first)", False),
        ("attribute_type(word, :S) AND NOT attribute_type(n, :S)", True),
        ("size(parts) < :nine AND size(word) < :nine", True),
        ("size(nil) < :nine", False),
        ("parts[0] = :first AND parts[1].deep = :half", True),
        ("parts[5] = :first OR parts.deep = :half OR word[0] = :first", False),
        ("(n = :nine OR n = :ten) AND NOT (word = :x)", True),
        ("n = :nine OR n = :ten AND word = :x", False),
    ],
)
def test_a_condition_holds(expression, holds):
    assert condition("ConditionExpression", expression).holds(ITEM, VALUES) is holds


RESERVED = "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"
NO_VALUE = (
    "Invalid ConditionExpression: An expression attribute value used in expression is not defined; "
    "attribute value: :missing"
)
NO_NAME = (
    "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; "
    "attribute name: #n"
)
UNUSED_VALUE = "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}"
UNUSED_NAME = "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}"
CUT_SHORT = 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'
EMPTY = "Invalid ConditionExpression: The expression can not be empty;"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"ConditionExpression": "status = :x", "ExpressionAttributeValues": {":x": text("x")}}, RESERVED),
        ({"ConditionExpression": "n = :missing"}, NO_VALUE),
        ({"ConditionExpression": "#n = n"}, NO_NAME),
        ({"ConditionExpression": "n = n", "ExpressionAttributeValues": {":x": text("x")}}, UNUSED_VALUE),
        ({"ConditionExpression": "n = n", "ExpressionAttributeNames": {"#x": "x"}}, UNUSED_NAME),
        ({"ConditionExpression": "n = "}, CUT_SHORT),
        ({"ConditionExpression": ""}, EMPTY),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused_in_amazons_words(request_, message):
    things = Things()
    assert refused("ValidationException", things.ask, "PutItem", Item=key("a"), **request_).message == message
    assert things.get("a") is None


@pytest.mark.parametrize(
    "expression", ["n = n n", "(n = n", "n ? n", "attribute_exists(n, n)", "n BETWEEN n", "= n", "n["]
)
def test_what_is_no_condition_is_refused(expression):
    refused("ValidationException", condition, "ConditionExpression", expression)


@pytest.mark.parametrize(
    ("expression", "values", "after"),
    [
        ("ADD n :n, m :n", {"n": number(-3)}, {"n": number(7), "m": number(-3)}),
        ("ADD tags :t", {"t": {"SS": ["z", "x"]}}, {"tags": {"SS": ["x", "y", "z"]}}),
        ("DELETE tags :t", {"t": {"SS": ["x", "y"]}}, {"tags": None}),
        ("SET n = if_not_exists(m, n) - :n", {"n": number("0.5")}, {"n": number("9.5")}),
        (
            "SET longer = list_append(:l, parts)",
            {"l": {"L": [text("0")]}},
            {"longer": {"L": [text("0"), *ITEM["parts"]["L"]]}},
        ),
        ("SET parts[1].deep = :n REMOVE word", {"n": number(2)}, {
            "parts": {"L": [text("first"), {"M": {"deep": number(2)}}]}, "word": None}),
        ("REMOVE parts[0]", {}, {"parts": {"L": ITEM["parts"]["L"][1:]}}),
        ("SET parts[9] = :n", {"n": number(1)}, {"parts": {"L": [*ITEM["parts"]["L"], number(1)]}}),
    ],
)  # fmt: skip
def test_an_update_changes_what_it_names_and_nothing_else(expression, values, after):
    things = Things()
    things.ask("PutItem", Item=ITEM)
    changed = ask_update(things, expression, values)

    kept = things.get("a")
    assert {name: changed.get(name) for name in after} == after
    assert {name: kept[name] for name in ITEM.keys() - after} == {name: ITEM[name] for name in ITEM.keys() - after}


def ask_update(things, expression, values):
    given = {"ExpressionAttributeValues": {f":{name}": value for name, value in values.items()}} if values else {}
    more = {"ReturnValues": "ALL_NEW", **given}
    return things.ask("UpdateItem", Key=key("a"), UpdateExpression=expression, **more)["Attributes"]


NO_ATTRIBUTE = "The provided expression refers to an attribute that does not exist in the item"
WRONG_OPERAND = "An operand in the update expression has an incorrect data type"
NO_PATH = "The document path provided in the update expression is invalid for update"
OF_THE_KEY = "One or more parameter values were invalid: Cannot update attribute PK. This attribute is part of the key"
OVERLAP = (
    "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; "
    "path one: [a], path two: [a, b]"
)
TWO_CLAUSES = 'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'


@pytest.mark.parametrize(
    ("expression", "values", "message"),
    [
        ("SET n = m", {}, NO_ATTRIBUTE),
        ("SET n = n + :w", {"w": text("1")}, WRONG_OPERAND),
        ("ADD word :n", {"n": number(1)}, WRONG_OPERAND),
        ("SET a.b = :n", {"n": number(1)}, NO_PATH),
        ("SET PK = :n", {"n": text("b")}, OF_THE_KEY),
        ("SET a = :n, a.b = :n", {"n": number(1)}, OVERLAP),
        ("SET a = :n SET b = :n", {"n": number(1)}, TWO_CLAUSES),
    ],
)
def test_an_update_that_cannot_be_done_is_refused_in_amazons_words(expression, values, message):
    things = Things()
    things.ask("PutItem", Item=ITEM)
    before = things.get("a")
    assert refused("ValidationException", ask_update, things, expression, values).message == message
    assert things.get("a") == before
