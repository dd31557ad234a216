"""What deeds really ask of AWS in a world: requests, and capacity units by DynamoDB's rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.bench.work.counting import Ledger, listen
from tests.flows.contracting import activated, collected
from tests.flows.world import World

LINES = 5
BATCH = 24
UNITS = {"RCU by size": "read_units", "WCU by size": "write_units"}
SAID_BY_THE_EMULATOR = {"RCU", "WCU"}

Counted = dict[str, float]


@dataclass(frozen=True, slots=True)
class Meter:
    """Hears what a world asks of AWS."""

    world: World
    ledger: Ledger

    @classmethod
    def on(cls, world: World) -> "Meter":
        ledger = Ledger()
        listen(ledger)
        return cls(world, ledger)

    def call(self, act: Callable[[], Any]) -> Counted:
        """What a deed asks for until it answers."""
        self.ledger.taken()
        act()
        return self._taken()

    def after(self) -> Counted:
        """What follows from the deed: the stream, the queues."""
        self.ledger.taken()
        self.world.settle()
        return self._taken()

    def whole(self, act: Callable[[], Any]) -> Counted:
        called, then = self.call(act), self.after()
        return {name: called.get(name, 0) + then.get(name, 0) for name in {**called, **then}}

    def _taken(self) -> Counted:
        sums: Counted = {"requests": 0, "read_units": 0, "write_units": 0}
        for part in self.ledger.taken().values():
            for name, many in part.items():
                if name not in SAID_BY_THE_EMULATOR:
                    sums[UNITS.get(name, "requests")] += many
        return sums


def one_by_one(world: World) -> dict[str, Counted]:
    """Each deed of an invoice of five lines of the catalogue, by the event that tells of it."""
    for number in range(LINES):
        entry = {"code": f"S{number}", "name": "Visite de contrôle annuelle", "unit_price": "80.00"}
        world.ok("POST", "/v1/catalog", entry)
    client = world.client()
    lines = [{"catalog_code": f"S{number}", "quantity": "2"} for number in range(LINES)]
    wanted = {"client_id": client["id"], "lines": lines}
    world.settle()
    meter = Meter.on(world)

    def do(path: str, **body: Any) -> Callable[[], Any]:
        return lambda: world.ok("POST", path, body)

    made: list[Any] = []
    found = {"invoice.drafted": meter.whole(lambda: made.append(world.ok("POST", "/v1/invoices", wanted).body))}
    path = f"/v1/invoices/{made[0]['id']}"
    found["invoice.edited"] = meter.whole(lambda: world.ok("PATCH", path, {"notes": "Merci"}))
    found["invoice.scheduled"] = meter.whole(do(f"{path}/schedule", send_on="2026-05-01"))
    found["invoice.issued"] = meter.call(do(f"{path}/issue"))
    found["invoice.rendered"] = meter.after()
    found["invoice.send_requested"] = meter.call(do(f"{path}/send"))
    found["invoice.sent"] = meter.after()
    found["invoice.reminder_requested"] = meter.call(do(f"{path}/remind"))
    found["invoice.reminded"] = meter.after()
    found["invoice.settled"] = meter.whole(do(f"{path}/payments", amount="10.00", method="cash"))
    found["invoice.credited"] = meter.whole(do(f"{path}/credit-notes", amount="10.00", reason="Geste"))
    void = world.invoice(client, lines=lines)
    world.settle()
    found["invoice.voided"] = meter.whole(do(f"/v1/invoices/{void['id']}/void", reason="Erreur"))
    online = world.invoice(client, lines=lines)
    world.settle()
    links: list[Any] = []
    opened = f"/v1/invoices/{online['id']}/payment-link"
    found["invoice.checkout_reserved"] = meter.whole(lambda: links.append(world.ok("POST", opened, {}).body))
    world.pay_at_checkout(links[0]["url"])
    found["invoice.paid"] = meter.whole(world.deliver_events)
    return found


def in_a_batch(world: World) -> dict[str, Counted]:
    """What each of 24 invoices of a batch takes; each has a contract's fee and one entry of time."""
    client = world.client()
    for _ in range(BATCH):
        collected(world, activated(world, client))
    world.settle()
    foreseen = world.ok("POST", "/v1/batches/preview", {"invoice_per": "contract"}).body
    meter = Meter.on(world)
    batch = world.ok("POST", "/v1/batches", {"name": "Mars", "plan_hash": foreseen["plan_hash"]}).body
    path = f"/v1/batches/{batch['id']}"
    found = {"invoice.drafted": meter.whole(lambda: world.api("POST", f"{path}/run", {"confirm": True}))}
    found["invoice.issued"] = meter.whole(lambda: world.api("POST", f"{path}/issue", {}))
    assert world.ok("GET", path)["progress"]["failed"] == 0
    return {deed: {name: many / BATCH for name, many in counted.items()} for deed, counted in found.items()}
