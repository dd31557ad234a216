"""A quote: offered, approved or declined, and turned into invoices."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.business import Automation, InvoicingMode, Sending
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.deposit_events import QuoteDepositsChanged
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import (
    QuoteApproved,
    QuoteDeclined,
    QuoteEdited,
    QuoteExpired,
    QuoteInvoiced,
    QuoteSendRequested,
    QuoteViewed,
)
from chalicelib.domain.figures import Figures
from chalicelib.domain.sales_events import QuoteContinued
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.values import dataclass


class QuoteStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    VIEWED = "viewed"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    INVOICED = "invoiced"


OPEN = {QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.VIEWED}
WON = {QuoteStatus.APPROVED, QuoteStatus.INVOICED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoicing:
    """What one quote's approval makes, where it differs from the business's automation."""

    mode: InvoicingMode
    send: Sending = Sending.MANUAL
    send_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The head of a quote; its lines are in the body of the same revision.

    made: the order made of it, unless that was deleted; ``ordered`` stays: it is billed through orders only.
    in_parts: the order that was made since the quote is billed in parts, and keeps what is billed of it.
    deposits: the invoices of the deposits that were asked for on it, unless they were deleted or voided.
    """

    id: str
    version: int = 1
    client_id: str
    client_name: str
    job_id: str | None = None
    status: QuoteStatus = QuoteStatus.DRAFT
    number: str | None = None
    revision: int = 1
    figures: Figures
    schedule: tuple[Instalment, ...] = ()
    language: str
    template: Template = Template.MODERN
    valid_until: date | None = None
    expires_at: datetime | None = None
    invoicing: Invoicing | None = None
    delivery: Delivery = Delivery()
    created_at: datetime
    sent_at: datetime | None = None
    viewed_at: datetime | None = None
    approved_at: datetime | None = None
    approved_by: str | None = None
    signature: str | None = None
    declined_at: datetime | None = None
    declined_by: str | None = None
    ordered: bool = False
    made: tuple[str, ...] = ()
    in_parts: str | None = None
    deposits: tuple[str, ...] = ()

    def invoicing_under(self, automation: Automation) -> Invoicing:
        """What an approval makes: the quote's own wish, else the business's setting (P35, P36)."""
        return self.invoicing or Invoicing(mode=automation.invoice_on_quote_approval, send=automation.send)


def edited(quote: Quote, changed: Quote, *, at: datetime) -> tuple[Quote, QuoteEdited]:
    """The quote with new content.

    Raises Refused once the client has answered, or an order was made of it: what was agreed stays what was agreed.
    """
    _must_be_open(quote, "edit")
    _must_not_have_an_order(quote, "edit")
    must_not_have_deposits(quote, "edit")
    edition = replace(changed, version=quote.version + 1, revision=quote.revision + 1)
    return edition, QuoteEdited(subject=quote.id, version=edition.version, at=at, total=edition.figures.total)


def send_requested(quote: Quote, *, template: Template | None = None, at: datetime) -> tuple[Quote, QuoteSendRequested]:
    """The quote with its mail asked for; template: of the PDF in this mail, where it is not the quote's own."""
    _must_be_open(quote, "send")
    delivery = replace(
        quote.delivery,
        state=DeliveryState.QUEUED,
        detail=None,
        template=template,
        requests=quote.delivery.requests + 1,
    )
    asked = replace(quote, version=quote.version + 1, delivery=delivery)
    return asked, QuoteSendRequested(subject=quote.id, version=asked.version, at=at)


def viewed(quote: Quote, *, at: datetime) -> tuple[Quote, QuoteViewed]:
    """The quote seen by the client; only the first look counts."""
    status = QuoteStatus.VIEWED if quote.status in OPEN else quote.status
    seen = replace(quote, version=quote.version + 1, status=status, viewed_at=at)
    return seen, QuoteViewed(subject=quote.id, version=seen.version, at=at)


def approved(
    quote: Quote, *, by: str, signature: str | None = None, today: date, at: datetime
) -> tuple[Quote, QuoteApproved]:
    """The quote approved, with the name and the time.

    Raises Refused when it was declined or has expired.
    """
    _must_be_open(quote, "approve")
    if quote.valid_until and quote.valid_until < today:
        raise Refused(
            "quote_expired",
            f"You cannot approve quote {quote.number or quote.id} because it was valid until {quote.valid_until}.",
        )
    won = replace(
        quote,
        version=quote.version + 1,
        status=QuoteStatus.APPROVED,
        approved_at=at,
        approved_by=by,
        signature=signature,
        expires_at=None,
    )
    return won, QuoteApproved(subject=quote.id, version=won.version, at=at, by=by)


