"""Time and consumption on contracts: rates, rounding, what is included, meters; late entries in a later period."""

import pytest

from tests.flows.contracting import activated, bill, contract, due_items, looked_up
from tests.flows.desk import at_once
from tests.flows.test_contracts import sweep

METER = {
    "code": "API",
    "name": "Appels",
    "tiers": [{"up_to": "1000", "unit_price": "0.0123"}, {"unit_price": "0.0095"}],
}


def worked(world, agreed, minutes, **more):
    """A published entry of so many minutes."""
    wanted = {"client_id": agreed["client_id"], "contract_id": agreed["id"], "description": "Soutien"}
    wanted |= {"minutes": str(minutes), "occurred_at": "2026-03-02T15:00:00Z"}
    item = world.ok("POST", "/v1/items", wanted | more).body
    return world.ok("POST", f"/v1/items/{item['id']}/publish", {}).body


def timed(world, **terms):
    plain = {"type": "time", "fees": [], "rates": [{"unit_price": "120.00"}]}
    return activated(world, world.client(), **plain | terms)


def told(world, agreed, *events):
    return world.api("POST", f"/v1/contracts/{agreed['id']}/usage", {"events": list(events)})


def event(id, quantity, at="2026-03-02T15:00:00Z"):
    return {"transaction_id": id, "meter": "API", "quantity": quantity, "occurred_at": at}


@pytest.mark.row("K27", "A40", "A60")
def test_time_is_billed_at_the_rate_of_person_or_code_and_each_entry_rounded(world):
    rates = [{"unit_price": "120.00"}, {"unit_price": "90.00", "person": "key_1"}]
    agreed = timed(world, rates=rates, time_rounding={"step_minutes": 15})

    entries = [worked(world, agreed, 7), worked(world, agreed, 20, person="key_1")]

    assert [(one["minutes"], one["quantity"], one["unit"], one["amount"]) for one in entries] == [
        ("7", "0.25", "h", "30.00"),
        ("20", "0.5", "h", "45.00"),
    ]


@pytest.mark.row("K27")
def test_time_that_is_changed_keeps_its_price_unless_its_rate_is_another(world):
    rates = [{"unit_price": "120.00"}, {"unit_price": "90.00", "person": "key_1"}]
    agreed = timed(world, rates=rates, time_rounding={"step_minutes": 15})
    dearer = activated(world, {"id": agreed["client_id"]}, type="time", fees=[], rates=[{"unit_price": "200.00"}])
    item = worked(world, agreed, 20, person="key_1")

    def changed(**to):
        one = world.ok("PATCH", f"/v1/items/{item['id']}", to).body
        return one["quantity"], one["unit_price"], one["amount"]

    assert changed(minutes="50") == ("1", "90.00", "90.00")
    assert changed(person="key_2") == ("1", "120.00", "120.00")
    assert changed(unit_price="80.00") == ("1", "80.00", "80.00")
    assert changed(minutes="20") == ("0.5", "80.00", "40.00")
    assert changed(contract_id=dearer["id"]) == ("0.333333", "200.00", "66.67")


@pytest.mark.row("K27", "A5")
def test_time_of_a_contract_in_another_currency_is_in_that(world):
    world.ok("POST", "/v1/catalog", {"code": "SOUTIEN", "name": "Soutien", "unit_price": "75.00", "kind": "service"})
    agreed = timed(world, currency="USD", billing_period=None)
    wanted = {"client_id": agreed["client_id"], "contract_id": agreed["id"], "catalog_code": "SOUTIEN"}
    one = worked(world, agreed, 30)

    assert (one["amount"], one["currency"]) == ("60.00", "USD")
    refused = world.api("POST", "/v1/items", wanted)
    assert (refused.problem, refused["errors"][0]["at"]) == ((422, "currency_mismatch"), "/unit_price")
    world.ok("PUT", f"/v1/contracts/{agreed['id']}/prices/SOUTIEN", {"unit_price": "55.00"})
    assert world.ok("POST", "/v1/items", wanted)["amount"] == "55.00"
    assert world.ok("PATCH", f"/v1/items/{one['id']}", {"quantity": "2"})["amount"] == "240.00"
    draft = bill(world, agreed).body
    assert (draft["net_total"], draft["currency"]) == ("240.00", "USD")


@pytest.mark.row("K27")
def test_time_that_is_given_a_code_of_the_catalogue_stays_time(world):
    world.ok("POST", "/v1/catalog", {"code": "SOUTIEN", "name": "Soutien", "unit_price": "75.00", "kind": "service"})
    agreed = timed(world, rates=[{"unit_price": "120.00"}, {"unit_price": "95.00", "catalog_code": "SOUTIEN"}])
    item = worked(world, agreed, 30)

    changed = world.ok("PATCH", f"/v1/items/{item['id']}", {"catalog_code": "SOUTIEN"}).body

    assert (changed["kind"], changed["quantity"], changed["unit"], changed["amount"]) == ("time", "0.5", "h", "47.50")


