"""Batches whose invoices are many contracts', or meet somebody who bills by hand."""

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
