"""A client's account by stage: not billed yet, billed and unpaid, billed and paid, overdue (H17 to H23)."""

import pytest

from tests.flows.counter import billed, catalogued, issued, published, written


@pytest.fixture
def client(world):
    return catalogued(world)


@pytest.mark.row("H17", "H18", "H22", "H23")
def test_the_account_shows_every_item_and_invoice_at_its_stage(world, client):
    free, claimed, late = (published(world, client) for _ in range(3))
    settled = published(world, client, catalog_code="SU")
    written(world, client)
    draft = billed(world, client, claimed)
    unpaid = issued(world, billed(world, client, late))
    paid = issued(world, billed(world, client, settled))
    world.ok("POST", f"/v1/invoices/{paid['id']}/payments", {"amount": paid["total"], "method": "cash"})

    balance = world.balance(client)

    assert {item["id"]: item["billable_state"] for item in balance["unbilled"]} == {
        free["id"]: "ready",
        claimed["id"]: "on_invoice",
    }
    assert (balance["unbilled_total"], balance["amount_due"]) == ("100.00", unpaid["amount_due"])
    assert [one["id"] for one in balance["billed_unpaid"]] == [unpaid["id"]]
    assert [one["id"] for one in balance["paid"]] == [paid["id"]]
    assert (balance["overdue_total"], balance["credit_total"], balance["currency"]) == ("0.00", "0.00", "CAD")
    assert draft["id"] not in {one["id"] for one in balance["billed_unpaid"]}
    for link in balance["links"].values():
        world.ok("GET", link)


@pytest.mark.row("H17")
def test_what_is_overdue_is_what_should_have_been_paid_before_today(world, client):
    halves = [
        {"label": "Un", "percent": "50", "due": {"on": "2026-03-01"}},
        {"label": "Deux", "remainder": True, "due": {"on": "2026-04-01"}},
    ]
    in_parts = issued(world, world.draft(client, schedule=halves))
    issued(world, world.draft(client, due_date="2026-03-02"))
    issued(world, world.draft(client, due_date="2026-03-01", lines=[{"description": "x", "unit_price": "10.00"}]))

    assert world.balance(client)["overdue_total"] == "586.38"  # 574.88 of the first, 11.50 of the last

    world.ok("POST", f"/v1/invoices/{in_parts['id']}/payments", {"amount": "574.88", "method": "cash"})
    assert world.balance(client)["overdue_total"] == "11.50"


@pytest.mark.row("H20")
def test_a_balance_is_there_as_soon_as_there_is_something_to_bill(world, client):
    assert world.balance(client)["unbilled"] == []

    published(world, client)

    assert [item["status"] for item in world.balance(client)["unbilled"]] == ["published"]


@pytest.mark.row("H16", "H21", "H37")
def test_the_client_sees_what_is_not_billed_and_pays_nothing_before_it_is(world, client):
    item = published(world, client)
    published(world, client, catalog_code="SU", visibility="internal", professional_notes="Genou gauche")
    link = world.ok("POST", f"/v1/clients/{client['id']}/portal-link", {})["url"]
    draft = billed(world, client, item)

    home = world.portal(link)
    home.visit("/portal")
    assert "Pas encore facturé" in home.page
    assert "50,00" in home.page
    assert "Rien à payer avant la facture" in home.page
    assert "85,00" not in home.page
    assert "Genou gauche" not in home.page
    assert draft["id"] not in home.page
    assert world.api("POST", f"/v1/invoices/{draft['id']}/payment-link", {}).status == 409

    invoice = issued(world, draft)
    home.visit("/portal")
    assert "Pas encore facturé" not in home.page
    assert f"Facture {invoice['number']}" in home.page


def test_an_account_asks_aws_as_often_however_long_its_history_is(world, client):
    calls = [world.faults.watch("dynamodb", call) for call in ("GetItem", "BatchGetItem", "Query")]

    def asked():
        before = sum(map(len, calls))
        world.balance(client)
        return sum(map(len, calls)) - before

    few = asked()
    for _ in range(6):
        billed(world, client, published(world, client))
        issued(world, billed(world, client, published(world, client)))

    assert asked() == few + 1  # the items on drafts
