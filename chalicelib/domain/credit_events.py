"""What happens to money once it is there: it is put on invoices, matched, credited, given back, given up."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAllocated(Event):
    """Some of a client's credit was put on an invoice; below zero, it was made credit again."""

    type: ClassVar[str] = "payment.allocated"
    client_id: str | None
    invoice_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMatched(Event):
    """A person put a payment that belonged to nobody where it belongs."""

    type: ClassVar[str] = "payment.matched"
    client_id: str
    invoice_id: str | None
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceWrittenOff(Event):
    """What was due of it is given up."""

    type: ClassVar[str] = "invoice.written_off"
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRestored(Event):
    """What was given up of it is due again."""

    type: ClassVar[str] = "invoice.restored"
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteIssued(Event):
    type: ClassVar[str] = "credit_note.issued"
    number: str
    client_id: str
    invoice_id: str
    total: Money
    reason: str
    send: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteSendRequested(Event):
    """Somebody wants it mailed, or mailed again."""

    type: ClassVar[str] = "credit_note.send_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteRendered(Event):
    type: ClassVar[str] = "credit_note.rendered"
    sha256: str
    missing_glyphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteSent(Event):
    type: ClassVar[str] = "credit_note.sent"
    to: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteDelivered(Event):
    type: ClassVar[str] = "credit_note.delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteBounced(Event):
    type: ClassVar[str] = "credit_note.bounced"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteDeliveryFailed(Event):
    type: ClassVar[str] = "credit_note.delivery_failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCredited(Event):
    """A credit note took back some of it; what was paid beyond what is then due became credit."""

    type: ClassVar[str] = "invoice.credited"
    credit_note_id: str
    amount: Money
    amount_due: Money
