"""Quotes approved twice, edited against their approval, invoiced by hand and by themselves."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person

HALVES = [
    {"label": "Deposit", "percent": "33.33", "due": {"days_after": "approval", "days": 3}},
    {"label": "Start", "percent": "33.33", "due": {"days_after": "approval", "days": 20}},
    {"label": "Rest", "remainder": True, "due": {"days_after": "approval", "days": 30}},
]


def quoted(person: Person, client: str) -> Any:
    mode = person.chance.choice(("off", "single", "per_instalment", "per_instalment"))
    send = person.chance.choice(("manual", "on_date", "at_once"))
    wanted = {"client_id": client, "lines": person.lines(), "schedule": HALVES}
    answer = person.post("/v1/quotes", wanted | {"invoicing": {"mode": mode, "send": send}})
    assert answer.status == 201, f"promise: a quote like all others is refused: {answer.text}"
    return answer.body


@deed(weight=4)
def a_quote_is_approved_twice_at_once(person: Person, client: str) -> None:
    quote = quoted(person, client)
    world = person.world
    for n in range(person.chance.randint(1, 3)):
        other = person.another(f"approval {n}")
        world.scheduler.spawn(
            f"approval {n}", lambda other=other: other.post(f"/v1/quotes/{quote['id']}/approve", {"by": "Marie"})
        )


@deed()
def a_quote_is_edited_against_its_approval(person: Person, client: str) -> None:
    quote = quoted(person, client)
    other = person.another("editor")
    person.world.scheduler.spawn(
        "editor", lambda: other.ask("PATCH", f"/v1/quotes/{quote['id']}", {"lines": other.lines()})
    )
    person.post(f"/v1/quotes/{quote['id']}/approve", {"by": "Marie"})


@deed()
def a_quote_is_converted_by_hand_and_by_itself(person: Person, client: str) -> None:
    quote = quoted(person, client)
    person.post(f"/v1/quotes/{quote['id']}/approve", {"by": "Marie"})
    person.post(f"/v1/quotes/{quote['id']}/invoices", {"mode": person.chance.choice(("single", "per_instalment"))})


@deed()
def a_quote_is_mailed_and_answered(person: Person, client: str) -> None:
    quote = quoted(person, client)
    person.post(f"/v1/quotes/{quote['id']}/send")
    answer = person.chance.choice(("approve", "decline"))
    person.post(f"/v1/quotes/{quote['id']}/{answer}", {"by": "Marie"})
