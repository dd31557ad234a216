"""Two deeds at one moment on one item: one wins, the other is told why, and the balance stays the sum of its items."""

import pytest

from tests.flows.counter import billed, catalogued, issued, published, seen
from tests.flows.desk import at_once

ROUNDS = range(5)


@pytest.fixture
def client(world):
    return catalogued(world)


def billing(world, client, item):
    return lambda: world.api("POST", "/v1/invoices", {"client_id": client["id"], "items": [item["id"]]})


@pytest.mark.row("H7")
def test_of_two_drafts_that_race_for_one_item_one_wins(world, client):
    for _ in ROUNDS:
        item = published(world, client)

        answers = sorted(at_once(billing(world, client, item), billing(world, client, item)), key=lambda a: a.status)

        assert [answer.status for answer in answers] == [201, 409]
        assert answers[1].problem_code in {"item_claimed", "item_changed"}
        assert seen(world, item)["invoice_id"] == answers[0]["id"]
    assert world.balance(client)["unbilled_total"] == "250.00"


@pytest.mark.row("H31")
def test_an_edit_and_an_issue_at_once_bill_what_left_the_balance(world, client):
    for _ in ROUNDS:
        item = published(world, client)
        draft = billed(world, client, item)

        edited, issue = at_once(
            lambda item=item: world.api("PATCH", f"/v1/items/{item['id']}", {"catalog_code": "SU"}),
            lambda draft=draft: world.api("POST", f"/v1/invoices/{draft['id']}/issue", {}),
        )

        assert (edited.status, issue.status) in {(200, 200), (409, 200)}
        net = "85.00" if edited.status == 200 else "50.00"
        assert (world.see(draft)["net_total"], seen(world, item)["amount"]) == (net, net)
        assert world.balance(client)["unbilled_total"] == "0.00"


@pytest.mark.row("H25", "H26")
def test_what_is_waived_is_never_billed(world, client):
    for _ in ROUNDS:
        item = published(world, client)

        waived, bill = at_once(
            lambda item=item: world.api("POST", f"/v1/items/{item['id']}/waive", {}), billing(world, client, item)
        )

        assert (waived.status, bill.status) in {(200, 409), (409, 201)}


@pytest.mark.row("H59")
def test_a_void_and_a_new_bill_at_once_leave_the_item_on_one_document(world, client):
    for _ in ROUNDS:
        item = published(world, client)
        invoice = issued(world, billed(world, client, item))

        voided, bill = at_once(
            lambda invoice=invoice: world.api("POST", f"/v1/invoices/{invoice['id']}/void", {}),
            billing(world, client, item),
        )

        assert voided.status == 200
        assert seen(world, item)["invoice_id"] == (bill["id"] if bill.status == 201 else None)


def test_a_draft_deleted_while_it_is_issued_keeps_or_gives_back_its_item(world, client):
    for _ in ROUNDS:
        item = published(world, client)
        draft = billed(world, client, item)

        removed, issue = at_once(
            lambda draft=draft: world.api("DELETE", f"/v1/invoices/{draft['id']}"),
            lambda draft=draft: world.api("POST", f"/v1/invoices/{draft['id']}/issue", {}),
        )

        assert (removed.status, issue.status) in {(204, 404), (409, 200)}
        assert seen(world, item)["status"] == ("published" if removed.status == 204 else "invoiced")
