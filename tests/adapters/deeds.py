"""Short deeds on a store, with the events they take."""

from dataclasses import replace

from chalicelib.domain import events as happened
from chalicelib.domain import numbering
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.errors import NotFound
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.ports import Add, Advance, Keep, Remove, Save
from tests import builders as b

CHANGED = {
    Client: happened.ClientChanged,
    CatalogueEntry: happened.CatalogueChanged,
    Business: happened.BusinessChanged,
}


def added(entity):
    match entity:
        case Invoice():
            return Add(entity, b.invoice_drafted(entity))
        case Quote():
            return Add(entity, b.quote_drafted(entity))
        case Payment():
            return Add(entity, b.payment_received(entity))
    return Add(entity, _changed(entity))


def saved(entity, **changes):
    """The next version of an entity as it was read."""
    after = replace(entity, version=entity.version + 1, **changes)
    return Save(after, _changed(after))


def removed(entity):
    return Remove(entity, happened.ClientRemoved(subject=entity.id, version=entity.version + 1, at=b.later(hours=1)))


def number_taken(store, document_id, *, on=b.TODAY, series="invoice"):
    """The two changes that give a document the next number of a series."""
    try:
        before = store.get(Series, series)
    except NotFound:
        before = b.a_series()
    after, number = numbering.take(before, document_id=document_id, on=on)
    return Advance(after), Keep(number)


def _changed(entity):
    kind = CHANGED.get(type(entity), happened.ClientChanged)
    return kind(subject=entity.id, version=entity.version, at=b.later(minutes=entity.version))
