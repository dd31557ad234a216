"""Interventions, time and expenses: written, published into the client's balance, edited, waived (H7 to H32)."""

import pytest

from tests.flows.counter import billed, catalogued, issued, published, seen, steps, written


@pytest.fixture
def client(world):
    return catalogued(world)


@pytest.mark.row("H8", "H9", "H10")
def test_an_intervention_takes_its_words_and_its_price_from_its_code_and_begins_as_a_draft(world, client):
    item = written(world, client)

    assert (item["description"], item["unit_price"], item["kind"]) == ("Première rencontre", "50.00", "intervention")
    assert (item["status"], item["billable_state"], item["amount"]) == ("draft", "unpublished", "50.00")
    assert item["billable_reason"] == "It is a draft; publish it first."
    assert world.balance(client)["unbilled_total"] == "0.00"


@pytest.mark.row("H11")
def test_a_draft_cannot_be_billed(world, client):
    item = written(world, client)

    before = world.everything()
    refused = world.api("POST", "/v1/invoices", {"client_id": client["id"], "items": [item["id"]]})

    assert (refused.status, refused.problem_code) == (409, "item_unpublished")
    assert world.everything() == before


@pytest.mark.row("H12")
def test_before_publishing_it_is_said_by_how_much_the_balance_will_change(world, client):
    published(world, client, catalog_code="SU")
    item = written(world, client)

    before = world.everything()
    asked = world.ok("POST", f"/v1/items/{item['id']}/publish?dry_run=true", {})

    assert (asked["balance_change"], asked["unbilled_total"], asked["status"]) == ("50.00", "135.00", "draft")
    assert asked["message"] == "Publishing would change what is to be billed by 50.00 CAD, to 135.00 CAD."
    assert world.everything() == before


@pytest.mark.row("H12")
def test_a_dry_run_and_the_publishing_may_bear_one_key(world, client):
    item = written(world, client)

    world.ok("POST", f"/v1/items/{item['id']}/publish?dry_run=true", {}, Idempotency_Key="k")
    refused = world.api("POST", f"/v1/items/{item['id']}/publish", {}, Idempotency_Key="k")

    assert (refused.status, refused.problem_code) == (422, "idempotency_key_reused")
    assert seen(world, item)["status"] == "draft"


@pytest.mark.row("H13", "H14", "H15")
def test_publishing_changes_the_balance_by_the_price_and_makes_the_item_billable(world, client):
    item = published(world, client, quantity="2")

    assert (item["status"], item["billable_state"], item["balance_change"]) == ("published", "ready", "100.00")
    assert world.balance(client)["unbilled_total"] == "100.00"
    listed = world.ok("GET", f"/v1/items?client_id={client['id']}&status=published")["data"]
    assert [one["id"] for one in listed] == [item["id"]]
    assert steps(world, item) == ["item.drafted", "item.published"]


def test_what_is_published_is_published_once(world, client):
    item = published(world, client)

    refused = world.api("POST", f"/v1/items/{item['id']}/publish", {})

    assert (refused.status, refused.problem_code) == (409, "item_published")
    assert world.balance(client)["unbilled_total"] == "50.00"


@pytest.mark.row("H19", "H25", "H26")
def test_what_is_free_leaves_the_balance_for_good(world, client):
    item = published(world, client)

    waived = world.ok("POST", f"/v1/items/{item['id']}/waive", {})

    assert (waived["status"], waived["billable_state"]) == ("waived", "waived")
    assert world.balance(client)["unbilled_total"] == "0.00"
    for method, path, body in (
        ("POST", "/publish", {}),
        ("POST", "/waive", {}),
        ("PATCH", "", {"notes": "Merci"}),
        ("DELETE", "", None),
    ):
        refused = world.api(method, f"/v1/items/{item['id']}{path}", body)
        assert refused.status == 409, (method, path)
    refused = world.api("POST", "/v1/invoices", {"client_id": client["id"], "items": [item["id"]]})
    assert (refused.status, refused.problem_code) == (409, "item_waived")
    assert steps(world, item) == ["item.drafted", "item.published", "item.waived"]


@pytest.mark.row("H27", "H28", "H29", "H30", "H32")
def test_an_unbilled_intervention_is_edited_and_the_balance_follows_its_code(world, client):
    item = published(world, client)

    change = {
        "catalog_code": "SU",
        "occurred_at": "2026-02-27T15:00:00Z",
        "visibility": "internal",
        "notes": "Revoir dans un mois",
        "professional_notes": "Genou gauche",
    }
    edited = world.ok("PATCH", f"/v1/items/{item['id']}", change).body

    assert {name: edited[name] for name in change} == change
    assert (edited["description"], edited["unit_price"]) == ("Suivi d'une heure", "85.00")
    assert world.balance(client)["unbilled_total"] == "85.00"


