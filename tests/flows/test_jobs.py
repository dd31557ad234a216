"""Jobs: opened by themselves, filed to, seen in one space."""

import pytest

from tests.flows.desk import HALVES, take
from tests.flows.visiting import held, space, totals, visit


@pytest.mark.row("P31", "P32", "P34", "P49")
def test_every_request_of_a_client_opens_its_job(world):
    client = world.client()

    quote, draft, planned = world.quote(client), world.draft(client), visit(world, client, title="Fuite")

    made = [one["job_id"] for one in (quote, draft, planned)]
    assert len(set(made)) == 3
    titles = [world.ok("GET", f"/v1/jobs/{job_id}")["title"] for job_id in made]
    assert titles == ["Remplacement du chauffe-eau", "Remplacement du chauffe-eau", "Fuite"]
    listed = world.ok("GET", f"/v1/jobs?client_id={client['id']}")["data"]
    assert [job["id"] for job in listed] == made[::-1]
    assert [event["type"] for event in world.ok("GET", f"/v1/jobs/{made[0]}/timeline")["data"]] == ["job.opened"]


@pytest.mark.row("P31")
def test_a_job_without_words_is_called_by_its_client(world):
    draft = world.draft(lines=[])

    assert world.ok("GET", f"/v1/jobs/{draft['job_id']}")["title"] == "Marie Gagnon"


@pytest.mark.row("P3", "P4", "P5", "P7", "P32", "P33", "P34", "P46", "P50")
def test_whatever_follows_is_filed_to_the_job_and_shown_in_one_space(world):
    client = world.client()
    job = world.ok("POST", "/v1/jobs", {"client_id": client["id"], "title": "Salle de bain"}).body
    here = {"job_id": job["id"]}

    quote = world.quote(client, **here)
    lost = world.quote(client, **here)
    world.ok("POST", f"/v1/quotes/{lost['id']}/decline", {"by": "Marie"})
    first, second = world.draft(client, **here), world.draft(client, **here)
    planned = visit(world, client, **here)
    world.draft(client)

    known = space(world, job["id"])
    assert known["job"] == job
    assert known["next_cursor"] is None
    assert held(world, job["id"]) == {
        "quotes": [lost["id"], quote["id"]],
        "visits": [planned["id"]],
        "invoices": [second["id"], first["id"]],
    }
    assert [one["status"] for one in known["quotes"]] == ["declined", "draft"]


@pytest.mark.row("P32", "P36", "P46", "P47")
def test_the_invoices_of_a_quote_stay_in_its_job_each_with_its_day(world):
    halves = [
        {"label": "Acompte", "percent": "50", "due": {"on": "2026-04-01"}},
        {"label": "Solde", "remainder": True, "due": {"on": "2026-05-01"}},
    ]
    quote = world.quote(schedule=halves, invoicing={"mode": "per_instalment", "send": "on_date"})

    world.approve(quote)
    world.settle()

    known = space(world, quote["job_id"])
    assert [(one["job_id"], one["send_on"], one["status"]) for one in reversed(known["invoices"])] == [
        (quote["job_id"], "2026-04-01", "scheduled"),
        (quote["job_id"], "2026-05-01", "scheduled"),
    ]
    assert known["quotes"][0]["status"] == "invoiced"


@pytest.mark.row("P7", "P32", "P33")
def test_a_space_tells_what_was_offered_won_billed_and_paid(world):
    client = world.client()
    quote = world.quote(client, schedule=HALVES)
    here = {"job_id": quote["job_id"]}
    world.quote(client, **here)
    world.approve(quote)
    invoice, void = world.invoice(client, **here), world.invoice(client, **here)
    world.draft(client, **here)
    take(world, invoice, "149.75")
    world.ok("POST", f"/v1/invoices/{void['id']}/void", {})

    assert totals(world, quote["job_id"]) == {
        "quoted": "2299.50",
        "approved": "1149.75",
        "invoiced": "1149.75",
        "paid": "149.75",
        "due": "1000.00",
        "unbilled": "0.00",
        "credited": "0.00",
    }


def test_each_currency_has_its_totals(world):
    client = world.client()
    draft = world.invoice(client)
    world.quote(client, job_id=draft["job_id"], currency="JPY", lines=[{"description": "Thé", "unit_price": "100"}])

    sums = space(world, draft["job_id"])["totals"]

    assert [(one["currency"], one["quoted"], one["due"]) for one in sums] == [
        ("CAD", "0.00", "1149.75"),
        ("JPY", "115", "0"),
    ]


@pytest.mark.row("P7")
def test_a_long_space_is_read_page_by_page_and_its_totals_grow(world):
    client = world.client()
    job_id = world.quote(client)["job_id"]
    invoices = [world.invoice(client, job_id=job_id)["id"] for _ in range(3)]

    whole, seen, path = space(world, job_id), [], f"/v1/jobs/{job_id}/space?limit=2"
    page = world.ok("GET", path).body
    while True:
        seen += [row["id"] for kind in ("quotes", "invoices") for row in page[kind]]
        if page["next_cursor"] is None:
            break
        page = world.ok("GET", f"{path}&cursor={page['next_cursor']}").body

    assert sorted(seen) == sorted([*invoices, whole["quotes"][0]["id"]])
    assert page["totals"] == whole["totals"]
    assert whole["totals"][0]["due"] == "3449.25"


