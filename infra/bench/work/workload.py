"""The work that is measured, in numbers alone: the same amounts that every peer was given.

One business with two taxes on the same base, 5 % and 9.975 %, each worked out once per document and rounded half up;
100 clients; 20 services; invoices of five lines whose clients, services and quantities follow from their number.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CLIENTS = 100
SERVICES = 20
LINES = 5
TAX_CODES = ("TPS", "TVQ")
TAX_RATES = (Decimal("0.05"), Decimal("0.09975"))
CENT = Decimal("0.01")
SUM_OF_1000 = Decimal("1835697.21")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    service: int
    quantity: int

    @property
    def unit_price(self) -> Decimal:
        return service_price(self.service)


def service_code(service: int) -> str:
    return f"S{service:02}"


def service_price(service: int) -> Decimal:
    return Decimal("10.00") + Decimal("7.35") * service


def client_name(client: int) -> str:
    return f"Client {client:03}"


def client_of(invoice: int) -> int:
    return invoice % CLIENTS


def lines_of(invoice: int) -> tuple[WorkLine, ...]:
    """The lines of an invoice, counted from 0."""
    return tuple(
        WorkLine(service=(invoice * LINES + line) % SERVICES, quantity=1 + (invoice + line) % 7)
        for line in range(LINES)
    )


def total_of(invoice: int) -> Decimal:
    """What the invoice must come to, with its taxes."""
    base = sum((line.quantity * line.unit_price for line in lines_of(invoice)), Decimal(0))
    return base + sum((base * rate).quantize(CENT, ROUND_HALF_UP) for rate in TAX_RATES)


def client_as_json(client: int) -> dict[str, object]:
    address = {"lines": [f"{client} Main Street"], "city": "Montreal", "postal_code": "H2X 1Y4", "country": "CA"}
    return {"name": client_name(client), "email": f"client{client:03}@example.com", "address": address}


def service_as_json(service: int) -> dict[str, object]:
    return {
        "code": service_code(service),
        "name": f"Service {service:02}",
        "unit_price": str(service_price(service)),
        "taxes": list(TAX_CODES),
    }


def lines_as_json(invoice: int) -> list[dict[str, object]]:
    return [{"catalog_code": service_code(line.service), "quantity": str(line.quantity)} for line in lines_of(invoice)]
