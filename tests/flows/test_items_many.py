"""Time sheets: more items on one invoice than one transaction moves, whoever is quicker and whatever crashes."""

import pytest

from chalicelib.usecases import claiming
from tests.flows.counter import billed, catalogued, issued, published, seen, voided
from tests.flows.desk import at_once

ALL_DUE = {"items": {"all_due": True}}
KEY = {"Idempotency_Key": "time sheet"}


@pytest.fixture
def client(world):
    return catalogued(world)


@pytest.fixture
def two_at_once(monkeypatch):
    monkeypatch.setattr(claiming, "AT_ONCE", 2)


def unbilled(world, client):
    return world.balance(client)["unbilled_total"]


def listed(world, client, status):
    first = f"/v1/items?client_id={client['id']}&status={status}&limit=100"
    page = world.ok("GET", first).body
    found = page["data"]
    while page["next_cursor"]:
        page = world.ok("GET", f"{first}&cursor={page['next_cursor']}").body
        found = [*found, *page["data"]]
    return found


def wanted(client, items):
    return {"client_id": client["id"], "items": [item["id"] for item in items]}


@pytest.mark.row("H7", "H24", "H59")
def test_150_items_are_billed_taken_off_deleted_billed_again_and_come_back(world, client):
    for _ in range(150):
        published(world, client)
    draft = world.ok("POST", "/v1/invoices", {"client_id": client["id"], **ALL_DUE}).body
    assert (len(draft["lines"]), draft["net_total"], unbilled(world, client)) == (150, "7500.00", "7500.00")
    assert {item["invoice_id"] for item in listed(world, client, "published")} == {draft["id"]}

    lines = [{"item_id": line["item_id"]} for line in draft["lines"][30:]]
    shorter = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": lines}).body
    assert (shorter["net_total"], unbilled(world, client)) == ("6000.00", "7500.00")
    free = [item for item in listed(world, client, "published") if item["billable_state"] == "ready"]
    assert len(free) == 30

    world.ok("DELETE", f"/v1/invoices/{draft['id']}")
    assert {item["invoice_id"] for item in listed(world, client, "published")} == {None}

    again = world.ok("POST", "/v1/invoices", {"client_id": client["id"], **ALL_DUE}).body
    invoice = issued(world, again)
    assert (len(listed(world, client, "invoiced")), unbilled(world, client)) == (150, "0.00")

    voided(world, invoice)
    assert unbilled(world, client) == "7500.00"
    assert {item["billable_state"] for item in listed(world, client, "published")} == {"ready"}


@pytest.mark.row("H7")
def test_of_two_drafts_of_the_same_many_items_one_wins_and_the_other_is_gone(world, client, two_at_once):
    for _ in range(5):
        items = [published(world, client) for _ in range(5)]

        def billing(items=items):
            return world.api("POST", "/v1/invoices", wanted(client, items))

        answers = sorted(at_once(billing, billing), key=lambda answer: answer.status)

        assert [answer.status for answer in answers] == [201, 409]
        assert answers[1].problem_code in {"item_claimed", "item_changed", "items_taken"}
        assert {seen(world, item)["invoice_id"] for item in items} == {answers[0]["id"]}


@pytest.mark.parametrize("nth", range(4))
def test_a_crash_while_many_items_are_claimed_is_made_up_for(world, client, two_at_once, nth):
    items = [published(world, client) for _ in range(5)]
    world.faults.crash_after("dynamodb", "TransactWriteItems", skip=nth)
    assert world.api("POST", "/v1/invoices", wanted(client, items), **KEY).status == 500

    world.settle()

    again = world.api("POST", "/v1/invoices", wanted(client, items), **KEY)
    assert (again.status, again["net_total"]) == (201, "250.00")
    assert {seen(world, item)["invoice_id"] for item in items} == {again["id"]}
    issued(world, again.body)
    assert unbilled(world, client) == "0.00"


def test_whoever_asks_again_at_once_after_a_crash_gets_the_draft_with_all_its_items(world, client, two_at_once):
    items = [published(world, client) for _ in range(5)]
    world.faults.crash_after("dynamodb", "TransactWriteItems", skip=1)
    world.api("POST", "/v1/invoices", wanted(client, items), **KEY)

    again = world.api("POST", "/v1/invoices", wanted(client, items), **KEY)

    assert {seen(world, item)["invoice_id"] for item in items} == {again["id"]}


def test_a_draft_that_lost_an_item_is_told_of_in_the_same_words_each_time(world, client, two_at_once):
    items = [published(world, client) for _ in range(5)]
    last = max(items, key=lambda item: item["id"])
    world.faults.crash_after("dynamodb", "TransactWriteItems")
    world.api("POST", "/v1/invoices", wanted(client, items), **KEY)
    world.ok("POST", f"/v1/items/{last['id']}/waive", {})

    world.settle()

    again = [world.api("POST", "/v1/invoices", wanted(client, items), **KEY) for _ in range(2)]
    assert [(answer.status, answer.problem_code) for answer in again] == [(409, "items_taken")] * 2
    assert again[0]["detail"] == f"You cannot bill item {last['id']} because it was waived for good."
    assert {seen(world, item)["invoice_id"] for item in items} == {None}
    assert unbilled(world, client) == "200.00"


@pytest.mark.parametrize("nth", range(3))
def test_a_crash_while_a_void_gives_back_its_items_keeps_them_from_nobody(world, client, two_at_once, nth):
    items = [published(world, client) for _ in range(5)]
    invoice = issued(world, billed(world, client, *items))
    world.settle()
    world.faults.crash_after("dynamodb", "TransactWriteItems", skip=nth)
    world.api("POST", f"/v1/invoices/{invoice['id']}/void", {})
    assert unbilled(world, client) == "250.00"
    assert {seen(world, item)["billable_state"] for item in items} == {"ready"}

    draft = billed(world, client, *items[3:])
    world.ok("POST", f"/v1/items/{items[2]['id']}/waive", {})
    world.settle()

    assert [seen(world, item)["invoice_id"] for item in items] == [None, None, None, draft["id"], draft["id"]]
    assert unbilled(world, client) == "200.00"
