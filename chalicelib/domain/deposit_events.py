"""What happens to deposits: asked for on a quote, and deducted from its invoice."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDepositsChanged(Event):
    """A deposit was asked for on it, or was deleted or voided; invoice_ids: those in force now."""

    type: ClassVar[str] = "quote.deposits_changed"
    invoice_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositDeducted(Event):
    """A deposit was deducted from the invoice of what it was for; without one, it is not any more."""

    type: ClassVar[str] = "invoice.deducted"
    by: str | None
