"""What is exported: how to come to where it can be, and what it does once."""

from typing import Any

from tests.flows.world import World


def _invoice(world: World) -> dict[str, str]:
    return {"invoice_id": world.invoice()["id"]}


EXPORTS: dict[str, dict[str, Any]] = {
    "POST /v1/exports": {"made": _invoice, "body": {"format": "csv"}, "events": ("export.requested",)},
}
