"""What every deed on an entity asks first."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound, Stale
from chalicelib.ports import Change, Store


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


def commit_anew(store: Store, changes: Iterable[Change], *, lost: str) -> None:
    """Commit; what somebody else added at the same moment is a lost race, to be looked at anew.

    Raises Conflict with ``lost``; AlreadyDone only where the request itself was carried out before.
    """
    try:
        store.commit(*changes)
    except AlreadyDone as done:
        if done.code != "already_done":
            raise
        raise Conflict("conflict", lost) from done


def present_client(client_id: str, store: Store) -> Client:
    """The client, provided it was not deleted. Raises NotFound."""
    client = store.get(Client, client_id)
    if client.removed_at:
        raise NotFound("client", client_id)
    return client
