"""Contracts where days, allowances and meters meet each other: nothing is lost, doubled or stuck."""

import pytest

from chalicelib.usecases import claiming
from tests.flows.contracting import activated, bill, contract, due_items, looked_up
from tests.flows.test_contracts import sweep
from tests.flows.test_contracts_counted import METER, event, timed, told, worked


def close(world, agreed, **body):
    return world.ok("POST", f"/v1/contracts/{agreed['id']}/close-period", body).body


def hours(world, agreed):
    return world.ok("GET", f"/v1/contracts/{agreed['id']}/usage?period=0")["hours"]


def test_a_contract_whose_periods_were_closed_by_hand_ends_with_its_last_day_agreed_on(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])
    close(world, agreed)

    ended = world.ok("POST", f"/v1/contracts/{agreed['id']}/end", {"on": "2026-03-31"})

    assert ended["status"] == "ended"
    assert told(world, agreed, event("a", "1")).problem == (409, "contract_not_active")


def test_the_last_day_of_a_contract_is_not_moved_before_a_period_that_was_opened(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])
    sweep(world, days=40)

    path = f"/v1/contracts/{agreed['id']}"
    assert world.api("PATCH", path, {"ends_on": "2026-03-15"}).problem == (422, "period_opened")

    assert world.ok("PATCH", path, {"ends_on": "2026-04-30"})["status"] == "active"
    told(world, agreed, event("a", "1000", at="2026-04-10T15:00:00Z"))
    sweep(world, days=30)
    assert (looked_up(world, agreed)["status"], bill(world, agreed)["net_total"]) == ("ended", "12.30")


def test_a_contract_does_not_end_before_what_was_consumed(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER], billing_period={"days": 1})
    assert told(world, agreed, event("a", "1000", at="2026-03-03T15:00:00Z")).status == 200  # tomorrow, by its clock

    path = f"/v1/contracts/{agreed['id']}"
    assert world.api("POST", f"{path}/end", {"on": "2026-03-02"}).problem == (409, "period_counted")
    assert world.api("PATCH", path, {"ends_on": "2026-03-02"}).problem == (409, "period_counted")
    assert world.ok("POST", f"{path}/end", {"on": "2026-03-03"})["status"] == "active"
    sweep(world, days=3)

    assert (looked_up(world, agreed)["status"], bill(world, agreed)["net_total"]) == ("ended", "12.30")


def test_no_more_consumption_is_taken_off_than_was_counted(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])
    told(world, agreed, event("a", "1000"))

    refused = told(world, agreed, event("b", "-1001"))

    assert (refused.problem, refused["errors"][0]["at"]) == ((422, "below_zero"), "/events")
    assert told(world, agreed, event("b", "-1000")).status == 200


def test_consumption_of_days_to_come_is_refused(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])

    refused = told(world, agreed, event("a", "1"), event("b", "1", at="2026-03-04T18:00:00Z"))

    assert (refused.problem, refused["errors"][0]["at"]) == ((422, "day_to_come"), "/events/1/occurred_at")


def test_consumption_of_more_periods_than_a_request_takes_is_told_so(world):
    daily = {"billing_period": {"days": 1}, "starts_on": "2026-01-30", "grace_days": 90}
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER], **daily)
    days = ["2026-01-30", "2026-01-31", *(f"2026-02-{day:02d}" for day in range(1, 29)), "2026-03-01"]
    events = [event(day, "1", at=f"{day}T15:00:00Z") for day in days]

    assert told(world, agreed, *events).problem == (422, "too_many_periods")
    assert told(world, agreed, *events[:30]).status == 200


def test_a_cut_period_that_was_billed_in_advance_is_not_made_longer(world):
    agreed = activated(world, world.client(), ends_on="2026-03-15")
    path = f"/v1/contracts/{agreed['id']}"

    for later in (None, "2026-03-31"):
        assert world.api("PATCH", path, {"ends_on": later}).problem == (422, "period_opened")
    assert world.ok("PATCH", path, {"ends_on": "2026-03-14"})["ends_on"] == "2026-03-14"

    whole = activated(world, world.client(), ends_on="2026-03-31")
    assert world.ok("PATCH", f"/v1/contracts/{whole['id']}", {"ends_on": "2026-04-30"})["ends_on"] == "2026-04-30"


