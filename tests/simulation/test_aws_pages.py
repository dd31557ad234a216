"""Pages of the simulator's DynamoDB: where they end, what they cost, what may be asked of them."""

import pytest

from tests.infra.tables import index, key, number, text
from tests.simulation.aws.trial import THINGS, Things, refused


@pytest.fixture
def things():
    return Things()


def filled(things, count=5):
    for n in range(count):
        things.put("p", str(n), group=text("G"), rank=text(str(n % 2)), n=number(n))
    return things


def sorts(page):
    return "".join(item["SK"]["S"] for item in page["Items"])


def of_p(things, condition="PK = :p", **more):
    values = {":p": text("p")} | {f":{name}": text(more.pop(name)) for name in ("a", "b") if name in more}
    return things.pages(condition, values, **more)


@pytest.mark.parametrize(
    ("condition", "bounds", "found"),
    [
        ("PK = :p AND SK = :a", {"a": "2"}, "2"),
        ("PK = :p AND SK < :a", {"a": "2"}, "01"),
        ("PK = :p AND SK <= :a", {"a": "2"}, "012"),
        ("PK = :p AND SK > :a", {"a": "2"}, "34"),
        (":p = PK AND SK >= :a", {"a": "2"}, None),
        ("SK >= :a AND PK = :p", {"a": "2"}, "234"),
        ("PK = :p AND SK BETWEEN :a AND :b", {"a": "1", "b": "3"}, "123"),
        ("PK = :p AND (begins_with(SK, :a))", {"a": "3"}, "3"),
        ("PK = :p OR SK = :a", {"a": "2"}, None),
        ("PK > :p", {}, None),
        ("SK = :p", {}, None),
        ("PK = :p AND n = :a", {"a": "2"}, None),
        ("PK = :p AND SK BETWEEN :a AND :b", {"a": "3", "b": "1"}, None),
    ],
)
def test_a_query_asks_for_a_partition_and_a_stretch_of_its_sort_keys(things, condition, bounds, found):
    filled(things)
    if found is None:
        refused("ValidationException", of_p, things, condition, **bounds)
    else:
        assert sorts(of_p(things, condition, **bounds)) == found


def test_sort_keys_that_begin_alike_are_found_in_order(things):
    for sort in ("a", "ab", "ab\U0010ffffz", "abc", "ac", "b"):
        things.put("p", sort)
    assert [item["SK"]["S"] for item in of_p(things, "PK = :p AND begins_with(SK, :a)", a="ab")["Items"]] == [
        "ab",
        "abc",
        "ab\U0010ffffz",
    ]


def test_a_page_that_reached_its_limit_says_where_to_read_on_even_at_the_end(things):
    filled(things, 2)
    page = of_p(things, Limit=2)
    assert page["LastEvaluatedKey"] == key("p", "1")
    assert of_p(things, Limit=2, ExclusiveStartKey=page["LastEvaluatedKey"]) == {
        "Items": [],
        "Count": 0,
        "ScannedCount": 0,
    }


def test_a_page_may_be_read_on_from_an_item_that_is_gone(things):
    filled(things)
    things.delete("p", "2")
    assert sorts(of_p(things, ExclusiveStartKey=key("p", "2"))) == "34"
    assert sorts(of_p(things, ExclusiveStartKey=key("p", "2"), ScanIndexForward=False)) == "10"


def test_a_page_of_an_index_names_its_own_key_and_the_tables(things):
    filled(things)
    page = things.pages("#g = :g", {":g": text("G")}, index="ranked", Limit=2)
    assert page["LastEvaluatedKey"] == {"group": text("G"), "rank": text("0"), **key("p", "2")}


def test_an_index_can_be_read_backwards_from_page_to_page(things):
    filled(things)
    found, more = "", {}
    while True:
        page = things.pages("#g = :g", {":g": text("G")}, index="ranked", Limit=2, ScanIndexForward=False, **more)
        found += sorts(page)
        if "LastEvaluatedKey" not in page:
            break
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert found == "31420"


