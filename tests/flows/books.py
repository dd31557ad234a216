"""The books of every business in a world, read whole, to be checked when a test is over."""

from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.adapters.dynamodb import rows
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
from chalicelib.domain.journal import Envelope
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


def check(store: Any, journal: list[Envelope]) -> None:
    """Raises AssertionError when something is wrong in a business's books."""
    found = invariants.check(read(store, journal))
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


def envelopes(items: list[dict[str, Any]], business_id: str) -> list[Envelope]:
    """The events of a business, of the journal's raw items."""
    read_value = TypeDeserializer().deserialize
    own = [item for item in items if item["PK"]["S"].startswith(f"T#{business_id}#")]
    return [rows.envelope_in({name: read_value(value) for name, value in item.items()}) for item in own]


def _all(store: Any, kind: type[Any]) -> tuple[Any, ...]:
    return store.page(kind, Filter(), limit=ALL).rows  # type: ignore[no-any-return]
