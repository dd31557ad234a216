"""Contracts: put in force, their periods opened and closed by the calendar, what collects on them billed once."""

import pytest

from tests.flows.contracting import activated, bill, collected, contract, due_items, looked_up
from tests.flows.desk import at_once


def of(first, last):
    """What a month's fee is called."""
    return f"Infogérance ({first} \N{EN DASH} {last})"


MARCH, APRIL, MAY = of("2026-03-01", "2026-03-31"), of("2026-04-01", "2026-04-30"), of("2026-05-01", "2026-05-31")


def sweep(world, **step):
    world.time.pass_(**step)
    world.sweep()
    world.settle()


def test_a_contract_in_force_costs_its_fee_as_each_period_begins(world):
    client = world.client()
    agreed = activated(world, client)

    assert (agreed["status"], agreed["period"]["number"], agreed["period"]["ends_on"]) == ("active", 0, "2026-03-31")
    assert due_items(world, agreed) == [(MARCH, "500.00", "ready")]
    (item,) = world.ok("GET", f"/v1/items?contract_id={agreed['id']}")["data"]
    assert item["occurred_at"] == "2026-03-01T09:00:00Z"
    assert world.balance(client)["unbilled_total"] == "500.00"
    sweep(world, days=30)
    sweep(world, minutes=1)
    assert due_items(world, agreed) == [(MARCH, "500.00", "ready"), (APRIL, "500.00", "ready")]
    assert looked_up(world, agreed)["periods_closed"] == 1
    assert world.balance(client)["unbilled_total"] == "1000.00"


@pytest.mark.row("A20", "A21")
def test_what_is_done_in_an_open_period_waits_for_its_end_and_says_until_when(world):
    agreed = activated(world, world.client(), type="time", fees=[])
    item = collected(world, agreed)

    assert (item["billable_state"], item["clears_on"]) == ("open_period", "2026-04-01")
    assert item["billable_reason"] == "Its contract's period is open until 2026-04-01."
    shown = looked_up(world, agreed)
    assert (shown["billable_state"], shown["clears_on"]) == ("locked", "2026-04-01")
    assert (shown["total_balance"], shown["ready_balance"]) == ("100.00", "0.00")
    assert bill(world, agreed).problem == (409, "nothing_to_bill")
    by_hand = {"client_id": agreed["client_id"]}
    assert world.api("POST", "/v1/invoices", by_hand | {"items": [item["id"]]}).problem == (409, "open_period")
    all_due = by_hand | {"items": {"all_due": True}}
    assert world.api("POST", "/v1/invoices", all_due).problem == (409, "nothing_to_bill")
    collected(world, agreed, contract_id=None, unit_price="7.00")
    assert world.api("POST", "/v1/invoices", all_due)["net_total"] == "7.00"

    sweep(world, days=30)
    assert looked_up(world, agreed)["billable_state"] == "ready"
    assert bill(world, agreed)["net_total"] == "100.00"


def test_a_period_closed_by_hand_frees_what_collected_in_it_and_is_closed_once(world):
    agreed = activated(world, world.client())
    collected(world, agreed)
    assert looked_up(world, agreed)["billable_state"] == "partly_ready"

    for _ in range(2):
        closed = world.ok("POST", f"/v1/contracts/{agreed['id']}/close-period", {"period": 0})
        assert (closed["periods_closed"], closed["billable_state"], closed["ready_balance"]) == (1, "ready", "600.00")
    again = world.api("POST", f"/v1/contracts/{agreed['id']}/close-period", {"period": 1})
    assert again.problem == (409, "no_open_period")


@pytest.mark.row("C1")
def test_billing_a_period_fifty_times_at_once_and_two_hours_later_makes_one_invoice(world):
    agreed = activated(world, world.client())

    answers = at_once(*[lambda: bill(world, agreed, period=0)] * 50)
    sweep(world, hours=2)
    answers.append(bill(world, agreed, period=0))

    assert {answer.status for answer in answers} == {201}, {answer.text for answer in answers}
    assert len({answer["id"] for answer in answers}) == 1
    assert len(world.ok("GET", f"/v1/invoices?contract_id={agreed['id']}")["data"]) == 1
    assert world.settle().failures == 0


def test_a_period_whose_invoice_was_voided_is_billed_anew(world):
    agreed = activated(world, world.client())
    first = bill(world, agreed, period=0).body
    world.ok("POST", f"/v1/invoices/{first['id']}/issue", {})
    world.ok("POST", f"/v1/invoices/{first['id']}/void", {"reason": "Erreur"})
    world.settle()

    second = bill(world, agreed, period=0)

    assert (second.status, second["total"]) == (201, "574.88")
    assert second["id"] != first["id"]
    assert bill(world, agreed, period=0)["id"] == second["id"]


