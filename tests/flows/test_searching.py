"""Found by number, and by the words of a client's name, whatever the case and the accents."""

import pytest

from tests.flows.test_lists import walk


def found(world, kind, q, limit=25):
    return walk(world, f"/v1/{kind}?q={q}&", limit)


@pytest.fixture
def people(world):
    names = {
        "helene": "Hélène Gagnon-Roy",
        "marcel": "Marcel Ménard",
        "marie": "Marie Marchand",
        "firm": "2M Plomberie",
    }
    return {
        key: world.client(name=name, email=f"{key}@example.com", reference=f"R-{key}") for key, name in names.items()
    }


@pytest.mark.row("P6", "P21", "K5")
@pytest.mark.parametrize(
    ("q", "who"),
    [
        pytest.param("gagnon", ["helene"], id="an inner word"),
        pytest.param("hel", ["helene"], id="the beginning of the name"),
        pytest.param("H%C3%89L%C3%88NE", ["helene"], id="whatever the case, with accents"),
        pytest.param("menard", ["marcel"], id="without accents"),
        pytest.param("roy helene", ["helene"], id="several words in any order"),
        pytest.param("mar", ["marcel", "marie"], id="several people, by the word that was found"),
        pytest.param("mar%20men", ["marcel"], id="each word narrows"),
        pytest.param("helene@example", ["helene"], id="the address for mail"),
        pytest.param("r-marie", ["marie"], id="the reference"),
        pytest.param("2m", ["firm"], id="digits"),
        pytest.param("agnon", [], id="not the end of a word"),
        pytest.param("%21%21", [], id="nothing that is a word"),
    ],
)
def test_clients_are_found_by_the_beginnings_of_their_words(world, people, q, who):
    expected = [people[one]["id"] for one in who]

    assert found(world, "clients", q.replace(" ", "%20")) == expected
    assert found(world, "clients", q.replace(" ", "%20"), limit=1) == expected


@pytest.mark.row("P21")
def test_a_client_who_is_renamed_is_found_by_the_new_name_and_its_documents_by_theirs(world):
    client = world.client(name="Marie Gagnon")
    old = world.draft(client)
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"name": "Marie Tremblay"})
    new = world.draft(client)
    other = world.draft(world.client(name="Luc Gagnon", email="luc@example.com"))

    assert found(world, "clients", "tremblay") == [client["id"]]
    assert client["id"] not in found(world, "clients", "gagnon")
    assert found(world, "invoices", "gagnon") == [other["id"], old["id"]]
    assert found(world, "invoices", "tremblay") == [new["id"]]


def test_a_client_who_is_deleted_is_not_found(world, people):
    world.ok("DELETE", f"/v1/clients/{people['marie']['id']}")

    assert found(world, "clients", "marchand") == []


@pytest.mark.row("P21")
@pytest.mark.parametrize("limit", [1, 2, 25])
def test_invoices_and_quotes_of_several_clients_are_one_list_newest_first(world, people, limit):
    invoices, quotes = [], []
    for _ in range(3):
        for one in ("marcel", "helene", "marie"):
            made = world.draft(people[one])["id"], world.quote(people[one])["id"]
            if one != "helene":
                invoices.append(made[0])
                quotes.append(made[1])

    assert found(world, "invoices", "mar", limit=limit) == invoices[::-1]
    assert found(world, "quotes", "mar", limit=limit) == quotes[::-1]


@pytest.mark.row("P21", "C54")
def test_a_walk_over_several_clients_shows_each_old_row_once_while_others_write(world, people):
    old = {world.draft(people[one])["id"] for _ in range(5) for one in ("marcel", "marie")}

    def write():
        world.draft(people["marcel"])
        world.client(name="Mara Neumann", email="mara@example.com")

    seen = walk(world, "/v1/invoices?q=mar&", 3, between=write)

    assert len(seen) == len(set(seen))
    assert set(seen) == old


@pytest.mark.row("P21")
@pytest.mark.parametrize("prefix", ["", "F-", "2026-"])
def test_documents_are_found_by_their_number_and_by_how_it_begins(world, prefix):
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": prefix}})
    invoices = [world.invoice()["id"] for _ in range(12)]
    quote = world.quote()
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})

    assert found(world, "invoices", f"{prefix}00012") == [invoices[11]]
    assert found(world, "invoices", f"{prefix.lower()}0001") == invoices[:8:-1]
    assert found(world, "invoices", "00007") == [invoices[6]]
    assert found(world, "invoices", f"{prefix}0000", limit=4) == invoices[8::-1]
    assert found(world, "quotes", "q-000") == [quote["id"]]
    assert found(world, "quotes", "00001") == [quote["id"]]
    assert found(world, "invoices", "zebra") == []


@pytest.mark.row("P21")
def test_what_may_be_a_number_and_a_name_is_looked_for_as_both(world, people):
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "2M"}})
    numbered, named = world.invoice(people["marie"]), world.draft(people["firm"])

    assert found(world, "invoices", "2m") == [named["id"], numbered["id"]]


@pytest.mark.row("P21")
def test_a_search_is_narrowed_by_status_days_and_client(world, people):
    draft, issued = world.draft(people["marie"]), world.invoice(people["marie"])
    world.invoice(people["helene"])

    assert found(world, "invoices", "marchand&status=issued") == [issued["id"]]
    assert found(world, "invoices", "marchand&status=draft") == [draft["id"]]
    assert found(world, "invoices", "marchand&from=2026-03-03") == []
    assert found(world, "invoices", f"marchand&client_id={people['helene']['id']}") == []


@pytest.mark.row("P21")
def test_a_search_reads_what_it_finds_and_not_the_whole_list(world, people):
    wanted = world.draft(people["marie"])
    for _ in range(5):
        world.draft(people["helene"])
    queries, batches = world.faults.watch("dynamodb", "Query"), world.faults.watch("dynamodb", "BatchGetItem")

    assert world.ok("GET", "/v1/clients?q=marchand")["data"][0]["id"] == people["marie"]["id"]
    assert (len(queries), len(batches)) == (1, 1)
    assert world.ok("GET", "/v1/invoices?q=marchand")["data"][0]["id"] == wanted["id"]
    assert (len(queries), len(batches)) == (3, 1)
