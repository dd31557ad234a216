"""What happens to webhooks; it is told to nobody outside."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAdded(Event):
    type: ClassVar[str] = "webhook.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged(Event):
    type: ClassVar[str] = "webhook.changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretRotated(Event):
    type: ClassVar[str] = "webhook.secret_rotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayed(Event):
    """Everything after a sequence is posted anew."""

    type: ClassVar[str] = "webhook.replayed"
    after_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled(Event):
    """Nothing could be posted there for days; the business is told."""

    type: ClassVar[str] = "webhook.disabled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRemoved(Event):
    type: ClassVar[str] = "webhook.removed"
