"""What happens to payments, and to the invoices they are on."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSettled(Event):
    """What was paid on an invoice changed: more arrived, or some went back."""

    type: ClassVar[str] = "invoice.settled"
    payment_id: str
    paid_total: Money
    amount_due: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePaid(InvoiceSettled):
    """Nothing is due any more."""

    type: ClassVar[str] = "invoice.paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    type: ClassVar[str] = "payment.received"
    client_id: str | None
    amount: Money
    method: str
    invoice_id: str | None = None
    credited: Money | None = None
    allocated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentChanged(Event):
    """A payment's facts changed afterwards: refunded, disputed, restored."""

    type: ClassVar[str] = "payment.changed"
    client_id: str | None
    invoice_id: str | None
    received: Money
    refunded: Money
    disputed: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentQuarantined(Event):
    """Money arrived that cannot be matched; the business is told and matches it by hand."""

    type: ClassVar[str] = "payment.quarantined"
    reason: str
    amount: Money
