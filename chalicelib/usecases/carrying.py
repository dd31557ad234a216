"""Posting to a webhook what it was not told yet: one event after the other, and none before the one that is refused."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain import posting, webhook
from chalicelib.domain.errors import Conflict
from chalicelib.domain.feed import Told, as_told, ping
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.signing import signature
from chalicelib.domain.values import dataclass
from chalicelib.domain.webhook import Webhook
from chalicelib.ports import Courier, Filter, Point, Receipt, Save, Seal, Store
from chalicelib.usecases.subscribing import progress_of

AT_ONCE = 100
FAILING = "nothing could be delivered there for three days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round of posting is made with.

    clock: the real time, by which posts are signed and tried again; now: by the business's own clock.
    """

    clock: Callable[[], datetime]
    now: datetime
    store: Store
    courier: Courier
    seal: Seal


def carry(webhook_id: str, *, enough: Callable[[], bool], round_: Round) -> bool:
    """Post all that waits, or until that is enough; answers whether more waits.

    Whoever dies on the way posts one event again at most. Whoever finds that others moved the webhook begins anew.
    enough: asked before each event, for the way to one that is wanted may be long.
    Raises Conflict (``posting_under_way``) when somebody else stays at it: come again.
    """
    return round_.store.persistently(lambda: _carry(webhook_id, enough, round_))


def post_ping(webhook_id: str, *, id: str, round_: Round) -> Receipt:
    """Post something that means nothing, now, and tell what came of it."""
    one = round_.store.get(Webhook, webhook_id)
    return _posted(one, ping(id, webhook_id, caller=round_.store.caller, at=round_.now), round_)


def _carry(webhook_id: str, enough: Callable[[], bool], round_: Round) -> bool:
    store, began = round_.store, round_.clock()
    one = store.find(Webhook, webhook_id)
    if one is None or not one.enabled:
        return False
    progress = progress_of(one, store)
    if progress.is_busy(began):
        raise Conflict("posting_under_way", f"Somebody else is posting to webhook {webhook_id} right now.")
    if progress.is_waiting(began):
        return False
    passed = progress.delivered_up_to
    for told in _after(passed, store):
        if enough():
            store.commit(Point(posting.left(progress, passed, more_at=began)))
            return True
        if one.wants(told.type):
            progress = _tell(told, one, progress, round_)
            if progress.attempts:
                return False
        else:
            progress = posting.forgiven(progress)
        passed = told.sequence
    if progress.due_at or passed != progress.delivered_up_to:
        store.commit(Point(posting.left(progress, passed)))
    return False


def _after(sequence: int, store: Store) -> Iterator[Told]:
    """The feed from there on, as far as it goes now."""
    position: Mapping[str, str] | None = None
    while True:
        page = store.page(Told, Filter(after_sequence=sequence), limit=AT_ONCE, after=position)
        yield from page.rows
        if (position := page.next) is None:
            return


def _tell(told: Told, one: Webhook, progress: Progress, round_: Round) -> Progress:
    """One event posted, and what came of it written down before anything else is posted."""
    store = round_.store
    if not progress.is_busy(round_.clock()):
        progress = posting.taken(progress, now=round_.clock())
        store.commit(Point(progress))
    (envelope,) = store.envelopes([told])
    receipt = _posted(one, as_told(told, envelope), round_)
    now = round_.clock()
    if receipt.is_taken:
        after = posting.delivered(progress, told.sequence, now=now)
    else:
        after = posting.failed(progress, told.sequence - 1, now=now)
    became = _became(told, one, receipt, attempts=progress.attempts + 1, next_at=after.next_attempt_at, now=now)
    if after.is_given_up(now):
        given_up = webhook.disabled(one, reason=FAILING, at=round_.now)
        store.commit(Save(*given_up), Point(posting.ended(progress), became))
    else:
        store.commit(Point(after, became))
    return after


def _posted(one: Webhook, said: Mapping[str, Any], round_: Round) -> Receipt:
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    now = round_.clock()
    secrets = [round_.seal.open(sealed, of=round_.store.caller.business_id) for sealed in one.sealed_secrets(now=now)]
    headers = {
        "Quittance-Signature": signature(body, secrets=secrets, at=int(now.timestamp())),
        "Quittance-Event-Id": str(said["id"]),
        "Quittance-Sequence": str(said["sequence"]),
    }
    return round_.courier.carry(one.url, body, headers=headers)


def _became(
    told: Told, one: Webhook, receipt: Receipt, *, attempts: int, next_at: datetime | None, now: datetime
) -> Delivery:
    return Delivery(
        webhook_id=one.id,
        sequence=told.sequence,
        event_id=told.event_id,
        type=told.type,
        status="delivered" if receipt.is_taken else "failing",
        attempts=attempts,
        last_status=receipt.status,
        last_error=receipt.error,
        last_attempt_at=now,
        next_attempt_at=next_at,
    )
