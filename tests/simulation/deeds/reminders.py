"""Ladders set while invoices are unpaid, bells rung by several at once, and money that comes meanwhile."""

from datetime import timedelta

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import by_card, by_hand
from tests.simulation.people import Person

LADDER = [
    {"days": -1, "tone": "friendly"},
    {"days": 0},
    {"days": 2, "tone": "firm", "attach_pdf": False},
    {"days": 7, "tone": "formal", "pay_link": False},
]
OPEN = {"from": "00:00", "to": "23:59"}
"""So that the hours of a world, which are few, are hours at which clients may be mailed."""


def a_ladder(person: Person, **more: object) -> None:
    answer = person.ask("PATCH", "/v1/business", {"reminders": LADDER, "reminder_window": OPEN, **more})
    assert answer.status in {200, 409}, f"promise: a ladder like all others is refused: {answer.text}"


def due_soon(person: Person, client: str) -> str:
    """An issued invoice that is due in some days."""
    return str(person.issued(client, due_date=person.day_in(person.chance.randint(0, 4)))["id"])


@deed(weight=4)
def unpaid_invoices_climb_the_ladder_while_some_are_paid(person: Person, client: str) -> None:
    a_ladder(person)
    invoices = [due_soon(person, client) for _ in range(person.chance.randint(1, 3))]
    for n, invoice in enumerate(invoices):
        if person.chance.random() < 0.5:
            payer = person.another(f"payer {n}")
            paid = payer.get(f"/v1/invoices/{invoice}")
            world = person.world
            if payer.chance.random() < 0.5:
                world.scheduler.spawn(f"payer {n}", lambda payer=payer, paid=paid: by_hand(payer, paid, paid["total"]))
            else:
                world.scheduler.spawn(f"payer {n}", lambda payer=payer, paid=paid: by_card(payer, paid["id"]))
    if person.chance.random() < 0.3:
        person.post(f"/v1/invoices/{invoices[0]}/void", {"reason": "a mistake"})


@deed(weight=3)
def several_ring_the_bell_at_once(person: Person, client: str) -> None:
    invoices = [due_soon(person, client) for _ in range(2)]
    if person.chance.random() < 0.5:
        a_ladder(person)
    for n in range(3):
        ringer, invoice = person.another(f"ringer {n}"), person.chance.choice(invoices)
        person.world.scheduler.spawn(
            f"ringer {n}", lambda ringer=ringer, invoice=invoice: ringer.post(f"/v1/invoices/{invoice}/remind")
        )


@deed(weight=2)
def a_run_of_reminders_is_done_twice(person: Person, client: str) -> None:
    a_ladder(person, automation={"remind": person.chance.random() < 0.5})
    for _ in range(2):
        due_soon(person, client)
    plan = person.post("/v1/reminders/preview", {"older": True})
    if plan.status != 200:
        return
    for n in range(2):
        runner = person.another(f"runner {n}")
        body = {"plan_hash": plan["plan_hash"]}
        person.world.scheduler.spawn(
            f"runner {n}", lambda runner=runner, body=body: runner.post("/v1/reminders/run", body)
        )


@deed(weight=2)
def a_promise_and_a_switch_cross_the_sweep(person: Person, client: str) -> None:
    a_ladder(person)
    invoice = due_soon(person, client)
    other = person.another("other")
    person.world.scheduler.spawn(
        "other", lambda: other.ask("PATCH", f"/v1/invoices/{invoice}/reminders", {"reminders": "off"})
    )
    person.post(f"/v1/invoices/{invoice}/promise", {"on": person.day_in(2)})


@deed(weight=2)
def fees_are_charged_by_two_at_once(person: Person, client: str) -> None:
    terms = {"yearly_rate_percent": "24", "flat": "15", "automatic": person.chance.random() < 0.5}
    person.ask("PATCH", "/v1/business", {"late_fee": terms})
    past = person.world.instant - timedelta(days=person.chance.randint(2, 40))
    invoice = person.issued(client, due_date=f"{past:%Y-%m-%d}")["id"]
    for n in range(2):
        charger = person.another(f"charger {n}")
        person.world.scheduler.spawn(
            f"charger {n}", lambda charger=charger: charger.post(f"/v1/invoices/{invoice}/late-fees")
        )
