"""Items of the simulator's DynamoDB: their keys, their sizes, and the words of a refusal."""

import pytest

from tests.infra.tables import key, number, text
from tests.simulation.aws.trial import Things, refused

KEY_EMPTY = (
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string "
    "value. Key: PK"
)
INDEX_KEY_EMPTY = (
    "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
    "AttributeValue for a key attribute cannot contain an empty string value. IndexName: ranked, IndexKey: group"
)
KEY_TYPE = "One or more parameter values were invalid: Type mismatch for key PK expected: S actual: N"
INDEX_KEY_TYPE = (
    "One or more parameter values were invalid: Type mismatch for Index Key group Expected: S Actual: N "
    "IndexName: ranked"
)
SORT_KEY_MISSING = "One or more parameter values were invalid: Missing the key SK in the item"
HASH_TOO_LONG = (
    "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
)


@pytest.fixture
def things():
    return Things()


@pytest.mark.parametrize(
    ("item", "message"),
    [
        pytest.param(key(""), KEY_EMPTY, id="an empty key"),
        pytest.param({**key("a"), "group": text("")}, INDEX_KEY_EMPTY, id="an empty key of an index"),
        pytest.param({**key("a"), "PK": number(1)}, KEY_TYPE, id="a key of another type"),
        pytest.param({**key("a"), "group": number(1)}, INDEX_KEY_TYPE, id="a key of an index of another type"),
        pytest.param({"PK": text("a")}, SORT_KEY_MISSING, id="half a key"),
        pytest.param(key("é" * 1025), HASH_TOO_LONG, id="a key that is too long"),
        pytest.param({**key("a"), "n": number("1e400")}, "Number overflow. Attempting to store a number with magnitude "
                     "larger than supported range", id="a number that is too large"),
        pytest.param({**key("a"), "n": number("x")}, "The parameter cannot be converted to a numeric value: x",
                     id="what is no number"),
    ],
)  # fmt: skip
def test_an_item_is_refused_in_amazons_words(things, item, message):
    assert refused("ValidationException", things.ask, "PutItem", Item=item).message == message
    assert things.dynamo.tables["things"].rows == {}


@pytest.mark.parametrize("wrong", [{"PK": text("a")}, {**key("a"), "x": text("1")}, {**key("a"), "SK": number(1)}])
def test_a_key_that_is_not_the_tables_is_refused(things, wrong):
    error = refused("ValidationException", things.ask, "GetItem", Key=wrong)
    assert error.message == "The provided key element does not match the schema"


def test_a_table_that_is_not_there_is_refused(things):
    error = refused("ResourceNotFoundException", things.ask, "GetItem", TableName="nothing", Key=key("a"))
    assert error.message == "Requested resource not found: Table: nothing not found"


def test_an_item_weighs_400_kb_at_most_with_its_names_in_bytes(things):
    rest = len("PK") + len("a") + len("SK") + len("1") + len("body")
    things.put("a", body=text("é" * ((400 * 1024 - rest) // 2)))
    error = refused("ValidationException", things.put, "a", body=text("é" * ((400 * 1024 - rest) // 2) + "xx"))
    assert error.message == "Item size has exceeded the maximum allowed size"


def test_an_update_that_makes_an_item_too_large_is_refused(things):
    things.put("a", body=text("x" * 409_000))
    error = refused("ValidationException", things.update, "a", "SET more = :more", more=text("x" * 1_000))
    assert error.message == "Item size to update has exceeded the maximum allowed size"


def test_a_refused_write_leaves_the_item_as_it_was(things):
    things.put("a", n=text("not a number"))
    refused("ValidationException", things.update, "a", "ADD n :one", one=number(1))
    assert things.get("a") == {**key("a"), "n": text("not a number")}


def test_what_a_reader_got_stays_as_it_was_read(things):
    things.put("a", n=number(1), deep={"M": {"list": {"L": [number(1)]}}})
    before = things.get("a")
    things.ask(
        "UpdateItem",
        Key=key("a"),
        UpdateExpression="SET n = n + :five, deep.#l[0] = :five",
        ExpressionAttributeNames={"#l": "list"},
        ExpressionAttributeValues={":five": number(5)},
    )
    assert before == {**key("a"), "n": number(1), "deep": {"M": {"list": {"L": [number(1)]}}}}
    assert things.get("a") == {**key("a"), "n": number(6), "deep": {"M": {"list": {"L": [number(5)]}}}}


def test_what_is_past_its_time_is_taken_away_when_dynamodb_comes_round_to_it(things):
    things.ask("UpdateTimeToLive", TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": True})
    things.put("over", ttl=number(int(things.seconds) - 1))
    things.put("still", ttl=number(int(things.seconds) + 1))
    things.put("never")
    assert things.get("over") is not None

    assert things.dynamo.expire("things") == 1
    assert [things.get(name) is None for name in ("over", "still", "never")] == [True, False, False]
    assert things.dynamo.stream("things")[-1].record["eventName"] == "REMOVE"
