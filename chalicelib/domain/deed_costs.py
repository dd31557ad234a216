"""What an invoice took of AWS so far: the deeds its journal tells of, each at what was measured for such a deed.

The figures are of an invoice of five lines of the catalogue, in a business that has nothing else under way; of a batch,
of 24 invoices with a fee and an entry of time each. They hold the call and all that follows from it: the stream, the
queues, the PDF, the mail, the row in the feed. Units are DynamoDB's, by its rule and at most (an index in which an
invoice may move counts as if it had). What long polling and the stream's own reads take is Lambda's, and not counted.
An invoice of many lines weighs more by two write units for each KB of them, with each revision.

Measured on 2026-11-22 by ``tests/flows/costing.py``, write units rounded up by at most a tenth: an entity may grow
beyond a KB. ``tests/flows/test_costs.py`` measures it again at every check, and fails where a deed takes more than is
said here, or less than nine tenths of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.values import dataclass

ITSELF = "quittance"
"""The caller of what nobody asked for at that moment: a batch's worker among them."""


@dataclass(frozen=True, slots=True)
class Cost:
    """requests: of DynamoDB, S3, SQS and SES."""

    requests: Decimal
    read_units: Decimal
    write_units: Decimal

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.requests + other.requests,
            self.read_units + other.read_units,
            self.write_units + other.write_units,
        )

    def times(self, factor: Decimal) -> "Cost":
        return Cost(self.requests * factor, self.read_units * factor, self.write_units * factor)


def _cost(requests: str, read_units: str, write_units: str) -> Cost:
    return Cost(Decimal(requests), Decimal(read_units), Decimal(write_units))


NOTHING = _cost("0", "0", "0")

MEASURED: Mapping[str, Cost] = {
    "invoice.drafted": _cost("10", "11", "40"),
    "invoice.edited": _cost("8", "6", "32"),
    "invoice.scheduled": _cost("8", "6", "30"),
    "invoice.issued": _cost("8", "7", "34"),
    "invoice.rendered": _cost("11", "7", "30"),
    "invoice.send_requested": _cost("7", "6", "26"),
    "invoice.sent": _cost("16", "9", "45"),
    "invoice.reminder_requested": _cost("8", "7", "45"),
    "invoice.reminded": _cost("18", "11", "58"),
    "invoice.settled": _cost("34", "23", "68"),
    "invoice.paid": _cost("51", "32", "72"),
    "invoice.credited": _cost("28", "21", "94"),
    "invoice.voided": _cost("11", "9", "30"),
    "invoice.checkout_reserved": _cost("10", "8", "62"),
    "invoice.checkout_opened": NOTHING,
}
"""By the event that tells of the deed.

invoice.settled: a payment by hand, with its receipt and its mails. invoice.paid: one on the provider's page, the three
events the provider sends of it among it; one by hand takes less. checkout_opened is in what is said of the reservation.
"""

IN_A_BATCH: Mapping[str, Cost] = {
    "invoice.drafted": _cost("2.1", "4.2", "44"),
    "invoice.issued": _cost("9", "7.8", "66"),
    "invoice.rendered": NOTHING,
}
"""Of each invoice of a batch; the PDF is in what is said of its issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedCost:
    """What a kind of deed took together; in_a_batch: done for many invoices at once."""

    event: str
    in_a_batch: bool = False
    count: int
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class CostReport:
    """not_measured: how often what happened that nobody measured; it is not in the total."""

    deeds: tuple[DeedCost, ...]
    not_measured: Mapping[str, int]

    @property
    def total(self) -> Cost:
        return sum((deed.cost for deed in self.deeds), NOTHING)


def cost_of(invoice: Invoice, history: Sequence[Envelope]) -> CostReport:
    """What an invoice took so far."""
    batched = _done_in_a_batch(invoice, history)
    told = Counter((envelope.event.type, envelope.event.type in batched) for envelope in history)
    return CostReport(
        deeds=tuple(_deed(event, count, in_a_batch=by) for (event, by), count in told.items() if event in MEASURED),
        not_measured={event: count for (event, _), count in told.items() if event not in MEASURED},
    )


def cost_of_all(invoices: Iterable[Invoice]) -> tuple[int, CostReport]:
    """How many invoices a batch has, and what it took to draft, issue and mail them."""
    count = issued = sent = 0
    for invoice in invoices:
        count += 1
        issued += invoice.issued_at is not None
        sent += invoice.sent_at is not None
    deeds = (
        _deed("invoice.drafted", count, in_a_batch=True),
        _deed("invoice.issued", issued, in_a_batch=True),
        _deed("invoice.sent", sent, in_a_batch=False),
    )
    return count, CostReport(deeds=tuple(deed for deed in deeds if deed.count), not_measured={})


def _done_in_a_batch(invoice: Invoice, history: Sequence[Envelope]) -> frozenset[str]:
    """Which of the deeds were done for many invoices at once; one that was scheduled goes out by itself."""
    if invoice.batch_id is None:
        return frozenset()
    by_itself = {envelope.event.type for envelope in history if envelope.caller.actor == ITSELF}
    scheduled = any(envelope.event.type == "invoice.scheduled" for envelope in history)
    if "invoice.issued" not in by_itself or scheduled:
        return frozenset({"invoice.drafted"})
    return frozenset(IN_A_BATCH)


def _deed(event: str, count: int, *, in_a_batch: bool) -> DeedCost:
    each = (IN_A_BATCH if in_a_batch else MEASURED)[event]
    return DeedCost(event=event, in_a_batch=in_a_batch, count=count, cost=each.times(Decimal(count)))
