"""Visits: planned, worked on, and billed on the spot by whoever did the work."""

import pytest

from tests.flows.desk import MARIE
from tests.flows.test_jobs import held, space, totals, visit

LINES = [{"description": "Robinet", "unit_price": "80.00"}]


def hired(world):
    """A technician: the id that visits bear, and the key with which he comes in."""
    made = world.ok("POST", "/v1/keys", {"name": "Luc", "role": "technician"})
    return made["id"], made["secret"]


def bill(world, planned, key=None, **more):
    return world.api("POST", f"/v1/visits/{planned['id']}/invoices", more, key=key)


def attach(world, planned, invoice, key=None, **more):
    return world.api("PUT", f"/v1/visits/{planned['id']}/invoices", {"invoice_id": invoice["id"]} | more, key=key)


def see(world, planned, **more):
    return world.ok("GET", f"/v1/visits/{planned['id']}", **more).body


def published(world, client, planned, **more):
    plain = {"client_id": client["id"], "visit_id": planned["id"], "description": "Visite", "unit_price": "50.00"}
    item = world.ok("POST", "/v1/items", plain | more)
    world.ok("POST", f"/v1/items/{item['id']}/publish", {})
    return item.body


def story(world, planned):
    return [event["type"] for event in world.ok("GET", f"/v1/visits/{planned['id']}/timeline")["data"]]


def test_a_visit_is_planned_moved_worked_on_and_completed(world):
    luc, key = hired(world)
    planned = visit(world, world.client(), title="Fuite", technician_id=luc, notes="Sonner deux fois")
    path = f"/v1/visits/{planned['id']}"
    assert (planned["status"], planned["starts_at"], planned["version"]) == ("scheduled", "2026-03-03T14:00:00Z", 1)

    moved = world.ok("PATCH", path, {"starts_at": "2026-03-04T14:00:00Z", "ends_at": "2026-03-04T15:00:00Z"}).body
    assert (moved["starts_at"], moved["ends_at"]) == ("2026-03-04T14:00:00Z", "2026-03-04T15:00:00Z")
    begun = world.ok("PATCH", path, {"status": "in_progress"}, key=key, If_Match='"2"').body
    assert (begun["status"], begun["started_at"] is None) == ("in_progress", False)
    done = world.ok("POST", f"{path}/complete", {"notes": "Joint changé"}, key=key).body
    assert (done["status"], done["notes"], done["completed_at"] is None) == ("completed", "Joint changé", False)

    assert story(world, planned) == ["visit.planned", "visit.changed", "visit.changed", "visit.completed"]
    assert world.api("POST", f"{path}/complete", {}).problem == (409, "visit_over")
    assert world.api("PATCH", path, {"status": "scheduled"}).problem == (409, "move_not_allowed")
    assert world.api("PATCH", path, {"title": "Autre"}).problem == (409, "visit_over")
    assert world.api("PATCH", path, {"notes": "Autre"}, If_Match='"1"').problem == (412, "stale")
    assert world.ok("PATCH", path, {"notes": "Garantie un an"})["notes"] == "Garantie un an"


def test_a_visit_must_end_after_it_starts_and_have_somebody_who_works_here(world):
    client = world.client()
    key = world.ok("POST", "/v1/keys", {"name": "old", "role": "technician"})
    world.ok("DELETE", f"/v1/keys/{key['id']}")
    before = world.everything()

    wanted = {"client_id": client["id"], "starts_at": "2026-03-03T14:00:00Z"}
    for more, problem in (
        ({"ends_at": "2026-03-03T13:59:00Z"}, (422, "ends_before_it_starts")),
        ({"technician_id": "usr_unknown"}, (404, "not_found")),
        ({"technician_id": key["id"]}, (422, "technician_gone")),
    ):
        assert world.api("POST", "/v1/visits", wanted | more).problem == problem
    assert world.everything() == before


