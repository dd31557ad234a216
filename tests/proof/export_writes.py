"""What is exported: how to come to where it can be, and what it does once."""

from typing import Any

from tests.flows.accounting import GRANT
from tests.flows.world import World


def _invoice(world: World) -> dict[str, str]:
    return {"invoice_id": world.invoice()["id"]}


def _connected(world: World) -> dict[str, str]:
    world.ok("PUT", "/v1/business/accounting/xero", GRANT)
    return {"program": "xero"}


EXPORTS: dict[str, dict[str, Any]] = {
    "POST /v1/exports": {"made": _invoice, "body": {"format": "csv"}, "events": ("export.requested",)},
    "PUT /v1/business/accounting/{program}": {
        "made": lambda _: {"program": "xero"},
        "body": GRANT,
        "events": ("accounting.connected",),
    },
    "DELETE /v1/business/accounting/{program}": {"made": _connected, "events": ("accounting.disconnected",)},
}
