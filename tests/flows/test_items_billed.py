"""From items to a bill and back: claimed, taken off, issued, voided, billed again (H2, H7, H24, H33 to H39, H58 on)."""

import pytest

from tests.flows.counter import billed, catalogued, issued, published, seen, steps, voided, written


@pytest.fixture
def client(world):
    return catalogued(world)


def unbilled(world, client):
    return world.balance(client)["unbilled_total"]


@pytest.mark.row("H1", "H2", "H7", "H38", "H39")
def test_interventions_become_an_invoice_that_fills_itself_and_leave_the_balance_when_it_is_issued(world, client):
    first, second = published(world, client), published(world, client, catalog_code="SU", quantity="2")

    draft = billed(world, client, first, second)
    assert [(line["item_id"], line["description"], line["net"]) for line in draft["lines"]] == [
        (first["id"], "Première rencontre", "50.00"),
        (second["id"], "Suivi d'une heure", "170.00"),
    ]
    assert (draft["net_total"], unbilled(world, client)) == ("220.00", "220.00")
    assert [seen(world, item)["status"] for item in (first, second)] == ["published", "published"]
    assert seen(world, first)["billable_reason"] == f"It is on draft {draft['id']}."

    invoice = issued(world, draft)
    balance = world.balance(client)
    assert (balance["unbilled_total"], balance["amount_due"]) == ("0.00", invoice["amount_due"])
    assert [seen(world, item)["status"] for item in (first, second)] == ["invoiced", "invoiced"]
    assert seen(world, first)["billable_state"] == "on_invoice"


@pytest.mark.row("H23", "H53")
def test_an_item_is_paid_with_its_invoice(world, client):
    item = published(world, client)
    invoice = issued(world, billed(world, client, item))

    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": invoice["total"], "method": "cash"})

    assert seen(world, item)["status"] == "paid"


@pytest.mark.row("H33", "H34", "H35")
def test_free_lines_and_discounts_stand_beside_coded_ones(world, client):
    item = published(world, client)
    lines = [{"description": "Supplément", "unit_price": "20.00"}, {"description": "Rabais", "unit_price": "-10.00"}]

    draft = billed(world, client, item, lines=lines)

    assert [line["net"] for line in draft["lines"]] == ["50.00", "20.00", "-10.00"]
    issued(world, draft)
    assert unbilled(world, client) == "0.00"


def test_a_line_may_say_otherwise_than_its_item_and_the_whole_item_leaves_the_balance(world, client):
    item = published(world, client)
    lines = [{"item_id": item["id"], "unit_price": "40.00", "description": "Tarif d'ami"}]

    draft = world.ok("POST", "/v1/invoices", {"client_id": client["id"], "lines": lines}).body

    assert [(line["description"], line["net"]) for line in draft["lines"]] == [("Tarif d'ami", "40.00")]
    issued(world, draft)
    assert unbilled(world, client) == "0.00"


@pytest.mark.row("H24")
def test_what_is_taken_off_a_draft_stays_in_the_balance_and_can_be_billed_later(world, client):
    kept, taken_off = published(world, client), published(world, client, catalog_code="SU")
    draft = billed(world, client, kept, taken_off)

    edited = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [{"item_id": kept["id"]}]}).body

    assert [line["item_id"] for line in edited["lines"]] == [kept["id"]]
    assert (unbilled(world, client), seen(world, taken_off)["billable_state"]) == ("135.00", "ready")
    issued(world, edited)
    assert unbilled(world, client) == "85.00"
    issued(world, billed(world, client, taken_off))
    assert unbilled(world, client) == "0.00"
    assert steps(world, taken_off) == [
        "item.drafted",
        "item.published",
        "item.claimed",
        "item.released",
        "item.claimed",
    ]


@pytest.mark.row("H24")
def test_a_deleted_draft_gives_its_items_back(world, client):
    item = published(world, client)
    draft = billed(world, client, item)

    world.ok("DELETE", f"/v1/invoices/{draft['id']}")

    assert (seen(world, item)["billable_state"], seen(world, item)["invoice_id"]) == ("ready", None)
    assert unbilled(world, client) == "50.00"


