"""Jobs, visits, items, sales documents and payments, found by number, words, client, status and days."""

import pytest

from tests.flows.counter import billed, issued
from tests.flows.desk import take
from tests.flows.test_searching import found
from tests.flows.visiting import visit


def job(world, client, **more):
    return world.ok("POST", "/v1/jobs", {"client_id": client["id"]} | more).body


def item(world, client, **more):
    plain = {"client_id": client["id"], "description": "Pose", "unit_price": "50.00"}
    return world.ok("POST", "/v1/items", plain | more).body


def sale(world, kind, client):
    lines = [{"description": "Pompe", "unit_price": "10.00"}]
    return world.ok("POST", f"/v1/{kind}", {"client_id": client["id"], "lines": lines}).body


@pytest.fixture
def people(world):
    return [world.client(name=name) for name in ("Hélène Gagnon-Roy", "Vision Plus", "Orders & Co")]


MAKE = {
    "jobs": job,
    "visits": visit,
    "items": item,
    **{kind: lambda world, client, kind=kind: sale(world, kind, client) for kind in ("deals", "orders", "deliveries")},
}


@pytest.mark.row("P6", "P21", "K5")
@pytest.mark.parametrize("kind", MAKE)
def test_what_is_a_clients_is_found_by_the_words_of_its_name(world, people, kind):
    helene, vision, orders = (MAKE[kind](world, one)["id"] for one in people)

    for q in ("gagnon", "ROY", "h%C3%A9l%C3%A8ne", "helene%20gag"):
        assert found(world, kind, q) == [helene], q
    assert found(world, kind, "agnon") == []
    assert found(world, kind, "vis") == [vision]
    assert found(world, kind, "ord") == [orders]
    assert found(world, kind, helene) == [helene]
    for beginning in ("job", "itm", "dea", "dln", "01"):
        assert found(world, kind, beginning) == []


@pytest.mark.row("P6", "P7")
def test_jobs_and_visits_are_found_by_their_titles_narrowed_by_status_days_and_client(world, people):
    helene, vision, _ = people
    roof = job(world, helene, title="Réfection du toit")
    visits = [
        visit(world, client, title="Mesures", job_id=job_id, starts_at=f"2026-03-0{day}T14:00:00Z")["id"]
        for client, job_id, day in ((helene, roof["id"], 3), (helene, roof["id"], 5), (vision, None, 5))
    ]
    world.ok("POST", f"/v1/visits/{visits[1]}/complete", {})
    world.ok("PATCH", f"/v1/jobs/{roof['id']}", {"status": "closed"})

    assert found(world, "jobs", "refection%20gagnon") == [roof["id"]]
    assert found(world, "jobs", "toit&status=closed") == [roof["id"]]
    assert found(world, "jobs", "toit&status=open") == []
    assert found(world, "visits", "mesures") == visits[::-1]
    assert found(world, "visits", "mesures%20helene") == visits[1::-1]
    assert found(world, "visits", "mes&status=completed") == [visits[1]]
    assert found(world, "visits", "mes&from=2026-03-05") == visits[:0:-1]
    assert found(world, "visits", f"mes&to=2026-03-05&client_id={helene['id']}") == visits[1::-1]


@pytest.mark.row("H15", "P21")
@pytest.mark.parametrize("limit", [1, 2, 25])
def test_items_of_one_state_fill_their_pages_however_few_they_are(world, people, limit):
    helene, vision, _ = people
    items = [item(world, client) for client in (helene, helene, vision, helene)]
    for one in items:
        world.ok("POST", f"/v1/items/{one['id']}/publish", {})
    first, second, third, last = (one["id"] for one in items)
    invoice = issued(world, billed(world, helene, items[0]))
    issued(world, billed(world, helene, items[1]))
    take(world, invoice, invoice["total"])

    assert found(world, "items", "gagnon&status=paid", limit) == [first]
    assert found(world, "items", "pose&status=invoiced", limit) == [second]
    assert found(world, "items", "pose&status=published", limit) == [last, third]
    assert found(world, "items", f"pose&status=published&client_id={vision['id']}", limit) == [third]
    page = world.ok("GET", f"/v1/items?status=paid&limit={limit}")
    assert ([row["id"] for row in page["data"]], page["next_cursor"]) == ([first], None)


@pytest.mark.row("K8", "K9", "P21")
def test_sales_documents_are_found_by_number_and_read_nothing_else(world, people):
    orders = [sale(world, "orders", people[n % 2])["id"] for n in range(4)]
    deal, note = sale(world, "deals", people[0])["id"], sale(world, "deliveries", people[0])["id"]
    quote = world.quote(people[0])
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    asked = world.faults.watch("dynamodb", "Query")

    assert found(world, "orders", "o-00003") == [orders[2]]
    assert found(world, "orders", "0000", limit=3) == orders[::-1]
    assert found(world, "deliveries", "L-00001") == [note]
    for kind, number, one in (
        ("orders", "O-00002", orders[1]),
        ("deliveries", "L-00001", note),
        ("quotes", "Q-00001", quote["id"]),
    ):
        asked.clear()
        assert [row["id"] for row in world.ok("GET", f"/v1/{kind}?number={number}")["data"]] == [one]
        assert asked == []
    assert world.ok("GET", "/v1/deals?number=O-00001")["data"] == []
    assert world.ok("GET", f"/v1/orders?number=O-00002&client_id={people[0]['id']}")["data"] == []
    assert found(world, "deals", "gagnon") == [deal]


@pytest.mark.row("P21", "P45")
def test_payments_are_found_by_their_reference_and_by_whole_ids(world, people):
    invoice = world.invoice(people[0])
    paid = take(world, invoice, "10.00", reference="Chèque 117").body

    for q in ("cheque", "117", paid["id"], invoice["id"]):
        assert found(world, "payments", q) == [paid["id"]], q
    for q in ("pay", "inv"):
        assert found(world, "payments", q) == []


@pytest.mark.row("C54", "P21")
def test_a_search_that_finds_little_asks_seldom(world, people):
    wanted = job(world, people[0], title="Puits")
    for _ in range(60):
        job(world, people[1])
    asked = world.faults.watch("dynamodb", "Query")

    assert found(world, "jobs", "puits", limit=1) == [wanted["id"]]
    assert len(asked) == 5  # 2, 4, 8, 16, and the rest of 61 rows


@pytest.mark.row("P6", "P40", "C54")
def test_the_items_of_a_visit_are_looked_for_among_its_clients_alone(world, people):
    planned = visit(world, people[0])
    wanted = [item(world, people[0], visit_id=planned["id"])["id"] for _ in range(2)]
    item(world, people[0])
    for _ in range(8):
        item(world, people[1])
    asked = world.faults.watch("dynamodb", "Query")

    page = world.ok("GET", f"/v1/items?visit_id={planned['id']}&limit=3")

    assert ([row["id"] for row in page["data"]], page["next_cursor"]) == (wanted[::-1], None)
    assert len(asked) == 1
