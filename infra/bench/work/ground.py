"""What must exist before anything is measured: clients, catalogue, terms; and documents made to be acted on."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.bench.work import workload
from infra.bench.work.caller import Caller

NET_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """clients: their ids, in order; single: how quotes become drafts."""

    caller: Caller
    clients: tuple[str, ...]

    def invoice(self, number: int) -> dict[str, object]:
        """The input of an invoice of the workload."""
        return {"client_id": self.clients[workload.client_of(number)], "lines": workload.lines_as_json(number)}

    def draft(self, number: int) -> str:
        """The id of a new draft, whose total was checked."""
        made = self.caller.ask("POST", "/v1/invoices", self.invoice(number)).json
        must_come_to(number, made)
        return str(made["id"])

    def issued(self, number: int) -> dict[str, Any]:
        """A new issued invoice."""
        invoice: dict[str, Any] = self.caller.ask("POST", f"/v1/invoices/{self.draft(number)}/issue", {}).json
        return invoice

    def sent_quote(self, number: int) -> str:
        """The id of a quote that waits for its answer; its mail leaves in the background."""
        wanted = {**self.invoice(number), "invoicing": {"mode": "single", "send": "manual"}}
        quote: str = self.caller.ask("POST", "/v1/quotes", wanted).json["id"]
        self.caller.ask("POST", f"/v1/quotes/{quote}/send", {})
        return quote


def prepared(caller: Caller) -> Ground:
    """The workload's clients, services and terms, made through the API if they are not there."""
    known = _known_clients(caller)
    if not known:
        caller.ask("PATCH", "/v1/business", {"invoice_defaults": {"due_days": NET_DAYS}})
        for service in range(workload.SERVICES):
            caller.ask("POST", "/v1/catalog", workload.service_as_json(service))
        for client in range(workload.CLIENTS):
            made = caller.ask("POST", "/v1/clients", workload.client_as_json(client)).json
            known[made["name"]] = made["id"]
    caller.settle()
    return Ground(
        caller=caller, clients=tuple(known[workload.client_name(client)] for client in range(workload.CLIENTS))
    )


def must_come_to(number: int, invoice: dict[str, Any]) -> None:
    """Raises AssertionError if an invoice's total is not the workload's."""
    if Decimal(invoice["total"]) != workload.total_of(number):
        raise AssertionError(f"invoice {number} came to {invoice['total']} instead of {workload.total_of(number)}")


def _known_clients(caller: Caller) -> dict[str, str]:
    listed = caller.ask("GET", "/v1/clients?limit=100").json["data"]
    return {client["name"]: client["id"] for client in listed}
