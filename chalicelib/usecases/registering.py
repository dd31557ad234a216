"""Keeping the clients."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import ClientAdded, ClientChanged, ClientRemoved
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.visit import Visit
from chalicelib.ports import Add, Filter, Save, Store
from chalicelib.usecases.checking import present_client, unchanged

DOCUMENTS = (Invoice, Quote, Visit, Item, SalesDocument, Plan, Contract)
"""What holds a client: it is asked in this order. Empty jobs go with their client."""


def add_client(client: Client, *, now: datetime, store: Store) -> Client:
    store.commit(Add(client, ClientAdded(subject=client.id, version=1, at=now)))
    return client


def change_client(
    client_id: str, change: Callable[[Client], Client], *, if_match: int | None, now: datetime, store: Store
) -> Client:
    def deed() -> Client:
        client = unchanged(present_client(client_id, store), if_match)
        wanted = replace(change(client), version=client.version + 1)
        store.commit(Save(wanted, ClientChanged(subject=client.id, version=wanted.version, at=now)))
        return wanted

    return store.persistently(deed)


def remove_client(client_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take away a client that no document names; for everybody it is gone.

    It stays readable for a document written at the same moment, which can so still be issued.
    Raises Refused (``client_in_use``) when documents name it: they outlive what they were made from.
    """

    def deed() -> None:
        client = unchanged(present_client(client_id, store), if_match)
        for kind in DOCUMENTS:
            if store.page(kind, Filter(client_id=client_id), limit=1).rows:
                raise Refused("client_in_use", f"You cannot delete client {client_id} because documents name it.")
        gone = replace(client, version=client.version + 1, removed_at=now)
        store.commit(Save(gone, ClientRemoved(subject=client.id, version=gone.version, at=now)))

    store.persistently(deed)
