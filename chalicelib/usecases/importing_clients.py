"""A former system's clients."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Conflict, Invalid
from chalicelib.domain.events import ClientAdded, ClientChanged
from chalicelib.domain.party import Address
from chalicelib.ports import Add, Ids, Once, Save, Store
from chalicelib.usecases.line_by_line import Became, Outcome, Row, taken_in
from chalicelib.usecases.naming_clients import by_email, by_name, by_reference

PLACE = "address"
"""The field of a row whose own fields are those of an address."""


def import_clients(
    rows: Sequence[Row], *, dry_run: bool, enough: Callable[[], bool], now: datetime, ids: Ids, store: Store
) -> tuple[Outcome, ...]:
    """The clients of a list: known by their references, else by their addresses for mail, else by their names.

    Done again it changes nothing. Nothing is written by a dry run.
    """
    deed = partial(_kept, dry_run=dry_run, now=now, ids=ids, store=store.aside())
    return taken_in(rows, deed, enough=enough)


def _kept(row: Row, *, dry_run: bool, now: datetime, ids: Ids, store: Store) -> tuple[Became, str | None]:
    new = Client(id=ids("cli"), version=0, name="", created_at=now)

    def deed() -> tuple[Became, str | None]:
        first = _first(row, store)  # before it is looked for: whoever brings it from now on is in the way
        known = _known(row, store)
        wanted = _wanted(row, known or new)
        if wanted == known:
            return Became.SAME, known.id
        if not dry_run:
            _write(wanted, known, first, now=now, store=store)
        if known:
            return Became.UPDATED, known.id
        return Became.CREATED, None if dry_run else wanted.id

    return store.persistently(deed)


def _write(wanted: Client, known: Client | None, first: Once, *, now: datetime, store: Store) -> None:
    """Two lists that bring the same client at once bring it once."""
    client = replace(wanted, version=wanted.version + 1)
    if known:
        store.commit(Save(client, ClientChanged(subject=client.id, version=client.version, at=now)))
        return
    try:
        store.commit(Add(client, ClientAdded(subject=client.id, version=client.version, at=now)), first)
    except AlreadyDone:
        raise Conflict("conflict", "Somebody else imported this client at the same moment; try again.") from None


def _first(row: Row, store: Store) -> Once:
    """What is let through once for each time that a client of this name is not there, or not there any more."""
    times = 0
    while store.seen(once := Once(f"imported:client:{times}:{row.name}")):
        times += 1
    return once


def _known(row: Row, store: Store) -> Client | None:
    """The client meant: one that has a reference of its own is meant by no other."""
    reference, email = row.given.get("reference"), row.given.get("email")
    if reference and (client := by_reference(reference, store)):
        return client
    if email:
        client = by_email(email, store)
    elif reference:
        return None
    else:
        client = by_name(row.given["name"], store)
    return None if client is None or (reference and client.reference) else client


def _wanted(row: Row, client: Client) -> Client:
    """Raises Invalid for a new one without a name."""
    given: dict[str, Any] = dict(row.given)
    if place := given.pop(PLACE, None):
        given[PLACE] = _joined(client.address, place)
    wanted = replace(client, **given)
    if not wanted.name:
        raise Invalid("missing", "A client that is new needs a name.")
    return wanted


def _joined(address: Address, given: dict[str, Any]) -> Address:
    return replace(address, **given)
