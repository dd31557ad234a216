"""Lists of 10,000 rows, walked by cursor through the API while others write."""

import pytest

from chalicelib import wiring
from chalicelib.domain.journal import Caller
from tests import builders as b
from tests.adapters.deeds import added
from tests.fakes.tables import MemoryTables
from tests.flows.test_lists import walk


@pytest.fixture
def quick(world, monkeypatch):
    """A world on tables in memory, where 10,000 rows are there in a moment; its one business is opened on them."""
    tables = MemoryTables()
    monkeypatch.setattr(wiring, "tables", lambda: tables)
    world.houses.clear()
    world.business()
    yield world
    world.houses.clear()  # its books are in no table that is checked


def drafts_of(world, clients, count):
    """The ids of so many drafts, one for each client in turn, written beside the API."""
    store = wiring.store(Caller(business_id=world.house.id, actor="test"))
    drafts = []
    for n in range(count):
        client = clients[n % len(clients)]
        plain = {"client_id": client["id"], "client_name": client["name"], "created_at": world.time.instant}
        drafts.append(b.an_invoice(id=wiring.ids("inv"), **plain))
    for start in range(0, count, 25):
        store.commit(*map(added, drafts[start : start + 25]))
    return [draft.id for draft in drafts]


@pytest.mark.row("C54", "P21")
def test_each_of_10000_old_rows_is_seen_once_while_1000_are_inserted(quick):
    client = quick.client()
    old, new = drafts_of(quick, [client], 10_000), []

    def insert():
        new.extend([quick.draft(client)["id"], *drafts_of(quick, [client], 9)])

    seen = walk(quick, "/v1/invoices?", 100, between=insert)

    assert len(new) == 1_000
    assert seen == old[::-1]


@pytest.mark.row("C54", "P21")
def test_one_client_of_10000_invoices_is_searched_for_while_others_write(quick):
    """A page of it comes from the client's own partition, however many rows the others have."""
    many = [quick.client(name="Luc Roy"), quick.client(name="Ann Lee"), quick.client(name="Hélène Gagnon")]
    old = drafts_of(quick, [many[0]] * 9 + [many[1]] * 8 + [many[2]], 9_990)[17::18]

    seen = walk(quick, "/v1/invoices?q=gagnon&status=draft&", 100, between=lambda: quick.draft(many[2]))

    assert len(old) == 555
    assert seen == old[::-1]
