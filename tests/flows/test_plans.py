"""Recurring plans over HTTP: agreed, foreseen, billed by the clock, changed and paused."""

import pytest

from tests.flows import wallet

LINES = [{"description": "Entretien, {period}", "unit_price": "100.00"}]
MONTHLY = {"lines": LINES, "interval": {"unit": "month"}, "start_on": "2026-04-01"}
APRIL, MAY = {"start": "2026-04-01", "end": "2026-04-30"}, {"start": "2026-05-01", "end": "2026-05-31"}


def wish(world, client=None, **more):
    return {"client_id": (client or world.client())["id"]} | MONTHLY | more


def plan(world, client=None, **more):
    return world.ok("POST", "/v1/plans", wish(world, client, **more)).body


def see(world, one):
    return world.ok("GET", f"/v1/plans/{one['id']}").body


def invoices(world, one):
    """Those of a plan, in the order of their making."""
    listed = world.ok("GET", f"/v1/invoices?plan_id={one['id']}&limit=100")["data"][::-1]
    return [world.see(each) for each in listed]


def comes(world, *instants):
    """Time comes, and the minute's tick with all that follows."""
    for instant in instants:
        world.time.move_to(instant)
        world.sweep()
        world.settle()


@pytest.mark.row("K31", "K21")
def test_a_client_is_billed_and_mailed_every_month_by_itself(world):
    one = plan(world, automation="send")

    comes(world, "2026-04-01T12:59:00Z")
    assert invoices(world, one) == []
    comes(world, "2026-04-01T13:00:00Z", "2026-05-01T13:00:00Z", "2026-06-01T13:00:00Z")

    found = invoices(world, one)
    assert [(each["number"], each["issue_date"], each["total"]) for each in found] == [
        ("00001", "2026-04-01", "114.98"),
        ("00002", "2026-05-01", "114.98"),
        ("00003", "2026-06-01", "114.98"),
    ]
    assert [(each["plan_id"], each["job_id"]) for each in found] == [(one["id"], one["job_id"])] * 3
    assert found[1]["service_period"] == MAY
    assert found[1]["lines"][0]["description"] == "Entretien, 1er mai 2026 \N{EN DASH} 31 mai 2026"
    assert [each["delivery"]["state"] for each in found] == ["sent"] * 3
    assert len(world.mails_to("marie@example.com")) == 3
    assert see(world, one)["upcoming"] == {
        "period": 4,
        "service_period": {"start": "2026-07-01", "end": "2026-07-31"},
        "bill_on": "2026-07-01",
        "at": "2026-07-01T13:00:00Z",
    }


@pytest.mark.row("C3")
def test_a_tick_given_ten_times_and_all_its_events_three_times_mails_once(world):
    one = plan(world, automation="send")
    world.time.move_to("2026-04-01T13:00:00Z")

    for _ in range(10):
        world.sweep()
    world.settle(times=3)
    world.replay("shuffled")

    assert [each["delivery"]["state"] for each in invoices(world, one)] == ["sent"]
    assert len(world.mails_to("marie@example.com")) == 1


@pytest.mark.row("C5")
def test_after_70_days_each_missed_period_has_its_own_invoice_and_own_days(world):
    one = plan(world, automation="issue")

    comes(world, "2026-06-09T15:00:00Z")

    found = invoices(world, one)
    assert [each["service_period"]["start"] for each in found] == ["2026-04-01", "2026-05-01", "2026-06-01"]
    assert [(each["number"], each["issue_date"]) for each in found] == [(f"0000{n}", "2026-06-09") for n in (1, 2, 3)]
    assert [each["delivery"]["state"] for each in found] == ["none"] * 3


