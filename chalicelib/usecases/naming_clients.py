"""Clients as other systems name them: by a reference, an address for mail, or a name."""

from collections.abc import Callable

from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.words import words_in
from chalicelib.ports import Filter, Store
from chalicelib.usecases.reading import every

AT_ONCE = 25


def by_reference(reference: str, store: Store) -> Client | None:
    return _only(reference, lambda client: client.reference == reference, store)


def by_email(email: str, store: Store) -> Client | None:
    return _only(email, lambda client: (client.email or "").casefold() == email.casefold(), store)


def by_name(name: str, store: Store) -> Client | None:
    return _only(name, lambda client: client.name.casefold() == name.casefold(), store)


def _only(said: str, fits: Callable[[Client], bool], store: Store) -> Client | None:
    """The client who is named so, if there is one.

    Raises Refused (``ambiguous_client``) for several, Invalid (``not_findable``) for what has no letter and no digit.
    """
    longest = max(words_in(said), key=len, default="")
    if not longest:
        raise Invalid("not_findable", f"Nobody can be found by {said!r}: it has no letter and no digit.")
    wanted = Filter(word=longest, fits=lambda client: client.removed_at is None and fits(client))
    found = {client.id: client for client in every(Client, wanted, store, at_once=AT_ONCE)}
    if len(found) > 1:
        raise Refused("ambiguous_client", f"There are {len(found)} clients called {said!r}.")
    return next(iter(found.values()), None)
