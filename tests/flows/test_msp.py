"""A managed-service provider's month: tickets worked on, contracts billed in a batch, the batch exported (Atera)."""

import pytest

from tests.flows.contracting import activated, collected, contract
from tests.flows.test_batches import invoices, issue, looked_up, planned, preview, run
from tests.flows.test_contracts import sweep
from tests.flows.test_contracts_counted import METER, timed, worked

TYPES = {
    "flat": {},
    "time": {"fees": [], "rates": [{"unit_price": "120.00"}]},
    "block_hours": {"included_hours": "10", "rates": [{"unit_price": "120.00"}]},
    "usage": {"fees": [], "meters": [METER]},
    "project": {
        "fees": [],
        "billing_period": None,
        "project": {"total": "900.00", "milestones": [{"label": "Livraison", "remainder": True}]},
    },
    "retainer": {"included_amount": "500.00", "rates": [{"unit_price": "120.00"}]},
}


@pytest.mark.row("A24")
@pytest.mark.parametrize("type", TYPES)
def test_there_is_a_contract_for_every_way_of_billing(world, type):
    agreed = activated(world, world.client(), type=type, **TYPES[type])

    assert (agreed["type"], agreed["status"]) == (type, "active")
    rows = preview(world, types=[type])["rows"]
    assert [row["contract_type"] for row in rows] == [type]


@pytest.mark.row("A5")
def test_batches_are_billed_in_the_currency_of_the_business_unless_a_contract_says_otherwise(world):
    client = world.client()
    activated(world, client)
    activated(world, client, currency="USD", taxable=False)

    totals = {one["currency"]: one["total"] for one in preview(world)["totals"]}
    assert totals == {"CAD": "574.88", "USD": "500.00"}
    batch = planned(world)
    assert batch["amounts"] == totals
    run(world, batch)
    assert sorted(one["currency"] for one in invoices(world, batch)) == ["CAD", "USD"]


@pytest.mark.row("A6")
def test_a_flexible_invoice_beside_the_batch_takes_items_of_no_contract(world):
    client = world.client()
    activated(world, client)
    item = world.ok("POST", "/v1/items", {"client_id": client["id"], "description": "Câble", "unit_price": "30"}).body
    world.ok("POST", f"/v1/items/{item['id']}/publish", {})

    draft = world.ok("POST", "/v1/invoices", {"client_id": client["id"], "items": [item["id"]]}).body

    assert (draft["net_total"], draft["batch_id"], draft["contract_id"]) == ("30.00", None, None)
    assert preview(world)["totals"][0]["billable_amount"] == "500.00"


@pytest.mark.row("A29", "A30", "A57")
def test_batches_are_listed_with_how_far_they_are(world):
    activated(world, world.client())
    first = planned(world, name="Mars")
    run(world, first)
    second = planned(world, name="Avril", contracts=[])

    listed = world.ok("GET", "/v1/batches")["data"]

    assert [(one["name"], one["status"]) for one in listed] == [("Avril", "planned"), ("Mars", "drafted")]
    assert [one["id"] for one in world.ok("GET", "/v1/batches?q=avr")["data"]] == [second["id"]]
    assert [one["id"] for one in world.ok("GET", "/v1/batches?status=drafted")["data"]] == [first["id"]]


@pytest.mark.row("A60", "A61", "A36", "A41", "A46")
def test_a_ticket_is_worked_on_resolved_billed_in_a_batch_and_exported(world):
    agreed = timed(world, billing_period={"months": 1}, time_rounding={"step_minutes": 15})
    wanted = {"client_id": agreed["client_id"], "starts_at": "2026-03-02T14:00:00Z", "title": "Imprimante"}
    ticket = world.ok("POST", "/v1/visits", wanted).body
    worked(world, agreed, 50, visit_id=ticket["id"])
    collected(world, agreed, kind="product", visit_id=ticket["id"], description="Toner", unit_price="89.00")
    collected(world, agreed, kind="expense", visit_id=ticket["id"], description="Stationnement", unit_price="11.00")
    world.ok("POST", f"/v1/visits/{ticket['id']}/complete", {})
    sweep(world, days=30)

    foreseen = preview(world, group_by="ticket")
    (totals,) = foreseen["totals"]
    assert (totals["unbilled_tickets"], totals["hours_worked"], totals["billable_amount"]) == (1, "1", "220.00")
    batch = planned(world, plan_hash=foreseen["plan_hash"])
    run(world, batch, plan_hash=foreseen["plan_hash"])
    issue(world, batch, send=True)
    export = world.ok("POST", f"/v1/batches/{batch['id']}/exports", {"format": "csv"}).body
    world.settle()

    (invoice,) = [world.see(one) for one in invoices(world, batch)]
    assert [(line["description"], line["net"]) for line in invoice["lines"]] == [("Imprimante", "220.00")]
    assert (invoice["status"], looked_up(world, batch)["status"]) == ("exported", "issued")
    assert world.ok("GET", f"/v1/exports/{export['id']}")["status"] == "ready"


@pytest.mark.row("A52")
def test_a_contract_that_is_a_draft_bills_nothing(world):
    draft = contract(world, world.client())

    assert preview(world)["rows"] == []
    refused = world.api("POST", f"/v1/contracts/{draft['id']}/invoices", {})
    assert refused.problem == (409, "contract_not_active")
