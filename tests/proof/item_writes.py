"""What can be asked of items: how to come to where it can be done, and what it does once."""

from typing import Any

from tests.flows.world import World

Ids = dict[str, str]
DONE = {"description": "Première rencontre", "unit_price": "50.00"}


def _client(world: World) -> Ids:
    return {"client_id": world.client()["id"]}


def _item(world: World) -> Ids:
    return {"item_id": world.ok("POST", "/v1/items", _client(world) | DONE)["id"]}


def _published(world: World) -> Ids:
    ids = _item(world)
    world.ok("POST", f"/v1/items/{ids['item_id']}/publish", {})
    return ids


ITEMS: dict[str, dict[str, Any]] = {
    "POST /v1/items": {"made": _client, "body": {"client_id": "{client_id}"} | DONE, "events": ("item.drafted",)},
    "PATCH /v1/items/{item_id}": {"made": _published, "body": {"unit_price": "60"}, "events": ("item.edited",)},
    "DELETE /v1/items/{item_id}": {"made": _item, "events": ("item.removed",)},
    "POST /v1/items/{item_id}/publish": {"made": _item, "body": {}, "events": ("item.published",)},
    "POST /v1/items/{item_id}/waive": {"made": _published, "body": {}, "events": ("item.waived",)},
}
