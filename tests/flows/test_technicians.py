"""A technician bills his own visits and takes the money for them, and nothing else (decision 11)."""

import pytest

from tests.flows.desk import MARIE
from tests.flows.visiting import LINES, attach, bill, held, hired, see, space, story, totals, visit


@pytest.mark.row("P34", "P40", "P41")
def test_a_technician_bills_his_visit_in_one_call_and_sends_it(world):
    luc, key = hired(world)
    client = world.client()
    planned = visit(world, client, technician_id=luc)

    made = bill(world, planned, key, lines=LINES, send=True)

    assert (made.status, made["number"], made["total"]) == (201, "00001", "91.98")
    assert (made["visit_id"], made["job_id"], made["client_id"]) == (planned["id"], planned["job_id"], client["id"])
    assert made.headers["location"] == f"/v1/invoices/{made['id']}"
    assert see(world, planned, key=key)["invoice_id"] == made["id"]
    assert held(world, planned["job_id"]) == {"visits": [planned["id"]], "invoices": [made["id"]]}
    world.settle(times=2)
    assert [mail.to for mail in world.mails] == [MARIE]
    assert world.see(made.body)["status"] == "sent"
    assert story(world, planned) == ["visit.planned", "visit.invoiced"]


@pytest.mark.row("P44", "P45")
def test_a_technician_takes_the_payment_in_front_of_the_client(world):
    luc, key = hired(world)
    planned = visit(world, world.client(), technician_id=luc)
    made = bill(world, planned, key, lines=LINES, send=True).body

    body = {"amount": "91.98", "method": "card_terminal"}
    paid = world.api("POST", f"/v1/invoices/{made['id']}/payments", body, key=key)

    assert paid.status == 201
    assert world.see(made)["status"] == "paid"
    assert totals(world, planned["job_id"])["paid"] == "91.98"


@pytest.mark.row("P32", "P42", "P43", "P44")
def test_a_technician_picks_what_was_made_at_approval_sends_it_and_is_paid(world):
    luc, key = hired(world)
    client = world.client()
    quote = world.quote(client, invoicing={"mode": "single"})
    planned = visit(world, client, job_id=quote["job_id"], technician_id=luc)
    world.approve(quote)
    world.settle()

    (draft,) = space(world, see(world, planned, key=key)["job_id"], key=key)["invoices"]
    assert (draft["status"], draft["total"], draft["quote_id"]) == ("draft", "1149.75", quote["id"])
    sent = attach(world, planned, draft, key, send=True)
    world.settle()
    paid = world.ok("POST", f"/v1/invoices/{draft['id']}/payments", {"amount": "1149.75", "method": "cash"}, key=key)

    assert (sent["number"], sent["visit_id"], sent["job_id"]) == ("00001", planned["id"], quote["job_id"])
    assert list(world.mails_to(MARIE)[0].attachments) == ["00001.pdf"]
    assert (paid["method"], world.see(draft)["status"]) == ("cash", "paid")
    assert held(world, quote["job_id"]) == {
        "quotes": [quote["id"]],
        "visits": [planned["id"]],
        "invoices": [draft["id"]],
    }


@pytest.mark.row("P44")
def test_a_technician_takes_no_payment_on_what_is_not_his(world):
    luc, key = hired(world)
    client = world.client()
    loose, of_another = world.invoice(client), bill(world, visit(world, client), lines=LINES, send=True).body
    visit(world, client, technician_id=luc)
    before = world.everything()

    for invoice in (loose, of_another):
        body = {"amount": "1.00", "method": "cash"}
        refused = world.api("POST", f"/v1/invoices/{invoice['id']}/payments", body, key=key)
        assert refused.problem == (403, "not_your_visit")
    assert world.everything() == before


@pytest.mark.row("P40", "P44")
def test_a_technician_sees_and_touches_his_own_visits_only(world):
    luc, key = hired(world)
    client = world.client()
    mine, other = visit(world, client, technician_id=luc), visit(world, client)
    draft = world.draft(client)
    before = world.everything()

    assert [row["id"] for row in world.ok("GET", "/v1/visits", key=key)["data"]] == [mine["id"]]
    path = f"/v1/visits/{other['id']}"
    for method, where, body in (
        ("GET", path, None),
        ("GET", f"{path}/timeline", None),
        ("PATCH", path, {"notes": "x"}),
        ("POST", f"{path}/complete", {}),
        ("POST", f"{path}/invoices", {"lines": LINES}),
        ("PUT", f"{path}/invoices", {"invoice_id": draft["id"]}),
    ):
        assert world.api(method, where, body, key=key).problem == (404, "not_found"), (method, where)
    assert world.everything() == before


@pytest.mark.row("P40", "P44")
def test_a_technician_plans_nothing_and_bills_nothing_else(world):
    luc, key = hired(world)
    client = world.client()
    mine = visit(world, client, technician_id=luc)
    draft = world.draft(client)
    before = world.everything()

    path = f"/v1/visits/{mine['id']}"
    for method, where, body in (
        ("POST", "/v1/visits", {"client_id": client["id"], "starts_at": "2026-03-03T14:00:00Z"}),
        ("PATCH", path, {"starts_at": "2026-03-04T14:00:00Z"}),
        ("PATCH", path, {"technician_id": None}),
        ("PATCH", path, {"job_id": draft["job_id"]}),
        ("PATCH", path, {"status": "cancelled"}),
        ("DELETE", path, None),
        ("POST", "/v1/jobs", {"client_id": client["id"]}),
        ("GET", "/v1/jobs", None),
        ("POST", "/v1/invoices", {"client_id": client["id"], "lines": LINES}),
        ("PATCH", f"/v1/invoices/{draft['id']}", {"notes": "x"}),
        ("POST", f"/v1/invoices/{draft['id']}/send", {}),
    ):
        assert world.api(method, where, body, key=key).problem == (403, "forbidden"), (method, where)
    assert world.everything() == before


@pytest.mark.row("P6", "P40")
def test_a_technician_sees_the_space_of_a_job_in_which_he_has_a_visit(world):
    luc, key = hired(world)
    client = world.client()
    quote = world.quote(client)
    other = visit(world, client, job_id=quote["job_id"])
    path = f"/v1/jobs/{quote['job_id']}"
    assert world.api("GET", f"{path}/space", key=key).problem == (404, "not_found")
    assert world.api("GET", path, key=key).problem == (404, "not_found")

    mine = visit(world, client, job_id=quote["job_id"], technician_id=luc)

    known = space(world, quote["job_id"], key=key)
    assert ([row["id"] for row in known["visits"]], [row["id"] for row in known["quotes"]]) == (
        [mine["id"]],
        [quote["id"]],
    )
    world.ok("PATCH", f"/v1/visits/{mine['id']}", {"technician_id": None})
    assert world.api("GET", f"{path}/space", key=key).problem == (404, "not_found")
    assert len(space(world, quote["job_id"])["visits"]) == len([mine, other])
