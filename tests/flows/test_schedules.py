"""Payment schedules of issued invoices: agreed anew, waiting for work, held back; and what the client is asked for."""

import pytest

from tests.flows.desk import take

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
