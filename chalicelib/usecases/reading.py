"""What is read in the same way wherever it is needed."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from chalicelib.domain.chain import Issued
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Payment
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Body, Content, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.ports import Filter, Store

E = TypeVar("E")


def content_of(document: CreditNote | Invoice | Plan | Quote | SalesDocument, store: Store) -> Content:
    """What a document sells, as of its present revision."""
    return store.get(Body, document.id, str(document.revision)).content


def bodies_of(documents: Sequence[CreditNote | Invoice], store: Store) -> dict[str, Body]:
    """The bodies of many documents as of their present revisions, by id; one read for each hundred."""
    wanted = [f"{document.id}/{document.revision}" for document in documents]
    return {body.id: body for body in store.many(Body, wanted)} if wanted else {}


def issued_of(document: CreditNote | Invoice, store: Store) -> Issued:
    """What never changes of a document that has its number."""
    body = store.get(Body, document.id, str(document.revision))
    parties = store.find(Parties, document.id) or body.parties
    assert parties
    return Issued(content=body.content, parties=parties)


def frozen_parties(document: CreditNote | Invoice, store: Store) -> Parties | None:
    """Who and where an issued document names, as it was on the day of issue; None before."""
    if isinstance(document, Invoice) and document.issued_at is None:
        return None
    return store.find(Parties, document.id) or store.get(Body, document.id, str(document.revision)).parties


def payment_of(payment_intent_id: str, store: Store) -> Payment | None:
    """The payment in our books that one of the provider's is, if it is in them."""
    rows: tuple[Payment, ...] = store.page(Payment, Filter(parent=payment_intent_id), limit=1).rows
    return rows[0] if rows else None


def every(kind: type[E], wanted: Filter, store: Store, *, at_once: int) -> Iterator[E]:
    """Every row of a list, so many at a time."""
    page = store.page(kind, wanted, limit=at_once)
    yield from page.rows
    while page.next is not None:
        page = store.page(kind, wanted, limit=at_once, after=page.next)
        yield from page.rows


def notes_of(invoice_id: str, store: Store) -> Iterator[CreditNote]:
    """The credit notes of an invoice, the newest first."""
    return every(CreditNote, Filter(parent=invoice_id), store, at_once=100)