def declined(quote: Quote, *, by: str, reason: str | None = None, at: datetime) -> tuple[Quote, QuoteDeclined]:
    """The quote refused by the client. Raises Refused when it was answered, or while an order of it stands."""
    _must_be_open(quote, "decline")
    _must_not_have_an_order(quote, "decline")
    lost = replace(
        quote,
        version=quote.version + 1,
        status=QuoteStatus.DECLINED,
        declined_at=at,
        declined_by=by,
        expires_at=None,
    )
    return lost, QuoteDeclined(subject=quote.id, version=lost.version, at=at, by=by, reason=reason)


def expired(quote: Quote, *, at: datetime) -> tuple[Quote, QuoteExpired]:
    _must_be_open(quote, "expire")
    over = replace(quote, version=quote.version + 1, status=QuoteStatus.EXPIRED, expires_at=None)
    return over, QuoteExpired(subject=quote.id, version=over.version, at=at)


def ordered(quote: Quote, *, by: str, in_parts: bool = False, at: datetime) -> tuple[Quote, QuoteContinued]:
    """The quote of which an order was made; it is not invoiced itself any more, and does not expire.

    Raises Refused when it was ordered or invoiced, was declined or has expired.
    """
    _must_not_have_an_order(quote, "order from")
    must_not_have_deposits(quote, "order from")
    if quote.status not in OPEN | {QuoteStatus.APPROVED}:
        raise Refused(
            "quote_not_open", f"You cannot order from quote {quote.number or quote.id} because it is {quote.status}."
        )
    order = by if in_parts else None
    after = replace(quote, version=quote.version + 1, ordered=True, made=(by,), in_parts=order, expires_at=None)
    return after, QuoteContinued(subject=quote.id, version=after.version, at=at, document_id=by)


def must_not_have_deposits(quote: Quote, deed: str) -> None:
    """Raise Refused (``quote_has_deposit``): only its one invoice deducts what was deposited."""
    if quote.deposits:
        raise Refused(
            "quote_has_deposit",
            f"You cannot {deed} quote {quote.number or quote.id} because a deposit was asked for on it;"
            " invoice it as a whole, or end the deposit.",
        )


def with_deposits(quote: Quote, invoice_ids: tuple[str, ...], *, at: datetime) -> tuple[Quote, QuoteDepositsChanged]:
    """The quote with these deposits in force; with one it does not expire."""
    expires_at = None if invoice_ids else quote.expires_at
    after = replace(quote, version=quote.version + 1, deposits=invoice_ids, expires_at=expires_at)
    return after, QuoteDepositsChanged(subject=quote.id, version=after.version, at=at, invoice_ids=invoice_ids)


def must_take_deposits(quote: Quote) -> None:
    """Raise Refused for a quote that is billed already, or that nothing can come of."""
    deed = "ask for a deposit on"
    must_not_be_ordered(quote)
    if quote.status not in OPEN | {QuoteStatus.APPROVED}:
        raise Refused(
            "quote_not_open", f"You cannot {deed} quote {quote.number or quote.id} because it is {quote.status}."
        )


def taken_back(quote: Quote, *, by: str, expires_at: datetime | None, at: datetime) -> tuple[Quote, QuoteContinued]:
    """The quote when the order that was made of it is deleted; expires_at: when it does, unless it was answered."""
    made = tuple(id for id in quote.made if id != by)
    after = replace(
        quote,
        version=quote.version + 1,
        made=made,
        in_parts=None,
        expires_at=expires_at if quote.status in OPEN else None,
    )
    return after, QuoteContinued(subject=quote.id, version=after.version, at=at, document_id=by)


def must_not_be_ordered(quote: Quote) -> None:
    """Raise Refused (``quote_ordered``): what an order was made of is billed through it only."""
    if quote.ordered:
        raise Refused(
            "quote_ordered",
            f"You cannot invoice quote {quote.number or quote.id} because it is billed through its order.",
        )


def invoiced(quote: Quote, *, invoice_ids: tuple[str, ...], at: datetime) -> tuple[Quote, QuoteInvoiced]:
    """The quote turned into invoices.

    Raises Refused when it was declined or has expired.
    """
    must_not_be_ordered(quote)
    if quote.status not in OPEN | WON:
        raise Refused(
            "quote_not_open", f"You cannot invoice quote {quote.number or quote.id} because it is {quote.status}."
        )
    done = replace(quote, version=quote.version + 1, status=QuoteStatus.INVOICED, expires_at=None)
    return done, QuoteInvoiced(subject=quote.id, version=done.version, at=at, invoice_ids=invoice_ids)


def _must_not_have_an_order(quote: Quote, deed: str) -> None:
    if quote.made:
        raise Refused(
            "quote_ordered",
            f"You cannot {deed} quote {quote.number or quote.id} because order {quote.made[0]} was made of it.",
        )


def _must_be_open(quote: Quote, deed: str) -> None:
    if quote.status not in OPEN:
        raise Refused(
            "quote_not_open", f"You cannot {deed} quote {quote.number or quote.id} because it is {quote.status}."
        )
