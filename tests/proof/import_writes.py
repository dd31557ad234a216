"""What is imported: what it does once."""

from typing import Any

from tests.flows.world import World


def _client(world: World) -> dict[str, str]:
    return {"client_id": world.client(reference="C-1")["id"]}


INVOICE = "number,client_reference,issue_date,total\nOLD-1,C-1,2026-02-01,10"

IMPORTS: dict[str, dict[str, Any]] = {
    "POST /v1/imports/clients": {"body": {"csv": "reference,name\nC-1,Ann"}, "events": ("client.added",)},
    "POST /v1/imports/invoices": {"made": _client, "body": {"csv": INVOICE}, "events": ("invoice.imported",)},
    "POST /v1/imports/numbers": {
        "body": {"csv": "series,last_number\ninvoice,4711"},
        "events": ("business.series_continued",),
    },
}
