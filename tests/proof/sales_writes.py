"""What can be asked of deals, orders and delivery notes: how to come to where it can be done, and what it does once."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.flows.world import World

SOLD = [{"description": "Remplacement du chauffe-eau", "unit_price": "1000.00"}]
PLACES = {"deals": "deal", "orders": "order", "deliveries": "delivery"}
INTO = {"deals": ("orders", "deliveries"), "orders": ("deliveries",), "deliveries": ()}
Told = dict[str, Any]


def _client(world: World) -> dict[str, str]:
    return {"client_id": world.client()["id"]}


def _made(place: str) -> Callable[[World], dict[str, str]]:
    def make(world: World) -> dict[str, str]:
        made = world.ok("POST", f"/v1/{place}", {"client_id": world.client()["id"], "lines": SOLD})
        return {f"{PLACES[place]}_id": made["id"]}

    return make


def _quoted(world: World) -> dict[str, str]:
    return {"quote_id": world.quote()["id"]}


def _of(place: str) -> Iterator[tuple[str, Told]]:
    path, made = f"/v1/{place}/{{{PLACES[place]}_id}}", _made(place)
    new = {"client_id": "{client_id}", "lines": SOLD}
    yield f"POST /v1/{place}", {"made": _client, "body": new, "events": ("job.opened", "sale.drafted")}
    yield f"PATCH {path}", {"made": made, "body": {"notes": "Merci"}, "events": ("sale.edited",)}
    yield f"DELETE {path}", {"made": made, "events": ("sale.removed",)}
    yield f"POST {path}/cancel", {"made": made, "body": {}, "events": ("sale.cancelled",)}
    yield f"POST {path}/invoices", {"made": made, "body": {}, "events": ("invoice.drafted", "sale.billed")}
    for into in INTO[place]:
        yield f"POST {path}/{into}", {"made": made, "body": {}, "events": ("sale.continued", "sale.drafted")}


SALES: dict[str, Told] = {
    **{name: told for place in PLACES for name, told in _of(place)},
    "POST /v1/quotes/{quote_id}/orders": {
        "made": _quoted,
        "body": {},
        "events": ("quote.continued", "sale.drafted"),
    },
}
