"""A practice bills what was done: its first settings, every documented action, and what our words for it mean."""

import json

import pytest

from tests.flows import till
from tests.flows.counter import PR, billed, catalogued, issued, published, seen, voided, written
from tests.flows.desk import pay_online
from tests.flows.test_sections import paper

TVA = {"code": "TVA", "name": "TVA", "rate_percent": "20", "registration_number": "FR32123456789"}


@pytest.fixture
def client(world):
    return catalogued(world)


@pytest.mark.row("H3")
def test_a_new_practice_sets_its_codes_and_its_taxes_and_can_bill(world):
    world.business(tax_rates=(), stripe_account=None)
    client = world.client()
    refused = world.api("POST", "/v1/items", {"client_id": client["id"], "catalog_code": "PR"})
    assert refused.problem == (422, "unknown_catalog_code")

    world.ok("POST", "/v1/catalog", PR)
    world.ok("PATCH", "/v1/business/tax-rates", {"tax_rates": [TVA]})
    world.ok("PATCH", "/v1/business", {"invoice_defaults": {"terms": "Net 15 jours", "due_days": 15}})

    invoice = issued(world, billed(world, client, published(world, client)))
    assert (invoice["number"], invoice["total"], invoice["due_date"]) == ("00001", "60.00", "2026-03-17")
    assert "Net 15 jours" in paper(world, invoice)


@pytest.mark.row("H4", "H6")
def test_what_was_done_goes_through_every_step_of_billing(world, client):
    first, second = published(world, client), published(world, client, catalog_code="SU")
    food = {"description": "Supplément", "unit_price": "20.00", "taxes": []}
    draft = billed(world, client, first, second, lines=[food], template="modern", language="en")
    assert (draft["net_total"], draft["tax_total"], draft["total"]) == ("155.00", "20.22", "175.22")

    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()
    assert (world.mails[-1].to, draft["total"] in world.mails[-1].text) == ("marie@example.com", True)
    world.ok("POST", f"/v1/invoices/{draft['id']}/remind", {})
    world.settle()
    assert world.mails[-1].subject == "Reminder: invoice 00001 from Plomberie Tremblay"

    voided(world, draft)
    assert world.balance(client)["unbilled_total"] == "135.00"
    world.ok("POST", f"/v1/items/{second['id']}/waive", {})
    again = billed(world, client, first)
    world.ok("POST", f"/v1/invoices/{again['id']}/send", {})
    world.settle()
    pay_online(world)

    assert world.see(again)["status"] == "paid"
    assert [seen(world, item)["status"] for item in (first, second)] == ["paid", "waived"]
    balance = world.balance(client)
    assert (balance["unbilled_total"], balance["amount_due"]) == ("0.00", "0.00")
    assert [one["id"] for one in balance["paid"]] == [again["id"]]


@pytest.mark.row("G1")
def test_what_is_not_billed_is_told_and_only_what_is_issued_is_due(world, client):
    item = published(world, client)
    figures = []

    def tell():
        balance = world.balance(client)
        figures.append((balance["unbilled_total"], balance["amount_due"]))

    tell()
    draft = billed(world, client, item)
    tell()
    issued(world, draft)
    tell()

    assert figures == [("50.00", "0.00"), ("50.00", "0.00"), ("0.00", "57.49")]


@pytest.mark.row("G2")
def test_no_figure_of_the_api_is_called_balance(world):
    document = json.loads(world.ok("GET", "/openapi.json").text)
    names = {name for shape in document["components"]["schemas"].values() for name in shape.get("properties", {})}

    assert {"unbilled_total", "amount_due", "credit_total", "overdue_total"} <= names
    assert "balance" not in names
    assert {name for name in names if "balance" in name} == {
        *("balance_change", "opening_balance", "running_balance", "closing_balance"),
        *("total_balance", "selected_balance", "ready_balance", "min_balance", "max_balance"),  # A10, A11, A28
    }


