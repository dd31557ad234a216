"""What is told to the outside of a world."""

from typing import Any

from tests.flows.world import World


def feed(world: World, **query: Any) -> Any:
    """What ``GET /v1/events`` answers."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return world.ok("GET", f"/v1/events?{asked}").body


def paid(world: World) -> Any:
    """An invoice paid by hand, and everything that follows done."""
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": invoice["total"], "method": "cash"})
    world.settle()
    return invoice
