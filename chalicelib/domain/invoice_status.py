"""What is shown of an invoice; always derived, never set (requirements part 2)."""

from datetime import date
from enum import StrEnum

from chalicelib.domain.invoice import Invoice


class InvoiceStatus(StrEnum):
    VOID = "void"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written_off"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    PARTIALLY_PAID = "partially_paid"
    OVERDUE = "overdue"
    EXPORTED = "exported"
    SENT = "sent"
    ISSUED = "issued"
    SCHEDULED = "scheduled"
    DRAFT = "draft"


def status_of(invoice: Invoice, today: date) -> InvoiceStatus:
    """What to show on a day, the first that applies."""
    for status, applies in _statuses(invoice, today):
        if applies:
            return status
    return InvoiceStatus.DRAFT


def _statuses(invoice: Invoice, today: date) -> list[tuple[InvoiceStatus, bool]]:
    issued = invoice.issued_at is not None
    due = invoice.next_due()
    exported = invoice.exported_at is not None and (invoice.sent_at is None or invoice.exported_at > invoice.sent_at)
    return [
        (InvoiceStatus.VOID, invoice.voided_at is not None),
        (InvoiceStatus.REFUNDED, invoice.is_refunded),
        (InvoiceStatus.DISPUTED, bool(invoice.disputed_total)),
        (InvoiceStatus.WRITTEN_OFF, bool(invoice.written_off) and invoice.amount_due.minor <= 0),
        (InvoiceStatus.PAID, issued and invoice.amount_due.minor <= 0),
        (InvoiceStatus.PARTIALLY_REFUNDED, bool(invoice.refunded_total)),
        (InvoiceStatus.PARTIALLY_PAID, bool(invoice.paid_total)),
        (InvoiceStatus.OVERDUE, issued and due is not None and due < today),
        (InvoiceStatus.EXPORTED, exported),
        (InvoiceStatus.SENT, invoice.sent_at is not None),
        (InvoiceStatus.ISSUED, issued),
        (InvoiceStatus.SCHEDULED, invoice.send_on is not None),
    ]
