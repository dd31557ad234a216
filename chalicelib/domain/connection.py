"""An accounting program of the business's that we may write to; what lets us in is sealed, and traded now and then."""

from dataclasses import field, replace
from datetime import datetime, timedelta

from chalicelib.domain.bookkeeping import Tokens
from chalicelib.domain.connection_events import (
    AccountingConnected,
    AccountingRefused,
    AccountingRenewed,
)
from chalicelib.domain.export_format import Target
from chalicelib.domain.values import dataclass

Happened = AccountingRenewed | AccountingRefused

EARLY = timedelta(seconds=60)
"""So long before its end what lets us in is traded for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A program, the organisation in it, and what lets us in, by an app of the business's own.

    id: of the program, see ``id_of``. organisation_id: the realm of QuickBooks, the tenant of Xero.
    access_until: when the access token ends. automatic: batches are exported there by themselves (A47).
    refused: it lets us in no more; the business has to connect it again.
    """

    id: str
    version: int = 1
    target: Target
    organisation_id: str
    client_id: str
    sealed_client_secret: str = field(repr=False)
    sealed_refresh_token: str = field(repr=False)
    sealed_access_token: str = field(default="", repr=False)
    access_until: datetime | None = None
    automatic: bool = True
    refused: bool = False
    connected_at: datetime

    def lets_in(self, now: datetime) -> bool:
        return self.access_until is not None and now < self.access_until - EARLY


def id_of(target: Target) -> str:
    return f"accounting:{target}"


def connected(connection: Connection, *, at: datetime) -> AccountingConnected:
    return AccountingConnected(subject=connection.id, version=connection.version, at=at, target=connection.target)


def end_of(tokens: Tokens, *, real_now: datetime) -> datetime:
    """When what lets us in ends."""
    return real_now + timedelta(seconds=tokens.seconds)


def renewed(
    connection: Connection, tokens: Tokens, *, sealed_access: str, sealed_refresh: str, at: datetime, real_now: datetime
) -> tuple[Connection, AccountingRenewed]:
    """The connection with what lets us in next; a program may take what was traded no second time."""
    after = replace(
        connection,
        version=connection.version + 1,
        sealed_access_token=sealed_access,
        sealed_refresh_token=sealed_refresh,
        access_until=end_of(tokens, real_now=real_now),
        refused=False,
    )
    return after, AccountingRenewed(subject=after.id, version=after.version, at=at)


def shut_out(connection: Connection, *, at: datetime) -> tuple[Connection, AccountingRefused]:
    after = replace(connection, version=connection.version + 1, refused=True, access_until=None)
    event = AccountingRefused(subject=after.id, version=after.version, at=at, target=connection.target)
    return after, event
