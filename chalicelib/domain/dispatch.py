"""What becomes of a document's PDF and mail."""

from dataclasses import replace
from datetime import datetime

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
from chalicelib.domain.quote import Quote, QuoteStatus


def rendered(invoice: Invoice, pdf: Pdf, *, at: datetime) -> tuple[Invoice, InvoiceRendered]:
    drawn = replace(invoice, version=invoice.version + 1, pdf=pdf)
    event = InvoiceRendered(
        subject=invoice.id, version=drawn.version, at=at, sha256=pdf.sha256, missing_glyphs=pdf.missing_glyphs
    )
    return drawn, event


def sent(invoice: Invoice, *, to: str, message_id: str, at: datetime) -> tuple[Invoice, InvoiceSent]:
    """The mail was accepted by the provider; only now is the invoice sent (C44)."""
    delivery = replace(
        invoice.delivery,
        state=DeliveryState.SENT,
        detail=None,
        message_id=message_id,
        at=at,
        sent_before=invoice.sent_at,
    )
    gone = replace(invoice, version=invoice.version + 1, sent_at=at, delivery=delivery)
    return gone, InvoiceSent(subject=invoice.id, version=gone.version, at=at, to=to, message_id=message_id)


def failed(invoice: Invoice, *, reason: str, at: datetime) -> tuple[Invoice, InvoiceDeliveryFailed]:
    delivery = replace(invoice.delivery, state=DeliveryState.FAILED, detail=reason, at=at)
    stuck = replace(invoice, version=invoice.version + 1, delivery=delivery)
    return stuck, InvoiceDeliveryFailed(subject=invoice.id, version=stuck.version, at=at, reason=reason)


def delivered(invoice: Invoice, *, at: datetime) -> tuple[Invoice, InvoiceDelivered]:
    delivery = replace(invoice.delivery, state=DeliveryState.DELIVERED, detail=None, at=at)
    arrived = replace(invoice, version=invoice.version + 1, delivery=delivery)
    return arrived, InvoiceDelivered(subject=invoice.id, version=arrived.version, at=at)


def bounced(invoice: Invoice, *, reason: str, at: datetime) -> tuple[Invoice, InvoiceBounced]:
    """The mail came back; it was never sent, whatever the provider said first. An earlier one stays sent."""
    delivery = replace(invoice.delivery, state=DeliveryState.BOUNCED, detail=reason, at=at)
    back = replace(invoice, version=invoice.version + 1, sent_at=delivery.sent_before, delivery=delivery)
    return back, InvoiceBounced(subject=invoice.id, version=back.version, at=at, reason=reason)


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
