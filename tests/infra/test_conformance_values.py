"""What the store relies on DynamoDB for in values, pages and expiry, tried on every DynamoDB at hand."""

from tests.infra.tables import key, number, partition, refused, stored, text


def test_updates_count_append_nest_remove_and_change_sets(dynamo):
    start = {"list": {"L": [number(1)]}, "set": {"SS": ["a"]}, "map": {"M": {"x": number(1)}}, "gone": text("g")}
    dynamo.put_item(TableName="things", Item={**key("functions"), **start})

    dynamo.update_item(
        TableName="things",
        Key=key("functions"),
        UpdateExpression="SET v = if_not_exists(v, :ten) + :one, #l = list_append(#l, :l), #m.#y = :one "
        "REMOVE gone ADD #s :s",
        ExpressionAttributeNames={"#l": "list", "#m": "map", "#y": "y", "#s": "set"},
        ExpressionAttributeValues={
            ":ten": number(10), ":one": number(1), ":l": {"L": [number(2)]}, ":s": {"SS": ["b"]},
        },
    )  # fmt: skip
    dynamo.update_item(
        TableName="things",
        Key=key("functions"),
        UpdateExpression="DELETE #s :s",
        ExpressionAttributeNames={"#s": "set"},
        ExpressionAttributeValues={":s": {"SS": ["a"]}},
    )

    assert stored(dynamo, "functions") == {
        **key("functions"),
        "v": number(11),
        "list": {"L": [number(1), number(2)]},
        "map": {"M": {"x": number(1), "y": number(1)}},
        "set": {"SS": ["b"]},
    }


def test_numbers_are_normalised_and_keep_38_digits(dynamo):
    dynamo.put_item(TableName="things", Item={**key("digits"), "a": number("1.10"), "b": number("1" * 38)})
    item = stored(dynamo, "digits")
    assert (item["a"], item["b"]) == (number("1.1"), number("1" * 38))
    refused("ValidationException", dynamo.put_item, TableName="things", Item={**key("digits"), "a": number("1" * 39)})


def test_a_limit_counts_rows_before_the_filter(dynamo):
    for n in range(10):
        dynamo.put_item(TableName="things", Item={**key("filtered", f"{n:02}"), "v": number(n)})
    question = partition("filtered")
    question["ExpressionAttributeValues"][":v"] = number(8)
    answer = dynamo.query(**question, FilterExpression="v >= :v", Limit=5)
    assert (answer["Count"], answer["ScannedCount"]) == (0, 5)
    assert answer["LastEvaluatedKey"] == key("filtered", "04")


def test_a_page_ends_at_one_megabyte(dynamo):
    for n in range(8):
        dynamo.put_item(TableName="things", Item={**key("pages", f"{n:02}"), "body": text("x" * 200_000)})
    answer = dynamo.query(**partition("pages"))
    assert answer["Count"] in {5, 6}
    assert "LastEvaluatedKey" in answer


def test_expiry_is_turned_on_and_described(dynamo):
    dynamo.update_time_to_live(TableName="plain", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    described = dynamo.describe_time_to_live(TableName="plain")["TimeToLiveDescription"]
    assert described["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}
    assert described["AttributeName"] == "ttl"
