"""Payment schedules of issued invoices: agreed anew, waiting for work, held back; and what the client is asked for."""

import re

import pytest

from tests.flows import till
from tests.flows.desk import MARIE, at_once, open_sessions, pay_online, sent, take, visitor

THIRDS = [
    {"label": "Acompte", "percent": "30", "due": {"on": "2026-03-02"}},
    {"label": "Mi-chantier", "percent": "40", "due": {"on": "2026-04-02"}},
    {"label": "Solde", "remainder": True, "due": {"on": "2026-05-02"}},
]


def plan(world, invoice):
    return [
        (part["id"], part["due_on"], part["amount"], part["paid"], part["status"])
        for part in world.see(invoice)["schedule"]
    ]


def replan(world, invoice, *schedule, **more):
    return world.api("PATCH", f"/v1/invoices/{invoice['id']}", {"schedule": list(schedule)}, **more)


def offered(page):
    """What the portal has buttons for."""
    return sorted(set(re.findall(r'name="choice" value="(\w+)"', page.page)))


@pytest.mark.row("P15", "G10")
def test_the_schedule_of_one_issued_invoice_is_changed_and_what_is_paid_stays(world):
    client = world.client()
    invoice, other = world.invoice(client, schedule=THIRDS), world.invoice(client, schedule=THIRDS)
    take(world, invoice, "344.93")
    before = plan(world, other)

    changed = replan(
        world,
        invoice,
        {"id": "1"},
        {"id": "2", "due": {"on": "2026-06-30"}},
        {"id": "3", "amount": "300"},
        {"label": "Rest", "remainder": True, "due": {"on": "2026-07-31"}},
    )

    assert changed.status == 200
    assert plan(world, invoice) == [
        ("1", "2026-03-02", "344.93", "344.93", "paid"),
        ("2", "2026-06-30", "459.90", "0.00", "upcoming"),
        ("3", "2026-05-02", "300.00", "0.00", "upcoming"),
        ("4", "2026-07-31", "44.92", "0.00", "upcoming"),
    ]
    assert (changed["due_date"], changed["total"], changed["number"]) == ("2026-07-31", "1149.75", invoice["number"])
    assert world.timeline(invoice)[-1] == "invoice.replanned"
    assert plan(world, other) == before


@pytest.mark.row("P15", "G10")
def test_a_plan_that_touches_what_is_paid_or_does_not_sum_is_refused(world):
    invoice = world.invoice(schedule=THIRDS)
    take(world, invoice, "344.93")
    technician = world.key("technician")
    before = world.everything()

    for touching in ({"amount": "849.75"}, {"amount": "849.75", "label": "Solde"}, {"remainder": True}):
        first = {"amount": "300", "label": "Acompte"}
        assert replan(world, invoice, first, touching).problem == (409, "instalment_paid")
    assert replan(world, invoice, {"amount": "300"}, {"amount": "849.75"}).problem == (409, "instalment_paid")
    short = replan(world, invoice, {"amount": "400"}, {"amount": "404.81"})
    assert (short.problem, short["errors"][0]["at"]) == ((422, "amounts_off"), "/schedule")
    assert "804.82" in short["errors"][0]["detail"]
    unknown = replan(world, invoice, {"id": "9"}, {"remainder": True})
    assert (unknown.problem, unknown["errors"][0]["at"]) == ((422, "unknown_instalment"), "/schedule/0/id")
    assert replan(world, invoice, {"remainder": True}, If_Match='"1"').problem == (412, "stale")
    assert replan(world, invoice, {"remainder": True}, key=technician).status == 403
    assert world.everything() == before


@pytest.mark.row("P15", "C33")
def test_the_client_is_asked_for_the_new_instalment_and_the_page_of_the_old_one_closes(world):
    world.client()
    draft = sent(world, schedule=THIRDS)
    page = visitor(world)
    page.pay("due")
    assert [session["amount_total"] for session in open_sessions(world) if session["status"] == "open"] == [34493]

    replan(
        world, draft, {"id": "1", "amount": "200", "due": {"on": "2026-03-20"}}, {"label": "Solde", "remainder": True}
    )
    world.settle()

    assert [one for one in open_sessions(world) if one["status"] == "open"] == []
    asked = visitor(world).text
    assert "200,00" in asked
    assert "20 mars 2026" in asked
    till.pay(world, draft, choice="due")
    till.arrived(world)
    assert plan(world, draft) == [
        ("1", "2026-03-20", "200.00", "200.00", "paid"),
        ("3", "2026-05-02", "949.75", "0.00", "upcoming"),
    ]


@pytest.mark.row("C33")
def test_the_portal_offers_the_instalment_due_and_everything_and_nothing_else(world):
    draft = sent(world, schedule=THIRDS)

    page = visitor(world)

    assert offered(page) == ["all", "due"]
    refused = world.api("POST", f"/v1/invoices/{draft['id']}/payment-link", {"choice": "half"})
    assert refused.status == 422
    pay_online(world, "due")
    assert plan(world, draft)[0][3:] == ("344.93", "paid")
    assert "459,90" in visitor(world).text
    pay_online(world, "all")
    assert world.see(draft)["status"] == "paid"
    assert offered(visitor(world)) == []