@pytest.mark.row("K27")
def test_the_time_of_a_day_is_rounded_together_when_the_period_closes(world):
    agreed = timed(world, time_rounding={"step_minutes": 15, "per": "day"})
    for _ in range(3):
        worked(world, agreed, 7)
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "60.00"
    assert (
        "Infogérance: 0.35 h \N{RIGHTWARDS ARROW} 0.5 h (2026-03-01 \N{EN DASH} 2026-03-31)",
        "18.00",
        "on_invoice",
    ) in [(row[0], row[1], row[2]) for row in due_items(world, agreed)]


@pytest.mark.row("A9")
def test_a_block_of_hours_covers_the_earliest_and_the_rest_is_billed(world):
    fee = {"description": "Banque de 10 h", "unit_price": "1000.00"}
    agreed = timed(world, type="block_hours", fees=[fee], included_hours="10")
    worked(world, agreed, 8 * 60)
    worked(world, agreed, 4 * 60, occurred_at="2026-03-05T15:00:00Z")
    assert looked_up(world, agreed)["ready_balance"] == "1000.00"

    sweep(world, days=30)

    draft = bill(world, agreed, period=0).body
    assert draft["net_total"] == "1240.00"  # the fee, and two hours beyond the ten
    nets = sorted(line["net"] for line in draft["lines"])
    assert nets == ["-1200.00", "1000.00", "480.00", "960.00"]


@pytest.mark.row("A9")
@pytest.mark.parametrize("type_", ["block_hours", "usage"])
def test_a_contract_has_what_its_type_is_named_for_before_it_is_in_force(world, type_):
    draft = contract(world, world.client(), type=type_)

    assert world.api("POST", f"/v1/contracts/{draft['id']}/activate", {}).problem == (409, "contract_incomplete")


@pytest.mark.row("A9")
def test_a_retainer_is_drawn_down_by_what_was_worked(world):
    fee = {"description": "Provision", "unit_price": "500.00"}
    agreed = timed(world, type="retainer", fees=[fee], included_amount="500.00")
    worked(world, agreed, 90)
    sweep(world, days=30)

    assert bill(world, agreed, period=0)["net_total"] == "500.00"


def test_an_entry_is_counted_once_where_the_business_moves_to_another_zone(world):
    agreed = timed(world, time_rounding={"step_minutes": 60, "per": "day"})
    item = worked(world, agreed, 60, occurred_at="2026-03-03T03:30:00Z")
    world.ok("PATCH", "/v1/business", {"time_zone": "Europe/Paris"})
    world.ok("PATCH", f"/v1/items/{item['id']}", {"minutes": "30"})
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "120.00"


def test_hours_that_are_taken_off_again_on_another_day_are_not_rounded_away(world):
    agreed = timed(world, time_rounding={"step_minutes": 15, "per": "day"})
    worked(world, agreed, 60)
    wrong = {"client_id": agreed["client_id"], "contract_id": agreed["id"], "description": "Correction", "kind": "time"}
    item = world.ok("POST", "/v1/items", wrong | {"quantity": "-0.5", "occurred_at": "2026-03-03T15:00:00Z"}).body
    world.ok("POST", f"/v1/items/{item['id']}/publish", {})
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "60.00"


def test_hours_that_come_late_count_in_the_next_period(world):
    agreed = timed(world, type="block_hours", included_hours="1")
    worked(world, agreed, 30)
    sweep(world, days=30)

    late = worked(world, agreed, 60)

    assert (late["period"], late["billable_state"], late["clears_on"]) == (1, "open_period", "2026-05-01")
    assert bill(world, agreed)["net_total"] == "0.00"


def test_what_was_counted_when_its_period_closed_is_not_changed_any_more(world):
    agreed = timed(world, type="block_hours", included_hours="1")
    item = worked(world, agreed, 30)
    world.ok("PATCH", f"/v1/items/{item['id']}", {"quantity": "0.75"})
    sweep(world, days=30)

    path = f"/v1/items/{item['id']}"
    assert world.api("PATCH", path, {"quantity": "0.25"}).problem == (409, "item_counted")
    assert world.api("POST", f"{path}/waive", {}).problem == (409, "item_counted")
    assert world.ok("PATCH", path, {"notes": "Fait"})["notes"] == "Fait"


def test_a_waived_entry_is_not_drawn_from_what_is_included(world):
    agreed = timed(world, type="block_hours", included_hours="1")
    gone = worked(world, agreed, 60)
    worked(world, agreed, 60)
    world.ok("POST", f"/v1/items/{gone['id']}/waive", {})
    sweep(world, days=30)

    assert looked_up(world, agreed)["ready_balance"] == "0.00"


