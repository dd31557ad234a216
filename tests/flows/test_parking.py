"""What cannot be done is put where somebody is told, and holds up nobody."""

import json

from tests.flows.desk import HALVES

AUTOMATION = {"invoicing": {"mode": "single"}}


def without_its_body(world, quote):
    """The quote as no deed of ours leaves it: its lines are gone."""
    dynamodb = world.aws.client("dynamodb")
    for row in world.aws.rows("core"):
        if quote["id"] in row["PK"]["S"] and row["SK"]["S"].startswith("BODY"):
            dynamodb.delete_item(TableName="core", Key={name: row[name] for name in ("PK", "SK")})


def test_an_approval_that_nothing_can_follow_from_is_parked_and_the_next_one_is_followed(world):
    poor, good = world.quote(schedule=HALVES, **AUTOMATION), world.quote(**AUTOMATION)
    for quote in (poor, good):
        world.api("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "Marie"})
    without_its_body(world, poor)
    world.settle(failures=1)

    assert len(world.invoices_of(good)) == 1
    (parked,) = [task for task in map(json.loads, world.aws.messages("documents")) if task["deed"] == "examine"]
    assert parked["id"] == poor["id"]
    world.houses.clear()  # what was torn out of its books stays torn out


def test_a_draft_that_cannot_go_out_twice_is_told_of_twice(world):
    empty = world.draft(lines=[])
    world.time.move_to("2026-03-09T16:00:00Z")
    for _ in range(2):
        world.ok("POST", f"/v1/invoices/{empty['id']}/schedule", {"send_on": "2026-03-09"})
        world.sweep()
        world.settle()

    assert len(world.mails) == 2


def test_voiding_before_the_mail_went_out_leaves_nothing_queued(world):
    draft = world.draft()
    world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {"send": True})
    world.ok("POST", f"/v1/invoices/{draft['id']}/void", {})
    world.settle()

    assert world.see(draft)["delivery"] == {"state": "none", "detail": "Voided before it was mailed."}
    assert world.mails == []


def test_only_the_owner_says_where_payments_go(world):
    account = {"stripe_account": world.ok("GET", "/v1/business")["payments"]["stripe_account"]}
    refused = world.api("PATCH", "/v1/business", {"payments": account}, key=world.key("manager"))

    assert (refused.status, refused["code"]) == (403, "forbidden")
    assert world.api("PATCH", "/v1/business", {"payments": account}).status == 200
