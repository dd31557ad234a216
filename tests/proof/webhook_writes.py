"""The writes of webhooks, for the table of writes."""

from typing import Any

from tests.flows.world import World

URL = "https://erp.example.com/quittance"


def _webhook(world: World) -> dict[str, str]:
    return {"webhook_id": world.ok("POST", "/v1/webhooks", {"url": URL})["id"]}


WEBHOOKS: dict[str, dict[str, Any]] = {
    "POST /v1/webhooks": {"body": {"url": URL}, "events": ("webhook.added",)},
    "PATCH /v1/webhooks/{webhook_id}": {
        "made": _webhook,
        "body": {"event_types": ["invoice.paid"]},
        "events": ("webhook.changed",),
    },
    "DELETE /v1/webhooks/{webhook_id}": {"made": _webhook, "events": ("webhook.removed",)},
    "POST /v1/webhooks/{webhook_id}/replay": {
        "made": _webhook,
        "body": {"after_sequence": 0},
        "events": ("webhook.replayed",),
    },
    "POST /v1/webhooks/{webhook_id}/rotate-secret": {
        "made": _webhook,
        "body": {},
        "events": ("webhook.secret_rotated",),
    },
    "POST /v1/webhooks/{webhook_id}/test": {"made": _webhook, "body": {}},
}
