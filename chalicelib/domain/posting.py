"""How far a webhook has been told, and when it is tried again; all by the real time."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.values import dataclass

LEASE = timedelta(seconds=25)
"""For so long a webhook is one worker's: one post (10 s) and what belongs to it, with room to spare."""
WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""After the first failure, the second...; after more of them the last."""
GIVEN_UP_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a webhook stands in the feed: an event that is refused holds back all later ones of this webhook.

    id: the webhook's. delivered_up_to: every event up to this sequence was taken, or not wanted.
    attempts: at the event after it, in vain; failing_since: the first of them; next_attempt_at: when it is tried again,
    in the past where there is more to post at once. busy_until: somebody is posting; it ends by itself.
    """

    id: str
    version: int = 0
    delivered_up_to: int
    attempts: int = 0
    failing_since: datetime | None = None
    next_attempt_at: datetime | None = None
    busy_until: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When somebody has to look: at the next attempt, or when a worker that may have died would be late."""
        return self.busy_until or self.next_attempt_at

    def is_busy(self, now: datetime) -> bool:
        return self.busy_until is not None and now < self.busy_until

    def is_waiting(self, now: datetime) -> bool:
        return self.next_attempt_at is not None and now < self.next_attempt_at

    def is_given_up(self, now: datetime) -> bool:
        return self.failing_since is not None and now - self.failing_since >= GIVEN_UP_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one event at one webhook, for a month; of one that is posted again the latest.

    status: ``delivered``, or ``failing``.
    last_status: HTTP's; None where nothing was answered, and last_error tells why.
    """

    webhook_id: str
    sequence: int
    event_id: str
    type: str
    status: str
    attempts: int
    last_status: int | None = None
    last_error: str | None = None
    last_attempt_at: datetime
    next_attempt_at: datetime | None = None


def taken(progress: Progress, *, now: datetime) -> Progress:
    """One worker's for a while."""
    return replace(_next(progress), busy_until=now + LEASE)


def delivered(progress: Progress, sequence: int, *, now: datetime) -> Progress:
    """Beyond an event that was taken; still this worker's."""
    return replace(
        taken(progress, now=now), delivered_up_to=sequence, attempts=0, failing_since=None, next_attempt_at=None
    )


def failed(progress: Progress, passed: int, *, now: datetime) -> Progress:
    """An event was not taken: it is tried again later, for three days.

    passed: the last sequence before it.
    """
    since = progress.failing_since or now
    wait = WAITS[min(progress.attempts, len(WAITS) - 1)]
    return replace(
        _next(progress),
        delivered_up_to=passed,
        attempts=progress.attempts + 1,
        failing_since=since,
        next_attempt_at=min(now + wait, max(since + GIVEN_UP_AFTER, now)),
        busy_until=None,
    )


def forgiven(progress: Progress) -> Progress:
    """With what failed not wanted any more: the next event is tried as the first time."""
    return replace(progress, attempts=0, failing_since=None)


def left(progress: Progress, passed: int, *, more_at: datetime | None = None) -> Progress:
    """Nobody's; with more to post at once, or nothing."""
    return replace(_next(progress), delivered_up_to=passed, next_attempt_at=more_at, busy_until=None)


def started_anew(progress: Progress, after_sequence: int, *, now: datetime) -> Progress:
    """From another place in the feed on, at once, whatever failed before; whoever is posting finds out and stops."""
    return Progress(id=progress.id, version=progress.version + 1, delivered_up_to=after_sequence, next_attempt_at=now)


def ended(progress: Progress) -> Progress:
    """Nothing is posted any more."""
    return Progress(id=progress.id, version=progress.version + 1, delivered_up_to=progress.delivered_up_to)


def _next(progress: Progress) -> Progress:
    return replace(progress, version=progress.version + 1)