@pytest.mark.row("P17")
@pytest.mark.parametrize(
    ("due", "day"),
    [
        pytest.param({"days_then_end_of_month": 45}, "2027-01-31", id="45 days, then the end of the month"),
        pytest.param({"end_of_month_then_days": 45}, "2027-02-14", id="the end of the month, then 45 days"),
        pytest.param({"days_then_end_of_month": 30, "on_day": 10}, "2027-02-10", id="30 days end of month the 10th"),
        pytest.param({"end_of_month": 1}, "2027-01-31", id="the end of the next month"),
        pytest.param({"days_after": "issue", "months": 2}, "2027-02-15", id="two months"),
        pytest.param({"days_after": "issue", "days": 30}, "2027-01-14", id="30 days"),
    ],
)
def test_an_instalment_is_due_as_it_was_agreed(world, due, day):
    world.time.move_to("2026-12-15T15:00:00Z")
    schedule = [{"percent": "50", "due": {"on": "2026-12-20"}}, {"remainder": True, "due": due}]

    assert plan(world, world.invoice(schedule=schedule))[1][1] == day
    lines = {"lines": [{"description": "Visite", "unit_price": "100"}], "schedule": schedule}
    assert world.ok("POST", "/v1/invoices/preview", lines)["schedule"][1]["due_on"] == day


@pytest.mark.row("P17")
def test_a_whole_invoice_is_due_by_the_terms_of_the_business(world):
    world.ok("PATCH", "/v1/business", {"invoice_defaults": {"due_terms": {"days_then_end_of_month": 30, "on_day": 10}}})
    assert world.ok("GET", "/v1/business")["invoice_defaults"]["due_terms"]["on_day"] == 10
    assert world.invoice()["due_date"] == "2026-05-10"


@pytest.mark.row("P17")
def test_a_milestone_falls_due_when_its_work_is_called_done(world):
    done = {"days_after": "completion", "days": 10}
    schedule = [
        {"label": "Acompte", "percent": "30", "due": {"days_after": "issue", "days": 0}},
        {"label": "Gros oeuvre", "percent": "40", "due": done},
        {"label": "Finitions", "remainder": True, "due": done},
    ]
    client = world.client()
    invoice = world.invoice(client, schedule=schedule)
    assert [part["awaits_completion"] for part in invoice["schedule"]] == [False, True, True]
    take(world, invoice, "344.93")
    world.time.pass_(days=200)
    assert world.see(invoice)["status"] == "partially_paid"
    assert world.balance(client)["overdue_total"] == "0.00"
    assert [one["id"] for one in world.balance(client)["billed_unpaid"]] == [invoice["id"]]
    assert world.ok("GET", "/v1/invoices?status=overdue")["data"] == []

    path = f"/v1/invoices/{invoice['id']}/instalments"
    assert world.api("POST", f"{path}/2/complete", {"on": "2027-01-01"}).problem == (422, "day_to_come")
    assert world.api("POST", f"{path}/9/complete", {}).problem == (404, "not_found")
    assert world.api("POST", f"{path}/1/complete", {}).problem == (409, "instalment_has_its_day")
    assert world.api("POST", f"{path}/2/complete", {}, key=world.key("technician")).status == 403
    world.ok("POST", f"{path}/2/complete", {"on": "2026-09-01"})

    assert [part[1] for part in plan(world, invoice)] == ["2026-03-02", "2026-09-11", None]
    assert world.balance(client)["overdue_total"] == "459.90"
    assert world.timeline(invoice)[-1] == "invoice.instalment_completed"


@pytest.mark.row("P17")
def test_a_holdback_is_not_asked_for_before_a_year_after_acceptance(world):
    world.ok("PATCH", "/v1/business", {"reminders": [{"days": 1}, {"days": 30}]})
    schedule = [
        {"label": "Travaux", "percent": "95", "due": {"days_after": "issue", "days": 30}},
        {"label": "Retenue de garantie", "percent": "5", "holdback": True},
    ]
    client = world.client()
    invoice = world.invoice(client, schedule=schedule)
    assert (invoice["due_date"], invoice["schedule"][1]["holdback"]) == ("2026-04-01", True)
    take(world, invoice, "1092.26")
    world.settle()
    world.time.pass_(days=100)
    world.sweep()
    world.settle()
    assert world.see(invoice)["next_reminder_at"] is None
    assert not [mail for mail in world.mails_to(MARIE) if "retard" in mail.subject or "Rappel" in mail.subject]

    accepted = world.ok("POST", f"/v1/invoices/{invoice['id']}/instalments/2/complete", {"on": "2026-05-31"})

    assert accepted["schedule"][1]["due_on"] == "2027-05-31"
    assert accepted["next_reminder_at"].startswith("2027-06-01")
    released = replan(world, invoice, {"id": "2", "due": {"on": "2026-07-01"}})
    assert released["schedule"][1]["due_on"] == "2026-07-01"
    assert released["next_reminder_at"].startswith("2026-07-02")


@pytest.mark.row("P15", "G10")
def test_a_payment_and_a_new_plan_at_once_are_both_kept(world):
    invoice = world.invoice(schedule=THIRDS)
    halves = [{"percent": "50", "due": {"on": "2026-05-01"}}, {"remainder": True, "due": {"on": "2026-06-01"}}]

    paid, planned = at_once(lambda: take(world, invoice, "100"), lambda: replan(world, invoice, *halves))

    assert (paid.status, planned.status) == (201, 200)
    shown = world.see(invoice)
    assert sum(float(part["paid"]) for part in shown["schedule"]) == 100
    assert round(sum(float(part["amount"]) for part in shown["schedule"]), 2) == 1149.75


@pytest.mark.row("C33")
def test_the_schedule_of_a_quote_is_its_invoices(world):
    quote = world.quote(schedule=THIRDS)

    draft = world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})

    agreed = [(part["label"], part["amount"], part["due_on"]) for part in quote["schedule"]]
    assert [(part["label"], part["amount"]) for part in draft["schedule"]] == [part[:2] for part in agreed]
    assert [part["due_on"] for part in draft["schedule"]] == ["2026-03-02", "2026-04-02", "2026-05-02"]