def test_entries_published_at_once_are_all_counted(world):
    agreed = timed(world, type="block_hours", included_hours="100")
    wanted = {"client_id": agreed["client_id"], "contract_id": agreed["id"], "description": "Soutien", "minutes": "30"}
    ids = [world.ok("POST", "/v1/items", wanted)["id"] for _ in range(8)]

    at_once(*[lambda id=id: world.ok("POST", f"/v1/items/{id}/publish", {}) for id in ids])

    assert world.ok("GET", f"/v1/contracts/{agreed['id']}/usage")["hours"] == "4"


@pytest.mark.row("K30", "A9")
def test_consumption_costs_what_its_tiers_say_when_the_period_closes(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])
    told(world, agreed, event("a", "1000"), event("b", "550"))

    shown = world.ok("GET", f"/v1/contracts/{agreed['id']}/usage").body
    assert shown["meters"] == [{"meter": "API", "units": "1550", "charge": "17.53"}]
    sweep(world, days=30)
    draft = bill(world, agreed).body
    assert [(line["description"], line["net"]) for line in draft["lines"]] == [
        ("Appels: 1550 (2026-03-01 \N{EN DASH} 2026-03-31)", "17.53")
    ]


@pytest.mark.row("K30")
def test_an_event_counts_once_however_often_it_is_told(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])

    answers = at_once(*[lambda: told(world, agreed, event("a", "10"), event("b", "1"))] * 6)

    assert {answer.status for answer in answers} == {200}
    assert sorted(answer["repeated"] for answer in answers) == [0, 2, 2, 2, 2, 2]
    again = told(world, agreed, event("a", "10"), event("c", "5")).body
    assert ([one["transaction_id"] for one in again["recorded"]], again["repeated"]) == (["c"], 1)
    for other in (event("a", "11"), event("a", "10", at="2026-03-01T15:00:00Z")):
        refused = told(world, agreed, event("d", "1"), other)
        assert (refused.problem, refused["errors"][0]["at"]) == ((422, "event_differs"), "/events/1/transaction_id")
    assert world.ok("GET", f"/v1/contracts/{agreed['id']}/usage")["meters"][0]["units"] == "16"


@pytest.mark.row("C41")
def test_consumption_inside_the_grace_is_billed_with_its_period_and_later_one_with_the_next_and_none_is_lost(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER], grace_days=3)
    told(world, agreed, event("a", "100"))
    sweep(world, days=31)
    told(world, agreed, event("b", "100"))
    sweep(world, days=3)
    late = told(world, agreed, event("c", "100")).body["recorded"][0]

    assert (late["period"], late["occurred_at"]) == (1, "2026-03-02T15:00:00Z")
    assert bill(world, agreed)["net_total"] == "2.46"
    told(world, agreed, event("d", "50", at="2026-03-20T15:00:00Z"), event("e", "50", at="2026-04-03T15:00:00Z"))
    sweep(world, days=30)
    (line,) = bill(world, agreed)["lines"]
    assert (line["description"], line["net"]) == (
        "Appels: 200, 2026-03-02 \N{EN DASH} 2026-03-20: 150 (2026-04-01 \N{EN DASH} 2026-04-30)",
        "2.46",
    )


def test_a_minimum_is_billed_of_a_period_without_consumption(world):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER | {"minimum": "20"}])
    sweep(world, days=30)

    assert bill(world, agreed)["net_total"] == "20.00"


@pytest.mark.parametrize(
    ("wrong", "told_"),
    [
        ({"meter": "XX"}, (422, "unknown_meter")),
        ({"quantity": "NaN"}, (422, "invalid")),
        ({"occurred_at": "2026-03-02"}, (422, "invalid")),
    ],
)
def test_consumption_that_cannot_be_is_refused_and_counts_nothing(world, wrong, told_):
    agreed = activated(world, world.client(), type="usage", fees=[], meters=[METER])

    assert told(world, agreed, event("a", "1"), event("b", "1") | wrong).problem == told_
    assert told(world, agreed, event("a", "1"), event("a", "1")).problem == (422, "event_twice")
    assert world.ok("GET", f"/v1/contracts/{agreed['id']}/usage")["meters"][0]["units"] == "0"


def test_what_is_counted_needs_a_period_and_tiers_an_end(world):
    client = world.client()
    wanted = {"client_id": client["id"], "name": "x"}
    assert world.api("POST", "/v1/contracts", wanted | {"included_hours": "1"}).problem == (422, "missing")
    open_tier = METER | {"tiers": [{"up_to": "5", "unit_price": "1"}]}
    refused = world.api("POST", "/v1/contracts", wanted | {"billing_period": {"months": 1}, "meters": [open_tier]})
    assert refused.problem == (422, "tiers_open")
    assert refused["errors"][0]["at"] == "/meters/0/tiers"
