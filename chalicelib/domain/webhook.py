"""A webhook: an address of the business's own to which we post what happens."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import Refused
from chalicelib.domain.values import dataclass
from chalicelib.domain.webhook_events import WebhookChanged, WebhookDisabled, WebhookReplayed, WebhookSecretRotated

PREFIX = "whk"
SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with, for people to tell them apart
MOST_WEBHOOKS = 20
"""Of one business: each event is posted to each."""
BOTH_SIGN = timedelta(hours=24)
"""For so long after a rotation the secret before signs too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address, what it is told, and what signs it.

    event_types: None for all, those that come later among them.
    former_secret: signs beside the other until former_until, by the real time.
    begins_after: the last sequence of the feed when it was made; what was before is not posted unless it is asked for.
    disabled_because: why nothing is posted though nobody switched it off.
    """

    id: str
    version: int = 1
    url: str
    description: str | None = None
    event_types: tuple[str, ...] | None = None
    enabled: bool = True
    sealed_secret: str = field(repr=False)
    former_secret: str | None = field(default=None, repr=False)
    former_until: datetime | None = None
    begins_after: int = 0
    disabled_because: str | None = None
    created_at: datetime

    def wants(self, event_type: str) -> bool:
        return self.event_types is None or event_type in self.event_types

    def sealed_secrets(self, *, now: datetime) -> Sequence[str]:
        """What signs now, the newest first."""
        if self.former_secret and self.former_until and now < self.former_until:
            return (self.sealed_secret, self.former_secret)
        return (self.sealed_secret,)


def changed(
    webhook: Webhook, wanted: Webhook, *, fields: tuple[str, ...], at: datetime
) -> tuple[Webhook, WebhookChanged]:
    """The webhook as its owner wants it; what was switched off by us starts anew when it is switched on."""
    because = webhook.disabled_because if not wanted.enabled else None
    after = replace(wanted, version=webhook.version + 1, disabled_because=because)
    return after, WebhookChanged(subject=after.id, version=after.version, at=at, fields=fields)


def rotated(
    webhook: Webhook, sealed_secret: str, *, at: datetime, real_now: datetime
) -> tuple[Webhook, WebhookSecretRotated]:
    """The webhook with a new secret; the one before signs beside it for a day, and an older one no more."""
    after = replace(
        webhook,
        version=webhook.version + 1,
        sealed_secret=sealed_secret,
        former_secret=webhook.sealed_secret,
        former_until=real_now + BOTH_SIGN,
    )
    return after, WebhookSecretRotated(subject=after.id, version=after.version, at=at)


def disabled(webhook: Webhook, *, reason: str, at: datetime) -> tuple[Webhook, WebhookDisabled]:
    """The webhook given up on; nothing is posted there until somebody switches it on."""
    after = replace(webhook, version=webhook.version + 1, enabled=False, disabled_because=reason)
    return after, WebhookDisabled(subject=after.id, version=after.version, at=at, reason=reason)


def replayed(webhook: Webhook, *, after_sequence: int, end: int, at: datetime) -> tuple[Webhook, WebhookReplayed]:
    """The webhook about to be told everything after a sequence anew.

    end: the last sequence of the feed.
    Raises Refused (``webhook_disabled``, ``sequence_unknown``).
    """
    if not webhook.enabled:
        raise Refused("webhook_disabled", f"You cannot replay to webhook {webhook.id} because it is switched off.")
    if after_sequence > end:
        raise Refused("sequence_unknown", f"You cannot replay after {after_sequence} because the last event is {end}.")
    after = replace(webhook, version=webhook.version + 1)
    return after, WebhookReplayed(subject=after.id, version=after.version, at=at, after_sequence=after_sequence)