@pytest.mark.parametrize("number", [10**6, 10**30])
def test_a_period_beyond_the_calendar_is_none_of_the_contracts(world, number):
    agreed = activated(world, world.client())

    assert bill(world, agreed, period=number).problem == (422, "no_such_period")
    usage = world.api("GET", f"/v1/contracts/{agreed['id']}/usage?period={number}")
    assert usage.problem == (422, "no_such_period")


@pytest.mark.row("C2")
def test_ten_activations_at_once_put_a_contract_in_force_once_with_one_opening_invoice(world):
    draft = contract(world, world.client())

    path = f"/v1/contracts/{draft['id']}/activate"
    answers = at_once(*[lambda: world.api("POST", path, {"invoice": True})] * 10)

    assert {answer.status for answer in answers} == {200}, {answer.text for answer in answers}
    told = [event["type"] for event in world.ok("GET", f"/v1/contracts/{draft['id']}/timeline")["data"]]
    assert told == ["contract.drafted", "contract.activated", "contract.period_opened"]
    (opening,) = world.ok("GET", f"/v1/invoices?contract_id={draft['id']}")["data"]
    assert opening["total"] == "574.88"


@pytest.mark.row("C2")
def test_an_opening_invoice_that_was_deleted_is_not_made_anew(world):
    draft = contract(world, world.client())
    path = f"/v1/contracts/{draft['id']}/activate"
    world.ok("POST", path, {"invoice": True})
    (opening,) = world.ok("GET", f"/v1/invoices?contract_id={draft['id']}")["data"]
    world.ok("DELETE", f"/v1/invoices/{opening['id']}")

    world.ok("POST", path, {"invoice": True})
    world.settle()

    assert world.ok("GET", f"/v1/invoices?contract_id={draft['id']}")["data"] == []


def test_missed_periods_are_each_opened_with_their_own_days(world):
    agreed = activated(world, world.client())

    sweep(world, days=70)

    shown = looked_up(world, agreed)
    assert (shown["periods_closed"], shown["period"]["starts_on"]) == (2, "2026-05-01")
    assert [row[0] for row in due_items(world, agreed)] == [MARCH, APRIL, MAY]


def test_a_shorter_first_period_and_a_cut_last_one_cost_their_days(world):
    agreed = activated(world, world.client(), starts_on="2026-03-02", anchor="2026-03-15", ends_on="2026-04-24")
    sweep(world, days=60)

    shown = looked_up(world, agreed)
    assert (shown["status"], shown["periods_closed"]) == ("ended", 3)
    assert [row[:2] for row in due_items(world, agreed)] == [
        (of("2026-03-02", "2026-03-14"), "232.14"),  # 13 of the 28 days from 15 February
        (of("2026-03-15", "2026-04-14"), "500.00"),
        (of("2026-04-15", "2026-04-24"), "166.67"),  # 10 of 30
    ]


def test_a_contract_that_has_not_begun_can_be_ended_before_it_does(world):
    agreed = activated(world, world.client(), starts_on="2026-05-01")

    ended = world.ok("POST", f"/v1/contracts/{agreed['id']}/end", {"on": "2026-04-01"})
    sweep(world, days=70)

    assert (ended["status"], ended["clears_on"], due_items(world, agreed)) == ("ended", None, [])


def test_fees_in_arrears_are_due_when_their_period_has_ended(world):
    fee = {"description": "Infogérance", "unit_price": "500.00", "timing": "arrears"}
    agreed = activated(world, world.client(), fees=[fee])
    assert due_items(world, agreed) == []

    sweep(world, days=30)
    assert due_items(world, agreed) == [(MARCH, "500.00", "ready")]


def test_an_agreed_contract_keeps_its_days_and_takes_new_fees_from_the_next_period_on(world):
    agreed = activated(world, world.client())
    path = f"/v1/contracts/{agreed['id']}"

    assert world.api("PATCH", path, {"starts_on": "2026-02-01"}).problem == (409, "contract_active")
    world.ok("PATCH", path, {"fees": [{"description": "Infogérance", "unit_price": "600.00"}]})
    sweep(world, days=30)
    assert due_items(world, agreed) == [(MARCH, "500.00", "ready"), (APRIL, "600.00", "ready")]
    assert world.api("DELETE", path).problem == (409, "contract_active")


