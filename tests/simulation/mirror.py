"""What a business's tables say, as the values they stand for: each row read once, when it was written."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from chalicelib.adapters.dynamodb import codec, rows
from chalicelib.domain.access import ApiKey
from chalicelib.domain.balance import Movement
from chalicelib.domain.batch import Batch
from chalicelib.domain.books import Books
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.connection import Connection
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.export import Export
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Envelope
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.reconciliation import Finding
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.tally import Tally
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook
from tests.simulation.remembering import Sound

OTHERS = (
    *(ApiKey, Batch, Business, Connection, Contract, Export, Item, Job, Payout, Plan, Refund, Reminder, Tally),
    *(Visit, Webhook),
)
KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (Invoice, CreditNote, Quote, SalesDocument, Payment, Client, *OTHERS)
}
CURRENCY = "CAD"
JUDGED = ("invoice", "credit_note", "imported")


@dataclass(slots=True)
class Mirror:
    """A business's rows, each read once, when it was written; sound: what was judged of them."""

    kinds: dict[type, dict[Any, Any]] = field(default_factory=lambda: defaultdict(dict))
    envelopes: dict[Any, Any] = field(default_factory=dict)
    sound: Sound = field(default_factory=dict)

    def all(self, kind: type) -> tuple[Any, ...]:
        return tuple(self.kinds[kind].values())

    def books(self, movements: tuple[Movement, ...] | None = None) -> Books:
        return Books(
            invoices=self.all(Invoice),
            credit_notes=self.all(CreditNote),
            quotes=self.all(Quote),
            sales=self.all(SalesDocument),
            payments=self.all(Payment),
            clients=self.all(Client),
            others=tuple(one for kind in OTHERS for one in self.all(kind)),
            bodies={(body.id, body.revision): body for body in self.kinds[Body].values()},
            parties={one.id: one for one in self.all(Parties)},
            balances=tuple(self.kinds[dict].values()),
            series=tuple(series for series in self.all(Series) if series.id in JUDGED),
            numbers=tuple(number for number in self.all(Number) if number.series in JUDGED),
            envelopes=tuple(self.envelopes.values()),
            told=self.all(Told),
            movements=movements,
            usage=self.all(UsageRecord),
            automation=next((business.automation for business in self.all(Business)), None),
        )

    def enter(self, write: Any) -> type | None:
        """Follow a write; answers of what kind it is, None for what nobody checks."""
        item = write.new or write.old
        pk, sk = item["PK"]["S"], item["SK"]["S"]
        if write.table == "journal":
            plain = {name: typed.get("S") or typed.get("N") for name, typed in item.items()}
            self.envelopes[pk, sk] = rows.envelope_in(plain)
            return Envelope
        kind = _kind_of(item, pk, sk)
        if kind is dict:
            totals = {name: int(typed["N"]) for name, typed in item.items() if "N" in typed}
            self.kinds[dict][pk, sk] = rows.balance_in(totals, pk.rpartition("#")[2], CURRENCY)
        elif kind and write.new:
            self.kinds[kind][pk, sk] = codec.loads(kind, item["doc"]["S"])
        elif kind:
            self.kinds[kind].pop((pk, sk), None)
        return kind


def _kind_of(item: dict[str, Any], pk: str, sk: str) -> type | None:
    if "kind" in item:
        return KINDS.get(item["kind"]["S"])
    if sk.startswith("USE#"):
        return UsageRecord
    if sk == "BALANCE":
        return dict
    if sk == "CTR":
        return Series
    if sk.startswith("N#"):
        return Number
    if sk.startswith("FOUND#"):
        return Finding
    if sk == "PARTIES":
        return Parties
    if pk.endswith("#FEED#0"):
        return Told
    return Body if sk.startswith("BODY#") else None
