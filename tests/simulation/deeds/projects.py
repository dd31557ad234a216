"""Projects whose progress is told, corrected, amended, billed and released at once: they always come to their total."""

from decimal import Decimal
from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.contracts import at_once
from tests.simulation.people import Person

LINES = ("walls", "roof", "garden")


def lines_of(person: Person) -> list[dict[str, Any]]:
    amounts = (f"{person.chance.randint(1, 900_000) / 100:.2f}" for _ in LINES)
    return [{"id": name, "description": name, "amount": amount} for name, amount in zip(LINES, amounts, strict=True)]


def a_project(person: Person, client: str) -> Any:
    """A project that may be in force, with shares that are taken off of every situation."""
    chance = person.chance
    shares = {"deposit_percent": chance.choice(("0", "20", "33.3")), "retainage_percent": chance.choice(("0", "5"))}
    if chance.random() < 0.3:
        thirds = [{"label": "plans", "percent": "33.33"}, {"label": "keys", "remainder": True}]
        agreed = {"total": f"{chance.randint(100, 99_999) / 100:.2f}", "milestones": thirds}
    else:
        agreed = {"work": lines_of(person)}
    wish = {"client_id": client, "name": "house", "type": "project", "project": agreed | shares}
    made = person.post("/v1/contracts", wish)
    person.world.waking.sweeps += 1
    assert made.status == 201, f"promise: a project like all others is refused: {made.text}"
    person.post(f"/v1/contracts/{made['id']}/activate", {"invoice": chance.random() < 0.2})
    return made


def tell(person: Person, contract: str) -> None:
    """How far it is by now, as a rule farther."""
    for percent in sorted(person.chance.randint(0, 100) for _ in range(2)):
        name = person.chance.choice(LINES)
        person.post(f"/v1/contracts/{contract}/progress", {"progress": {name: f"{percent}"}})


def complete(person: Person, contract: str) -> None:
    for milestone in ("1", "2"):
        person.post(f"/v1/contracts/{contract}/milestones/{milestone}/complete")


def amend(person: Person, contract: str) -> None:
    person.ask("PATCH", f"/v1/contracts/{contract}", {"project": {"work": lines_of(person), "deposit_percent": "20"}})


def release(person: Person, contract: str) -> None:
    """The work is accepted, perhaps, once some of it may have been billed."""
    for _ in range(person.chance.randint(0, 80)):
        person.world.scheduler.pause()
    if person.chance.random() < 0.5:
        person.post(f"/v1/contracts/{contract}/accept", {"on": person.day_in(0)})
    person.post(f"/v1/contracts/{contract}/release-retainage")


def bill(person: Person, contract: str) -> None:
    """A draft of whatever is due, and what becomes of it."""
    drafted = person.post(f"/v1/contracts/{contract}/invoices")
    if drafted.status != 201:
        return
    fate = person.chance.choice(("kept", "deleted", "issued", "voided"))
    if fate == "deleted":
        person.ask("DELETE", f"/v1/invoices/{drafted['id']}")
    if fate in {"issued", "voided"}:
        person.issue(drafted["id"])
    if fate == "voided":
        person.post(f"/v1/invoices/{drafted['id']}/void", {"reason": "a mistake"})


@deed(weight=3)
def a_project_goes_on_while_it_is_billed(person: Person, client: str) -> None:
    contract = a_project(person, client)["id"]
    acts = {"foreman": tell, "architect": complete, "estimator": amend, "clerk": bill, "owner": release}
    chosen = [name for name in acts if person.chance.random() < 0.6]
    at_once(person, **{name: lambda one, act=acts[name]: act(one, contract) for name in chosen})
    bill(person, contract)
    shown = person.get(f"/v1/contracts/{contract}/billing-plan")
    summed = sum((Decimal(amount) for amount in shown["sums"].values()), Decimal(0))
    assert summed == Decimal(shown["total"]), f"promise: a plan does not come to its total: {shown}"
