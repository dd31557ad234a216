"""What becomes of a document's PDF and mail."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from chalicelib.domain.credit_events import (
    CreditNoteBounced,
    CreditNoteDelivered,
    CreditNoteDeliveryFailed,
    CreditNoteRendered,
    CreditNoteSent,
)
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.events import (
    InvoiceBounced,
    InvoiceDelivered,
    InvoiceDeliveryFailed,
    InvoiceRendered,
    InvoiceSent,
    QuoteDeliveryFailed,
    QuoteSent,
)
from chalicelib.domain.invoice import Invoice, Pdf
from chalicelib.domain.journal import Event
from chalicelib.domain.quote import Quote, QuoteStatus
from chalicelib.domain.values import dataclass

Kept = TypeVar("Kept", Invoice, CreditNote)
"""A document whose PDF is drawn once it bears a number, kept, and mailed as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """How the journal tells of one kind of document."""

    rendered: type[InvoiceRendered | CreditNoteRendered]
    sent: type[InvoiceSent | CreditNoteSent]
    failed: type[InvoiceDeliveryFailed | CreditNoteDeliveryFailed]
    delivered: type[InvoiceDelivered | CreditNoteDelivered]
    bounced: type[InvoiceBounced | CreditNoteBounced]


_STORIES: Final[Mapping[type[Invoice | CreditNote], _Story]] = {
    Invoice: _Story(
        rendered=InvoiceRendered,
        sent=InvoiceSent,
        failed=InvoiceDeliveryFailed,
        delivered=InvoiceDelivered,
        bounced=InvoiceBounced,
    ),
    CreditNote: _Story(
        rendered=CreditNoteRendered,
        sent=CreditNoteSent,
        failed=CreditNoteDeliveryFailed,
        delivered=CreditNoteDelivered,
        bounced=CreditNoteBounced,
    ),
}


def rendered(document: Kept, pdf: Pdf, *, at: datetime) -> tuple[Kept, Event]:
    drawn = replace(document, version=document.version + 1, pdf=pdf)
    event = _STORIES[type(document)].rendered(
        subject=drawn.id, version=drawn.version, at=at, sha256=pdf.sha256, missing_glyphs=pdf.missing_glyphs
    )
    return drawn, event


def sent(document: Kept, *, to: str, message_id: str, at: datetime) -> tuple[Kept, Event]:
    """The mail was accepted by the provider; only now is the document sent (C44)."""
    delivery = replace(
        document.delivery,
        state=DeliveryState.SENT,
        detail=None,
        message_id=message_id,
        at=at,
        sent_before=document.sent_at,
    )
    gone = replace(document, version=document.version + 1, sent_at=at, delivery=delivery)
    story = _STORIES[type(document)]
    return gone, story.sent(subject=gone.id, version=gone.version, at=at, to=to, message_id=message_id)


def failed(document: Kept, *, reason: str, at: datetime) -> tuple[Kept, Event]:
    delivery = replace(document.delivery, state=DeliveryState.FAILED, detail=reason, at=at)
    stuck = replace(document, version=document.version + 1, delivery=delivery)
    return stuck, _STORIES[type(document)].failed(subject=stuck.id, version=stuck.version, at=at, reason=reason)


def delivered(document: Kept, *, at: datetime) -> tuple[Kept, Event]:
    delivery = replace(document.delivery, state=DeliveryState.DELIVERED, detail=None, at=at)
    arrived = replace(document, version=document.version + 1, delivery=delivery)
    return arrived, _STORIES[type(document)].delivered(subject=arrived.id, version=arrived.version, at=at)


def bounced(document: Kept, *, reason: str, at: datetime) -> tuple[Kept, Event]:
    """The mail came back; it was never sent, whatever the provider said first. An earlier one stays sent."""
    delivery = replace(document.delivery, state=DeliveryState.BOUNCED, detail=reason, at=at)
    back = replace(document, version=document.version + 1, sent_at=delivery.sent_before, delivery=delivery)
    return back, _STORIES[type(document)].bounced(subject=back.id, version=back.version, at=at, reason=reason)


def quote_sent(quote: Quote, *, to: str, message_id: str, at: datetime) -> tuple[Quote, QuoteSent]:
    delivery = replace(
        quote.delivery,
        state=DeliveryState.SENT,
        detail=None,
        message_id=message_id,
        at=at,
        sent_before=quote.sent_at,
    )
    status = QuoteStatus.SENT if quote.status is QuoteStatus.DRAFT else quote.status
    gone = replace(quote, version=quote.version + 1, status=status, sent_at=at, delivery=delivery)
    return gone, QuoteSent(subject=quote.id, version=gone.version, at=at, to=to)


def quote_failed(
    quote: Quote, *, reason: str, at: datetime, state: DeliveryState = DeliveryState.FAILED
) -> tuple[Quote, QuoteDeliveryFailed]:
    """The mail was refused, or came back; a quote of which no mail ever arrived is a draft again (C44)."""
    came_back = quote.delivery.state is DeliveryState.SENT
    sent_at = quote.delivery.sent_before if came_back else quote.sent_at
    status = QuoteStatus.DRAFT if quote.status is QuoteStatus.SENT and sent_at is None else quote.status
    delivery = replace(quote.delivery, state=state, detail=reason, at=at)
    stuck = replace(quote, version=quote.version + 1, status=status, sent_at=sent_at, delivery=delivery)
    return stuck, QuoteDeliveryFailed(subject=quote.id, version=stuck.version, at=at, reason=reason)
