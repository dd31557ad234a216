"""Documents booked in an accounting program that is connected: each is looked for there before it is made."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from chalicelib.domain import connection as connections
from chalicelib.domain.bookkeeping import Bill, Booked, Tokens
from chalicelib.domain.connection import Connection
from chalicelib.domain.connection_events import AccountingDisconnected
from chalicelib.domain.errors import Conflict, Invalid, NotFound, Refused
from chalicelib.domain.export_format import Target
from chalicelib.domain.values import dataclass
from chalicelib.ports import Accounting, Add, Remove, Save, Seal, Store
from chalicelib.usecases.checking import unchanged

B = TypeVar("B")
SHUT_OUT = frozenset({"connection_refused", "not_connected", "access_ended", "not_let_in"})
"""Why nothing more can be booked at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What documents are booked with. clock: the real time, by which tokens end."""

    clock: Callable[[], datetime]
    now: datetime
    store: Store
    accounting: Callable[[Target], Accounting]
    seal: Callable[[], Seal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a business gives to connect a program: the keys of an app of its own, and what that was granted."""

    target: Target
    organisation_id: str
    client_id: str
    client_secret: str
    refresh_token: str
    automatic: bool


def connect(wish: Wish, *, if_match: int | None, books: Books) -> Connection:
    """The program connected, or connected anew; what was given is tried first.

    Raises Invalid (``connection_refused``) for what lets nobody in.
    """
    store = books.store
    known = store.find(Connection, connections.id_of(wish.target))
    if known or if_match is not None:
        unchanged(store.get(Connection, connections.id_of(wish.target)), if_match)
    try:
        tokens = books.accounting(wish.target).renew(
            client_id=wish.client_id, client_secret=wish.client_secret, refresh_token=wish.refresh_token
        )
    except Refused as refused:
        raise Invalid(refused.code, "You cannot connect with this because the program does not take it.", at="") from (
            refused
        )
    version = known.version + 1 if known else len(store.history(connections.id_of(wish.target))) + 1
    made = _connection(wish, tokens, version=version, books=books)
    event = connections.connected(made, at=books.now)
    store.commit(Save(made, event) if known else Add(made, event))
    return made


def disconnect(target: Target, *, if_match: int | None, books: Books) -> None:
    """Write to the program no more, and forget what let us in. Raises NotFound."""

    def deed() -> None:
        known = unchanged(books.store.get(Connection, connections.id_of(target)), if_match)
        event = AccountingDisconnected(subject=known.id, version=known.version + 1, at=books.now, target=target)
        books.store.commit(Remove(known, event))

    books.store.persistently(deed)


def connected(target: Target, store: Store) -> Connection:
    """The program's connection. Raises Refused (``not_connected``, ``connection_refused``)."""
    try:
        connection = store.get(Connection, connections.id_of(target))
    except NotFound:
        raise Refused("not_connected", f"You cannot export to {target} because it is not connected.") from None
    if connection.refused:
        raise Refused("connection_refused", f"You cannot export to {target} because it lets us in no more.")
    return connection


def book(bill: Bill, target: Target, books: Books) -> Booked:
    """Have a bill in the program, once; an access token that ended is traded for the next.

    Raises Refused when the program never takes it, UnknownOutcome when the same must be booked again.
    """

    def ask(program: Accounting, token: str, organisation_id: str) -> Booked:
        return program.book(bill, access_token=token, organisation_id=organisation_id)

    return _let_in(target, books, ask)


def find(bill: Bill, target: Target, books: Books) -> Booked | None:
    """What the program has of a bill. Raises what ``book`` does."""

    def ask(program: Accounting, token: str, organisation_id: str) -> Booked | None:
        return program.find(bill, access_token=token, organisation_id=organisation_id)

    return _let_in(target, books, ask)


def _let_in(target: Target, books: Books, ask: Callable[[Accounting, str, str], B]) -> B:
    connection = connected(target, books.store)
    if not connection.lets_in(books.clock()):
        connection = _renewed(connection, books)
    try:
        return ask(books.accounting(target), _token(connection, books), connection.organisation_id)
    except Refused as refused:
        if refused.code != "access_ended":
            raise
    renewed = _renewed(connection, books)
    return ask(books.accounting(target), _token(renewed, books), renewed.organisation_id)


def _token(connection: Connection, books: Books) -> str:
    return books.seal().open(connection.sealed_access_token, of=books.store.caller.business_id)


def _renewed(connection: Connection, books: Books) -> Connection:
    """The connection with the next tokens; whoever finds that another has traded meanwhile takes those."""
    of, seal = books.store.caller.business_id, books.seal()
    try:
        tokens = books.accounting(connection.target).renew(
            client_id=connection.client_id,
            client_secret=seal.open(connection.sealed_client_secret, of=of),
            refresh_token=seal.open(connection.sealed_refresh_token, of=of),
        )
    except Refused:
        return _shut_out(connection, books)
    after = connections.renewed(
        connection,
        tokens,
        sealed_access=seal.seal(tokens.access, of=of),
        sealed_refresh=seal.seal(tokens.refresh, of=of),
        at=books.now,
        real_now=books.clock(),
    )
    return _kept(after, books)


def _shut_out(connection: Connection, books: Books) -> Connection:
    """Raises Refused (``connection_refused``), unless another was quicker to trade."""
    there = _kept(connections.shut_out(connection, at=books.now), books)
    return connected(there.target, books.store)


def _kept(after: tuple[Connection, connections.Happened], books: Books) -> Connection:
    try:
        books.store.commit(Save(*after))
    except Conflict:
        return books.store.get(Connection, after[0].id)
    return after[0]


def _connection(wish: Wish, tokens: Tokens, *, version: int, books: Books) -> Connection:
    of, seal = books.store.caller.business_id, books.seal()
    made = Connection(
        id=connections.id_of(wish.target),
        version=version,
        target=wish.target,
        organisation_id=wish.organisation_id,
        client_id=wish.client_id,
        sealed_client_secret=seal.seal(wish.client_secret, of=of),
        sealed_refresh_token=seal.seal(tokens.refresh, of=of),
        sealed_access_token=seal.seal(tokens.access, of=of),
        automatic=wish.automatic,
        connected_at=books.now,
    )
    return replace(made, access_until=connections.end_of(tokens, real_now=books.clock()))
