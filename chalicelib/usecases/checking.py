"""What every deed on an entity asks first."""

from typing import Protocol, TypeVar

from chalicelib.domain.client import Client
from chalicelib.domain.errors import NotFound, Stale
from chalicelib.ports import Store


class Versioned(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=Versioned)


def unchanged(entity: V, if_match: int | None) -> V:
    """The entity, provided it is still the version the caller read (``If-Match``); None asks nothing.

    Raises Stale (``stale``).
    """
    if if_match is not None and if_match != entity.version:
        raise Stale("stale", f"You cannot change {entity.id} because it is now version {entity.version}.")
    return entity


def present_client(client_id: str, store: Store) -> Client:
    """The client, provided it was not deleted. Raises NotFound."""
    client = store.get(Client, client_id)
    if client.removed_at:
        raise NotFound("client", client_id)
    return client