@pytest.mark.row("G3", "H25", "H26")
def test_what_is_free_is_gone_from_the_account_and_the_journal_keeps_who_when_and_the_price(world, client):
    item, kept = published(world, client), published(world, client, catalog_code="SU")
    key = world.ok("POST", "/v1/keys", {"name": "Ana", "role": "manager"})
    page = world.portal(world.ok("POST", f"/v1/clients/{client['id']}/portal-link", {})["url"])

    waived = world.ok("POST", f"/v1/items/{item['id']}/waive", {}, key=key["secret"])

    assert [one["id"] for one in world.balance(client)["unbilled"]] == [kept["id"]]
    assert world.ok("GET", f"/v1/items?client_id={client['id']}&status=published")["data"][0]["id"] == kept["id"]
    page.visit("/portal")
    assert "Première rencontre" not in page.page
    assert "85,00" in page.page
    told = world.ok("GET", f"/v1/items/{item['id']}/timeline")["data"][-1]
    assert (told["type"], told["actor"], told["amount"]) == ("item.waived", key["id"], "50.00")
    assert told["at"] == waived["waived_at"]


@pytest.mark.row("G4")
def test_every_item_says_whether_it_can_be_billed_and_what_stands_in_the_way(world, client):
    draft, ready, claimed, free, contested = written(world, client), *(published(world, client) for _ in range(4))
    holder = billed(world, client, claimed)
    world.ok("POST", f"/v1/items/{free['id']}/waive", {})
    invoice = billed(world, client, contested)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/issue", {})
    payment = till.pay(world, invoice)
    till.arrived(world)
    world.stripe.control.dispute({"payment_intent": payment})
    till.arrived(world)

    said = {one["id"]: (one["billable_state"], one["billable_reason"]) for one in world.ok("GET", "/v1/items")["data"]}
    assert said == {
        draft["id"]: ("unpublished", "It is a draft; publish it first."),
        ready["id"]: ("ready", "It can be billed."),
        claimed["id"]: ("on_invoice", f"It is on draft {holder['id']}."),
        free["id"]: ("waived", "It was waived for good."),
        contested["id"]: ("disputed", "It is on invoice 00001, whose payment is in dispute."),
    }


@pytest.mark.row("H20")
def test_the_bar_turns_with_the_first_item_to_be_billed_and_back_with_the_last(world, client):
    all_due = {"client_id": client["id"], "items": {"all_due": True}}
    told = [world.balance(client)["unbilled_total"]]
    for step in (
        lambda: written(world, client),
        lambda: published(world, client),
        lambda: issued(world, world.ok("POST", "/v1/invoices", all_due)),
    ):
        step()
        told.append(world.balance(client)["unbilled_total"])

    assert told == ["0.00", "0.00", "50.00", "0.00"]


@pytest.mark.row("H29", "H30")
def test_what_is_made_internal_leaves_the_portal_and_notes_of_the_trade_are_never_told(world, client):
    item = published(world, client, notes="Bonne séance", professional_notes="Genou gauche")
    page = world.portal(world.ok("POST", f"/v1/clients/{client['id']}/portal-link", {})["url"])
    page.visit("/portal")
    assert ("50,00" in page.page, "Bonne séance" in page.page) == (True, True)

    world.ok("PATCH", f"/v1/items/{item['id']}", {"visibility": "internal"})
    page.visit("/portal")
    assert ("50,00" in page.page, "Bonne séance" in page.page) == (False, False)

    draft = billed(world, client, item)
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()
    page.visit(f"/portal/invoices/{draft['id']}")
    for told in (page.page, paper(world, draft), world.mails[-1].text, json.dumps(world.see(draft))):
        assert "Genou gauche" not in told


@pytest.mark.row("H32")
def test_of_two_edit_windows_the_second_learns_that_it_is_stale(world, client):
    item = published(world, client)
    window = world.ok("GET", f"/v1/items/{item['id']}").headers["etag"]
    path = f"/v1/items/{item['id']}"

    world.ok("PATCH", path, {"catalog_code": "SU"}, If_Match=window)
    for method, where, body in (("PATCH", path, {"notes": "x"}), ("POST", f"{path}/waive", {}), ("DELETE", path, None)):
        assert world.api(method, where, body, If_Match=window).problem == (412, "stale"), method

    assert (seen(world, item)["notes"], world.balance(client)["unbilled_total"]) == (None, "85.00")
