"""Batches whose invoices are many contracts', or meet somebody who bills by hand."""

import pytest

from tests.flows.contracting import activated, collected, contract
from tests.flows.test_batches import invoices, issue, lines, planned, preview, run


def test_a_draft_of_several_contracts_claims_its_items_in_the_order_of_its_lines(world):
    client = world.client()
    for name in ("Zèle", "Accueil"):
        collected(world, activated(world, client, name=name))

    batch = run(world, planned(world))

    assert (batch["status"], len(lines(world, batch))) == ("drafted", 1)
    (draft,) = invoices(world, batch)
    assert issue(world, batch)["status"] == "issued"
    assert world.ok("GET", f"/v1/invoices/{draft['id']}")["net_total"] == "1000.00"


def test_a_contract_that_was_deleted_as_a_draft_leaves_sound_books(world):
    draft = contract(world, world.client())
    world.ok("DELETE", f"/v1/contracts/{draft['id']}")

    assert world.api("GET", f"/v1/contracts/{draft['id']}").status == 404


def rates(world, **changed):
    """The business's tax rates, some of them changed, or gone where it says None."""
    known = world.ok("GET", "/v1/business")["tax_rates"]
    kept = [rate for rate in known if changed.get(rate["code"], "") is not None]
    told = [{name: value for name, value in rate.items() if value is not None} for rate in kept]
    for rate in told:
        rate["rate_percent"] = changed.get(rate["code"], rate["rate_percent"])
    world.ok("PATCH", "/v1/business", {"tax_rates": told})


def test_an_invoice_that_would_come_to_something_else_than_planned_is_not_drafted(world):
    taxed, free = activated(world, world.client()), activated(world, world.client(name="B"), taxable=False)
    batch = planned(world)
    world.ok("POST", f"/v1/batches/{batch['id']}/run", {})
    rates(world, TPS="7")  # before the worker comes to it

    world.settle()

    told = {line["contracts"][0]: (line["outcome"], line["code"]) for line in lines(world, batch)}
    assert told == {taxed["id"]: ("failed", "plan_changed"), free["id"]: ("drafted", None)}
    assert [one["total"] for one in invoices(world, batch)] == ["500.00"]
    assert preview(world)["totals"][0]["total"] == "584.88"


@pytest.mark.row("A39")
def test_each_ticket_and_each_contract_is_a_line_of_its_own_though_another_bears_its_name(world):
    client = world.client()
    contracts = [activated(world, client, type="time", fees=[], billing_period=None) for _ in range(2)]
    for one, title in zip(contracts, ("Panne", "Panne"), strict=True):
        job = world.ok("POST", "/v1/jobs", {"client_id": client["id"], "title": title}).body
        collected(world, one, job_id=job["id"])
        visit = {"client_id": client["id"], "job_id": job["id"], "title": title, "starts_at": "2026-03-02T14:00:00Z"}
        for _ in range(2):
            collected(world, one, visit_id=world.ok("POST", "/v1/visits", visit)["id"])

    def drafted(grouping):
        batch = planned(world, group_by=grouping)
        run(world, batch, confirm=True)
        (draft,) = invoices(world, batch)
        said = [(line["description"], line["quantity"], line["group"]) for line in world.see(draft)["lines"]]
        world.ok("DELETE", f"/v1/batches/{batch['id']}/invoices/{draft['id']}")
        return said

    assert preview(world)["totals"][0]["unbilled_tickets"] == 6
    assert drafted("ticket") == [("Panne", "1", "Infogérance")] * 6
    assert drafted("contract") == [("Infogérance", "3", None)] * 2
