"""Recurring plans that are changed, paused and hindered while the clock bills them, and clients that go meanwhile."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person

INTERVALS: tuple[dict[str, Any], ...] = (
    {"unit": "day"},
    {"unit": "day", "count": 10},
    {"unit": "week"},
    {"unit": "month"},
    {"unit": "month", "days_of_month": [1, 5, 10, -1]},
    {"unit": "month", "weekday_of_month": {"weekday": 3, "number": 1}},
)
RATES = [{"code": code, "rate_percent": "5", "registration_number": "1"} for code in ("TPS", "TVQ")]


def agreed(person: Person, client: str, **more: Any) -> Any:
    """A plan of a few periods, of which some may be past."""
    chance = person.chance
    wish = {
        "client_id": client,
        "lines": person.lines(),
        "interval": chance.choice(INTERVALS),
        "start_on": person.day_in(chance.randint(-5, 3)),
        "times": chance.randint(1, 4),
        "timing": chance.choice(("advance", "arrears")),
        "send_at": chance.choice(("00:00", "09:00", "23:30")),
        "automation": chance.choice(("draft", "issue", "send")),
    }
    return person.post("/v1/plans", wish | more)


def change(person: Person, plan: str) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"lines": person.lines()},
        {"anchor_on": person.day_in(person.chance.randint(-20, 20))},
        {"end_on": person.day_in(person.chance.randint(0, 20))},
        {"interval": {"unit": "day", "count": person.chance.randint(1, 9)}},
        {"start_on": person.day_in(1)},
    )
    for _ in range(person.chance.randint(1, 2)):
        person.ask("PATCH", f"/v1/plans/{plan}", person.chance.choice(changes))


def pause(person: Person, plan: str) -> None:
    if person.post(f"/v1/plans/{plan}/pause").status != 200:
        return
    for _ in range(person.chance.randint(0, 60)):
        person.world.scheduler.pause()
    if person.chance.random() < 0.8:
        person.post(f"/v1/plans/{plan}/resume", {"bill_missed": person.chance.random() < 0.5})


def delete_drafts(person: Person, plan: str) -> None:
    """Whatever of its invoices nobody issued yet."""
    for draft in person.get(f"/v1/invoices?plan_id={plan}&status=draft")["data"]:
        person.ask("DELETE", f"/v1/invoices/{draft['id']}")


@deed(weight=4)
def a_plan_is_changed_and_paused_while_it_is_billed(person: Person, client: str) -> None:
    made = agreed(person, client)
    assert made.status == 201, f"promise: a plan like all others is refused: {made.text}"
    person.world.waking.sweeps += 2
    for name, act in (("changer", change), ("pauser", pause), ("deleter", delete_drafts)):
        if person.chance.random() < 0.6:
            other = person.another(name)
            person.world.scheduler.spawn(name, lambda act=act, other=other: act(other, made["id"]))
    if person.chance.random() < 0.2:
        person.ask("DELETE", f"/v1/plans/{made['id']}")


@deed(weight=2)
def a_plan_rests_for_long(person: Person, client: str) -> None:
    """Its pause lasts until the clock has jumped, if it does."""
    made = agreed(person, client, times=4, interval={"unit": "day"})
    if made.status != 201:
        return
    person.post(f"/v1/plans/{made['id']}/pause")
    begun = person.world.now()
    person.wait(lambda: person.world.now().date() > begun.date() or None, patience=200)
    person.post(f"/v1/plans/{made['id']}/resume", {"bill_missed": person.chance.random() < 0.3})


@deed(weight=2)
def a_plan_is_hindered_until_somebody_sees_to_it(person: Person, client: str) -> None:
    """Its taxes are gone when it comes due, and come back."""
    made = agreed(person, client, start_on=person.day_in(0), send_at="00:00")
    if made.status != 201:
        return
    person.ask("PATCH", "/v1/business", {"tax_rates": []})
    person.world.waking.sweeps += 2
    path = f"/v1/plans/{made['id']}"
    person.wait(lambda: person.get(path)["blocked"], patience=60)
    person.ask("PATCH", "/v1/business", {"tax_rates": RATES})
    for _ in range(person.chance.randint(0, 2)):
        person.post(f"{path}/{person.chance.choice(('resume', 'resume', 'pause'))}")
        person.world.waking.sweeps += 1


@deed()
def a_client_goes_while_a_plan_is_made_for_it(person: Person, client: str) -> None:
    gone = person.post("/v1/clients", {"name": "soon gone", "language": "en"})["id"]
    remover = person.another("remover")
    person.world.scheduler.spawn("remover", lambda: remover.ask("DELETE", f"/v1/clients/{gone}"))
    made = agreed(person, gone)
    person.world.waking.sweeps += 1
    if made.status == 201 and person.chance.random() < 0.5:
        person.post(f"/v1/plans/{made['id']}/resume")