def test_a_plan_bills_on_the_first_and_the_fifteenth_and_then_on_the_last_friday(world):
    one = plan(world, interval={"unit": "month", "days_of_month": [1, 15]})
    comes(world, "2026-04-01T13:00:00Z", "2026-04-15T13:00:00Z")

    last_friday = {"unit": "month", "weekday_of_month": {"weekday": 5, "number": -1}}
    changed = world.ok("PATCH", f"/v1/plans/{one['id']}", {"interval": last_friday})
    comes(world, "2026-05-01T13:00:00Z", "2026-05-29T13:00:00Z")

    found = [(each["service_period"]["start"], each["service_period"]["end"]) for each in invoices(world, one)]
    assert found == [
        ("2026-04-01", "2026-04-14"),
        ("2026-04-15", "2026-04-30"),
        ("2026-05-01", "2026-05-28"),
        ("2026-05-29", "2026-06-25"),
    ]
    assert [each["net_total"] for each in invoices(world, one)] == ["100.00", "100.00", "80.00", "100.00"]  # 28 of 35
    assert changed["interval"] == {"count": 1, "days_of_month": [], **last_friday}


def test_what_is_foreseen_has_days_and_figures_and_writes_nothing(world):
    one = plan(world, start_on="2026-04-16", anchor_on="2026-04-01", times=2)
    before = world.everything()["core"]

    found = world.ok("POST", f"/v1/plans/{one['id']}/preview", {"count": 5})["data"]

    days = [(each["period"], each["service_period"]["start"], each["bill_on"], each["due_date"]) for each in found]
    assert days == [(1, "2026-04-16", "2026-04-16", "2026-05-16"), (2, "2026-05-01", "2026-05-01", "2026-05-31")]
    assert [(each["net_total"], each["total"]) for each in found] == [("50.00", "57.49"), ("100.00", "114.98")]
    assert found[0]["lines"][0]["allowances"][0]["reason"] == "15 jours sur 30"
    assert world.everything()["core"] == before


def test_a_paused_plan_leaves_out_what_came_due_unless_it_is_wanted(world):
    one, other = plan(world), plan(world)
    for each in (one, other):
        assert world.ok("POST", f"/v1/plans/{each['id']}/pause", {})["status"] == "paused"
    comes(world, "2026-05-20T13:00:00Z")

    world.ok("POST", f"/v1/plans/{one['id']}/resume", {})
    world.ok("POST", f"/v1/plans/{other['id']}/resume", {"bill_missed": True})
    comes(world, "2026-05-20T13:01:00Z")

    assert (invoices(world, one), see(world, one)["left_out"]) == ([], [{"first": 1, "last": 2}])
    assert [each["service_period"] for each in invoices(world, other)] == [APRIL, MAY]


def test_a_plan_is_changed_from_its_next_period_on_and_ended(world):
    one = plan(world)
    comes(world, "2026-04-01T13:00:00Z")

    lines = [{"description": "Entretien", "unit_price": "120.00"}]
    world.ok("PATCH", f"/v1/plans/{one['id']}", {"lines": lines, "name": "Chaudière"})
    comes(world, "2026-05-01T13:00:00Z")
    ended = world.ok("PATCH", f"/v1/plans/{one['id']}", {"end_on": "2026-05-31"})

    assert [each["net_total"] for each in invoices(world, one)] == ["100.00", "120.00"]
    assert (ended["status"], ended["upcoming"], ended["name"], ended["billed"]) == ("ended", None, "Chaudière", 2)
    assert world.api("DELETE", f"/v1/plans/{one['id']}").problem_code == "plan_begun"
    assert world.ok("PATCH", f"/v1/plans/{one['id']}", {"end_on": None, "times": 3})["status"] == "active"


@pytest.mark.parametrize(
    ("more", "at", "code"),
    [
        pytest.param({"prepaid_total": "10"}, "", "not_in_plan", id="what is prepaid of each"),
        pytest.param({"end_on": "2026-03-01"}, "/end_on", "ends_before_it_starts", id="an end before the start"),
        pytest.param({"end_on": "2027-03-01", "times": 3}, "", "one_of", id="two ends"),
        pytest.param({"start_on": "2025-01-01"}, "/start_on", "too_long_ago", id="years of invoices at once"),
        pytest.param({"send_at": "9"}, "/send_at", "not_a_time", id="no time of day"),
        pytest.param({"lines": [{"item_id": "itm_1"}]}, "/lines/0/item_id", "not_an_invoice", id="an item"),
        pytest.param({"interval": {"unit": "month", "count": 0}}, "/interval/count", "greater_than_equal", id="never"),
        pytest.param(
            {"interval": {"unit": "month", "days_of_month": [0]}},
            *("/interval/days_of_month/0", "not_a_day"),
            id="the day before the first",
        ),
        pytest.param(
            {"interval": {"unit": "week", "days_of_month": [1]}}, "/interval", "not_of_months", id="days of a week"
        ),
    ],
)
def test_what_cannot_come_round_is_refused_with_its_place(world, more, at, code):
    refused = world.api("POST", "/v1/plans", wish(world, **more))

    assert refused.status in {404, 422}
    if refused.status == 422:
        assert [(fault["at"], fault["code"]) for fault in refused["errors"]] == [(at, code)]
    assert world.ok("GET", "/v1/plans")["data"] == []