def test_only_a_visit_that_has_not_begun_is_deleted(world):
    client = world.client()
    begun, billed, gone = (visit(world, client) for _ in range(3))
    world.ok("PATCH", f"/v1/visits/{begun['id']}", {"status": "in_progress"})
    assert bill(world, billed, lines=LINES).status == 201

    assert world.api("DELETE", f"/v1/visits/{begun['id']}").problem == (409, "visit_begun")
    assert world.api("DELETE", f"/v1/visits/{billed['id']}").problem == (409, "visit_invoiced")
    assert world.ok("DELETE", f"/v1/visits/{gone['id']}").status == 204
    assert world.api("GET", f"/v1/visits/{gone['id']}").problem == (404, "not_found")
    assert story(world, gone) == ["visit.planned", "visit.removed"]


def test_a_cancelled_visit_is_neither_billed_nor_completed_until_it_is_planned_again(world):
    planned = visit(world, world.client())
    path = f"/v1/visits/{planned['id']}"
    world.ok("PATCH", path, {"status": "cancelled"})

    assert bill(world, planned, lines=LINES).problem == (409, "visit_over")
    assert world.api("POST", f"{path}/complete", {}).problem == (409, "visit_over")
    world.ok("PATCH", path, {"status": "scheduled", "starts_at": "2026-03-09T14:00:00Z"})
    assert world.ok("POST", f"{path}/complete", {})["status"] == "completed"


def test_visits_are_listed_by_client_job_technician_status_and_day(world):
    luc, _ = hired(world)
    marie, jean = world.client(), world.client(name="Jean Roy")
    first = visit(world, marie, technician_id=luc, title="Fuite")
    second = visit(world, jean, starts_at="2026-03-10T03:00:00Z")  # still the 9th in Montreal
    third = visit(world, marie, job_id=first["job_id"], starts_at="2026-03-20T14:00:00Z")
    world.ok("POST", f"/v1/visits/{third['id']}/complete", {})

    def found(query):
        return [row["id"] for row in world.ok("GET", f"/v1/visits?{query}")["data"]]

    assert found("limit=10") == [third["id"], second["id"], first["id"]]
    assert found(f"client_id={jean['id']}") == [second["id"]]
    assert found(f"job_id={first['job_id']}") == [third["id"], first["id"]]
    assert found(f"technician_id={luc}") == [first["id"]]
    assert found("status=completed") == [third["id"]]
    assert found("from=2026-03-09&to=2026-03-09") == [second["id"]]
    assert found("q=fuite") == [first["id"]]


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


@pytest.mark.row("P40", "P41")
def test_the_items_used_on_a_visit_are_billed_with_it(world):
    luc, key = hired(world)
    client = world.client()
    planned, other = visit(world, client, technician_id=luc), visit(world, client)
    used = published(world, client, planned)
    elsewhere = published(world, client, other)
    unpublished = {"client_id": client["id"], "visit_id": planned["id"], "description": "Brouillon", "unit_price": "9"}
    world.ok("POST", "/v1/items", unpublished)

    made = bill(world, planned, key, lines=LINES)

    assert [(line["item_id"], line["net"]) for line in made["lines"]] == [(used["id"], "50.00"), (None, "80.00")]
    assert world.ok("GET", f"/v1/items/{used['id']}")["invoice_id"] == made["id"]
    assert world.ok("GET", f"/v1/items/{elsewhere['id']}")["invoice_id"] is None
    assert totals(world, planned["job_id"])["unbilled"] == "50.00"
    world.ok("POST", f"/v1/invoices/{made['id']}/issue", {})
    assert totals(world, planned["job_id"]) == {
        "quoted": "0.00",
        "approved": "0.00",
        "invoiced": "149.47",
        "paid": "0.00",
        "due": "149.47",
        "unbilled": "0.00",
    }
    states = {item["id"]: item["status"] for item in space(world, planned["job_id"])["items"]}
    assert states[used["id"]] == "invoiced"


