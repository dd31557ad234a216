"""Contracts that are taxable or not: by whatever way what collected on them is billed."""

import pytest

from tests.flows.contracting import activated, bill, collected
from tests.flows.test_contracts import sweep
from tests.flows.test_contracts_counted import timed, worked


@pytest.mark.row("A17")
def test_tax_is_added_to_contracts_that_are_taxable_only(world):
    client = world.client()
    taxed, free = activated(world, client), activated(world, client, taxable=False)
    collected(world, free, occurred_at="2026-03-01T12:00:00Z")
    world.ok("POST", f"/v1/contracts/{free['id']}/close-period", {})

    assert bill(world, taxed)["tax_total"] == "74.88"
    assert (bill(world, free).body["net_total"], bill(world, free).status) == ("600.00", 409)


@pytest.mark.row("A17")
def test_an_invoice_by_hand_taxes_what_collected_on_a_contract_as_the_contract_says(world):
    free = activated(world, world.client(), taxable=False, fees=[], billing_period=None)
    federal = activated(world, {"id": free["client_id"]}, taxes=["TPS"], fees=[], billing_period=None)
    items = [collected(world, one)["id"] for one in (free, federal)]

    wanted = {"client_id": free["client_id"], "items": items}
    draft = world.ok("POST", "/v1/invoices", wanted)
    seen = world.ok("POST", "/v1/invoices/preview", {"lines": [{"item_id": id} for id in items]})

    assert [draft["tax_total"], seen["tax_total"]] == ["5.00", "5.00"]
    for id in items:
        world.ok("PATCH", f"/v1/items/{id}", {"taxes": ["TVQ"]})
    assert world.see(draft)["tax_total"] == "9.98"


def test_hours_that_are_included_bear_the_taxes_with_which_they_are_taken_off(world):
    agreed = timed(world, type="block_hours", included_hours="1")
    item = worked(world, agreed, 60, taxes=["TPS", "TVQ"])

    wanted = {"client_id": agreed["client_id"], "contract_id": agreed["id"], "description": "x", "minutes": "60"}
    other = world.ok("POST", "/v1/items", wanted | {"taxes": []}).body
    assert world.api("POST", f"/v1/items/{other['id']}/publish", {}).problem == (409, "taxes_differ")
    assert world.api("PATCH", f"/v1/items/{item['id']}", {"taxes": ["TPS"]}).problem == (409, "taxes_differ")
    sweep(world, days=30)

    draft = bill(world, agreed)
    assert (draft["net_total"], draft["tax_total"]) == ("0.00", "0.00")