def test_a_page_ends_before_a_megabyte_is_passed(things):
    for n in range(4):
        things.put("p", str(n), body=text("x" * 300_000))
    page = of_p(things)
    assert (page["Count"], page["LastEvaluatedKey"]) == (3, key("p", "2"))


def test_the_world_may_end_pages_where_it_likes(things):
    filled(things)
    things.dynamo.page_bytes = 1
    assert sorts(of_p(things)) == "0"


def test_a_filter_costs_what_it_reads(things):
    filled(things)
    values = {":p": text("p"), ":n": number(4)}
    page = things.pages("PK = :p", values, FilterExpression="n >= :n", Limit=3)
    assert (page["Count"], page["ScannedCount"], page["LastEvaluatedKey"]) == (0, 3, key("p", "2"))


def test_an_index_shows_what_it_projects():
    some = index("some", "INCLUDE", "group", "rank")
    some["Projection"]["NonKeyAttributes"] = ["kind"]
    things = Things(GlobalSecondaryIndexes=[*THINGS["GlobalSecondaryIndexes"], some])
    things.put("a", group=text("G"), rank=text("1"), kind=text("k"), body=text("b"))

    shown = {
        name: things.pages("#g = :g", {":g": text("G")}, index=name)["Items"][0].keys() for name in ("keys", "some")
    }
    assert shown == {"keys": {"PK", "SK", "group"}, "some": {"PK", "SK", "group", "rank", "kind"}}


def test_an_index_is_never_read_consistently(things):
    error = refused("ValidationException", things.ranked, "G", ConsistentRead=True)
    assert error.message == "Consistent reads are not supported on global secondary indexes"


def test_a_start_from_another_partition_or_half_a_key_is_refused(things):
    other = refused("ValidationException", of_p, things, ExclusiveStartKey=key("q"))
    assert other.message == "The provided starting key is outside query boundaries based on provided conditions"
    half = refused("ValidationException", of_p, things, ExclusiveStartKey={"PK": text("p")})
    assert half.message == "The provided starting key is invalid"


def test_a_scan_reads_everything_page_by_page(things):
    filled(things, 3)
    things.put("q")
    first = things.ask("Scan", Limit=2)
    rest = things.ask("Scan", ExclusiveStartKey=first["LastEvaluatedKey"])
    assert sorted(sorts(first) + sorts(rest)) == ["0", "1", "1", "2"]


def test_a_batch_may_leave_keys_unread(things):
    filled(things, 3)
    things.dynamo.unread = lambda count: count - 1
    keys = [key("p", str(n)) for n in range(3)]
    answer = things.ask("BatchGetItem", RequestItems={"things": {"Keys": keys, "ConsistentRead": True}})

    assert sorts({"Items": answer["Responses"]["things"]}) == "2"
    assert answer["UnprocessedKeys"] == {"things": {"Keys": [keys[1], keys[0]], "ConsistentRead": True}}


def test_a_batch_is_not_answered_in_the_order_of_its_keys(things):
    filled(things, 3)
    wanted = {"things": {"Keys": [key("p", sort) for sort in "012"]}}
    assert sorts({"Items": things.ask("BatchGetItem", RequestItems=wanted)["Responses"]["things"]}) == "210"


def test_a_batch_of_no_or_too_many_or_equal_keys_is_refused(things):
    for keys in ([], [key(str(n)) for n in range(101)], [key("a"), key("a")]):
        refused("ValidationException", things.ask, "BatchGetItem", RequestItems={"things": {"Keys": keys}})


def test_a_batch_may_leave_writes_undone(things):
    things.dynamo.unread = lambda _: 1
    writes = [{"PutRequest": {"Item": key("a")}}, {"DeleteRequest": {"Key": key("b")}}]
    answer = things.ask("BatchWriteItem", RequestItems={"things": writes})

    assert answer == {"UnprocessedItems": {"things": writes[1:]}}
    assert things.get("a") == key("a")
