"""What every store promises: whole or not at all, never over a newer version, never for another business."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.events import ClientAdded
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.numbering import Number
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Body
from chalicelib.ports import Add, Keep, Move, Once
from tests import builders as b
from tests.adapters.deeds import added, removed, saved

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