@pytest.mark.row("H31")
def test_what_is_billed_is_edited_no_more(world, client):
    item = published(world, client)
    issued(world, billed(world, client, item))

    before = world.everything()
    for method, path, body in (("PATCH", "", {"notes": "x"}), ("POST", "/waive", {})):
        refused = world.api(method, f"/v1/items/{item['id']}{path}", body)
        assert (refused.status, refused.problem_code) == (409, "item_invoiced"), method
    assert world.everything() == before


@pytest.mark.row("H27")
def test_a_draft_invoice_follows_the_item_it_bills_but_keeps_what_was_written_by_hand(world, client):
    item, other = published(world, client), published(world, client)
    lines = [{"item_id": item["id"]}, {"item_id": other["id"], "description": "Rencontre offerte"}]
    draft = world.ok("POST", "/v1/invoices", {"client_id": client["id"], "lines": lines}).body

    for one in (item, other):
        world.ok("PATCH", f"/v1/items/{one['id']}", {"catalog_code": "SU"})

    said = [(line["description"], line["net"]) for line in world.see(draft)["lines"]]
    assert said == [("Suivi d'une heure", "85.00"), ("Rencontre offerte", "85.00")]
    issued(world, draft)
    assert world.balance(client)["unbilled_total"] == "0.00"


def test_a_draft_is_deleted_and_a_published_item_is_not(world, client):
    draft, kept = written(world, client), published(world, client)

    assert world.api("DELETE", f"/v1/items/{draft['id']}").status == 204
    refused = world.api("DELETE", f"/v1/items/{kept['id']}")

    assert (refused.status, refused.problem_code) == (409, "item_published")
    assert world.api("GET", f"/v1/items/{draft['id']}").status == 404
    assert steps(world, draft) == ["item.drafted", "item.removed"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("status=draft", ["three"], id="by its own state"),
        pytest.param("status=invoiced", ["one"], id="by its invoice's"),
        pytest.param("status=published", ["two"], id="published and on no issued invoice"),
        pytest.param("q=tw", ["two"], id="by its words"),
        pytest.param("from=2026-02-02&to=2026-02-02", ["two"], id="by the day it was done"),
    ],
)
def test_items_are_found(world, client, asked, found):
    one = published(world, client, description="one", occurred_at="2026-02-01T15:00:00Z")
    published(world, client, description="two", occurred_at="2026-02-02T15:00:00Z")
    written(world, client, description="three", occurred_at="2026-02-03T15:00:00Z")
    issued(world, billed(world, client, one))

    assert [item["description"] for item in world.ok("GET", f"/v1/items?{asked}")["data"]] == found


def test_an_item_needs_a_price_and_an_existing_code_and_tax(world, client):
    for body, code in (
        ({"description": "Rencontre"}, "missing"),
        ({"catalog_code": "XX"}, "unknown_catalog_code"),
        ({"catalog_code": "PR", "taxes": ["NO"]}, "unknown_tax"),
    ):
        refused = world.api("POST", "/v1/items", {"client_id": client["id"]} | body)
        assert (refused.status, refused["errors"][0]["code"]) == (422, code)


@pytest.mark.row("P40")
def test_a_technician_works_on_items_but_not_on_those_of_anothers_visit(world, client):
    technician = world.ok("POST", "/v1/keys", {"name": "Luc", "role": "technician"})
    wish = {"client_id": client["id"], "starts_at": "2026-03-03T14:00:00Z"}
    own = world.ok("POST", "/v1/visits", wish | {"technician_id": technician["id"]}).body
    foreign = world.ok("POST", "/v1/visits", wish).body
    hidden = published(world, client, visit_id=foreign["id"])

    def ask(method, path, body=None):
        return world.api(method, path, body, key=technician["secret"])

    done = {"client_id": client["id"], "catalog_code": "PR"}
    item = ask("POST", "/v1/items", done | {"visit_id": own["id"]})
    assert (item.status, item["job_id"]) == (201, own["job_id"])
    assert ask("POST", f"/v1/items/{item['id']}/publish", {}).status == 200
    assert ask("POST", "/v1/items", done | {"visit_id": foreign["id"]}).status == 404
    assert [one["id"] for one in ask("GET", "/v1/items")["data"]] == [item["id"]]
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/timeline", None),
        ("PATCH", "", {"notes": "x"}),
        ("DELETE", "", None),
        ("POST", "/publish", {}),
        ("POST", "/waive", {}),
    ):
        assert ask(method, f"/v1/items/{hidden['id']}{path}", body).status == 404, (method, path)


def test_an_item_is_filed_with_its_visit_and_only_to_its_own_clients_work(world, client):
    other = world.client(name="Zoé")
    visit = world.ok("POST", "/v1/visits", {"client_id": other["id"], "starts_at": "2026-03-03T14:00:00Z"}).body

    for field, id in (("visit_id", visit["id"]), ("job_id", visit["job_id"])):
        refused = world.api("POST", "/v1/items", {"client_id": client["id"], "catalog_code": "PR", field: id})
        assert refused.status == 422, field
    assert written(world, other, visit_id=visit["id"])["job_id"] == visit["job_id"]
