"""Batches foreseen, planned, run and issued while others bill, change or take away what is in them."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.contracts import activated, at_once, worked
from tests.simulation.deeds.exports import connect
from tests.simulation.people import Person

FLAT = {"type": "flat", "fees": [{"description": "Care", "unit_price": "33.33"}]}
OPEN = {"type": "time", "fees": [], "billing_period": None}


def ready(person: Person, client: str) -> list[str]:
    """Contracts of which something can be billed; the ids of some of their items."""
    items = []
    for _ in range(person.chance.randint(1, 4)):
        contract = activated(person, client, person.chance.choice((FLAT, OPEN)), starts_on=person.day_in(-3))
        items.append(worked(person, contract))
    return [item for item in items if item]


def planned(person: Person, **selection: Any) -> Any:
    """A batch just as it was foreseen, or the refusal of it."""
    foreseen = person.post("/v1/batches/preview", {"invoice_per": "contract"} | selection)
    assert foreseen.status == 200, f"promise: a preview like all others is refused: {foreseen.text}"
    return person.post("/v1/batches", {"name": "Batch", "plan_hash": foreseen["plan_hash"]})


def settled(person: Person, batch: str) -> Any:
    """The batch once nobody goes on with it, as far as it is waited for."""

    def over() -> Any:
        known = person.get(f"/v1/batches/{batch}")
        return known if known["status"] in {"drafted", "issued", "cancelled", "paused"} else None

    return person.wait(over, patience=60)


def ran(person: Person, batch: str) -> None:
    """A batch run, and issued once it is drafted; what failed then is tried again."""
    if person.post(f"/v1/batches/{batch}/run", {"confirm": True}).status != 202:
        return
    for _ in range(2):
        if settled(person, batch):
            person.post(f"/v1/batches/{batch}/issue", {"send": person.chance.random() < 0.5})


def drafts_of(person: Person, batch: str) -> list[Any]:
    return list(person.get(f"/v1/invoices?batch_id={batch}")["data"])


def held(person: Person, batch: str) -> None:
    """A batch held, gone on with or given up, as soon as somebody goes on with it."""
    person.wait(lambda: person.get(f"/v1/batches/{batch}")["status"] != "planned" or None, patience=30)
    for _ in range(person.chance.randint(1, 3)):
        person.post(f"/v1/batches/{batch}/{person.chance.choice(('pause', 'resume', 'pause', 'resume', 'cancel'))}")
    person.post(f"/v1/batches/{batch}/resume")


def meddled(person: Person, batch: str) -> None:
    """Drafts of a batch are taken out, edited, or issued by hand."""
    for draft in drafts_of(person, batch):
        fate = person.chance.choice(("kept", "taken out", "edited", "emptied", "issued", "deleted"))
        path = f"/v1/invoices/{draft['id']}"
        if fate == "taken out":
            person.ask("DELETE", f"/v1/batches/{batch}{path.removeprefix('/v1')}")
        if fate == "edited":
            person.ask("PATCH", path, {"lines": person.lines()})
        if fate == "emptied":
            person.ask("PATCH", path, {"lines": []})
        if fate == "issued":
            person.issue(draft["id"])
        if fate == "deleted":
            person.ask("DELETE", path)


def disturbed(person: Person, items: list[str]) -> None:
    for item in items:
        fate = person.chance.choice(("kept", "dearer", "waived"))
        if fate == "dearer":
            person.ask("PATCH", f"/v1/items/{item}", {"unit_price": "55.55"})
        if fate == "waived":
            person.post(f"/v1/items/{item}/waive")


@deed(weight=5)
def a_batch_is_run_while_its_invoices_change(person: Person, client: str) -> None:
    items = ready(person, client)
    if person.chance.random() < 0.3:
        connect(person)  # and whatever is issued is exported by itself
    made = planned(person)
    if made.status != 201:
        return
    batch = made["id"]
    person.world.waking.sweeps += 1
    deeds: dict[str, Any] = {
        "runner": lambda one: ran(one, batch),
        "holder": lambda one: held(one, batch),
        "meddler": lambda one: one.wait(lambda: drafts_of(one, batch) or None, patience=30) and meddled(one, batch),
        "disturber": lambda one: disturbed(one, items),
        "seller": lambda one: one.issued(client),
    }
    chosen = ["runner", *person.chance.sample(sorted(deeds.keys() - {"runner"}), person.chance.randint(0, 3))]
    at_once(person, **{name: deeds[name] for name in chosen})


@deed(weight=3)
def two_batches_want_the_same(person: Person, client: str) -> None:
    ready(person, client)
    for n in range(2):
        made = planned(person.another(f"planner {n}"), invoice_per=person.chance.choice(("client", "contract")))
        if made.status == 201:
            at_once(person, **{f"runner {n}": lambda one, id=made["id"]: ran(one, id)})
    if person.chance.random() < 0.5:
        person.post("/v1/invoices", {"client_id": client, "items": {"all_due": True}})


@deed(weight=2)
def a_batch_is_run_twice_at_once(person: Person, client: str) -> None:
    ready(person, client)
    made = planned(person, client_ids=[client])
    if made.status != 201:
        return
    at_once(person, one=lambda one: ran(one, made["id"]), two=lambda two: ran(two, made["id"]))