def test_plans_are_listed_by_client_job_and_status(world):
    one, other = plan(world, automation="issue"), plan(world, name="Chaudière")
    world.ok("POST", f"/v1/plans/{other['id']}/pause", {})

    def found(query):
        return [each["id"] for each in world.ok("GET", f"/v1/plans{query}")["data"]]

    assert found("") == [other["id"], one["id"]]
    assert found("?status=paused") == found("?q=chaud") == [other["id"]]
    assert found(f"?client_id={one['client_id']}") == found(f"?job_id={one['job_id']}") == [one["id"]]
    told = [each["type"] for each in world.ok("GET", f"/v1/plans/{other['id']}/timeline")["data"]]
    assert told == ["plan.added", "plan.paused"]


def test_plans_are_the_offices_the_accountant_sees_them_and_a_technician_does_not(world):
    one = plan(world)
    reads = [("GET", "/v1/plans"), ("GET", f"/v1/plans/{one['id']}"), ("POST", f"/v1/plans/{one['id']}/preview")]
    writes = [("POST", f"/v1/plans/{one['id']}/pause"), ("DELETE", f"/v1/plans/{one['id']}")]

    for role, may_read, may_write in (("accountant", 200, 403), ("technician", 403, 403), ("manager", 200, 200)):
        key = world.key(role)
        for method, path in reads:
            assert world.api(method, path, {} if method == "POST" else None, key=key).status == may_read, (role, path)
        for method, path in writes:
            body = {} if method == "POST" else None
            assert world.api(method, path, body, key=key).status in {may_write, 204 if may_write == 200 else 403}


def test_a_technician_sees_no_plan_in_the_job_of_his_visit(world):
    one, key = plan(world), world.ok("POST", "/v1/keys", {"name": "Luc", "role": "technician"})
    visit = {"client_id": one["client_id"], "job_id": one["job_id"], "starts_at": "2026-03-03T14:00:00Z"}
    world.ok("POST", "/v1/visits", visit | {"technician_id": key["id"]})
    space = f"/v1/jobs/{one['job_id']}/space"

    assert world.ok("GET", space, key=key["secret"])["plans"] == []
    assert [each["id"] for each in world.ok("GET", space)["plans"]] == [one["id"]]


@pytest.mark.row("K31", "H46")
def test_an_invoice_of_a_plan_is_charged_by_itself_where_client_and_business_agreed(world):
    world.ok("PATCH", "/v1/business", {"automation": {"auto_charge": True}, "invoice_defaults": {"due_days": 0}})
    client = world.client()
    wallet.stores_card(world, client, automatic=True)
    one = plan(world, client, automation="send")

    comes(world, "2026-04-01T13:00:00Z", "2026-04-01T13:02:00Z", "2026-04-01T13:04:00Z")
    world.deliver_events()
    world.settle()

    assert [each["status"] for each in invoices(world, one)] == ["paid"]


@pytest.mark.row("C38")
def test_the_next_instant_follows_the_clocks_of_client_and_business(world):
    client = world.client()
    one = plan(world, client)
    at = [see(world, one)["upcoming"]["at"]]

    for path, zone in ((f"/v1/clients/{client['id']}", "Europe/Paris"), ("/v1/business", "Australia/Sydney")):
        world.ok("PATCH", path, {"time_zone": zone})
        world.settle()
        at.append(see(world, one)["upcoming"]["at"])

    assert at == ["2026-04-01T13:00:00Z", "2026-04-01T07:00:00Z", "2026-04-01T07:00:00Z"]
