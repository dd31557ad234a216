"""Where the state of businesses is kept, and where it is looked up before the business is known."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from chalicelib.domain.access import ApiKey, PortalLink, User
from chalicelib.domain.client import ClientBalance
from chalicelib.domain.feed import Told
from chalicelib.domain.journal import Caller, Envelope
from chalicelib.domain.values import dataclass
from chalicelib.ports.changes import Change, Once
from chalicelib.ports.listing import Filter, Page

E = TypeVar("E")
T = TypeVar("T")


class Store(Protocol):
    """The state of one business; it cannot address another.

    Reads are strongly consistent, but for pages.
    """

    @property
    def caller(self) -> Caller: ...

    def get(self, kind: type[E], *key: str) -> E:
        """The entity or record. Raises NotFound."""
        ...

    def find(self, kind: type[E], *key: str) -> E | None: ...

    def many(self, kind: type[E], ids: Iterable[str]) -> tuple[E, ...]:
        """Those of the ids that exist, in the order given."""
        ...

    def balance(self, client_id: str, currency: str) -> ClientBalance: ...

    def balances(self, client_id: str) -> tuple[ClientBalance, ...]:
        """A client's aggregates in each currency in which they ever moved."""
        ...

    def seen(self, once: Once) -> bool: ...

    def claim(self, key: str, *, now: datetime, seconds: int) -> bool:
        """Take a piece of work for a while; False when somebody else has it."""
        ...

    def page(self, kind: type[E], wanted: Filter, *, limit: int, after: Mapping[str, str] | None = None) -> Page: ...

    def folder(self, job_id: str, *, limit: int, after: Mapping[str, str] | None = None) -> Page:
        """What is filed to a job, the job itself among it, kind by kind; a page is one query."""
        ...

    def timeline(self, client_id: str, *, limit: int, after: Mapping[str, str] | None = None) -> Page:
        """What happened to a client and to all that belongs to it, newest first, as envelopes."""
        ...

    def bookings(
        self,
        client_id: str,
        *,
        before: datetime,
        also: Collection[str] = (),
        after: Mapping[str, str] | None = None,
    ) -> Page:
        """Of what happened to a client before an instant, the events that may move its account, the oldest first.

        also: types of events that are wanted whatever they move.
        A page is what one query read, so it may be empty and yet not the last.
        """
        ...

    def called(self, beginning: str, *, most: int) -> tuple[str, ...] | None:
        """The ids of the clients who have, or once had, a word that begins so; None where they are more."""
        ...

    def history(self, subject: str) -> tuple[Envelope, ...]:
        """Everything that happened to an entity, oldest first."""
        ...

    def feed_end(self) -> int:
        """The last sequence of the feed; 0 for an empty one."""
        ...

    def envelopes(self, rows: Iterable[Told]) -> tuple[Envelope, ...]:
        """The events of rows of the feed, in their order."""
        ...

    def commit(self, *changes: Change) -> None:
        """Write all changes and their events, or nothing.

        Raises AlreadyDone if an Add, Keep or Once is there already, Conflict if a Save,
        Remove, Advance or Point lost a race. At most 100 writes.
        """
        ...

    def aside(self) -> "Store":
        """The same state, for what comes before the deed itself.

        An idempotent request counts as made with its first commit; what only prepares it must not count.
        """
        ...

    def persistently(self, deed: Callable[[], T]) -> T:
        """Run a deed again, from its first read, as long as it loses races; Conflict when it never wins."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Work whose time has come."""

    business_id: str
    kind: str
    id: str


class Directory(Protocol):
    """What is looked up before the business is known."""

    def key(self, key_id: str) -> tuple[str, ApiKey] | None:
        """The key as the last commit left it, and its business's id."""
        ...

    def user(self, issuer: str, subject: str) -> tuple[str, User] | None: ...

    def link(self, token_sha256: str) -> tuple[str, PortalLink] | None: ...

    def business_of_account(self, account: str) -> str | None: ...

    def businesses(self) -> Iterable[str]:
        """The id of every business."""
        ...

    def payment_accounts(self) -> Iterable[tuple[str, str]]:
        """Each business's id with each of its payment accounts that lets us in, those it has left among them."""
        ...

    def due(self, *, until: datetime) -> Iterable[Due]:
        """Everything due by now, longest waiting first, and all that sandboxes plan."""
        ...

    def due_in_sandbox(self, business_id: str, *, until: datetime) -> Sequence[tuple[datetime, Due]]:
        """What is due in one sandbox business by an instant, with the instants, in order."""
        ...

    def notice(self, key: str, *, at: datetime) -> str:
        """Remember a provider's event; answers what is known of it: ``new``, ``received`` or ``applied``."""
        ...

    def applied(self, key: str) -> None: ...
