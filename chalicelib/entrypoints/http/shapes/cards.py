"""Stored cards and what is charged to them, as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.domain.card import Card
from chalicelib.domain.card_events import ChargeDeclined, ChargeReserved
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.entrypoints.http.shapes.scalars import Amount, Figure, Shape, ShortText
from chalicelib.usecases.charging import Charged

State = Literal["charged", "pending", "declined"]


class CardOut(Shape):
    """What people know a card by; its number is the provider's alone.

    needs_renewal: its bank will never take it again.
    """

    brand: str
    last4: str
    exp_month: int
    exp_year: int
    allowed_automatic: bool
    needs_renewal: bool

    @classmethod
    def of(cls, card: Card | None) -> "CardOut | None":
        if card is None:
            return None
        return cls(
            brand=card.brand,
            last4=card.last4,
            exp_month=card.exp_month,
            exp_year=card.exp_year,
            allowed_automatic=card.allowed_automatic,
            needs_renewal=card.refused is not None,
        )


class CardLinkIn(Shape):
    """automatic: the page asks the client to agree that each invoice is charged by itself on the day it is due."""

    automatic: bool = False


class CardLinkOut(Shape):
    """The provider's page on which the client stores a card."""

    url: str


class ChargeIn(Shape):
    """An instalment, or an amount; without both all that is due."""

    instalment_id: ShortText | None = None
    amount: Annotated[Amount | None, Field(description="At most what is due.")] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.instalment_id is not None and self.amount is not None:
            raise ValueError("give an instalment or an amount, not both")
        return self


class ChargeOut(Shape):
    """What became of a charge.

    state: ``pending`` when the provider did not answer: it is looked for, and never charged anew meanwhile.
    decline_kind: ``hard`` (never this card again), ``soft`` (it is tried again at ``retry_at``), ``authentication``
    (the client was mailed a link), ``refused`` (it could not even be asked for: so small an amount, for one).
    decline_reason: in words, as the card's bank or the provider gave it.
    """

    invoice_id: str
    attempt: int
    amount: Figure
    currency: str
    state: State
    decline_kind: str | None = None
    decline_code: str | None = None
    decline_reason: str | None = None
    retry_at: datetime | None = None

    @classmethod
    def of(cls, charged: Charged) -> "ChargeOut":
        decline = charged.decline
        return cls(
            invoice_id=charged.invoice_id,
            attempt=charged.attempt,
            amount=f"{charged.amount}",
            currency=charged.amount.currency,
            state="declined" if decline else "pending" if charged.pending else "charged",
            decline_kind=decline.kind if decline else None,
            decline_code=decline.code if decline else None,
            decline_reason=decline.reason if decline else None,
            retry_at=charged.retry_at,
        )

    @classmethod
    def last_of(cls, invoice: Invoice, history: Iterable[Envelope]) -> "ChargeOut":
        """What is known of the last charge of an invoice. Raises LookupError if there was none."""
        events = [envelope.event for envelope in history]
        last = [event for event in events if isinstance(event, ChargeReserved)][-1]
        refusals = (event for event in events if isinstance(event, ChargeDeclined) and event.attempt == last.attempt)
        refusal = next(refusals, None)
        stands = invoice.checkout is not None and invoice.checkout.attempt == last.attempt
        return cls(
            invoice_id=invoice.id,
            attempt=last.attempt,
            amount=f"{last.amount}",
            currency=last.amount.currency,
            state="declined" if refusal else "pending" if stands else "charged",
            decline_kind=refusal.kind if refusal else None,
            decline_code=refusal.code if refusal else None,
            decline_reason=refusal.reason if refusal else None,
            retry_at=refusal.retry_at if refusal else None,
        )


class ChargesOut(Shape):
    """One after the other, the earliest due first; after one that the card did not pay no more were tried."""

    data: list[ChargeOut]
