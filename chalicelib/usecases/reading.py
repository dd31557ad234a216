"""What is read in the same way wherever it is needed."""

from collections.abc import Iterator
from typing import TypeVar

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Body, Content
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.ports import Filter, Store

E = TypeVar("E")


def content_of(document: CreditNote | Invoice | Quote | SalesDocument, store: Store) -> Content:
    """What a document sells, as of its present revision."""
    return store.get(Body, document.id, str(document.revision)).content


def every(kind: type[E], wanted: Filter, store: Store, *, at_once: int) -> Iterator[E]:
    """Every row of a list, so many at a time."""
    page = store.page(kind, wanted, limit=at_once)
    yield from page.rows
    while page.next is not None:
        page = store.page(kind, wanted, limit=at_once, after=page.next)
        yield from page.rows