def test_a_contract_ends_on_its_last_day_and_collects_nothing_after_it(world):
    agreed = activated(world, world.client())
    path = f"/v1/contracts/{agreed['id']}"
    assert world.api("POST", f"{path}/end", {"on": "2026-02-28"}).problem == (422, "period_opened")

    ended = world.ok("POST", f"{path}/end", {"on": "2026-03-20"})
    assert (ended["status"], ended["period"]["ends_on"]) == ("active", "2026-03-20")
    sweep(world, days=20)
    assert looked_up(world, agreed)["status"] == "ended"
    wanted = {"client_id": agreed["client_id"], "contract_id": agreed["id"], "description": "x", "unit_price": "1"}
    assert world.api("POST", "/v1/items", wanted).problem == (409, "contract_ended")


def test_terms_and_prices_of_a_contract_go_before_those_of_client_and_catalogue(world):
    client = world.client()
    world.ok("POST", "/v1/catalog", {"code": "HR", "name": "Heure", "unit_price": "90.00", "kind": "service"})
    world.ok("PUT", f"/v1/clients/{client['id']}/prices/HR", {"unit_price": "80.00"})
    agreed = activated(world, client, type="time", fees=[], billing_period=None, due_terms={"net_days": 10})
    world.ok("PUT", f"/v1/contracts/{agreed['id']}/prices/HR", {"unit_price": "70.00"})

    wanted = {"client_id": client["id"], "contract_id": agreed["id"], "catalog_code": "HR", "quantity": "2"}
    item = world.ok("POST", "/v1/items", wanted).body
    world.ok("POST", f"/v1/items/{item['id']}/publish", {})
    draft = bill(world, agreed).body
    assert draft["net_total"] == "140.00"
    issued = world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    assert (issued["issue_date"], issued["due_date"], issued["contract_id"]) == (
        "2026-03-02",
        "2026-03-12",
        agreed["id"],
    )


@pytest.mark.row("A39")
def test_lines_are_grouped_by_contract_by_ticket_or_by_entry(world):
    agreed = activated(world, world.client(), type="time", fees=[], billing_period=None)
    job = world.ok("POST", "/v1/jobs", {"client_id": agreed["client_id"], "title": "Billet 42"}).body

    def collect():
        for hours in ("1", "2"):
            collected(world, agreed, job_id=job["id"], quantity=hours, unit="h")
        collected(world, agreed, unit_price="30.00", description="Câble")

    def lines(grouping):
        collect()
        draft = bill(world, agreed, group_by=grouping).body
        return [(line["description"], line["quantity"], line["net"]) for line in draft["lines"]]

    entries = lines("time_entry")
    assert sorted(entries) == [("Câble", "1", "30.00"), ("Dépannage", "1", "100.00"), ("Dépannage", "2", "200.00")]
    assert sorted(lines("ticket")) == [("Billet 42", "3", "300.00"), ("Infogérance", "1", "30.00")]
    assert lines("contract") == [("Infogérance", "1", "330.00")]


def test_an_item_billed_with_others_moves_their_line_when_it_is_edited(world):
    agreed = activated(world, world.client(), type="time", fees=[], billing_period=None)
    first, _ = collected(world, agreed), collected(world, agreed, quantity="2")
    draft = bill(world, agreed, group_by="contract").body

    world.ok("PATCH", f"/v1/items/{first['id']}", {"quantity": "1.5"})

    (line,) = world.see(draft)["lines"]
    assert (line["net"], len(line["item_ids"])) == ("350.00", 2)
    assert world.balance({"id": agreed["client_id"]})["unbilled_total"] == "350.00"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"billing_period": {"months": 1, "days": 1}}, (422, "invalid")),
        ({"ends_on": "2026-02-01"}, (422, "before_start")),
        ({"fees": [{"description": "x", "quantity": "999999999", "unit_price": "99999"}]}, (422, "too_large")),
        ({"anchor": "2026-06-01"}, (422, "anchor_too_far")),
        (
            {"fees": [{"description": "a", "unit_price": "1"}, {"description": "b", "unit_price": "1"}]},
            (422, "invalid"),
        ),
        ({"taxes": ["XX"]}, (422, "unknown_tax")),
    ],
)
def test_what_contradicts_itself_is_refused_and_changes_nothing(world, wrong, told):
    client = world.client()
    before = world.everything()
    wanted = {"client_id": client["id"], "name": "x", "starts_on": "2026-03-01", "billing_period": {"months": 1}}
    assert world.api("POST", "/v1/contracts", wanted | wrong).problem == told
    assert world.everything() == before
