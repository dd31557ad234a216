"""Contracts put in force, edited, closed and ended while their items come in, are counted, and are billed."""

from collections.abc import Callable
from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person

METER = {
    "code": "API",
    "name": "Calls",
    "tiers": [{"up_to": "100", "unit_price": "0.0123"}, {"unit_price": "0.0095", "flat": "1"}],
}
TERMS: tuple[dict[str, Any], ...] = (
    {"type": "flat", "fees": [{"description": "Care", "unit_price": "33.33"}]},
    {"type": "flat", "fees": [{"description": "Care", "unit_price": "99.99", "timing": "arrears"}]},
    {"type": "block_hours", "fees": [{"description": "Ten hours", "unit_price": "950.05"}], "included_hours": "1.5"},
    {"type": "retainer", "fees": [], "included_amount": "120.00"},
    {"type": "time", "fees": [], "time_rounding": {"step_minutes": 15, "per": "day"}},
    {"type": "time", "fees": [], "time_rounding": {"step_minutes": 6}, "included_hours": "1"},
    {"type": "usage", "fees": [], "meters": [METER]},
)
GONE = {"contract_ended", "not_found"}

COUNTING = tuple(terms for terms in TERMS if terms.keys() & {"included_hours", "included_amount", "time_rounding"})


def drafted(person: Person, client: str, terms: dict[str, Any], **more: Any) -> Any:
    """A contract of short periods, of which some may be past."""
    chance = person.chance
    wish = {
        "client_id": client,
        "name": f"Care {chance.randint(1, 99)}",
        "starts_on": person.day_in(chance.randint(-12, 1)),
        "billing_period": chance.choice(({"days": 5}, {"days": 30}, {"months": 1})),
        "grace_days": chance.choice((0, 0, 2)),
        "rates": [{"unit_price": "100.00"}],
    }
    made = person.post("/v1/contracts", wish | terms | more)
    assert made.status == 201, f"promise: a contract like all others is refused: {made.text}"
    person.world.waking.sweeps += 1
    return made.body


def activated(person: Person, client: str, terms: dict[str, Any], **more: Any) -> Any:
    contract = drafted(person, client, terms, **more)
    person.post(f"/v1/contracts/{contract['id']}/activate")
    return contract


def worked(person: Person, contract: Any, **more: Any) -> str:
    """The id of a published entry of time."""
    wanted = {
        "client_id": contract["client_id"],
        "contract_id": contract["id"],
        "description": "Support",
        "minutes": f"{person.chance.choice((7, 20, 61))}",
    }
    item = person.post("/v1/items", wanted | more)
    if item.status != 201:
        assert item.problem_code in GONE, f"promise: time like all other is refused: {item.text}"
        return ""
    person.post(f"/v1/items/{item['id']}/publish")
    return str(item["id"])


def at_once(person: Person, **deeds: Callable[[Person], Any]) -> None:
    """Let others do something beside."""
    for name, act in deeds.items():
        other = person.another(name)
        person.world.scheduler.spawn(name, lambda act=act, other=other: act(other))


def closing(contract: Any) -> Callable[[Person], None]:
    def close(person: Person) -> None:
        asked = person.chance.choice(({}, {"period": 0}, {"period": 1}))
        person.post(f"/v1/contracts/{contract['id']}/close-period", asked)

    return close


@deed(weight=2)
def a_contract_is_activated_by_several_at_once(person: Person, client: str) -> None:
    contract = drafted(person, client, person.chance.choice(TERMS))
    path = f"/v1/contracts/{contract['id']}"
    at_once(
        person,
        one=lambda one: one.post(f"{path}/activate", {"invoice": one.chance.random() < 0.5}),
        two=lambda two: two.post(f"{path}/activate", {"invoice": two.chance.random() < 0.5}),
        editor=lambda editor: editor.ask("PATCH", path, {"grace_days": 1, "included_hours": "2"}),
        worker=lambda worker: worked(worker, contract),
    )
    if person.chance.random() < 0.3:
        person.ask("DELETE", path)


