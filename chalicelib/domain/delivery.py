"""How far a document's mail has come."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.document import Template
from chalicelib.domain.values import dataclass


class DeliveryState(StrEnum):
    NONE = "none"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The newest mail of a document.

    template: in which its PDF goes out, if not in the document's own.
    requests: how often somebody asked for it to be sent; the mail of each request goes out once.
    sent_before: when the document was last sent before this mail; this one may come back, that one stays sent.
    """

    state: DeliveryState = DeliveryState.NONE
    detail: str | None = None
    template: Template | None = None
    requests: int = 0
    message_id: str | None = None
    at: datetime | None = None
    sent_before: datetime | None = None

    def is_about(self, message_id: str) -> bool:
        """Whether this mail is the newest there is; while another one is being sent, none is."""
        return self.message_id == message_id and self.state is not DeliveryState.QUEUED
