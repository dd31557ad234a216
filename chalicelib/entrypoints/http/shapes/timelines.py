"""What happened, as the timelines of documents and clients tell it."""

from datetime import datetime

from chalicelib.domain.journal import Envelope
from chalicelib.entrypoints.http.shapes.scalars import Figure, Shape

AMOUNTS = ("amount", "total", "received")
"""What events call the money that they are about."""


class EventOut(Shape):
    """One thing that happened, as the timeline tells it.

    amount: what it was about, where it was about money: the worth of an item, the total of a document, a payment.
    """

    id: str
    type: str
    entity: str
    entity_version: int
    at: datetime
    actor: str
    amount: Figure | None
    currency: str | None

    @classmethod
    def of(cls, envelope: Envelope) -> "EventOut":
        amount = next((getattr(envelope.event, name, None) for name in AMOUNTS if hasattr(envelope.event, name)), None)
        return cls(
            id=envelope.id,
            type=envelope.event.type,
            entity=envelope.event.subject,
            entity_version=envelope.event.version,
            at=envelope.event.at,
            actor=envelope.caller.actor,
            amount=f"{amount}" if amount is not None else None,
            currency=amount.currency if amount is not None else None,
        )
