"""The books of every business in a world, read whole, to be checked when a test is over."""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.dynamodb import rows
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain import invariants
from chalicelib.domain.access import ApiKey, User
from chalicelib.domain.batch import Batch
from chalicelib.domain.books import Books
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.connection import Connection
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.export import Export
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Caller, Envelope
from chalicelib.domain.letter_text import OwnLetter
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.tally import Tally
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook
from chalicelib.ports import Filter
from tests.fakes.tables import MemoryTables

ALL = 100_000
JUDGED = ("invoice", "credit_note", "imported")
OTHERS = (
    ApiKey,
    Batch,
    CatalogueEntry,
    Connection,
    Contract,
    Export,
    Item,
    Job,
    OwnLetter,
    Plan,
    Refund,
    Reminder,
    Tally,
    User,
    Visit,
    Webhook,
)


Rows = list[dict[str, Any]]
"""Items of a table, as they go over the wire."""


def check(business_id: str, kept: Mapping[Table, Rows]) -> None:
    """Raises AssertionError when something is wrong in a business's books.

    kept: all there is in the tables; it is read in memory, which is sooner done than by thirty queries.
    """
    tables = MemoryTables()
    for table, items in kept.items():
        for item in items:
            if business_id in item["PK"]["S"]:
                tables.put(table, _plain(item))
    store = DynamoStore(tables=tables, caller=Caller(business_id=business_id, actor="test"))
    found = invariants.check(read(store, envelopes(kept[Table.JOURNAL], business_id)))
    assert not found, "\n".join(f"{each.invariant}: {each.detail}" for each in found)


def read(store: Any, journal: list[Envelope]) -> Books:
    """A business's whole state, and its journal."""
    invoices, quotes, payments, clients = (_all(store, kind) for kind in (Invoice, Quote, Payment, Client))
    sales, notes = _all(store, SalesDocument), _all(store, CreditNote)
    others = [one for kind in OTHERS for one in _all(store, kind)]
    business = store.find(Business)  # a test may have taken it away
    series = [store.find(Series, id) for id in JUDGED]
    held = {(invoice.client_id, invoice.currency) for invoice in invoices}
    held |= {(item.client_id, item.amount.currency) for item in _all(store, Item)}
    bodies = [
        store.find(Body, document.id, str(document.revision)) for document in (*invoices, *notes, *quotes, *sales)
    ]
    bodies += [store.find(Body, invoice.id, "1") for invoice in invoices if invoice.sources]
    return Books(
        invoices=invoices,
        credit_notes=notes,
        quotes=quotes,
        sales=sales,
        payments=payments,
        clients=clients,
        others=(*others, *((business,) if business else ())),
        bodies={(body.id, body.revision): body for body in bodies if body},
        parties={one.id: one for document in (*invoices, *notes) if (one := store.find(Parties, document.id))},
        balances=tuple(store.balance(client_id, currency) for client_id, currency in sorted(held)),
        series=tuple(one for one in series if one),
        numbers=tuple(one for id in JUDGED for one in store.page(Number, Filter(series=id), limit=ALL).rows),
        envelopes=tuple(journal),
        told=_all(store, Told),
    )


def envelopes(items: Rows, business_id: str) -> list[Envelope]:
    """The events of a business, of the journal's raw items."""
    return [rows.envelope_in(_plain(item)) for item in items if item["PK"]["S"].startswith(f"T#{business_id}#")]


def _plain(item: Mapping[str, Any]) -> dict[str, str | int]:
    return {name: int(value["N"]) if "N" in value else value["S"] for name, value in item.items()}


def _all(store: Any, kind: type[Any]) -> tuple[Any, ...]:
    return store.page(kind, Filter(), limit=ALL).rows  # type: ignore[no-any-return]
