"""What the use-cases need from the world, and no more."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from chalicelib.domain.access import ApiKey, Claims, PortalLink, User
from chalicelib.domain.audit import Audit
from chalicelib.domain.balance import Movement
from chalicelib.domain.business import Business
from chalicelib.domain.card import CardSetup, StoredCard
from chalicelib.domain.catalogue import AgreedPrice, CatalogueEntry
from chalicelib.domain.charge import ChargeAttempt, ChargeOutcome
from chalicelib.domain.checkout import CheckoutAttempt, CheckoutPage, CheckoutState, PaymentAccount
from chalicelib.domain.client import Client, ClientBalance
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.document import Document
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Caller, Envelope, Event
from chalicelib.domain.letter import Letter, Mail
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.own_key import Waiting
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.quote import Quote
from chalicelib.domain.reconciliation import Finding, Standing
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.reminder_plan import ReminderPlan
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.settlement import PaymentFacts
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook
from chalicelib.domain.wording import Wording

Entity = (
    AgreedPrice
    | ApiKey
    | Audit
    | Business
    | CatalogueEntry
    | Client
    | CreditNote
    | Invoice
    | Item
    | Job
    | Payment
    | Payout
    | Quote
    | Refund
    | Reminder
    | SalesDocument
    | User
    | Visit
    | Webhook
)
Kept = Body | Finding | Number | Parties | PortalLink | ReminderPlan | Told | Waiting
E = TypeVar("E")
T = TypeVar("T")

Ids = Callable[[str], str]
"""Makes a new id for a prefix: ``ids("inv")`` gives ``inv_01J...``."""


@dataclass(frozen=True, slots=True)
class Add:
    """Write an entity that must not exist yet (version 1), and the event of its coming."""

    entity: Entity
    because: Event


@dataclass(frozen=True, slots=True)
class Save:
    """Write an entity, provided nobody changed it since it was read, and the event that explains it."""

    entity: Entity
    because: Event


@dataclass(frozen=True, slots=True)
class Remove:
    """Take an entity away, provided nobody changed it since it was read; its events stay.

    entity: as it was read; because: the event of the version after it.
    """

    entity: Entity
    because: Event


@dataclass(frozen=True, slots=True)
class Keep:
    """Write a record that is never changed and must not exist yet."""

    record: Kept


@dataclass(frozen=True, slots=True)
class Advance:
    """Write a number series, provided nobody took a number since it was read; the register tells its history."""

    series: Series


@dataclass(frozen=True, slots=True)
class Move:
    """Add to a client's aggregates, whatever they are now."""

    client_id: str
    unbilled_total: Money | None = None
    amount_due: Money | None = None
    credit_total: Money | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """Let this commit through only the first time this key is seen, for ever."""

    key: str


@dataclass(frozen=True, slots=True)
class Point:
    """Write where a webhook stands in the feed, provided nobody moved it since it was read.

    It is no state of the business's: no event tells of it. delivery: what became of the event that it is about.
    """

    progress: Progress
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Write where a payment account stands beside the provider, provided nobody moved it since it was read.

    It is no state of the business's: no event tells of it.
    """

    standing: Standing


Change = Add | Save | Remove | Keep | Advance | Move | Once | Point | Note


class Unfinished(StrEnum):
    """What an invoice waits for: to be issued, its day, or its money; a payment, to be matched."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    DUE = "due"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; None does not narrow.

    job_id: what is filed to one job; it goes before client_id.
    account_of: the client of whom only what is open is wanted, the earliest first: items to be billed and on no
    document; of invoices, by ``unfinished``, the drafts that claim items or those with money due.
    It goes before job_id.
    parent: the id of the quote or invoice whose children are wanted; it goes before all that follow.
    number_begins: the documents, or the numbers, of a series whose numbers begin so.
    client_ids: the clients whose documents are wanted; newest first over all of them.
    word: the clients who have a word that begins so, by that word.
    begins: what the ids begin with, where one kind of entity has several.
    number: the document that bears it; series: the numbers of one, where they are not those of invoices.
    after_sequence: of the feed, what comes after it, in its order; webhook_id: whose deliveries.
    unfinished: the invoices that wait for one thing, unless a client's are wanted: scheduled and due ones by
    their day, the earliest first; due_day_before: of the due ones, those with an earlier day.
    fits: what the stores cannot index; asked of each row read.
    sift: those that are wanted of some rows that fit, where that takes other reads; asked of what is read at once.
    """

    client_id: str | None = None
    job_id: str | None = None
    account_of: str | None = None
    parent: str | None = None
    number_begins: str | None = None
    client_ids: tuple[str, ...] = ()
    word: str | None = None
    begins: str | None = None
    number: str | None = None
    series: str | None = None
    after_sequence: int | None = None
    webhook_id: str | None = None
    unfinished: Unfinished | None = None
    due_day_before: date | None = None
    fits: Callable[[Any], bool] = field(default=lambda _: True)
    sift: Callable[[Sequence[Any]], Sequence[Any]] = field(default=lambda rows: rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows of a list, in its order, and where the next page begins (None: there is none).

    A page may be short, even empty, and yet not be the last: where many rows do not fit, a store stops to read
    before the page is full.
    """

    rows: tuple[Any, ...]
    next: Mapping[str, str] | None = None


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

    def bookings(self, client_id: str, *, before: datetime, after: Mapping[str, str] | None = None) -> Page:
        """Of what happened to a client before an instant, the events that may move its account, the oldest first.

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


class Mailer(Protocol):
    def send(self, mail: Mail) -> str:
        """Hand a mail to the provider; answers its message id.

        Raises Refused (``mail_rejected``) when the provider will never take it; anything else may be tried again.
        """
        ...


class Files(Protocol):
    def put(self, key: str, body: bytes, *, content_type: str) -> None: ...

    def get(self, key: str) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A drawn document, and the characters that no font could show (drawn as boxes)."""

    pdf: bytes
    missing_glyphs: tuple[str, ...] = ()


