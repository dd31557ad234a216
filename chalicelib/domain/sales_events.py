"""What happens to deals, orders and delivery notes."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleDrafted(Event):
    type: ClassVar[str] = "sale.drafted"
    client_id: str
    total: Money
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleEdited(Event):
    type: ClassVar[str] = "sale.edited"
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleBilled(Event):
    """Some or all of it was put on an invoice, or came back from one that was voided or deleted."""

    type: ClassVar[str] = "sale.billed"
    invoice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleCancelled(Event):
    type: ClassVar[str] = "sale.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRemoved(Event):
    type: ClassVar[str] = "sale.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleContinued(Event):
    """Another document was made of it, or that one was deleted."""

    type: ClassVar[str] = "sale.continued"
    document_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteContinued(Event):
    """A sales document was made of the quote, which is billed through it from now on; or that one was deleted."""

    type: ClassVar[str] = "quote.continued"
    document_id: str
