"""Visits: planned, worked on, and billed on the spot by whoever did the work."""

import pytest

from tests.flows.visiting import LINES, attach, bill, held, hired, published, see, space, story, totals, visit


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
        "credited": "0.00",
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


@pytest.mark.row("P40", "P41", "C16")
@pytest.mark.parametrize("transactions", [pytest.param(1, id="between the two"), pytest.param(2, id="after both")])
def test_a_crash_while_a_visit_is_billed_is_made_good_by_asking_again(world, transactions):
    client = world.client()
    planned = visit(world, client)
    item = published(world, client, planned)
    path, body = f"/v1/visits/{planned['id']}/invoices", {"lines": LINES, "send": True}

    world.faults.crash_after("dynamodb", "TransactWriteItems", skip=transactions - 1)
    crashed = world.api("POST", path, body, Idempotency_Key="k")
    left = world.see(see(world, planned)["invoice_id"])
    first, second = (world.ok("POST", path, body, Idempotency_Key="k") for _ in range(2))

    assert crashed.status == 500
    assert (left["status"], left["number"]) == (("draft", None) if transactions == 1 else ("issued", "00001"))
    assert [line["item_id"] for line in left["lines"]] == [item["id"], None], "it is claimed with the first of them"
    assert (first["id"], first["status"], first["number"]) == (left["id"], "issued", "00001")
    assert (first.status, second.status, second.body) == (201, 201, first.body)
    world.settle(times=2)
    assert world.see(left)["status"] == "sent"
    assert len(world.mails) == 1
    assert [row["id"] for row in world.ok("GET", "/v1/invoices")["data"]] == [left["id"]]
    assert world.balance(client)["unbilled_total"] == "0.00"


@pytest.mark.row("P42", "C16")
def test_a_crash_while_a_draft_is_attached_and_sent_is_made_good_by_asking_again(world):
    client = world.client()
    planned, draft = visit(world, client), world.draft(client)
    path, body = f"/v1/visits/{planned['id']}/invoices", {"invoice_id": draft["id"], "send": True}

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    crashed = world.api("PUT", path, body, Idempotency_Key="k")
    again = world.ok("PUT", path, body, Idempotency_Key="k")

    assert crashed.status == 500
    assert (again["id"], again["number"], again["visit_id"]) == (draft["id"], "00001", planned["id"])
    world.settle()
    assert (world.see(draft)["status"], len(world.mails)) == ("sent", 1)


@pytest.mark.row("P41", "C16")
def test_what_somebody_took_back_in_between_is_not_sent_by_asking_again(world):
    planned = visit(world, world.client())
    path, body = f"/v1/visits/{planned['id']}/invoices", {"lines": LINES, "send": True}
    world.faults.crash_after("dynamodb", "TransactWriteItems")
    world.api("POST", path, body, Idempotency_Key="k")
    left = world.see(see(world, planned)["invoice_id"])
    world.ok("PATCH", f"/v1/invoices/{left['id']}", {"send_on": "2026-06-01"})

    again = world.ok("POST", path, body, Idempotency_Key="k")

    assert (again["id"], again["status"], again["number"]) == (left["id"], "scheduled", None)
    world.settle()
    assert world.mails == []


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


@pytest.mark.row("P17", "P41")
def test_what_is_due_after_the_work_is_done_gets_its_day_from_the_visit(world):
    planned = visit(world, world.client())
    world.ok("POST", f"/v1/visits/{planned['id']}/complete", {})
    world.time.pass_(days=3)

    schedule = [
        {"percent": "40", "due": {"days_after": "completion", "days": 10}},
        {"remainder": True, "due": {"days_after": "issue", "days": 10}},
    ]
    made = bill(world, planned, lines=LINES, schedule=schedule, send=True)

    assert [part["due_on"] for part in made["schedule"]] == ["2026-03-12", "2026-03-15"]
