"""Keeping the webhooks: where a business has its events posted, from where in the feed on, and signed with what."""

from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.domain import posting, webhook
from chalicelib.domain.access import new_token
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.feed import PUBLIC
from chalicelib.domain.posting import Progress
from chalicelib.domain.public_address import url_to_post_to
from chalicelib.domain.webhook import MOST_WEBHOOKS, PREFIX, SECRET_PREFIX, Webhook
from chalicelib.domain.webhook_events import WebhookAdded, WebhookRemoved
from chalicelib.ports import Add, Filter, Ids, Point, Remove, Save, Seal, Store
from chalicelib.usecases.checking import unchanged


def add_webhook(
    *,
    url: str,
    event_types: tuple[str, ...] | None,
    description: str | None,
    locally: bool,
    random: bytes,
    now: datetime,
    ids: Ids,
    store: Store,
    seal: Seal,
) -> tuple[Webhook, str]:
    """A webhook that is told what happens from now on, and the secret that signs what is posted, to be shown once.

    locally: whether it may be on this very machine.
    Raises Invalid (``url_not_allowed``, ``unknown_event_type``), or Refused (``too_many_webhooks``).
    """
    if len(webhooks(store)) >= MOST_WEBHOOKS:
        raise Refused("too_many_webhooks", f"You cannot have more than {MOST_WEBHOOKS} webhooks; delete one first.")
    secret = new_secret(random)
    added = Webhook(
        id=ids(PREFIX),
        url=url_to_post_to(url, locally=locally),
        description=description,
        event_types=_known(event_types),
        sealed_secret=seal.seal(secret, of=store.caller.business_id),
        begins_after=store.feed_end(),
        created_at=now,
    )
    store.commit(Add(added, WebhookAdded(subject=added.id, version=1, at=now)))
    return added, secret


def change_webhook(
    webhook_id: str,
    change: Callable[[Webhook], Webhook],
    *,
    fields: tuple[str, ...],
    locally: bool,
    if_match: int | None,
    now: datetime,
    real_now: datetime,
    store: Store,
) -> Webhook:
    """The webhook changed; switched on again, or moved, it is told at once what it missed.

    Raises Invalid (``url_not_allowed``, ``unknown_event_type``).
    """

    def deed() -> Webhook:
        before = unchanged(store.get(Webhook, webhook_id), if_match)
        wanted = change(before)
        url_to_post_to(wanted.url, locally=locally)
        _known(wanted.event_types)
        after, event = webhook.changed(before, wanted, fields=fields, at=now)
        if (after.enabled, after.url) == (before.enabled, before.url):
            store.commit(Save(after, event))
            return after
        progress = progress_of(before, store)
        if after.enabled:
            progress = posting.started_anew(progress, progress.delivered_up_to, now=real_now)
        else:
            progress = posting.ended(progress)
        store.commit(Save(after, event), Point(progress))
        return after

    return store.persistently(deed)


def remove_webhook(webhook_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Nothing is posted there any more."""

    def deed() -> None:
        one = unchanged(store.get(Webhook, webhook_id), if_match)
        event = WebhookRemoved(subject=one.id, version=one.version + 1, at=now)
        store.commit(Remove(one, event), Point(posting.ended(progress_of(one, store))))

    store.persistently(deed)


def rotate_secret(
    webhook_id: str, *, random: bytes, if_match: int | None, now: datetime, real_now: datetime, store: Store, seal: Seal
) -> tuple[Webhook, str]:
    """The webhook with a new secret, to be shown once; for a day the one before signs beside it."""
    secret = new_secret(random)
    sealed = seal.seal(secret, of=store.caller.business_id)

    def deed() -> Webhook:
        one = unchanged(store.get(Webhook, webhook_id), if_match)
        after, event = webhook.rotated(one, sealed, at=now, real_now=real_now)
        store.commit(Save(after, event))
        return after

    return store.persistently(deed), secret


def replay(
    webhook_id: str, *, after_sequence: int, if_match: int | None, now: datetime, real_now: datetime, store: Store
) -> Webhook:
    """Have everything after a sequence posted anew, in order, whatever was delivered or failed before.

    Raises Refused (``webhook_disabled``, ``sequence_unknown``).
    """

    def deed() -> Webhook:
        one = unchanged(store.get(Webhook, webhook_id), if_match)
        after, event = webhook.replayed(one, after_sequence=after_sequence, end=store.feed_end(), at=now)
        anew = posting.started_anew(progress_of(one, store), after_sequence, now=real_now)
        store.commit(Save(after, event), Point(anew))
        return after

    return store.persistently(deed)


def webhooks(store: Store) -> tuple[Webhook, ...]:
    return store.page(Webhook, Filter(), limit=MOST_WEBHOOKS + 1).rows


def wanting(event_types: Iterable[str], store: Store) -> tuple[Webhook, ...]:
    """The webhooks to be woken for events of these types."""
    types = frozenset(event_types)
    return tuple(one for one in webhooks(store) if one.enabled and any(map(one.wants, types)))


def progress_of(one: Webhook, store: Store) -> Progress:
    """Where it stands; it is written down when it first moves."""
    return store.find(Progress, one.id) or Progress(id=one.id, delivered_up_to=one.begins_after)


def new_secret(random: bytes) -> str:
    return f"{SECRET_PREFIX}{new_token(random)[0]}"


def _known(event_types: tuple[str, ...] | None) -> tuple[str, ...] | None:
    for n, one in enumerate(event_types or ()):
        if one not in PUBLIC:
            raise Invalid("unknown_event_type", f"There is no event type {one}.", at=f"/event_types/{n}")
    return tuple(dict.fromkeys(event_types)) if event_types is not None else None
