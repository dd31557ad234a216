"""Corners of the work at clients, and of its bills: nothing half done, no other client's, no total below zero."""

import pytest

from tests.flows import counter
from tests.flows.counter import billed, catalogued, seen, written
from tests.flows.visiting import LINES, attach, bill, published, see, visit

UNREGISTERED = {
    "tax_registrations": [],
    "tax_rates": [{"code": "TPS", "name": "TPS", "rate_percent": "5"}],
    "tax_groups": [],
}


@pytest.mark.row("P41", "H44")
def test_an_invoice_that_may_not_be_issued_is_not_made_of_a_visit_either(world):
    world.ok("PATCH", "/v1/business", UNREGISTERED)
    planned = visit(world, world.client())
    before = world.everything()

    assert bill(world, planned, lines=LINES, send=True).problem == (409, "tax_unregistered")
    assert world.everything() == before
    assert bill(world, planned, lines=LINES).status == 201


@pytest.mark.row("P42")
def test_a_draft_that_cannot_be_issued_is_not_attached_to_be_sent(world):
    client = world.client()
    planned, empty = visit(world, client), world.draft(client, lines=[])
    before = world.everything()

    assert attach(world, planned, empty, send=True).problem == (409, "invoice_empty")
    assert world.everything() == before
    assert attach(world, planned, empty).status == 200


@pytest.mark.row("P42")
def test_a_visit_is_cancelled_with_its_last_words(world):
    planned = visit(world, world.client())
    path = f"/v1/visits/{planned['id']}"

    world.ok("PATCH", path, {"status": "cancelled", "title": "Reporté"})

    assert (see(world, planned)["status"], see(world, planned)["title"]) == ("cancelled", "Reporté")
    assert world.api("PATCH", path, {"title": "x"}).problem == (409, "visit_over")


@pytest.mark.row("H24", "H27", "H35")
def test_an_item_is_not_made_so_cheap_that_its_draft_comes_to_less_than_nothing(world):
    client = catalogued(world)
    item = counter.published(world, client)
    draft = billed(world, client, item, lines=[{"description": "Rabais", "unit_price": "-40"}])
    before = world.everything()

    refused = world.api("PATCH", f"/v1/items/{item['id']}", {"unit_price": "10"})

    assert refused.problem == (409, "negative_total")
    assert draft["id"] in refused["detail"]
    assert world.everything() == before
    world.ok("PATCH", f"/v1/items/{item['id']}", {"unit_price": "40"})
    assert world.see(draft)["total"] == "0.00"


def test_an_item_whose_draft_has_instalments_beyond_its_new_total_says_which_draft(world):
    client = catalogued(world)
    item = counter.published(world, client)
    draft = billed(world, client, item, schedule=[{"amount": "40"}, {"remainder": True}])

    refused = world.api("PATCH", f"/v1/items/{item['id']}", {"unit_price": "10"})

    assert refused.problem == (409, "over_total")
    assert draft["id"] in refused["detail"]


@pytest.mark.row("P32", "P50")
def test_an_item_that_moves_to_another_visit_moves_to_its_job(world):
    client = catalogued(world)
    first, second = visit(world, client), visit(world, client)
    other = world.ok("POST", "/v1/jobs", {"client_id": client["id"]})["id"]
    item = written(world, client, visit_id=first["id"])
    path = f"/v1/items/{item['id']}"

    assert world.ok("PATCH", path, {"visit_id": second["id"]})["job_id"] == second["job_id"]
    assert world.ok("PATCH", path, {"visit_id": first["id"], "job_id": other})["job_id"] == other


@pytest.mark.row("H7")
def test_items_of_another_client_are_named_as_such(world):
    marie, jean = catalogued(world), world.client(name="Jean Roy")
    job = world.ok("POST", "/v1/jobs", {"client_id": jean["id"]})
    item = counter.published(world, jean, job_id=job["id"])
    before = world.everything()

    answer = world.api("POST", "/v1/invoices", {"client_id": marie["id"], "items": [item["id"]]})

    assert answer.problem == (409, "item_of_another_client")
    assert world.everything() == before


@pytest.mark.row("H7", "P40")
def test_all_that_is_due_is_what_is_due_in_the_invoices_currency(world):
    client = catalogued(world)
    planned = visit(world, client)
    old = published(world, client, planned)
    world.ok("PATCH", "/v1/business", {"currency": "EUR"})
    new = published(world, client, planned)

    made = bill(world, planned, lines=LINES)
    assert ([line["item_id"] for line in made["lines"]], made["currency"]) == ([new["id"], None], "EUR")
    wanted = {"client_id": client["id"], "items": {"all_due": True}, "currency": "CAD"}
    assert [line["item_id"] for line in world.ok("POST", "/v1/invoices", wanted)["lines"]] == [old["id"]]
    assert {seen(world, item)["billable_state"] for item in (old, new)} == {"on_invoice"}
