"""The ledger of the benchmark: who asked AWS for what, and what it consumed."""

import threading

import pytest

from infra.bench.work.counting import Ledger, WorksBeside
from infra.bench.work.sizes import read_units, write_units
from infra.local.works_process import WorksElsewhere


def long(size):
    return {"x": {"S": "y" * size}}


def test_reads_and_writes_are_summed_apart_for_the_call_and_what_follows():
    ledger = Ledger()
    in_thread("http_3", lambda: ledger.note("GetItem", {"ConsumedCapacity": {"CapacityUnits": 1.0}}))
    in_thread("http_0", lambda: ledger.note("GetItem", {"ConsumedCapacity": {"CapacityUnits": 0.5}}))
    in_thread(
        "http_0",
        lambda: ledger.note("TransactWriteItems", {"ConsumedCapacity": [{"CapacityUnits": 4}, {"CapacityUnits": 2}]}),
    )
    in_thread("react", lambda: ledger.note("SendMessage", {}))

    assert ledger.taken() == {
        "the call": {"GetItem": 2, "RCU": 1.5, "RCU by size": 2.0, "TransactWriteItems": 1, "WCU": 6},
        "then react": {"SendMessage": 1},
    }
    assert ledger.taken() == {}


def test_it_is_known_when_a_part_was_answered_last():
    ledger = Ledger()
    in_thread("settle", lambda: ledger.note("GetItem", {}))
    first = ledger.last("then settle")
    in_thread("react", lambda: ledger.note("GetItem", {}))
    assert ledger.last("then settle") == first
    in_thread("settle", lambda: ledger.note("GetItem", {}))
    assert ledger.last("then settle") > first


@pytest.mark.parametrize(
    ("operation", "answer", "units"),
    [
        pytest.param("GetItem", {}, 1, id="nothing there"),
        pytest.param("GetItem", {"Item": long(4_095)}, 1, id="4 KB, the attribute's name included"),
        pytest.param("GetItem", {"Item": long(4_096)}, 2, id="one byte more"),
        pytest.param("BatchGetItem", {"Responses": {"t": [long(10), long(4_096)]}}, 3, id="each by itself"),
        pytest.param("Query", {"Items": [long(2_000)] * 3}, 2, id="together"),
        pytest.param("Query", {"Items": [{"n": {"N": "-12.345"}, "m": {"M": {"b": {"BOOL": True}}}}]}, 1, id="small"),
        pytest.param("PutItem", {}, 0, id="a write"),
    ],
)
def test_a_read_takes_a_unit_for_each_4_kb_and_half_where_it_may_lag(operation, answer, units):
    assert read_units(operation, answer, consistent=True) == units
    assert read_units(operation, answer, consistent=False) == units / 2


def an_item(size=100, **more):
    plain = {"PK": {"S": "x" * size}}
    return plain | {name: {"S": value} for name, value in more.items()}


@pytest.mark.parametrize(
    ("operation", "asked", "units"),
    [
        pytest.param("PutItem", {"Item": an_item()}, 1, id="a put"),
        pytest.param("PutItem", {"Item": an_item(1_022)}, 1, id="just 1 KB, the name of the attribute with it"),
        pytest.param("PutItem", {"Item": an_item(1_023)}, 2, id="a byte more"),
        pytest.param(
            "TransactWriteItems", {"TransactItems": [{"Put": {"Item": an_item()}}]}, 2, id="two in a transaction"
        ),
        pytest.param(
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": an_item(list_pk="l", open_pk="o")}}]},
            4,
            id="one more in each index",
        ),
        pytest.param(
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": an_item(due_pk="d"), "ConditionExpression": "#version = :read"}}]},
            4,
            id="two where its place may be another",
        ),
        pytest.param(
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": an_item(kind="Invoice"), "ConditionExpression": "#version = :read"}}]},
            5,
            id="an invoice that has left its indexes",
        ),
        pytest.param("TransactWriteItems", {"TransactItems": [{"Update": {}}, {"Delete": {}}]}, 4, id="small rows"),
        pytest.param("GetItem", {"Key": {}}, 0, id="reads write nothing"),
    ],
)
def test_a_write_takes_a_unit_for_each_kb_twice_in_a_transaction_and_more_in_indexes(operation, asked, units):
    assert write_units(operation, asked) == units


def test_the_works_in_this_process_can_do_whatever_those_in_another_can():
    wanted = {name for name in vars(WorksElsewhere) if not name.startswith("_")}
    assert wanted <= set(dir(WorksBeside))


def in_thread(name, act):
    thread = threading.Thread(target=act, name=name)
    thread.start()
    thread.join()