@pytest.mark.row("P40")
def test_a_visit_has_one_invoice_in_force(world):
    planned = visit(world, world.client())
    first = bill(world, planned, lines=LINES, send=True).body

    before = world.everything()
    assert bill(world, planned, lines=LINES).problem == (409, "visit_invoiced")
    assert world.everything() == before
    world.ok("POST", f"/v1/invoices/{first['id']}/void", {})
    second = bill(world, planned, lines=LINES).body
    world.ok("DELETE", f"/v1/invoices/{second['id']}")
    third = bill(world, planned, lines=LINES).body

    assert see(world, planned)["invoice_id"] == third["id"]


@pytest.mark.row("P41")
def test_what_cannot_be_sent_is_not_made(world):
    unreachable = visit(world, world.ok("POST", "/v1/clients", {"name": "Jean"}).body)
    empty = visit(world, world.client())
    before = world.everything()

    assert bill(world, unreachable, lines=LINES, send=True).problem == (409, "no_email")
    assert bill(world, empty, send=True).problem == (409, "invoice_empty")
    assert world.everything() == before


@pytest.mark.row("P41")
def test_billing_a_visit_again_with_the_same_key_gives_the_same_invoice(world):
    planned = visit(world, world.client())
    path, body = f"/v1/visits/{planned['id']}/invoices", {"lines": LINES, "send": True}

    first, second = (world.ok("POST", path, body, Idempotency_Key="once") for _ in range(2))

    assert first.body == second.body
    assert second.headers["idempotent-replay"] == "true"


@pytest.mark.row("P41")
def test_an_invoice_that_nobody_came_to_send_is_sent_by_its_event(world, monkeypatch):
    """A crash between the two steps of a call: what the first has written is enough."""
    planned = visit(world, world.client())
    with monkeypatch.context() as broken:
        broken.setattr("chalicelib.usecases.visiting.issue_invoice", lambda *_, **__: 1 / 0)
        assert bill(world, planned, lines=LINES, send=True).status == 500

    world.settle()

    made = world.see(see(world, planned)["invoice_id"])
    assert (made["status"], made["number"]) == ("sent", "00001")


@pytest.mark.row("P34", "P42", "P43", "P47")
def test_an_invoice_generated_at_approval_is_attached_to_the_visit_and_sent(world):
    luc, key = hired(world)
    client = world.client()
    quote = world.quote(client, invoicing={"mode": "single"})
    planned = visit(world, client, technician_id=luc)
    world.approve(quote)
    world.settle()
    (draft,) = world.invoices_of(quote)

    sent = attach(world, planned, draft, key, send=True)

    assert (sent.status, sent["number"], sent["visit_id"]) == (200, "00001", planned["id"])
    assert sent["job_id"] == planned["job_id"]
    assert held(world, planned["job_id"]) == {"visits": [planned["id"]], "invoices": [draft["id"]]}
    world.settle()
    assert world.see(draft)["status"] == "sent"
    assert world.timeline(draft)[:3] == ["invoice.drafted", "invoice.attached", "invoice.issued"]


@pytest.mark.row("P42")
def test_attaching_can_come_before_sending_and_twice_is_once(world):
    client = world.client()
    planned, draft = visit(world, client), world.draft(client, send_on="2026-06-01")

    attached = attach(world, planned, draft)
    before = world.everything()
    again = attach(world, planned, draft)

    assert (attached["status"], attached["send_on"]) == ("scheduled", "2026-06-01")
    assert again.body == attached.body
    assert world.everything() == before
    assert attach(world, planned, draft, send=True)["number"] == "00001"


@pytest.mark.row("P42")
def test_only_a_free_draft_of_the_same_client_is_attached(world):
    client = world.client()
    planned, other = visit(world, client), visit(world, client)
    foreign, issued, draft, spare = world.draft(), world.invoice(client), world.draft(client), world.draft(client)
    attach(world, planned, draft)
    before = world.everything()

    assert attach(world, planned, foreign).problem == (422, "foreign_invoice")
    assert attach(world, other, issued).problem == (409, "invoice_issued")
    assert attach(world, other, draft).problem == (409, "invoice_attached")
    assert attach(world, planned, spare).problem == (409, "visit_invoiced")
    assert attach(world, planned, {"id": "inv_unknown"}).problem == (404, "not_found")
    assert world.everything() == before


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
