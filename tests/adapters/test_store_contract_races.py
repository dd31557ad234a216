"""What holds when many write at once, and when DynamoDB says that others were in the way."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Cancelled, DynamoTables, Put, Table
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.numbering import Number, Series
from chalicelib.ports import Filter, Move, Once
from tests import builders as b
from tests.adapters.deeds import added, number_taken, saved
from tests.fakes.tables import MemoryTables

THREADS = 8


def at_once(work, count=THREADS):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(count)))


def outcome(deed):
    """What a deed came to: "done", or the code of its refusal."""
    try:
        deed()
    except (AlreadyDone, Conflict) as refusal:
        return refusal.code
    return "done"


@pytest.mark.row("C20", "C19")
def test_numbers_issued_at_once_are_one_to_n_without_gap_or_double(tables):
    def issue(n):
        store = DynamoStore(tables=tables, caller=b.a_caller())
        invoice = b.an_invoice(id=f"inv_{n:02d}")
        store.persistently(lambda: store.commit(*number_taken(store, invoice.id), added(invoice)))

    at_once(issue, 40)

    store = DynamoStore(tables=tables, caller=b.a_caller())
    register = store.page(Number, Filter(series="invoice"), limit=100).rows
    assert [row.seq for row in register] == list(range(40, 0, -1))
    assert sorted(row.document_id for row in register) == [f"inv_{n:02d}" for n in range(40)]
    assert (store.get(Series, "invoice").next, store.get(Series, "invoice").version) == (41, 40)


@pytest.mark.row("C10")
def test_of_saves_at_once_over_one_version_exactly_one_wins(tables):
    store = DynamoStore(tables=tables, caller=b.a_caller())
    store.commit(added(b.a_client()))
    read = store.get(Client, "cli_1")

    outcomes = at_once(lambda n: outcome(lambda: store.commit(saved(read, phone=str(n)))))

    assert sorted(outcomes) == ["conflict"] * 7 + ["done"]
    assert store.get(Client, "cli_1").phone == str(outcomes.index("done"))
    assert len(store.history("cli_1")) == 2


def test_of_the_same_thing_done_at_once_exactly_one_is_done(tables):
    store = DynamoStore(tables=tables, caller=b.a_caller())

    def do(n):
        return outcome(lambda: store.commit(Once("quote:1"), added(b.an_invoice(id=f"inv_{n}"))))

    assert sorted(at_once(do)) == ["already_done"] * 7 + ["done"]


def test_no_move_of_a_balance_is_lost(tables):
    store = DynamoStore(tables=tables, caller=b.a_caller())

    at_once(lambda n: store.persistently(lambda: store.commit(Move("cli_1", amount_due=b.cad(str(n))))), 40)

    assert store.balance("cli_1", "CAD").amount_due == b.cad(str(sum(range(40))))


# --- DynamoDB's own conflicts, which no emulator makes


@pytest.fixture
def conflicts(dynamo_tables):
    """``conflicts(n)``: tables whose next n transactions are cancelled for a TransactionConflict; nothing sleeps."""
    client = dynamo_tables.client
    left = {"conflicts": 0}

    def cancel(params, **_):
        if left["conflicts"]:
            left["conflicts"] -= 1
            reasons = [{"Code": "TransactionConflict"}, *[{"Code": "None"}] * (len(params["TransactItems"]) - 1)]
            raise client.exceptions.TransactionCanceledException(
                {"Error": {"Code": "TransactionCanceledException", "Message": ""}, "CancellationReasons": reasons},
                "TransactWriteItems",
            )

    client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", cancel)
    waits = []

    def make(count):
        left["conflicts"] = count
        tables = DynamoTables(client=client, names=dynamo_tables.names, sleep=waits.append, jitter=lambda _, most: most)
        return DynamoStore(tables=tables, caller=b.a_caller()), waits

    yield make
    client.meta.events.unregister("provide-client-params.dynamodb.TransactWriteItems", cancel)


@pytest.mark.row("C19")
def test_a_transaction_in_the_way_of_another_is_sent_again_after_longer_and_longer_waits(conflicts):
    store, waits = conflicts(7)
    store.commit(Once("k"))

    assert waits == [0.016, 0.032, 0.064, 0.128, 0.256, 0.4, 0.4]
    assert outcome(lambda: store.commit(Once("k"))) == "already_done"


def test_a_transaction_that_is_always_in_the_way_ends_in_a_conflict(conflicts):
    store, waits = conflicts(8)
    assert outcome(lambda: store.commit(added(b.a_client()))) == "conflict"
    assert store.find(Client, "cli_1") is None
    assert len(waits) == 7


def test_a_deed_survives_a_transaction_that_gave_up(conflicts):
    store, _ = conflicts(8)
    store.persistently(lambda: store.commit(added(b.a_client())))
    assert store.find(Client, "cli_1") == b.a_client()


def test_a_condition_that_failed_is_not_tried_again(dynamo_tables):
    put = Put(table=Table.CORE, item={"PK": "a", "SK": "b"})
    dynamo_tables.write([put])
    with pytest.raises(Cancelled) as cancelled:
        dynamo_tables.write([Put(table=Table.CORE, item={"PK": "c", "SK": "d"}), put])
    assert cancelled.value.refused == (False, True)


# --- the same, with faults of the tables in memory


def test_a_deed_that_never_wins_ends_in_a_conflict_after_sixty_tries():
    tables = MemoryTables()
    tables.conflict_next(100)
    store = DynamoStore(tables=tables, caller=b.a_caller())
    tries = []

    def deed():
        tries.append(1)
        store.commit(added(b.a_client()))

    with pytest.raises(Conflict):
        store.persistently(deed)
    assert (len(tries), tables.pauses) == (60, 59)
    assert tables.rows(Table.CORE) == []


def test_somebody_who_writes_between_read_and_commit_is_noticed():
    tables = MemoryTables()
    store, other = (DynamoStore(tables=tables, caller=b.a_caller()) for _ in range(2))
    store.commit(added(b.a_client()))
    read = store.get(Client, "cli_1")
    tables.meanwhile(lambda: other.commit(saved(read, phone="other")))

    with pytest.raises(Conflict):
        store.commit(saved(read, phone="mine"))
    assert store.get(Client, "cli_1").phone == "other"


def test_of_two_who_claim_a_piece_of_work_at_one_moment_one_has_it():
    tables = MemoryTables()
    mine, rival = (DynamoStore(tables=tables, caller=b.a_caller()) for _ in range(2))
    claims = []
    tables.meanwhile(lambda: claims.append(rival.claim("send", now=b.NOON, seconds=60)))

    assert not mine.claim("send", now=b.NOON, seconds=60)
    assert claims == [True]


def test_an_answer_that_was_lost_leaves_the_effect():
    tables = MemoryTables()
    store = DynamoStore(tables=tables, caller=b.a_caller())
    tables.lose_next_answer(TimeoutError("no answer"))
    with pytest.raises(TimeoutError):
        store.commit(added(b.a_client()))
    assert store.get(Client, "cli_1") == b.a_client()
    assert [envelope.event.type for envelope in tables.journal()] == ["client.changed"]


def test_an_index_that_lags_shows_an_older_list_and_reads_stay_exact():
    tables = MemoryTables()
    store = DynamoStore(tables=tables, caller=b.a_caller())
    store.commit(added(b.a_client()))
    tables.delay_indexes()
    store.commit(added(b.a_client(id="cli_2")), saved(store.get(Client, "cli_1"), phone="new"))

    assert [(row.id, row.phone) for row in store.page(Client, Filter(), limit=9).rows] == [("cli_1", None)]
    assert store.get(Client, "cli_1").phone == "new"
    tables.catch_up()
    assert [row.id for row in store.page(Client, Filter(), limit=9).rows] == ["cli_2", "cli_1"]