def test_a_fee_is_billed_at_another_time_from_a_period_on_that_has_not_begun(world):
    agreed = activated(world, world.client())
    path, fee = f"/v1/contracts/{agreed['id']}", {"description": "Infogérance", "unit_price": "500.00"}

    later = {"fees": [fee | {"timing": "arrears"}]}
    assert world.api("PATCH", path, later).problem == (409, "contract_active")
    close(world, agreed)
    world.ok("PATCH", path, later)
    sweep(world, days=61)

    assert [row[1] for row in due_items(world, agreed)] == ["500.00", "500.00"]


def test_whether_hours_are_counted_is_not_changed_of_a_contract_in_force(world):
    agreed = timed(world)

    refused = world.api("PATCH", f"/v1/contracts/{agreed['id']}", {"included_hours": "10"})

    assert refused.problem == (409, "contract_active")


@pytest.mark.row("A21", "G4")
def test_a_contract_says_when_what_it_counts_can_be_billed(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER], grace_days=5)
    told(world, agreed, event("a", "1"))

    shown = looked_up(world, agreed)
    assert (shown["billable_state"], shown["clears_on"]) == ("locked", "2026-04-06")
    assert shown["billable_reason"] == "Nothing of it is to be billed before 2026-04-06."
    monthly = activated(world, {"id": agreed["client_id"]}, grace_days=5)
    bill(world, monthly)
    assert looked_up(world, monthly)["clears_on"] == "2026-04-01"  # the next fee is in advance


def test_what_one_invoice_of_a_contract_does_not_take_is_on_the_next(world, monkeypatch):
    monkeypatch.setattr(claiming, "MOST_ITEMS", 2)
    agreed = timed(world, type="block_hours", included_hours="1", rates=[{"unit_price": "100.00"}])
    for _ in range(3):
        worked(world, agreed, 60)
    sweep(world, days=30)

    assert looked_up(world, agreed)["ready_balance"] == "200.00"
    assert [bill(world, agreed)["net_total"] for _ in range(2)] == ["0.00", "200.00"]  # what is included goes first


def test_a_client_with_a_contract_is_not_deleted(world):
    client = world.client()
    contract(world, client)

    assert world.api("DELETE", f"/v1/clients/{client['id']}").problem == (409, "client_in_use")


def test_hours_that_did_not_count_are_not_taken_off_when_they_are_waived(world):
    draft = contract(world, world.client(), type="time", fees=[], rates=[{"unit_price": "120.00"}])
    item = worked(world, draft, 60)
    world.ok("PATCH", f"/v1/contracts/{draft['id']}", {"included_hours": "10"})
    world.ok("POST", f"/v1/contracts/{draft['id']}/activate", {})
    worked(world, draft, 30)

    world.ok("POST", f"/v1/items/{item['id']}/waive", {})

    assert hours(world, draft) == "0.5"


def test_a_meter_of_a_contract_in_force_is_not_taken_away_with_what_was_consumed(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])
    told(world, agreed, event("a", "1000"))
    path = f"/v1/contracts/{agreed['id']}"

    assert world.api("PATCH", path, {"meters": []}).problem == (409, "contract_active")

    dearer = METER | {"tiers": [{"unit_price": "1"}]}
    world.ok("PATCH", path, {"meters": [dearer, METER | {"code": "SMS"}]})
    sweep(world, days=30)
    assert bill(world, agreed)["net_total"] == "1000.00"


def test_what_becomes_time_later_counts_in_the_period_that_is_open(world):
    agreed = timed(world, type="block_hours", included_hours="10")
    item = worked(world, agreed, 60, kind="product")
    sweep(world, days=30)

    changed = world.ok("PATCH", f"/v1/items/{item['id']}", {"kind": "time"})

    assert changed["period"] == 1


def test_hours_moved_to_another_period_count_there(world):
    agreed = timed(world, type="block_hours", included_hours="10")
    item = worked(world, agreed, 60)

    moved = world.ok("PATCH", f"/v1/items/{item['id']}", {"occurred_at": "2026-04-02T15:00:00Z"})

    assert (moved["period"], hours(world, agreed)) == (1, "0")


