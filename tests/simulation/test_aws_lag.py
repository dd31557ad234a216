"""What an index that is behind shows: exactly what was true some writes ago."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.infra.tables import text
from tests.simulation.aws.trial import Things


@pytest.fixture
def things():
    return Things()


def test_an_index_that_is_two_writes_behind_does_not_show_them(things):
    for name in "abc":
        things.put(name, group=text("G"), rank=text(name))
    things.dynamo.lag = lambda: 2
    assert things.ranked("G") == ["a"]


def test_an_index_that_is_behind_shows_an_item_under_its_old_keys_and_as_it_was(things):
    things.put("a", group=text("OLD"), rank=text("1"), note=text("before"))
    things.put("a", group=text("NEW"), rank=text("2"), note=text("after"))
    things.dynamo.lag = lambda: 1

    (item,) = things.pages("#g = :g", {":g": text("OLD")}, index="ranked")["Items"]
    assert (item["rank"], item["note"]) == (text("1"), text("before"))
    assert things.ranked("NEW") == []


def test_an_index_that_is_behind_still_shows_what_was_deleted(things):
    things.put("a", group=text("G"), rank=text("1"))
    things.delete("a")
    things.dynamo.lag = lambda: 1
    assert things.ranked("G") == ["a"]


def test_writes_that_no_index_sees_do_not_count(things):
    things.put("a", group=text("G"), rank=text("1"))
    things.put("b", group=text("G"), rank=text("2"))
    for _ in range(5):
        things.put("c", note=text("c"))
    things.dynamo.lag = lambda: 1
    assert things.ranked("G") == ["a"]


def test_an_index_may_be_behind_for_one_read_and_up_to_date_for_the_next(things):
    things.put("a", group=text("G"), rank=text("1"))
    behind = iter([1, 0, 1])
    things.dynamo.lag = lambda: next(behind)
    assert [things.ranked("G") for _ in range(3)] == [[], ["a"], []]


def test_the_table_itself_is_never_behind_for_a_consistent_read(things):
    things.dynamo.lag = things.dynamo.stale = lambda: 9
    things.put("a")
    by_key = {"condition": "PK = :p", "values": {":p": text("a")}}

    assert things.get("a", ConsistentRead=True) == {"PK": text("a"), "SK": text("1")}
    assert things.pages(**by_key, ConsistentRead=True)["Count"] == 1
    assert things.get("a") is None
    assert things.pages(**by_key)["Count"] == 0


WRITES = st.lists(
    st.tuples(
        st.sampled_from("abcd"), st.sampled_from(["put", "delete"]), st.sampled_from("GH"), st.sampled_from("123")
    ),
    max_size=12,
)


@settings(deadline=None)
@given(writes=WRITES, lag=st.integers(0, 12), forward=st.booleans(), limit=st.integers(1, 4))
def test_what_is_shown_is_what_a_table_without_the_newest_writes_shows(writes, lag, forward, limit):
    now, earlier = Things(), Things()
    _carry_out(writes, now)
    indexed = _seen_by_indexes(writes)
    _carry_out(writes[: indexed[-lag]] if 0 < lag <= len(indexed) else writes if lag == 0 else [], earlier)
    now.dynamo.lag = lambda: lag

    for group in "GH":
        assert _read_on(now, group, forward, limit) == _read_on(earlier, group, forward, limit)


def _carry_out(writes, things):
    for name, deed, group, rank in writes:
        if deed == "put":
            things.put(name, group=text(group), rank=text(rank))
        else:
            things.delete(name)


def _seen_by_indexes(writes):
    """Which writes changed something; here every item is in the indexes."""
    state, numbers = {}, []
    for number, (name, deed, group, rank) in enumerate(writes):
        new = (group, rank) if deed == "put" else None
        if state.get(name) != new:
            numbers.append(number)
        state[name] = new
    return numbers


def _read_on(things, group, forward, limit):
    """All pages of a group, and where each of them ends."""
    items, ends, more = [], [], {}
    while True:
        page = things.pages(
            "#g = :g", {":g": text(group)}, index="ranked", ScanIndexForward=forward, Limit=limit, **more
        )
        items += page["Items"]
        ends.append(page.get("LastEvaluatedKey"))
        if ends[-1] is None:
            return items, ends
        more = {"ExclusiveStartKey": ends[-1]}
