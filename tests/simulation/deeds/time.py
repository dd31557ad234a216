"""Sandboxes whose owners move the clock while others work."""

from datetime import datetime, timedelta

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person


@deed(weight=2)
def a_sandboxs_clock_is_moved(person: Person, client: str) -> None:
    if not person.house.sandbox:
        return
    draft = person.draft(client)
    clock = datetime.fromisoformat(person.get("/v1/sandbox/clock")["now"])
    day = clock + timedelta(days=person.chance.randint(1, 9))
    person.post(f"/v1/invoices/{draft['id']}/schedule", {"send_on": f"{day:%Y-%m-%d}"})
    for n in range(person.chance.randint(1, 2)):
        mover = person.another(f"mover {n}")
        to = clock + timedelta(days=mover.chance.randint(5, 20))
        person.world.scheduler.spawn(
            f"mover {n}",
            lambda mover=mover, to=to: mover.post("/v1/sandbox/clock", {"now": f"{to:%Y-%m-%dT%H:%M:%SZ}"}),
        )
