"""What is imported or read: what it does once."""

import base64
from typing import Any

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.domain.e_invoicing import Syntax
from tests.e_invoices.building import an_e_invoice
from tests.flows.world import World


def _client(world: World) -> dict[str, str]:
    return {"client_id": world.client(reference="C-1")["id"]}


def _bill() -> dict[str, str]:
    xml = FacturXInvoices().write(an_e_invoice(), syntax=Syntax.CII)
    return {"file": base64.b64encode(xml).decode()}


INVOICE = "number,client_reference,issue_date,total\nOLD-1,C-1,2026-02-01,10"

IMPORTS: dict[str, dict[str, Any]] = {
    "POST /v1/e-invoices/preview": {"body": _bill()},
    "POST /v1/imports/clients": {"body": {"csv": "reference,name\nC-1,Ann"}, "events": ("client.added",)},
    "POST /v1/imports/invoices": {"made": _client, "body": {"csv": INVOICE}, "events": ("invoice.imported",)},
    "POST /v1/imports/numbers": {
        "body": {"csv": "series,last_number\ninvoice,4711"},
        "events": ("business.series_continued",),
    },
}
