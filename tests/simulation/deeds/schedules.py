"""Payments agreed anew while money arrives; deposits asked for, ended and deducted at the same moment."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import HALVES, by_card, by_hand
from tests.simulation.people import Person

PLANS: tuple[list[dict[str, Any]], ...] = (
    [{"percent": "50"}, {"percent": "30"}, {"percent": "20"}],
    [{"label": "Rest", "remainder": True}],
    [{"id": "2"}, {"label": "Holdback", "percent": "5", "holdback": True}, {"remainder": True}],
    [{"amount": "1.00"}, {"label": "Done", "remainder": True, "due": {"days_after": "completion", "days": 2}}],
    [{"id": "1"}, {"id": "2", "due": {"end_of_month_then_days": 45}}],
)


def replan(person: Person, invoice: str) -> None:
    schedule = person.chance.choice(PLANS)
    person.ask("PATCH", f"/v1/invoices/{invoice}", {"schedule": schedule})
    for part in person.get(f"/v1/invoices/{invoice}")["schedule"]:
        if part["awaits_completion"] and person.chance.random() < 0.5:
            person.post(f"/v1/invoices/{invoice}/instalments/{part['id']}/complete")


@deed(weight=3)
def its_payments_are_agreed_anew_while_money_arrives(person: Person, client: str) -> None:
    invoice = person.issued(client, schedule=HALVES)
    payer, desk, planner = (person.another(name) for name in ("payer", "desk", "planner"))
    amount = person.chance.choice((invoice["total"], invoice["schedule"][0]["amount"], "1.00"))
    person.world.scheduler.spawn("payer", lambda: by_card(payer, invoice["id"]))
    if person.chance.random() < 0.5:
        person.world.scheduler.spawn("desk", lambda: by_hand(desk, invoice, amount))
    person.world.scheduler.spawn("planner", lambda: replan(planner, invoice["id"]))
    replan(person, invoice["id"])
    if person.chance.random() < 0.3:
        person.post(f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "less", "amount": "1.00"})
        replan(person, invoice["id"])


@deed()
def a_deposit_is_asked_for_while_its_quote_is_invoiced(person: Person, client: str) -> None:
    wanted = {"client_id": client, "lines": person.lines(), "invoicing": {"mode": "off"}}
    quote = person.post("/v1/quotes", wanted)["id"]
    for n in range(person.chance.randint(1, 2)):
        other = person.another(f"deposit {n}")
        person.world.scheduler.spawn(f"deposit {n}", lambda other=other: deposit(other, quote))
    for _ in range(person.chance.randint(0, 30)):
        person.world.scheduler.pause()
    made = person.post(f"/v1/quotes/{quote}/invoices", {"mode": person.chance.choice(("single", "per_instalment"))})
    if made.status == 201 and person.chance.random() < 0.5:
        final = made.body["data"][0]["id"] if "data" in made.body else made.body["id"]
        if person.chance.random() < 0.5:
            person.ask("DELETE", f"/v1/invoices/{final}")
        elif person.issue(final).status == 200 and person.chance.random() < 0.5:
            person.post(f"/v1/invoices/{final}/void", {"reason": "a mistake"})


def deposit(person: Person, quote: str) -> None:
    """Asked for; most often issued and paid, sometimes ended."""
    tax = person.chance.choice(("on_receipt", "when_applied"))
    asked = person.post(f"/v1/quotes/{quote}/deposit", {"percent": "33.33", "tax": tax})
    if asked.status != 201:
        return
    id = asked["id"]
    if person.chance.random() < 0.1:
        person.ask("DELETE", f"/v1/invoices/{id}")
        return
    issued = person.issue(id)
    end = person.chance.random()
    if end < 0.2:
        person.post(f"/v1/invoices/{id}/void", {"reason": "cancelled"})
    elif end < 0.4:
        person.post(f"/v1/invoices/{id}/credit-notes", {"reason": "cancelled"})
    elif issued.status == 200:
        by_hand(person, issued.body, issued.body["total"])
