"""Batches whose invoices are many contracts', or meet somebody who bills by hand."""

from tests.flows.contracting import activated, collected, contract
from tests.flows.test_batches import invoices, issue, lines, planned, run


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