@pytest.mark.row("H58", "H59", "H60")
def test_a_voided_invoice_gives_its_items_back_to_the_balance_to_be_billed_again(world, client):
    items = [published(world, client), published(world, client, catalog_code="SU")]
    invoice = issued(world, billed(world, client, *items))

    voided(world, invoice)

    balance = world.balance(client)
    assert (balance["unbilled_total"], balance["amount_due"]) == ("135.00", "0.00")
    assert [seen(world, item)["billable_state"] for item in items] == ["ready", "ready"]
    assert [line["item_id"] for line in world.see(invoice)["lines"]] == [item["id"] for item in items]
    again = issued(world, billed(world, client, *items))
    assert (again["number"], unbilled(world, client)) == ("00002", "0.00")


@pytest.mark.row("H61", "H31")
def test_what_came_back_can_be_edited_and_waived(world, client):
    item = published(world, client)
    voided(world, issued(world, billed(world, client, item)))

    world.ok("PATCH", f"/v1/items/{item['id']}", {"catalog_code": "SU"})
    assert unbilled(world, client) == "85.00"
    world.ok("POST", f"/v1/items/{item['id']}/waive", {})

    assert unbilled(world, client) == "0.00"


@pytest.mark.row("H5")
def test_every_step_of_billing_stays_in_the_clients_timeline_the_cancelled_invoice_included(world, client):
    item = published(world, client)
    invoice = issued(world, billed(world, client, item))
    voided(world, invoice)
    world.ok("POST", f"/v1/items/{item['id']}/waive", {})

    path, told = f"/v1/clients/{client['id']}/timeline?limit=4", []
    page = world.ok("GET", path)
    while True:
        told += [(event["type"], event["entity"]) for event in page["data"]]
        if page["next_cursor"] is None:
            break
        page = world.ok("GET", f"{path}&cursor={page['next_cursor']}")

    of_these = [type for type, entity in told if entity in {item["id"], invoice["id"]}]
    assert of_these[0] == "item.waived"
    assert set(of_these[1:3]) == {"invoice.voided", "item.released"}
    assert of_these[3] == "invoice.issued"
    assert set(of_these[4:6]) == {"invoice.drafted", "item.claimed"}
    assert of_these[6:] == ["item.published", "item.drafted"]
    assert told[-1] == ("client.added", client["id"])
    (waived,) = [one for one in world.ok("GET", path)["data"] if one["type"] == "item.waived"]
    assert (waived["amount"], waived["currency"]) == ("50.00", "CAD")


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        pytest.param({"all_due": True}, ["one", "two", "three"], id="all that is due, the earliest first"),
        pytest.param({"from": "2026-02-02"}, ["two", "three"], id="from a day on"),
        pytest.param({"to": "2026-02-01"}, ["one"], id="until a day"),
        pytest.param({"from": "2026-02-02", "to": "2026-02-02"}, ["two"], id="of a day"),
        pytest.param({"job_id": "{job}"}, ["three"], id="of a job"),
    ],
)
def test_items_are_chosen_by_what_they_have_in_common(world, client, wanted, chosen):
    job = world.ok("POST", "/v1/jobs", {"client_id": client["id"], "title": "Sous-sol"}).body
    for day, name, more in ((3, "three", {"job_id": job["id"]}), (1, "one", {}), (2, "two", {})):
        done = f"2026-02-0{day}T15:00:00Z"
        published(world, client, description=name, occurred_at=done, **more)
    written(world, client)
    wanted = {name: job["id"] if value == "{job}" else value for name, value in wanted.items()}

    draft = world.ok("POST", "/v1/invoices", {"client_id": client["id"], "items": wanted}).body

    assert [line["description"] for line in draft["lines"]] == chosen
    assert (draft["job_id"] == job["id"]) == ("job_id" in wanted)


