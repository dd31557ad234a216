"""A request with an Idempotency-Key takes effect once, however often and however badly it is repeated."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from chalicelib.adapters.dynamodb.requests import Request
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Conflict, Invalid
from chalicelib.ports import Filter, Once
from tests import builders as b
from tests.adapters.deeds import added, saved
from tests.fakes.tables import MemoryTables

POST = Request.of("abc", "POST", "/v1/clients", b'{"name":"Marie"}', gone_at=None)


def serving(tables, request=POST, business=b.BUSINESS):
    return DynamoStore(tables=tables, caller=b.a_caller(business), request=request)


def test_a_request_that_was_never_made_has_no_target_and_no_answer(tables):
    assert POST.target(tables, "biz_1") is None
    assert POST.kept(tables, "biz_1") is None


def test_a_request_that_took_effect_names_what_it_made(tables):
    serving(tables).commit(Once("k"), added(b.a_client()))
    assert POST.target(tables, "biz_1") == "cli_1"


def test_a_request_that_made_nothing_with_an_id_is_known_all_the_same(tables):
    serving(tables).commit(Once("k"))
    assert POST.target(tables, "biz_1") == ""


def test_the_first_answer_is_kept_and_counts(tables):
    assert POST.keep(tables, "biz_1", "first") == "first"
    assert POST.keep(tables, "biz_1", "second") == "first"
    assert POST.kept(tables, "biz_1") == "first"


@pytest.mark.row("C16")
def test_a_crash_between_effect_and_answer_is_made_good_by_asking_again():
    tables = MemoryTables()
    tables.lose_next_answer(TimeoutError("the function died"))
    with pytest.raises(TimeoutError):
        serving(tables).commit(added(b.a_client()))

    assert POST.kept(tables, "biz_1") is None
    assert POST.target(tables, "biz_1") == "cli_1"
    with pytest.raises(AlreadyDone) as refused:
        serving(tables).commit(added(b.a_client(id="cli_2")))
    assert refused.value.code == "request_repeated"
    assert [row.id for row in serving(tables).page(Client, Filter(), limit=9).rows] == ["cli_1"]


@pytest.mark.row("C16")
def test_a_crash_before_the_effect_leaves_the_key_usable_at_once():
    tables = MemoryTables()
    tables.fail_next(TimeoutError("the function died"))
    with pytest.raises(TimeoutError):
        serving(tables).commit(added(b.a_client()))

    assert tables.rows(Table.OPS) == []
    assert POST.target(tables, "biz_1") is None
    serving(tables).commit(added(b.a_client()))


def test_the_marker_is_written_with_the_effect_or_not_at_all(tables):
    serving(tables, request=None).commit(added(b.a_client()))
    with pytest.raises(AlreadyDone) as refused:
        serving(tables).commit(added(b.a_client()))
    assert refused.value.code == "already_done"
    assert POST.target(tables, "biz_1") is None


def test_only_the_first_commit_of_a_request_carries_its_marker(tables):
    store = serving(tables)
    store.commit(added(b.a_client()))
    store.commit(added(b.a_client(id="cli_2")))
    assert POST.target(tables, "biz_1") == "cli_1"


def test_a_commit_that_lost_a_race_keeps_the_marker_for_the_next_try(tables):
    other = serving(tables, request=None)
    other.commit(added(b.a_client()))
    read = other.get(Client, "cli_1")
    other.commit(saved(read, phone="other"))
    store = serving(tables)

    with pytest.raises(Conflict):
        store.commit(saved(read))
    store.commit(saved(store.get(Client, "cli_1"), phone="mine"))
    assert POST.target(tables, "biz_1") == "cli_1"
    with pytest.raises(AlreadyDone, match="carried out already") as refused:
        serving(tables).commit(saved(other.get(Client, "cli_1")))
    assert refused.value.code == "request_repeated"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("PATCH", "/v1/clients", b'{"name":"Marie"}'), id="another method"),
        pytest.param(("POST", "/v1/quotes", b'{"name":"Marie"}'), id="another path"),
        pytest.param(("POST", "/v1/clients", b'{"name":"Luc"}'), id="another body"),
        pytest.param(("POST", "/v1/clients\n{", b'"name":"Marie"}'), id="the same bytes cut elsewhere"),
    ],
)
def test_a_key_that_came_with_another_request_is_refused(tables, other):
    serving(tables).commit(added(b.a_client()))
    with pytest.raises(Invalid) as refused:
        Request.of("abc", *other, gone_at=None).target(tables, "biz_1")
    assert refused.value.code == "idempotency_key_reused"
    assert refused.value.faults[0].at == "/headers/Idempotency-Key"


@pytest.mark.row("C53")
def test_the_same_key_of_another_business_is_another_request(tables):
    serving(tables).commit(added(b.a_client()))
    POST.keep(tables, "biz_1", "theirs")
    assert POST.target(tables, "biz_2") is None
    assert POST.kept(tables, "biz_2") is None
    serving(tables, business="biz_2").commit(added(b.a_client()))


def test_a_key_is_stored_as_its_hash_and_a_long_or_odd_one_fits(tables):
    odd = Request.of("clé#\n" * 2_000, "POST", "/", b"", gone_at=None)
    serving(tables, request=odd).commit(added(b.a_client()))
    assert odd.target(tables, "biz_1") == "cli_1"


def test_what_is_remembered_for_ever_has_no_end_and_the_rest_has(tables):
    short = Request.of("short", "POST", "/", b"", gone_at=1_800_000_000)
    serving(tables).commit(Once("1"))
    serving(tables, request=short).commit(Once("2"))
    short.keep(tables, "biz_1", "answer")

    def ttl(request, sort):
        return tables.get(Table.OPS, request._key("biz_1") | {"SK": sort}).get("ttl")

    assert (ttl(POST, "IK"), ttl(short, "IK"), ttl(short, "ANSWER")) == (None, 1_800_000_000, 1_800_000_000)


def test_an_answer_that_outlived_its_request_does_not_answer_the_next_one(tables):
    """DynamoDB forgets expired items days late and in any order, so the answer may stay when the marker is gone."""
    day = 86_400
    first = Request.of("abc", "POST", "/", b"", gone_at=10 * day)
    next_day = Request.of("abc", "POST", "/", b"", gone_at=11 * day)
    same_day = Request.of("abc", "POST", "/", b"", gone_at=11 * day - 1)
    assert first.keep(tables, "biz_1", "first") == "first"
    assert same_day.keep(tables, "biz_1", "second") == "first"
    assert next_day.keep(tables, "biz_1", "third") == "third"
    assert next_day.kept(tables, "biz_1") == "third"


def test_a_request_that_changed_nothing_is_remembered_with_its_answer(tables):
    assert POST.settle(tables, "biz_1", "as it is")
    assert (POST.target(tables, "biz_1"), POST.kept(tables, "biz_1")) == ("", "as it is")


def test_a_request_that_was_made_already_is_not_settled_again(tables):
    serving(tables).commit(added(b.a_client()))
    assert not POST.settle(tables, "biz_1", "as it is")
    assert POST.target(tables, "biz_1") == "cli_1"
    assert POST.kept(tables, "biz_1") is None


def test_what_comes_before_the_deed_does_not_count_as_the_request(tables):
    store = serving(tables)
    store.aside().commit(Once("before"))
    assert POST.target(tables, "biz_1") is None
    store.commit(added(b.a_client()))
    assert POST.target(tables, "biz_1") == "cli_1"


@pytest.mark.parametrize("sign", ["x", "中"])
def test_an_answer_too_large_to_keep_is_given_all_the_same(tables, sign):
    answer = sign * 300_001
    assert POST.keep(tables, "biz_1", answer) == answer
    assert POST.kept(tables, "biz_1") is None


@pytest.mark.parametrize("sign", ["x", "中"])
def test_an_answer_may_be_as_large_as_three_hundred_thousand_bytes(tables, sign):
    answer = sign * (300_000 // len(sign.encode()))
    assert POST.keep(tables, "biz_1", answer) == answer
    assert POST.kept(tables, "biz_1") == answer


@pytest.mark.row("C6", "C8")
def test_fifty_times_the_same_request_at_once_has_one_effect_and_one_answer(tables):
    def serve(n):
        """As the API does: ask, do, keep; who comes late gives the first answer."""
        if POST.target(tables, "biz_1") is None:
            store = serving(tables)
            with suppress(AlreadyDone):
                store.persistently(lambda: store.commit(added(b.a_client(id=f"cli_{n}"))))
        return POST.keep(tables, "biz_1", POST.target(tables, "biz_1"))

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(serve, range(50)))

    (answer,) = answers
    assert [row.id for row in serving(tables).page(Client, Filter(), limit=99).rows] == [answer]
