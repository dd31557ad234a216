"""What every store promises: whole or not at all, never over a newer version, never for another business."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client, ClientBalance
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.events import ClientAdded
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.party import Party
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Body, Parties
from chalicelib.ports import Add, Keep, Move, Once, Revoke
from tests import builders as b
from tests.adapters.deeds import added, number_taken, removed, saved

# --- entities and their versions


@pytest.mark.parametrize(
    "entity",
    [b.a_business(), b.a_client(), b.an_entry(), b.a_key(), b.a_user(), b.a_quote(), b.an_invoice(), b.a_payment()],
    ids=lambda entity: type(entity).__name__,
)
def test_what_was_added_is_read_as_it_was(store, entity):
    store.commit(added(entity))

    key = () if isinstance(entity, Business) else (entity.id,)
    assert store.get(type(entity), *key) == entity
    assert store.find(type(entity), *key) == entity


def test_what_is_not_there_is_not_found(store):
    assert store.find(Client, "cli_9") is None
    with pytest.raises(NotFound, match=r"There is no client cli_9\.") as refused:
        store.get(Client, "cli_9")
    assert refused.value.code == "not_found"
    with pytest.raises(NotFound, match=r"There is no business biz_1\."):
        store.get(Business)


def test_adding_twice_is_refused_and_writes_nothing(store):
    store.commit(added(b.a_client()))

    with pytest.raises(AlreadyDone) as refused:
        store.commit(added(b.a_client(name="Another")), Once("beside"))

    assert refused.value.code == "already_done"
    assert store.get(Client, "cli_1").name == "Marie Gagnon"
    assert len(store.history("cli_1")) == 1
    store.commit(Once("beside"))


def test_saving_over_a_newer_version_is_refused_and_nothing_else_is_written(store):
    store.commit(added(b.a_client()))
    read = store.get(Client, "cli_1")
    store.commit(saved(read, phone="1"))

    with pytest.raises(Conflict) as refused:
        store.commit(added(b.an_invoice()), saved(read, phone="2"), Once("k"), Move("cli_1", amount_due=b.cad("5")))

    assert refused.value.code == "conflict"
    assert store.get(Client, "cli_1").phone == "1"
    assert [envelope.event.version for envelope in store.history("cli_1")] == [1, 2]
    assert store.find(Invoice, "inv_1") is None
    assert store.history("inv_1") == ()
    assert store.balance("cli_1", "CAD").amount_due == b.cad("0")
    store.commit(Once("k"))


def test_saving_what_is_not_there_is_refused(store):
    with pytest.raises(Conflict):
        store.commit(saved(b.a_client()))
    assert store.find(Client, "cli_1") is None


def test_an_entitys_version_is_the_number_of_its_events_always(store):
    store.commit(added(b.a_client()))
    for n in range(2, 13):
        store.commit(saved(store.get(Client, "cli_1"), phone=str(n)))

    assert store.get(Client, "cli_1").version == 12
    assert [envelope.event.version for envelope in store.history("cli_1")] == list(range(1, 13))


def test_two_changes_that_both_explain_themselves_with_one_version_cannot_both_be_written(store):
    store.commit(added(b.a_client()))
    again = ClientAdded(subject="cli_1", version=1, at=b.NOON)

    with pytest.raises(AlreadyDone):
        store.commit(Add(b.a_client(id="cli_2"), again))
    assert store.find(Client, "cli_2") is None


def test_what_was_removed_is_gone_but_for_its_history(store):
    store.commit(added(b.a_client()))
    store.commit(removed(store.get(Client, "cli_1")))

    assert store.find(Client, "cli_1") is None
    assert [envelope.event.type for envelope in store.history("cli_1")] == ["client.changed", "client.removed"]


def test_removing_what_somebody_changed_meanwhile_is_refused(store):
    store.commit(added(b.a_client()))
    read = store.get(Client, "cli_1")
    store.commit(saved(read, phone="1"))

    with pytest.raises(Conflict):
        store.commit(removed(read))
    assert store.get(Client, "cli_1").phone == "1"
    assert len(store.history("cli_1")) == 2


def test_what_was_removed_may_come_again_one_version_after_its_last_event(store):
    store.commit(added(b.an_entry()))
    store.commit(removed(store.get(CatalogueEntry, "VISIT")))
    store.commit(added(b.an_entry(version=3, name="Visite 2")))

    assert store.get(CatalogueEntry, "VISIT").name == "Visite 2"
    assert len(store.history("VISIT")) == 3


# --- events


def test_history_tells_everything_oldest_first_with_who_did_it(store):
    store.commit(added(b.a_client()))
    store.commit(saved(store.get(Client, "cli_1")))

    first, second = store.history("cli_1")
    assert (first.event.version, second.event.version) == (1, 2)
    assert first.caller == b.a_caller()
    assert first == Envelope.around(added(b.a_client()).because, b.a_caller())


@pytest.mark.row("C6")
def test_the_id_of_an_event_follows_from_business_entity_and_version(store, store_of):
    change = added(b.a_client())
    store.commit(change)
    store_of("biz_2").commit(change)

    assert store.history("cli_1")[0].id == "cf586760-409c-5dc9-b41c-58d3f0c85568"
    assert store_of("biz_2").history("cli_1")[0].id != store.history("cli_1")[0].id


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
def test_a_body_of_two_thousand_lines_is_kept_in_chunks_and_read_whole(store, tables, sign):
    lines = tuple(b.a_line(id=str(n), description=f"{n} {sign * 150}") for n in range(2_000))
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


def test_a_link_that_was_revoked_is_read_revoked(store, tables):
    store.commit(Keep(b.a_link()))
    store.commit(Revoke(b.a_link(revoked_at=b.later(days=1))))

    assert DynamoDirectory(tables=tables).link("f" * 64) == ("biz_1", b.a_link(revoked_at=b.later(days=1)))


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
    for start in range(0, 230, 50):
        store.commit(*(added(b.a_client(id=id)) for id in ids[start : start + 50]))

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


# --- other businesses


@pytest.mark.row("C53")
def test_a_business_sees_nothing_of_another(store, store_of):
    stranger = store_of("biz_2")
    body = Body(id="inv_1", revision=1, content=b.content())
    store.commit(added(b.an_invoice(quote_id="quo_1")), Keep(body), Keep(b.a_number()), added(b.a_quote()))
    store.commit(added(b.a_client()), added(b.a_payment()), Move("cli_1", amount_due=b.cad("9")), Once("k"))

    assert [
        stranger.find(kind, id)
        for kind, id in ((Invoice, "inv_1"), (Quote, "quo_1"), (Client, "cli_1"), (Payment, "pay_1"))
    ] == [None] * 4
    assert stranger.find(Body, "inv_1", "1") is None
    assert stranger.find(Number, "invoice", "00001") is None
    assert stranger.many(Invoice, ["inv_1"]) == ()
    assert stranger.history("inv_1") == ()
    assert stranger.balance("cli_1", "CAD").amount_due == b.cad("0")
    stranger.commit(added(b.a_client(name="Their own")), Once("k"))
    assert store.get(Client, "cli_1").name == "Marie Gagnon"


# --- deeds that lose races


def test_a_deed_that_loses_a_race_is_run_again_from_its_first_read(store, store_of):
    store.commit(added(b.a_client()))
    tries = []

    def deed():
        read = store.get(Client, "cli_1")
        tries.append(read.version)
        if len(tries) < 3:
            store_of().commit(saved(read, phone=f"other {len(tries)}"))
        store.commit(saved(read, name="Marie Roy"))
        return "done"

    assert store.persistently(deed) == "done"
    assert tries == [1, 2, 3]
    assert store.get(Client, "cli_1") == replace(b.a_client(), version=4, name="Marie Roy", phone="other 2")


def test_a_deed_that_is_refused_is_not_run_again(store):
    tries = []

    def deed():
        tries.append(1)
        store.commit(Once("k"))

    store.commit(Once("k"))
    with pytest.raises(AlreadyDone):
        store.persistently(deed)
    assert len(tries) == 1


def test_nothing_of_an_item_is_stored_twice_in_clear(store, tables):
    """Attributes are keys, kind, version and the document: nothing a later reader could take for another truth."""
    store.commit(added(b.an_invoice()))
    item = tables.get(Table.CORE, {"PK": "T#biz_1#I#inv_1", "SK": "META"})
    assert sorted(item) == [
        "PK", "SK", "client_pk", "client_sk", "doc", "kind", "list_pk", "list_sk", "open_pk", "open_sk", "version",
    ]  # fmt: skip
    assert Decimal(item["version"]) == 1
