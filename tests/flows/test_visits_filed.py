"""Visits in the folder of their job, together with the invoice that is made of them."""

import pytest

from tests.flows.visiting import LINES, bill, held, see, story, visit


@pytest.mark.row("P50")
def test_a_visit_that_opened_a_job_is_filed_to_the_one_it_belongs_to(world):
    client = world.client()
    invoice, planned = world.invoice(client), visit(world, client)
    path, there = f"/v1/visits/{planned['id']}", {"job_id": invoice["job_id"]}
    world.ok("POST", f"{path}/complete", {})

    assert world.ok("PATCH", path, there, If_Match='"2"')["job_id"] == invoice["job_id"]

    assert held(world, invoice["job_id"]) == {"visits": [planned["id"]], "invoices": [invoice["id"]]}
    assert held(world, planned["job_id"]) == {}
    assert [row["id"] for row in world.ok("GET", f"/v1/visits?job_id={invoice['job_id']}")["data"]] == [planned["id"]]
    elsewhere = world.draft(world.client(name="Jean Roy"))["job_id"]
    before = world.everything()
    for job_id, problem in (
        (elsewhere, (422, "foreign_job")),
        ("job_unknown", (404, "not_found")),
        (None, (422, "missing")),
    ):
        assert world.api("PATCH", path, {"job_id": job_id}).problem == problem
    assert world.everything() == before


@pytest.mark.row("P32", "P50")
def test_a_visit_is_not_parted_from_its_invoice(world):
    client = world.client()
    job_id, planned = world.draft(client)["job_id"], visit(world, client)
    billed = bill(world, planned, lines=LINES).body

    refused = world.api("PATCH", f"/v1/visits/{planned['id']}", {"job_id": job_id})

    assert refused.problem == (409, "visit_invoiced")
    assert refused["detail"] == (f"You cannot move visit {planned['id']} because it has invoice {billed['id']}.")
    assert held(world, planned["job_id"]) == {"visits": [planned["id"]], "invoices": [billed["id"]]}


@pytest.mark.row("P40")
def test_a_visit_forgets_a_draft_that_is_deleted_and_names_one_that_is_void(world):
    client = world.client()
    planned, other = visit(world, client), visit(world, client)
    draft, issued = bill(world, planned, lines=LINES).body, bill(world, other, lines=LINES, send=True).body

    world.ok("DELETE", f"/v1/invoices/{draft['id']}")
    world.ok("POST", f"/v1/invoices/{issued['id']}/void", {})

    assert (see(world, planned)["invoice_id"], see(world, other)["invoice_id"]) == (None, issued["id"])
    assert story(world, planned) == ["visit.planned", "visit.invoiced", "visit.changed"]
    assert world.ok("DELETE", f"/v1/visits/{planned['id']}").status == 204


@pytest.mark.row("P32", "P40")
def test_the_invoice_of_a_visit_stays_in_the_visits_job(world):
    client = world.client()
    elsewhere, planned = world.draft(client)["job_id"], visit(world, client)
    draft = bill(world, planned, lines=LINES).body
    before = world.everything()

    refused = world.api("PATCH", f"/v1/invoices/{draft['id']}", {"job_id": elsewhere})

    assert refused.problem == (409, "invoice_attached")
    assert world.everything() == before
