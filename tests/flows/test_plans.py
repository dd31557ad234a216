"""Recurring plans over HTTP: agreed, foreseen, billed by the clock, paused, and never stuck without a word."""

import pytest

LINES = [{"description": "Entretien, {period}", "unit_price": "100.00"}]
MONTHLY = {"lines": LINES, "interval": {"unit": "month"}, "start_on": "2026-04-01"}


def plan(world, client=None, **more):
    client = client or world.client()
    return world.ok("POST", "/v1/plans", {"client_id": client["id"]} | MONTHLY | more).body


def see(world, one):
    return world.ok("GET", f"/v1/plans/{one['id']}").body


def invoices(world, one):
    listed = world.ok("GET", f"/v1/invoices?plan_id={one['id']}&limit=100")["data"][::-1]
    return [world.see(each) for each in listed]


def days(world, to):
    """Every morning until a day."""
    while f"{world.time.instant.date()}" < to:
        world.time.pass_(days=1)
        world.sweep()
        world.settle()


@pytest.mark.row("K31", "K21")
def test_a_client_is_billed_and_mailed_every_month_by_itself(world):
    one = plan(world, automation="send")

    days(world, "2026-06-02")

    found = invoices(world, one)
    assert [(each["number"], each["issue_date"], each["total"]) for each in found] == [
        ("00001", "2026-04-01", "114.98"),
        ("00002", "2026-05-01", "114.98"),
        ("00003", "2026-06-01", "114.98"),
    ]
    assert found[1]["service_period"] == {"start": "2026-05-01", "end": "2026-05-31"}
    assert found[1]["lines"][0]["description"] == "Entretien, 1er mai 2026 \N{EN DASH} 31 mai 2026"
    assert [each["delivery"]["state"] for each in found] == ["sent"] * 3
    assert len(world.mails_to("marie@example.com")) == 3
    assert see(world, one)["upcoming"]["bill_on"] == "2026-07-01"