def test_a_draft_for_which_hours_were_counted_keeps_its_periods_and_its_currency(world):
    draft = contract(
        world, world.client(), type="block_hours", fees=[], included_hours="1", rates=[{"unit_price": "9"}]
    )
    item = worked(world, draft, 60, occurred_at="2026-06-02T15:00:00Z")
    path = f"/v1/contracts/{draft['id']}"

    for change in ({"billing_period": {"months": 12}}, {"currency": "EUR"}, {"included_hours": None}):
        assert world.api("PATCH", path, change).problem == (409, "items_entered"), change
    assert world.api("DELETE", path).problem == (409, "items_entered")
    world.ok("PATCH", path, {"type": "time", "included_hours": "2"})
    world.ok("PATCH", f"/v1/items/{item['id']}", {"contract_id": None})
    assert world.ok("PATCH", path, {"billing_period": {"months": 12}})["billing_period"] == {"months": 12, "days": None}


def test_a_contract_of_which_hundreds_of_periods_have_gone_by_is_not_activated(world):
    old = contract(world, world.client(), starts_on="2025-01-01", billing_period={"days": 1})

    assert world.api("POST", f"/v1/contracts/{old['id']}/activate", {}).problem == (409, "contract_too_old")


def test_hours_rounded_by_entry_are_drawn_from_what_is_included_as_they_are_billed(world):
    agreed = timed(world, type="block_hours", included_hours="0.25", time_rounding={"step_minutes": 15})
    for _ in range(3):
        worked(world, agreed, 5)
    assert hours(world, agreed) == "0.75"
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "60.00"


def test_rounded_days_cost_just_their_hours_whatever_their_entries_were_rounded_to(world):
    agreed = timed(world, rates=[{"unit_price": "100.00"}], time_rounding={"step_minutes": 30, "per": "day"})
    for _ in range(3):
        worked(world, agreed, 7)
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "50.00"


def test_what_is_beyond_an_allowance_costs_just_its_hours(world):
    agreed = timed(world, type="block_hours", rates=[{"unit_price": "100.00"}], included_hours="0.25")
    for _ in range(3):
        worked(world, agreed, 7)
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "10.00"


@pytest.mark.parametrize("every", [{"days": 1}, {"months": 1}])
def test_a_day_at_the_end_of_time_is_in_a_period_too(world, every):
    agreed = timed(world, billing_period=every)

    item = worked(world, agreed, 60, occurred_at="2999-12-31T12:00:00Z")

    assert item["billable_state"] == "open_period"
    assert world.ok("POST", "/v1/batches/preview", {})["rows"][0]["billable_state"] == "locked"


def test_consumption_beyond_any_amount_is_refused_before_a_period_cannot_be_closed_over_it(world):
    agreed = activated(
        world, world.client(), type="usage", fees=[], meters=[METER | {"tiers": [{"unit_price": "999999"}]}]
    )

    assert told(world, agreed, event("a", "999999999")).problem == (422, "too_large")
    assert told(world, agreed, event("a", "1")).status == 200
    sweep(world, days=30)
    assert [row[1] for row in due_items(world, agreed)] == ["999999.00"]


def test_an_amount_that_is_included_beside_hours_covers_what_they_leave(world):
    agreed = timed(world, rates=[{"unit_price": "100.00"}], included_hours="1", included_amount="30.00")
    worked(world, agreed, 90)
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "20.00"


@pytest.mark.parametrize(
    ("terms", "at"),
    [
        ({"included_hours": "-1"}, "/included_hours"),
        ({"included_amount": "-1"}, "/included_amount"),
        ({"meters": [METER | {"free": "-1"}]}, "/meters/0/free"),
        ({"meters": [METER | {"minimum": "-1"}]}, "/meters/0/minimum"),
    ],
)
def test_less_than_nothing_is_included_of_nothing(world, terms, at):
    wanted = {"client_id": world.client()["id"], "name": "x", "billing_period": {"months": 1}}

    refused = world.api("POST", "/v1/contracts", wanted | terms)

    assert (refused.problem, refused["errors"][0]["at"]) == ((422, "below_zero"), at)


@pytest.mark.parametrize(
    "terms", [{"meters": [METER, METER]}, {"fees": [{"description": "x", "unit_price": "1"}] * 2}], ids=["meter", "fee"]
)
def test_what_is_told_apart_by_its_code_has_one_of_its_own(world, terms):
    wanted = {"client_id": world.client()["id"], "name": "x", "billing_period": {"months": 1}}

    assert world.api("POST", "/v1/contracts", wanted | terms).problem[0] == 422


def test_time_for_a_contract_that_is_not_there_is_told_so(world):
    wanted = {"client_id": world.client()["id"], "contract_id": "con_none", "description": "x", "minutes": "5"}

    assert world.api("POST", "/v1/items", wanted).problem == (404, "not_found")