def refusal(world, client, **body):
    """What is answered to a wish that bills nothing and writes nothing."""
    before = world.everything()
    refused = world.api("POST", "/v1/invoices", {"client_id": client["id"]} | body)
    assert world.everything() == before
    return refused.status, refused.problem_code if refused.status != 422 else refused["errors"][0]["code"]


@pytest.mark.row("H11")
def test_what_cannot_be_billed_is_refused_with_its_reason(world, client):
    draft, taken, gone = written(world, client), published(world, client), published(world, client)
    billed(world, client, taken)
    issued(world, billed(world, client, gone))
    foreign = published(world, world.client(name="Zoé"))
    twice = published(world, client)

    assert refusal(world, client, items=[draft["id"]]) == (409, "item_unpublished")
    assert refusal(world, client, items=[taken["id"]]) == (409, "item_claimed")
    assert refusal(world, client, items=[gone["id"]]) == (409, "item_invoiced")
    assert refusal(world, client, items=[foreign["id"]]) == (409, "item_of_another_client")
    assert refusal(world, client, items=["itm_none"]) == (404, "not_found")
    assert refusal(world, client, lines=[{"item_id": twice["id"]}] * 2) == (422, "item_twice")
    assert refusal(world, client, items=[twice["id"]], currency="EUR") == (409, "currency_mismatch")
    assert refusal(world, world.client(name="Ann"), items={"all_due": True}) == (409, "nothing_to_bill")
    assert refusal(world, client, items={"all_due": True, "job_id": "job_1"}) == (422, "one_of")
    assert refusal(world, client, items=[f"itm_{n}" for n in range(1_001)]) == (422, "too_many_items")


def test_a_quote_bills_no_item(world, client):
    item = published(world, client)

    refused = world.api("POST", "/v1/quotes", {"client_id": client["id"], "lines": [{"item_id": item["id"]}]})

    assert (refused.status, refused["errors"][0]["code"]) == (422, "not_an_invoice")


def test_a_claimed_item_is_waived_only_once_it_is_off_its_draft(world, client):
    item = published(world, client)
    billed(world, client, item)

    refused = world.api("POST", f"/v1/items/{item['id']}/waive", {})

    assert (refused.status, refused.problem_code) == (409, "item_claimed")


def test_as_many_items_as_one_transaction_takes_are_billed_and_come_back_in_one_go(world, client):
    items = [published(world, client) for _ in range(40)]

    invoice = issued(world, billed(world, client, *items))
    assert unbilled(world, client) == "0.00"
    voided(world, invoice)

    assert unbilled(world, client) == "2000.00"


def test_one_change_of_a_draft_moves_as_many_items_as_one_transaction_takes(world, client):
    first, second = ([published(world, client) for _ in range(21)] for _ in range(2))
    draft = billed(world, client, *first)

    refused = world.api("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [{"item_id": item["id"]} for item in second]})

    assert (refused.status, refused["errors"][0]["code"]) == (422, "too_many_items")
    assert [line["item_id"] for line in world.see(draft)["lines"]] == [item["id"] for item in first]


def test_a_preview_takes_what_a_line_leaves_out_from_its_item(world, client):
    item = published(world, client)

    worked_out = world.ok("POST", "/v1/invoices/preview", {"lines": [{"item_id": item["id"]}]})

    assert [(line["description"], line["net"]) for line in worked_out["lines"]] == [("Première rencontre", "50.00")]
    assert seen(world, item)["billable_state"] == "ready"


def test_an_items_taxes_follow_it_onto_its_draft(world, client):
    item = published(world, client, taxes=["TPS"])
    draft = billed(world, client, item)
    assert [tax["code"] for tax in draft["taxes"]] == ["TPS"]

    world.ok("PATCH", f"/v1/items/{item['id']}", {"taxes": ["TVQ"]})

    assert [(tax["code"], tax["amount"]) for tax in world.see(draft)["taxes"]] == [("TVQ", "4.99")]
