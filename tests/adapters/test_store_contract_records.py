"""What every store promises of records that never change, of numbers, batches and balances."""

import pytest

from chalicelib.domain.client import Client, ClientBalance
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.party import Party
from chalicelib.domain.sales import Body, Parties
from chalicelib.ports import Keep, Move, Once
from tests import builders as b
from tests.adapters.deeds import added, number_taken

# --- records


def test_a_record_is_kept_once(store):
    store.commit(Keep(b.a_number()))

    with pytest.raises(AlreadyDone):
        store.commit(Keep(b.a_number(document_id="inv_2")))
    assert store.get(Number, "invoice", "00001") == b.a_number()


def test_parties_are_read_as_they_were_kept(store):
    parties = Parties(id="inv_1", seller=b.a_business().as_seller(), buyer=Party(name="Marie"))
    store.commit(Keep(parties))
    assert store.get(Parties, "inv_1") == parties


def test_a_key_is_let_through_once_for_each_business(store, store_of):
    store.commit(Once("quote:1"))

    with pytest.raises(AlreadyDone):
        store.commit(Once("quote:1"))
    assert (store.seen(Once("quote:1")), store.seen(Once("quote:2"))) == (True, False)
    assert not store_of("biz_2").seen(Once("quote:1"))
    store.commit(Once("quote:2"))
    store_of("biz_2").commit(Once("quote:1"))


@pytest.mark.row("C50")
@pytest.mark.parametrize("sign", ["a", "é", "中", "🔧"], ids=["ascii", "2 bytes", "3 bytes", "4 bytes"])
def test_a_body_of_three_thousand_lines_is_kept_in_chunks_and_read_whole(store, tables, sign):
    lines = tuple(b.a_line(id=str(n), description=f"{n} {sign * 100}") for n in range(3_000))
    body = Body(id="inv_1", revision=1, content=b.content(*lines))
    store.commit(added(b.an_invoice()), Keep(body))

    assert store.get(Body, "inv_1", "1") == body


def test_each_revision_has_its_own_body(store):
    old, new = (Body(id="inv_1", revision=n, content=b.content(b.a_line(description=f"{n}"))) for n in (1, 2))
    store.commit(Keep(old))
    store.commit(Keep(new))
    assert (store.get(Body, "inv_1", "1"), store.get(Body, "inv_1", "2")) == (old, new)
    with pytest.raises(AlreadyDone):
        store.commit(Keep(new))


# --- numbers


def test_a_series_gives_its_numbers_in_order(store):
    for n in range(1, 4):
        store.commit(*number_taken(store, f"inv_{n}"))

    assert store.get(Series, "invoice").next == 4
    assert [store.get(Number, "invoice", f"0000{n}").document_id for n in (1, 2, 3)] == ["inv_1", "inv_2", "inv_3"]


@pytest.mark.row("C20")
@pytest.mark.parametrize("taken_before", [0, 1])
def test_a_number_cannot_be_taken_twice_whichever_change_comes_first(store, taken_before):
    for n in range(taken_before):
        store.commit(*number_taken(store, f"inv_{n}"))
    advance, keep = number_taken(store, "inv_1")
    store.commit(*number_taken(store, "inv_2"))

    for changes in ((advance, keep), (keep, advance)):
        with pytest.raises(Conflict):
            store.commit(*changes)
    assert store.get(Series, "invoice").next == taken_before + 2


# --- several at once


def test_many_come_in_the_order_asked_for_without_those_that_do_not_exist(store):
    for n in range(1, 6):
        store.commit(added(b.a_client(id=f"cli_{n}")))

    found = store.many(Client, ["cli_4", "cli_9", "cli_1", "cli_5", "cli_1"])
    assert [client.id for client in found] == ["cli_4", "cli_1", "cli_5"]
    assert store.many(Client, []) == ()


def test_many_may_be_more_than_one_batch(store):
    ids = [f"cli_{n:03d}" for n in range(230)]
    for start in range(0, 230, 16):
        store.commit(*(added(b.a_client(id=id)) for id in ids[start : start + 16]))

    assert [client.id for client in store.many(Client, reversed(ids))] == ids[::-1]


def test_a_commit_may_be_a_hundred_writes_and_no_more(store):
    store.commit(*(Once(f"a{n}") for n in range(100)))

    with pytest.raises(Exception, match=r"100|[Vv]alid"):
        store.commit(*(Once(f"b{n}") for n in range(101)))
    store.commit(Once("b0"))
    with pytest.raises(AlreadyDone):
        store.commit(Once("a99"))


# --- aggregates


def test_a_clients_balance_adds_up_in_each_currency(store):
    eur = Money(700, "EUR")
    store.commit(Move("cli_1", amount_due=b.cad("100"), unbilled_total=b.cad("3")))
    store.commit(Move("cli_1", amount_due=eur), Move("cli_2", amount_due=b.cad("1")))
    store.commit(Move("cli_1", amount_due=-b.cad("40"), credit_total=b.cad("2.50"), unbilled_total=b.cad("0")))

    assert store.balance("cli_1", "CAD") == ClientBalance(
        id="cli_1", unbilled_total=b.cad("3"), amount_due=b.cad("60"), credit_total=b.cad("2.50")
    )
    assert store.balance("cli_1", "EUR").amount_due == eur
    assert store.balance("cli_3", "CAD") == ClientBalance(
        id="cli_3", unbilled_total=b.cad("0"), amount_due=b.cad("0"), credit_total=b.cad("0")
    )


def test_several_moves_of_one_client_in_one_commit_add_up(store):
    store.commit(
        Move("cli_1", amount_due=b.cad("10")),
        Move("cli_1", amount_due=b.cad("-4"), credit_total=b.cad("1")),
        Move("cli_1", unbilled_total=b.cad("7")),
        Once("k"),
    )
    assert store.balance("cli_1", "CAD") == ClientBalance(
        id="cli_1", unbilled_total=b.cad("7"), amount_due=b.cad("6"), credit_total=b.cad("1")
    )


def test_moves_of_one_client_in_two_currencies_fit_one_commit(store):
    store.commit(Move("cli_1", amount_due=b.cad("10")), Move("cli_1", amount_due=Money(5, "EUR")))
    assert store.balance("cli_1", "CAD").amount_due == b.cad("10")
    assert store.balance("cli_1", "EUR").amount_due == Money(5, "EUR")


def test_a_commit_that_changes_nothing_writes_nothing(store, tables):
    store.commit()
    store.commit(Move("cli_1", amount_due=b.cad("0")))
    assert store.balance("cli_1", "CAD").amount_due == b.cad("0")