class Renderer(Protocol):
    def render(self, document: Document) -> Rendering: ...


Wordings = Callable[[str, str | None], Wording]
"""Gives the wording of a language in a country."""


class Writer(Protocol):
    def compose(self, letter: Letter) -> Mail: ...


class Queue(Protocol):
    def put(self, body: Mapping[str, Any], *, group: str) -> None:
        """Hand work to a worker, at least once; ``group`` is the business, for fairness."""
        ...


class Gateway(Protocol):
    """The payment provider, on one payment account."""

    def open_checkout(self, attempt: CheckoutAttempt, *, account: PaymentAccount) -> CheckoutPage: ...

    def expire_checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState: ...

    def checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState: ...

    def payment(self, payment_intent_id: str, *, account: PaymentAccount) -> PaymentFacts: ...

    def refund(
        self, payment_intent_id: str, amount: Money, *, refund_id: str, business_id: str, account: PaymentAccount
    ) -> None:
        """Give back so much of a payment; the same refund asked for again gives nothing back twice.

        Raises Refused when the provider never will, UnknownOutcome if the same must be asked again.
        """
        ...

    def open_setup(self, setup: CardSetup, *, account: PaymentAccount) -> CheckoutPage:
        """A page on which a client stores a card."""
        ...

    def stored_card(self, customer_id: str, *, account: PaymentAccount) -> StoredCard:
        """Whose a customer is, and the newest card that is kept of it."""
        ...

    def forget_card(self, payment_method_id: str, *, account: PaymentAccount) -> None:
        """Keep a card no more; again, nothing happens."""
        ...

    def charge(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome:
        """Charge a stored card; the same attempt again, within a day, charges nothing twice.

        Raises Refused when it cannot be asked for, UnknownOutcome if it must be looked for.
        """
        ...

    def charge_made(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome | None:
        """What became of an attempt, however long ago it was sent; None if it never arrived."""
        ...

    def events(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of ``ProviderEvent``, newest first; after: the last id of the page before."""
        ...

    def payments(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of ``Sighting``, of payments by when they were begun, newest first."""
        ...

    def movements(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of ``Movement``, all that moved on the account's balance, newest first."""
        ...

    def paid_out(self, payout_id: str, *, account: PaymentAccount, most: int) -> Sequence[Movement]:
        """The movements of payments in a payout, as far as the provider tells and at most so many."""
        ...

    def lacking(self, account: PaymentAccount) -> tuple[str, ...]:
        """What an own key should allow and does not, in the provider's words; asking changes nothing there.

        Raises Refused (``key_refused``) for a key that opens nothing.
        """
        ...

    def is_same(self, account: PaymentAccount, other: PaymentAccount) -> bool | None:
        """Whether two keys open one account, as the last page opened there tells; None if there is none.

        Raises Refused (``key_refused``) when the first opens nothing any more.
        """
        ...


class Seal(Protocol):
    """Keeps a text from whoever reads our tables; a sealed one opens for the business it was sealed for only."""

    def seal(self, text: str, *, of: str) -> str: ...

    def open(self, sealed: str, *, of: str) -> str:
        """Raises Refused (``seal_broken``) for what was sealed for another business, or with a key that is gone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came of a post: HTTP's status, or why nothing was answered."""

    status: int | None = None
    error: str | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)


class Courier(Protocol):
    """Takes what happened to addresses that businesses gave us, and nowhere inside."""

    def carry(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Receipt:
        """Post a body, once, and follow nothing that is answered."""
        ...


class TokenVerifier(Protocol):
    def verify(self, token: str, *, now: datetime) -> Claims:
        """Who bears an OIDC access token. Raises Unauthenticated."""
        ...
