"""What was owed on a day that is over: asked for later, aging tells what it told on that day."""

import random

import pytest

from chalicelib.usecases import reporting
from tests.flows.test_reports import aging, at_random, voided


def test_what_was_open_on_a_day_that_is_over_is_told_as_it_was_told_then(world):
    marie, luc = world.client(), world.client(name="Luc Roy", email="luc@example.com")
    halves = [{"percent": "50", "due": {"on": "2026-03-10"}}, {"percent": "50", "due": {"on": "2026-06-01"}}]
    world.invoice(marie, schedule=halves)
    paid, void = world.invoice(luc), world.invoice(luc)
    told = {}
    for day in ("2026-04-15", "2026-04-20", "2026-05-20"):
        world.time.move_to(f"{day}T16:00:00Z")
        if day == "2026-04-20":
            world.ok("POST", f"/v1/invoices/{paid['id']}/payments", {"amount": "1149.75", "method": "cash"})
        if day == "2026-05-20":
            voided(world, void)
            world.invoice(luc)
        told[day] = aging(world)

    assert [report["invoices"] for report in told.values()] == [3, 2, 2]
    for day, report in told.items():
        assert aging(world, as_of=day) == report
        mine = [one for one in report["data"] if one["client_id"] == marie["id"]]
        assert aging(world, client_id=marie["id"], as_of=day)["data"] == mine
    assert aging(world, as_of="2020-01-01")["data"] == []


def test_whatever_happened_since_is_left_out(world):
    client = world.client()
    at_random(world, random.Random(5), client, documents=4)
    then, day = aging(world)["totals"], aging(world)["as_of"]
    world.time.pass_(days=2)
    at_random(world, random.Random(6), client, documents=3)

    assert aging(world, as_of=day)["totals"] == then


@pytest.mark.parametrize("limit", ["MOST_CLIENTS", "MOST_BOOKINGS"])
def test_more_than_is_read_for_one_answer_is_asked_for_client_by_client(world, monkeypatch, limit):
    clients = [world.client(), world.client(name="Luc Roy", email="luc@example.com")]
    for client in clients:
        world.invoice(client)
    world.time.pass_(days=2)
    monkeypatch.setattr(reporting, limit, 1)

    refused = world.api("GET", "/v1/reports/aging?as_of=2026-03-02")
    assert (refused.problem, refused["errors"][0]["at"]) == ((422, "too_many"), "/client_id")
    assert len(aging(world, client_id=clients[0]["id"], as_of="2026-03-02")["data"]) == 1