@deed(weight=4)
def time_is_entered_while_its_period_is_closed(person: Person, client: str) -> None:
    contract = activated(person, client, person.chance.choice(COUNTING))

    def work(worker: Person) -> None:
        for _ in range(worker.chance.randint(1, 3)):
            item = worked(worker, contract, occurred_at=f"{worker.day_in(worker.chance.randint(-9, 6))}T12:00:00Z")
            if item and worker.chance.random() < 0.5:
                _changed(worker, item)

    at_once(person, one=work, two=work, closer=closing(contract), other=closing(contract))
    if person.chance.random() < 0.4:
        person.post(f"/v1/contracts/{contract['id']}/end", {"on": person.day_in(person.chance.randint(0, 9))})


def _changed(person: Person, item: str) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"quantity": "0.35"},
        {"unit_price": "80.01"},
        {"kind": "product"},
        {"contract_id": None},
        {"occurred_at": f"{person.day_in(5)}T12:00:00Z"},
    )
    if person.chance.random() < 0.3:
        person.post(f"/v1/items/{item}/waive")
    else:
        person.ask("PATCH", f"/v1/items/{item}", person.chance.choice(changes))


@deed(weight=3)
def consumption_is_told_again_and_again(person: Person, client: str) -> None:
    contract = activated(person, client, TERMS[-1])
    path = f"/v1/contracts/{contract['id']}"
    days = [person.day_in(person.chance.randint(-9, 0)) for _ in range(4)]
    events = [
        {"transaction_id": f"t{n}", "meter": "API", "quantity": f"{n}0.5", "occurred_at": f"{day}T12:00:00Z"}
        for n, day in enumerate(days, start=1)
    ]

    def tell(program: Person) -> None:
        for _ in range(2):
            some = program.chance.sample(events, program.chance.randint(1, 4))
            told = program.post(f"{path}/usage", {"events": some})
            sum_ = told["repeated"] + len(told["recorded"]) if told.status == 200 else len(some)
            assert sum_ == len(some), f"promise: of {len(some)} events {sum_} are answered"

    at_once(person, one=tell, two=tell, closer=closing(contract))
    if person.chance.random() < 0.4:
        person.ask("PATCH", path, {"meters": [METER | {"name": "More calls", "minimum": "2.50"}]})


@deed(weight=3)
def a_period_is_billed_by_several_at_once(person: Person, client: str) -> None:
    contract = activated(person, client, person.chance.choice(TERMS), starts_on=person.day_in(-6))
    path = f"/v1/contracts/{contract['id']}"
    worked(person, contract)

    def bill(clerk: Person) -> None:
        made = clerk.post(f"{path}/invoices", clerk.chance.choice(({"period": 0}, {"period": 0}, {})))
        if made.status != 201:
            return
        fate = clerk.chance.choice(("kept", "deleted", "issued", "voided"))
        if fate == "deleted":
            clerk.ask("DELETE", f"/v1/invoices/{made['id']}")
        if fate in {"issued", "voided"}:
            clerk.issue(made["id"])
        if fate == "voided":
            clerk.post(f"/v1/invoices/{made['id']}/void", {"reason": "a mistake"})

    at_once(person, one=bill, two=bill, three=bill, closer=closing(contract))


@deed(weight=2)
def a_contract_is_ended_while_its_periods_turn(person: Person, client: str) -> None:
    contract = activated(person, client, person.chance.choice(TERMS), billing_period={"days": 2})
    path = f"/v1/contracts/{contract['id']}"
    on = person.day_in(person.chance.randint(-3, 9))
    at_once(
        person,
        ender=lambda ender: ender.post(f"{path}/end", {"on": on}),
        editor=lambda editor: editor.ask("PATCH", path, {"ends_on": on if editor.chance.random() < 0.7 else None}),
        closer=closing(contract),
        worker=lambda worker: worked(worker, contract),
    )
