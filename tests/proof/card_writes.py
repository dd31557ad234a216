"""The writes of stored cards, for the table of writes."""

from typing import Any

from tests.flows import wallet
from tests.flows.world import World

Ids = dict[str, str]
CHARGED = ("invoice.charge_reserved", "invoice.paid", "payment.received")


def _client(world: World) -> Ids:
    return {"client_id": world.client()["id"]}


def _with_card(world: World) -> Ids:
    client = world.client()
    wallet.stores_card(world, client)
    return {"client_id": client["id"]}


def _invoice(world: World) -> Ids:
    ids = _with_card(world)
    return ids | {"invoice_id": world.invoice({"id": ids["client_id"]})["id"]}


CARDS: dict[str, dict[str, Any]] = {
    "POST /v1/clients/{client_id}/card": {"made": _client, "body": {"automatic": True}},
    "DELETE /v1/clients/{client_id}/card": {"made": _with_card, "events": ("client.card_removed",)},
    "POST /v1/invoices/{invoice_id}/charge": {"made": _invoice, "body": {}, "events": CHARGED, "begun": CHARGED[:1]},
    "POST /v1/clients/{client_id}/charge": {"made": _invoice, "events": CHARGED, "begun": CHARGED[:1]},
}
