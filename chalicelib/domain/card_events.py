"""What happens to stored cards, and when they are charged."""

from datetime import datetime
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStored(Event):
    """The client let the business keep a card, and charge it as was agreed."""

    type: ClassVar[str] = "client.card_stored"
    brand: str
    last4: str
    allowed_automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUpdated(Event):
    """The client's bank renewed the card that is kept, under another number or until a later day."""

    type: ClassVar[str] = "client.card_updated"
    brand: str
    last4: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRemoved(Event):
    type: ClassVar[str] = "client.card_removed"
    last4: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefused(Event):
    """The bank will not take it again; the client must store another."""

    type: ClassVar[str] = "client.card_refused"
    last4: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargePlanned(Event):
    """By itself the card will be charged at a time, or no more."""

    type: ClassVar[str] = "invoice.charge_planned"
    charge_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeDue(Event):
    """The time to charge has come, or to look what became of a charge."""

    type: ClassVar[str] = "invoice.charge_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeReserved(Event):
    """The client's card is about to be charged; recorded before the provider is asked."""

    type: ClassVar[str] = "invoice.charge_reserved"
    attempt: int
    amount: Money
    automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeDeclined(Event):
    """The card was not charged. kind: hard, soft, authentication, refused; retry_at: when it is tried again."""

    type: ClassVar[str] = "invoice.charge_declined"
    attempt: int
    amount: Money
    code: str
    kind: str
    reason: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeGivenUp(Event):
    """The attempt was never made, and is not needed any more."""

    type: ClassVar[str] = "invoice.charge_given_up"
    attempt: int
