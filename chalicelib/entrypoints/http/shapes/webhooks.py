"""Webhooks, the feed and what is posted, as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from chalicelib.domain.feed import PUBLIC, Told, as_told
from chalicelib.domain.journal import Envelope
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.public_address import LONGEST_URL
from chalicelib.domain.webhook import Webhook
from chalicelib.entrypoints.http.shapes.scalars import Shape, ShortText, refusal
from chalicelib.ports import Receipt

MOST_TYPES = 200


def _event_type(given: str) -> str:
    if given not in PUBLIC:
        raise refusal("unknown_event_type", "There is no such type of event.")
    return given


EventType = Annotated[
    str, AfterValidator(_event_type), WithJsonSchema({"type": "string", "enum": sorted(PUBLIC), "title": "EventType"})
]
EventTypes = Literal["all"] | Annotated[list[EventType], Field(min_length=1, max_length=MOST_TYPES)]
Url = Annotated[
    str, Field(min_length=1, max_length=LONGEST_URL, json_schema_extra={"examples": ["https://erp.example.com/hook"]})
]


class FeedEvent(Shape):
    """Something that happened: the same in the feed and in what is posted to webhooks.

    sequence: 1, 2, 3... in a business, without a hole and without a double; entity_id: what it is about, as it was
    when it became entity_version. data: what the event itself says; amounts are decimal strings in ``currency``. What
    else is known of the entity is read by its id.
    """

    id: str
    sequence: int
    type: EventType
    api_version: str
    business_id: str
    created_at: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    entity_id: str
    entity_version: int | None
    actor: str
    data: dict[str, Any]

    @classmethod
    def of(cls, told: Told, envelope: Envelope) -> "FeedEvent":
        return cls.model_construct(**as_told(told, envelope))


class FeedOut(BaseModel):
    """Events in the order of their sequence.

    read_up_to: the sequence to ask after next; every event of the types asked for up to there was answered.
    """

    data: list[FeedEvent]
    next_cursor: str | None
    read_up_to: int


class WebhookIn(Shape):
    """An address to which events are posted. It must be https, on port 443 or one above 1023, on the open internet."""

    url: Url
    event_types: EventTypes = "all"
    description: ShortText | None = None


class WebhookPatch(Shape):
    """``enabled`` true switches on again what was switched off; what was missed is posted at once, in order."""

    url: Url | None = None
    event_types: EventTypes | None = None
    description: ShortText | None = None
    enabled: bool | None = None


class WebhookOut(Shape):
    """A webhook and how far it was told.

    secret: signs what is posted; shown once, when it is made or rotated. former_secret_until: until then the one
    before signs too. delivered_up_to: every event up to this sequence was delivered, or not asked for. failing_since,
    attempts, next_attempt_at: of the event after it, when it is not taken; all later ones wait for it.
    disabled_because: why it was switched off by us.
    """

    id: str
    version: int
    url: str
    event_types: Literal["all"] | list[str]
    description: str | None
    enabled: bool
    disabled_because: str | None
    former_secret_until: datetime | None
    delivered_up_to: int
    attempts: int
    failing_since: datetime | None
    next_attempt_at: datetime | None
    created_at: datetime
    secret: str | None = None

    @classmethod
    def of(cls, webhook: Webhook, progress: Progress, secret: str | None = None) -> Self:
        return cls(
            id=webhook.id,
            version=webhook.version,
            url=webhook.url,
            event_types="all" if webhook.event_types is None else list(webhook.event_types),
            description=webhook.description,
            enabled=webhook.enabled,
            disabled_because=webhook.disabled_because,
            former_secret_until=webhook.former_until,
            delivered_up_to=progress.delivered_up_to,
            attempts=progress.attempts,
            failing_since=progress.failing_since,
            next_attempt_at=progress.next_attempt_at,
            created_at=webhook.created_at,
            secret=secret,
        )


class ReplayIn(Shape):
    after_sequence: Annotated[int, Field(ge=0)]


class PostOut(Shape):
    """What became of one event at a webhook; the latest, where it was posted again. Kept for 30 days.

    last_status: HTTP's; null where nothing was answered, and last_error says why (``timeout``, ``no_answer``,
    ``tls_failed``, ``name_not_found``, ``address_not_allowed``).
    """

    sequence: int
    event_id: str
    type: str
    status: Literal["delivered", "failing"]
    attempts: int
    last_status: int | None
    last_error: str | None
    last_attempt_at: datetime
    next_attempt_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> "PostOut":
        return cls.model_construct(**{name: getattr(delivery, name) for name in cls.model_fields})


class PingOut(Shape):
    """Whether a test was taken, with what HTTP's status, or why nothing was answered."""

    delivered: bool
    status_code: int | None
    error: str | None

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        return cls(delivered=receipt.is_taken, status_code=receipt.status, error=receipt.error)