@pytest.mark.row("P6")
def test_a_space_is_reached_from_jobs_quotes_visits_and_clients(world):
    client = world.client()
    job_id = world.quote(client)["job_id"]
    visit(world, client, job_id=job_id)

    for place in ("quotes", "visits", "invoices", "jobs"):
        rows = world.ok("GET", f"/v1/{place}?client_id={client['id']}")["data"]
        assert {row["id" if place == "jobs" else "job_id"] for row in rows} <= {job_id}, place
    (contact,) = world.ok("GET", "/v1/clients")["data"]
    for grid in ("quotes", "visits", "jobs", f"jobs?client_id={contact['id']}"):
        (row,) = world.ok("GET", f"/v1/{grid}")["data"]
        assert space(world, row["id"] if grid.startswith("jobs") else row["job_id"])["job"]["id"] == job_id, grid


@pytest.mark.row("P48", "P49", "P50")
def test_an_invoice_first_and_the_rest_later(world):
    client = world.client()
    invoice = world.invoice(client)

    later, planned = (
        world.draft(client, job_id=invoice["job_id"]),
        visit(world, client, job_id=invoice["job_id"]),
    )

    assert held(world, invoice["job_id"]) == {"visits": [planned["id"]], "invoices": [later["id"], invoice["id"]]}


@pytest.mark.row("P3", "P34", "P35", "P50")
def test_a_draft_moves_to_another_job_of_its_client(world):
    client = world.client()
    quote, draft = world.quote(client), world.draft(client)
    path = f"/v1/invoices/{draft['id']}"

    moved = world.ok("PATCH", path, {"job_id": quote["job_id"]}).body

    assert moved["job_id"] == quote["job_id"]
    assert held(world, quote["job_id"]) == {"quotes": [quote["id"]], "invoices": [draft["id"]]}
    assert held(world, draft["job_id"]) == {}
    elsewhere = world.draft(world.client(name="Jean Roy"))["job_id"]
    before = world.everything()
    assert world.api("PATCH", path, {"job_id": elsewhere}).problem == (422, "foreign_job")
    assert world.api("PATCH", path, {"job_id": "job_unknown"}).problem == (404, "not_found")
    assert world.api("PATCH", path, {"job_id": None}).problem == (422, "missing")
    assert world.everything() == before


@pytest.mark.row("P6")
def test_jobs_are_listed_by_the_day_on_which_they_were_opened(world):
    client = world.client()
    first = world.draft(client)["job_id"]
    world.time.pass_(days=3)
    second = world.draft(client)["job_id"]

    def found(query):
        return [row["id"] for row in world.ok("GET", f"/v1/jobs?{query}")["data"]]

    assert found("from=2026-03-02&to=2026-03-05") == [second, first]
    assert found("to=2026-03-04") == [first]
    assert found("from=2026-03-05") == [second]


@pytest.mark.row("P3", "P34")
def test_nothing_is_filed_to_a_job_that_is_unknown_or_another_clients(world):
    client = world.client()
    job_id = world.draft(world.client(name="Jean Roy"))["job_id"]
    before = world.everything()

    lines = [{"description": "Visite", "unit_price": "80"}]
    for path, body in (
        ("/v1/invoices", {"lines": lines}),
        ("/v1/quotes", {"lines": lines}),
        ("/v1/visits", {"starts_at": "2026-03-03T14:00:00Z"}),
    ):
        mine = body | {"client_id": client["id"]}
        assert world.api("POST", path, mine | {"job_id": job_id}).problem == (422, "foreign_job")
        assert world.api("POST", path, mine | {"job_id": "job_unknown"}).problem == (404, "not_found")
    assert world.everything() == before


@pytest.mark.row("P7", "P33")
def test_a_job_is_renamed_closed_and_opened_again(world):
    client = world.client()
    draft = world.draft(client)
    path = f"/v1/jobs/{draft['job_id']}"

    address = {"lines": ["12 rue Saint-Denis"], "city": "Montréal", "country": "CA"}
    named = world.ok("PATCH", path, {"title": "Chalet", "address": address, "notes": "Clé chez le voisin"}).body
    assert (named["title"], named["address"]["city"], named["notes"], named["version"]) == (
        "Chalet",
        "Montréal",
        "Clé chez le voisin",
        2,
    )
    closed = world.ok("PATCH", path, {"status": "closed"}, If_Match='"2"').body
    assert (closed["status"], closed["closed_at"] is None) == ("closed", False)
    assert [job["id"] for job in world.ok("GET", "/v1/jobs?status=closed&q=chal")["data"]] == [draft["job_id"]]
    body = {"client_id": client["id"], "job_id": draft["job_id"], "lines": []}
    assert world.api("POST", "/v1/invoices", body).problem == (409, "job_closed")
    assert world.api("PATCH", path, {"status": "open"}, If_Match='"2"').problem == (412, "stale")
    assert world.ok("PATCH", path, {"status": "open"})["closed_at"] is None
    world.ok("POST", "/v1/invoices", body)


def test_a_job_is_deleted_only_while_it_is_empty(world):
    client = world.client()
    draft = world.draft(client)
    path = f"/v1/jobs/{draft['job_id']}"

    assert world.api("DELETE", path).problem == (409, "job_in_use")
    world.ok("DELETE", f"/v1/invoices/{draft['id']}")
    assert world.api("DELETE", path, If_Match='"9"').problem == (412, "stale")
    assert world.ok("DELETE", path).status == 204

    assert world.api("GET", path).problem == (404, "not_found")
    assert world.api("GET", f"{path}/space").problem == (404, "not_found")
    assert world.api("DELETE", path).problem == (404, "not_found")
    assert world.ok("GET", "/v1/jobs")["data"] == []
    assert world.ok("DELETE", f"/v1/clients/{client['id']}").status == 204


def test_opening_a_job_twice_with_one_key_opens_one(world):
    body = {"client_id": world.client()["id"], "title": "Toit"}

    first, second = (world.ok("POST", "/v1/jobs", body, Idempotency_Key="once") for _ in range(2))

    assert first.body == second.body
    assert len(world.ok("GET", "/v1/jobs")["data"]) == 1
