"""What every store promises of long walks and of searches: by word, over several clients, by how numbers begin."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.job import Job
from chalicelib.domain.numbering import Number
from chalicelib.domain.work_events import JobOpened
from chalicelib.ports import Add, Filter
from tests import builders as b
from tests.adapters.deeds import added, number_taken, saved
from tests.adapters.test_store_contract_pages import EVERYTHING, fill, ids_of, walk
from tests.fakes.tables import MemoryTables
from tests.fakes.time import Ids


def a_job(id):
    job = Job(id=id, client_id="cli_1", client_name="Marie Gagnon", title="Toit", created_at=b.NOON)
    return Add(job, JobOpened(subject=id, version=1, at=b.NOON, client_id="cli_1"))


def open_jobs(store, ids):
    for start in range(0, len(ids), 50):
        store.commit(*map(a_job, ids[start : start + 50]))


@pytest.mark.row("C54")
def test_each_of_10000_old_rows_is_seen_once_while_1000_are_inserted():
    store, make = DynamoStore(tables=MemoryTables(), caller=b.a_caller()), Ids()
    old = [make("job") for _ in range(10_000)]
    new = []
    open_jobs(store, old)

    def insert():
        make.clock.move(seconds=1)
        batch = [make("job") for _ in range(11)]
        new.extend(batch)
        open_jobs(store, batch)

    seen = walk(store, Job, limit=100, between=insert)
    assert len(new) > 1_000
    assert seen == old[::-1]


def test_clients_are_found_by_each_of_their_words_in_the_alphabets_order(store_of):
    names = ("Zoé Martin", "Marcel Ménard", "Marie Marchand", "Luc Roy")
    for store in (store_of(), store_of(most_read=1)):
        if not store.page(Client, EVERYTHING, limit=1).rows:
            clients = [b.a_client(id=f"cli_{n}", name=name, email=None) for n, name in enumerate(names)]
            fill(store, clients)
        for limit in (1, 2, 50):
            assert walk(store, Client, Filter(word="mar"), limit=limit) == ["cli_1", "cli_2", "cli_0"]
            assert walk(store, Client, Filter(word="men"), limit=limit) == ["cli_1"]
            assert walk(store, Client, Filter(word="arc"), limit=limit) == []


def test_who_was_ever_called_so_is_known_up_to_a_few(store, store_of):
    client = b.a_client(name="Marie Gagnon", email=None)
    store.commit(added(client))
    store.commit(saved(replace(client, name="Marie Tremblay")))
    fill(store, [b.a_client(id="cli_2", name="Luc Gagnon", email=None)])

    assert store.called("gag", most=2) == ("cli_1", "cli_2")
    assert store.called("gag", most=1) is None
    assert store.called("trem", most=1) == ("cli_1",)
    assert store.called("roy", most=1) == ()
    assert store_of("biz_2").called("gag", most=2) == ()


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_the_documents_of_several_clients_are_one_list(store_of, limit):
    store = store_of()
    fill(store, [b.an_invoice(id=f"inv_{n:02d}", client_id=f"cli_{n % 3}") for n in range(13)])
    expected = [f"inv_{n:02d}" for n in range(12, -1, -1) if n % 3]

    for asked in (store, store_of(most_read=2)):
        wanted = Filter(client_ids=("cli_1", "cli_2", "cli_9"))
        assert walk(asked, Invoice, wanted, limit=limit) == expected
        some = replace(wanted, fits=lambda invoice: invoice.id in {"inv_01", "inv_11"})
        assert walk(asked, Invoice, some, limit=limit) == ["inv_11", "inv_01"]


def test_invoices_are_found_by_how_their_numbers_begin(store):
    for n in range(1, 13):
        store.commit(*number_taken(store, f"inv_{n}"), added(b.an_invoice(id=f"inv_{n}")))

    beginning = Filter(series="invoice", number_begins="0001")
    assert walk(store, Invoice, beginning, limit=2) == ["inv_12", "inv_11", "inv_10"]
    assert ids_of(store.page(Number, beginning, limit=9)) == ["00012", "00011", "00010"]
