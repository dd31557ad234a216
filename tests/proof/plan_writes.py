"""What can be asked of recurring plans: how to come to where it can be done, and what it does once."""

from typing import Any

from tests.flows.world import World

Ids = dict[str, str]
AGREED: dict[str, Any] = {
    "lines": [{"description": "Entretien", "unit_price": "100.00"}],
    "interval": {"unit": "month"},
    "start_on": "2026-04-01",
}
NEW: dict[str, Any] = {"client_id": "{client_id}"} | AGREED


def _client(world: World) -> Ids:
    return {"client_id": world.client()["id"]}


def _plan(world: World) -> Ids:
    return {"plan_id": world.ok("POST", "/v1/plans", _client(world) | AGREED)["id"]}


def _paused(world: World) -> Ids:
    ids = _plan(world)
    world.ok("POST", f"/v1/plans/{ids['plan_id']}/pause", {})
    return ids


PLANS: dict[str, dict[str, Any]] = {
    "POST /v1/plans": {"made": _client, "body": NEW, "events": ("job.opened", "plan.added")},
    "PATCH /v1/plans/{plan_id}": {"made": _plan, "body": {"times": 12}, "events": ("plan.changed",)},
    "DELETE /v1/plans/{plan_id}": {"made": _plan, "events": ("plan.removed",)},
    "POST /v1/plans/{plan_id}/preview": {"made": _plan, "body": {"count": 2}},
    "POST /v1/plans/{plan_id}/pause": {"made": _plan, "body": {}, "events": ("plan.paused",)},
    "POST /v1/plans/{plan_id}/resume": {"made": _paused, "body": {}, "events": ("plan.resumed",)},
}
