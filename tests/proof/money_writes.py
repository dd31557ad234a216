"""What can be asked of money that is there: how to come to where it can be done, and what it does once."""

from typing import Any

from tests.flows import till
from tests.flows.world import World

Ids = dict[str, str]
CASH = {"amount": "1149.75", "method": "cash"}


def _client(world: World) -> Ids:
    return {"client_id": world.client()["id"]}


def _invoice(world: World) -> Ids:
    return {"invoice_id": world.invoice()["id"]}


def _written_off(world: World) -> Ids:
    ids = _invoice(world)
    world.ok("POST", f"/v1/invoices/{ids['invoice_id']}/write-off", {"reason": "Faillite"})
    return ids


def _credit_and_invoice(world: World) -> Ids:
    ids = _client(world)
    payment = world.ok("POST", f"/v1/clients/{ids['client_id']}/payments", CASH)
    invoice = world.invoice({"id": ids["client_id"]})
    return ids | {"payment_id": payment["id"], "invoice_id": invoice["id"]}


def _allocated(world: World) -> Ids:
    ids = _credit_and_invoice(world)
    world.ok("POST", f"/v1/payments/{ids['payment_id']}/allocations", {"invoice_id": ids["invoice_id"]})
    return ids


def _stray(world: World) -> Ids:
    ids = _invoice(world)
    till.pay_elsewhere(world, 114975)
    till.arrived(world)
    (payment,) = world.ok("GET", "/v1/payments?status=quarantined")["data"]
    return ids | {"payment_id": payment["id"]}


def _paid(world: World) -> Ids:
    ids = _invoice(world)
    return {"payment_id": world.ok("POST", f"/v1/invoices/{ids['invoice_id']}/payments", CASH)["id"]}


def _credited(world: World) -> Ids:
    ids = _invoice(world)
    path = f"/v1/invoices/{ids['invoice_id']}/credit-notes"
    return ids | {"credit_note_id": world.ok("POST", path, {"reason": "Erreur", "amount": "10"})["id"]}


def _deposit(world: World) -> Ids:
    deposit = world.ok("POST", f"/v1/quotes/{world.quote()['id']}/deposit", {"amount": "50"})
    place = f"/v1/invoices/{deposit['id']}"
    world.ok("POST", f"{place}/issue", {})
    world.ok("POST", f"{place}/payments", CASH | {"amount": "50"})
    return {"invoice_id": deposit["id"]}


MONEY: dict[str, dict[str, Any]] = {
    "POST /v1/clients/{client_id}/payments": {"made": _client, "body": CASH, "events": ("payment.received",)},
    "POST /v1/clients/{client_id}/statement/send": {
        "made": _client,
        "body": {"from": "2026-03-01", "to": "2026-03-02"},
        "events": ("client.statement_requested",),
    },
    "POST /v1/payments/{payment_id}/allocations": {
        "made": _credit_and_invoice,
        "body": {"invoice_id": "{invoice_id}"},
        "events": ("invoice.paid", "payment.allocated"),
    },
    "DELETE /v1/payments/{payment_id}/allocations/{invoice_id}": {
        "made": _allocated,
        "events": ("invoice.settled", "payment.allocated"),
    },
    "POST /v1/payments/{payment_id}/refunds": {
        "made": _paid,
        "body": {"amount": "149.75", "reason": "Annulé"},
        "events": ("invoice.settled", "payment.changed", "refund.requested"),
    },
    "POST /v1/payments/{payment_id}/match": {
        "made": _stray,
        "body": {"invoice_id": "{invoice_id}"},
        "events": ("invoice.paid", "payment.matched"),
    },
    "POST /v1/invoices/{invoice_id}/forfeit": {
        "made": _deposit,
        "body": {},
        "events": ("invoice.deducted", "invoice.drafted"),
    },
    "POST /v1/invoices/{invoice_id}/credit-notes": {
        "made": _invoice,
        "body": {"reason": "Erreur", "lines": [{"line_id": "1", "amount": "100"}]},
        "events": ("credit_note.issued", "invoice.credited"),
    },
    "POST /v1/credit-notes/{credit_note_id}/send": {
        "made": _credited,
        "body": {},
        "events": ("credit_note.send_requested",),
    },
    "POST /v1/invoices/{invoice_id}/write-off": {
        "made": _invoice,
        "body": {"reason": "Faillite"},
        "events": ("invoice.written_off",),
    },
    "DELETE /v1/invoices/{invoice_id}/write-off": {"made": _written_off, "events": ("invoice.restored",)},
}
