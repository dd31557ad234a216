"""Everything that can happen, in the past tense; the names are stored, filtered on and sent to the outside."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessOpened(Event):
    type: ClassVar[str] = "business.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessChanged(Event):
    type: ClassVar[str] = "business.changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessAudited(Event):
    """Its books were gone through; so many times something did not hold."""

    type: ClassVar[str] = "business.audited"
    violated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved(Event):
    type: ClassVar[str] = "business.clock_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChanged(BusinessChanged):
    """The look of invoice numbers changed; links the last number under the old rules with the first under the new."""

    type: ClassVar[str] = "business.series_changed"
    last_number: str | None
    next_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCreated(Event):
    type: ClassVar[str] = "key.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Event):
    type: ClassVar[str] = "key.revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAdded(Event):
    type: ClassVar[str] = "user.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChanged(Event):
    type: ClassVar[str] = "user.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAdded(Event):
    type: ClassVar[str] = "client.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChanged(Event):
    type: ClassVar[str] = "client.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLinksEnded(Event):
    type: ClassVar[str] = "client.links_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRemoved(Event):
    type: ClassVar[str] = "client.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Event):
    """An entry of the catalogue was added, changed or removed."""

    type: ClassVar[str] = "catalog.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDrafted(Event):
    type: ClassVar[str] = "quote.drafted"
    client_id: str
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteEdited(Event):
    type: ClassVar[str] = "quote.edited"
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRemoved(Event):
    type: ClassVar[str] = "quote.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSendRequested(Event):
    type: ClassVar[str] = "quote.send_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSent(Event):
    type: ClassVar[str] = "quote.sent"
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDeliveryFailed(Event):
    type: ClassVar[str] = "quote.delivery_failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteViewed(Event):
    type: ClassVar[str] = "quote.viewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteApproved(Event):
    type: ClassVar[str] = "quote.approved"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDeclined(Event):
    type: ClassVar[str] = "quote.declined"
    by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteExpired(Event):
    type: ClassVar[str] = "quote.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteInvoiced(Event):
    type: ClassVar[str] = "quote.invoiced"
    invoice_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDrafted(Event):
    """claims_left: how many items its lines name that it does not claim yet."""

    type: ClassVar[str] = "invoice.drafted"
    client_id: str
    total: Money
    quote_id: str | None = None
    claims_left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceEdited(Event):
    type: ClassVar[str] = "invoice.edited"
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRemoved(Event):
    """reason: why, where nobody asked for it; revision: whose lines name the items that are still to be given back."""

    type: ClassVar[str] = "invoice.removed"
    reason: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceScheduled(Event):
    """A draft got its day, or lost it."""

    type: ClassVar[str] = "invoice.scheduled"
    send_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceIssued(Event):
    type: ClassVar[str] = "invoice.issued"
    number: str
    client_id: str
    total: Money
    due_date: date
    send: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSendRequested(Event):
    type: ClassVar[str] = "invoice.send_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRendered(Event):
    """Its PDF is in the store of documents."""

    type: ClassVar[str] = "invoice.rendered"
    sha256: str
    missing_glyphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSent(Event):
    """The mail provider accepted the mail."""

    type: ClassVar[str] = "invoice.sent"
    to: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDeliveryFailed(Event):
    type: ClassVar[str] = "invoice.delivery_failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDelivered(Event):
    """The recipient's mail server took the mail."""

    type: ClassVar[str] = "invoice.delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceBounced(Event):
    type: ClassVar[str] = "invoice.bounced"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceViewed(Event):
    type: ClassVar[str] = "invoice.viewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceVoided(Event):
    """revision: whose lines name the items that are still to be given back.

    booked_in: the accounting programs that have it.
    """

    type: ClassVar[str] = "invoice.voided"
    reason: str | None = None
    revision: int | None = None
    booked_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutReserved(Event):
    """A way to pay online is about to be opened; recorded before the provider is asked."""

    type: ClassVar[str] = "invoice.checkout_reserved"
    attempt: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutOpened(Event):
    type: ClassVar[str] = "invoice.checkout_opened"
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutClosed(Event):
    type: ClassVar[str] = "invoice.checkout_closed"
    attempt: int
