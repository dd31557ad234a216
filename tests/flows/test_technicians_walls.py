"""What a technician does not learn of the visits of others, whichever way he asks (decision 11)."""

import pytest

from tests.flows.counter import written
from tests.flows.visiting import hired, published, space, visit


@pytest.fixture
def field(world):
    """Luc's key, a client, a visit of his and one of nobody's with an item on it that he must not know."""
    luc, key = hired(world)
    client = world.client()
    mine, other = visit(world, client, technician_id=luc), visit(world, client)
    own = published(world, client, mine)
    secret = published(world, client, other, description="Secret", professional_notes="Genou gauche")
    return key, client, {"mine": mine, "other": other}, {"own": own, "secret": secret}


@pytest.mark.row("P40", "H22")
def test_a_clients_account_shows_a_technician_no_item_of_anothers_visit(world, field):
    key, client, _, items = field

    seen = world.ok("GET", f"/v1/clients/{client['id']}/balance", key=key)

    assert [item["id"] for item in seen["unbilled"]] == [items["own"]["id"]]
    assert seen["unbilled_total"] == "100.00"
    assert len(world.balance(client)["unbilled"]) == 2


@pytest.mark.row("P40", "H5")
def test_a_clients_timeline_tells_a_technician_nothing_of_anothers_visit(world, field):
    key, client, visits, items = field
    gone = written(world, client, visit_id=visits["other"]["id"], catalog_code=None, description="x", unit_price="1")
    world.ok("DELETE", f"/v1/items/{gone['id']}")

    told = world.ok("GET", f"/v1/clients/{client['id']}/timeline?limit=100", key=key)["data"]

    assert {event["entity"] for event in told if event["entity"][:3] in {"vis", "itm"}} == {
        visits["mine"]["id"],
        items["own"]["id"],
    }
    assert world.api("GET", f"/v1/items/{gone['id']}/timeline", key=key).problem == (404, "not_found")
    whole = world.ok("GET", f"/v1/clients/{client['id']}/timeline?limit=100")["data"]
    assert {visits["other"]["id"], items["secret"]["id"], gone["id"]} <= {event["entity"] for event in whole}


@pytest.mark.row("P6", "P40")
def test_a_jobs_space_shows_a_technician_no_item_of_anothers_visit(world, field):
    key, client, visits, items = field
    both = visits["mine"]["job_id"]
    second = visit(world, client, job_id=both)
    hidden = published(world, client, second)

    assert [item["id"] for item in space(world, both, key=key)["items"]] == [items["own"]["id"]]
    assert {item["id"] for item in space(world, both)["items"]} == {items["own"]["id"], hidden["id"]}


@pytest.mark.row("P40", "P41")
def test_a_technician_bills_and_previews_no_item_of_anothers_visit(world, field):
    key, _, visits, items = field
    lines = [{"item_id": items["secret"]["id"]}]
    before = world.everything()

    for path in (f"/v1/visits/{visits['mine']['id']}/invoices", "/v1/invoices/preview"):
        assert world.api("POST", path, {"lines": lines}, key=key).problem == (404, "not_found"), path
    assert world.everything() == before
    assert world.ok("POST", "/v1/invoices/preview", {"lines": [{"item_id": items["own"]["id"]}]}, key=key)["total"]


@pytest.mark.row("P40", "P32")
def test_a_technician_files_nothing_to_a_job_that_is_not_there_for_him(world, field):
    key, client, visits, items = field
    foreign = visits["other"]["job_id"]
    before = world.everything()

    new = {"client_id": client["id"], "description": "x", "unit_price": "1.00", "job_id": foreign}
    assert world.api("POST", "/v1/items", new, key=key).problem == (404, "not_found")
    moved = world.api("PATCH", f"/v1/items/{items['own']['id']}", {"job_id": foreign}, key=key)
    assert moved.problem == (404, "not_found")
    assert world.everything() == before
    assert world.api("POST", "/v1/items", new | {"job_id": visits["mine"]["job_id"]}, key=key).status == 201
