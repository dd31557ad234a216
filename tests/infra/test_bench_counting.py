"""The ledger of the benchmark: who asked AWS for what, and what it consumed."""

import threading

from infra.bench.work.counting import Ledger, WorksBeside
from infra.local.works_process import WorksElsewhere


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
        "the call": {"GetItem": 2, "RCU": 1.5, "TransactWriteItems": 1, "WCU": 6},
        "then react": {"SendMessage": 1},
    }
    assert ledger.taken() == {}


def test_the_works_in_this_process_can_do_whatever_those_in_another_can():
    wanted = {name for name in vars(WorksElsewhere) if not name.startswith("_")}
    assert wanted <= set(dir(WorksBeside))


def in_thread(name, act):
    thread = threading.Thread(target=act, name=name)
    thread.start()
    thread.join()
