"""The documents that a client may look at: its own, and meant to be seen."""

from typing import TypeVar

from chalicelib.domain.errors import NotFound
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.entrypoints.portal.pages import Visit
from chalicelib.entrypoints.portal.showing import can_be_seen

D = TypeVar("D", Quote, Invoice)


def quote_of(visit: Visit, quote_id: str) -> Quote:
    return _own(visit, visit.store.get(Quote, quote_id))


def invoice_of(visit: Visit, invoice_id: str) -> Invoice:
    return _own(visit, visit.store.get(Invoice, invoice_id))


def _own(visit: Visit, document: D) -> D:
    """The document, if it is this client's and meant to be seen; another's does not exist for them."""
    if document.client_id != visit.client.id or not can_be_seen(document):
        raise NotFound(type(document).__name__.lower(), document.id)
    return document
