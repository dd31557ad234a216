"""/v1/webhooks: where a business has its events posted."""

from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.domain.access import SECRET_BYTES
from chalicelib.domain.posting import Delivery
from chalicelib.domain.webhook import Webhook
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.entrypoints.http.shapes.webhooks import (
    EventTypes,
    PingOut,
    PostOut,
    ReplayIn,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
)
from chalicelib.entrypoints.posts import round_of, wake
from chalicelib.ports import Filter
from chalicelib.usecases import subscribing
from chalicelib.usecases.carrying import post_ping


def _webhook(call: Call, webhook_id: str) -> WebhookOut:
    return _told(call, call.store.get(Webhook, webhook_id))


def _told(call: Call, one: Webhook, secret: str | None = None) -> WebhookOut:
    return WebhookOut.of(one, subscribing.progress_of(one, call.store), secret)


@operation("GET", "/webhooks", needs="webhooks.manage", query=PageQuery, answer=Listed[WebhookOut])
def list_webhooks(call: Call) -> Listed[WebhookOut]:
    """The webhooks of the business, newest first."""
    return listed(call, Webhook, Filter(), lambda one: _told(call, one))


@operation(
    "POST",
    "/webhooks",
    needs="webhooks.manage",
    body=WebhookIn,
    answer=WebhookOut,
    status=201,
    place="/webhooks",
    refusals=(409,),
    again=_webhook,
    secret=True,
)
def add_webhook(call: Call, body: WebhookIn) -> WebhookOut:
    """Have what happens from now on posted to an address; the secret that signs it is in this answer and nowhere else.

    Each event is posted by itself, in the order of its sequence, until the address answers 2xx; one that it does not
    take holds back all later ones and is tried again for three days. It may come twice: `id` tells.
    """
    added, secret = subscribing.add_webhook(
        url=body.url,
        event_types=_types(body.event_types),
        description=body.description,
        locally=wiring.config().local_webhooks,
        random=wiring.random_bytes(SECRET_BYTES),
        now=call.now,
        ids=call.ids,
        store=call.store,
        seal=wiring.seal(),
    )
    _wake(call, added)  # what got its place meanwhile woke nobody
    return _told(call, added, secret)


@operation("GET", "/webhooks/{webhook_id}", needs="webhooks.manage", answer=WebhookOut, refusals=(404,))
def get_webhook(call: Call, webhook_id: str) -> WebhookOut:
    """A webhook, and how far it was told."""
    return _webhook(call, webhook_id)


@operation(
    "PATCH",
    "/webhooks/{webhook_id}",
    needs="webhooks.manage",
    body=WebhookPatch,
    answer=WebhookOut,
    refusals=(404, 412),
    again=_webhook,
)
def change_webhook(call: Call, webhook_id: str, body: WebhookPatch) -> WebhookOut:
    """Change where a webhook is or what it is told, switch it off, or on again; what is left out stays."""
    changed = subscribing.change_webhook(
        webhook_id,
        lambda one: replace(one, **_changes(body)),
        fields=tuple(sorted(body.model_fields_set)),
        locally=wiring.config().local_webhooks,
        if_match=call.if_match,
        now=call.now,
        real_now=wiring.now(),
        store=call.store,
    )
    if changed.enabled:
        _wake(call, changed)
    return _told(call, changed)


@operation("DELETE", "/webhooks/{webhook_id}", needs="webhooks.manage", status=204, refusals=(404, 412))
def remove_webhook(call: Call, webhook_id: str) -> Answer:
    """Delete a webhook; nothing more is posted there."""
    subscribing.remove_webhook(webhook_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/webhooks/{webhook_id}/rotate-secret",
    needs="webhooks.manage",
    body=Nothing,
    answer=WebhookOut,
    refusals=(404, 412),
    again=_webhook,
    secret=True,
)
def rotate_webhook_secret(call: Call, webhook_id: str, body: Nothing) -> WebhookOut:  # noqa: ARG001
    """Give a webhook a new secret, shown once; for 24 hours the one before signs too."""
    changed, secret = subscribing.rotate_secret(
        webhook_id,
        random=wiring.random_bytes(SECRET_BYTES),
        if_match=call.if_match,
        now=call.now,
        real_now=wiring.now(),
        store=call.store,
        seal=wiring.seal(),
    )
    return _told(call, changed, secret)


@operation(
    "GET",
    "/webhooks/{webhook_id}/deliveries",
    needs="webhooks.manage",
    query=PageQuery,
    answer=Listed[PostOut],
    refusals=(404,),
)
def list_webhook_deliveries(call: Call, webhook_id: str) -> Listed[PostOut]:
    """What became of events at a webhook in the last 30 days, the newest first."""
    call.store.get(Webhook, webhook_id)
    return listed(call, Delivery, Filter(webhook_id=webhook_id), PostOut.of)


@operation(
    "POST",
    "/webhooks/{webhook_id}/replay",
    needs="webhooks.manage",
    body=ReplayIn,
    answer=WebhookOut,
    status=202,
    refusals=(404, 409, 412),
    again=_webhook,
)
def replay_to_webhook(call: Call, webhook_id: str, body: ReplayIn) -> WebhookOut:
    """Have everything after a sequence posted anew, in order, whatever was delivered or failed before."""
    replayed = subscribing.replay(
        webhook_id,
        after_sequence=body.after_sequence,
        if_match=call.if_match,
        now=call.now,
        real_now=wiring.now(),
        store=call.store,
    )
    _wake(call, replayed)
    return _told(call, replayed)


@operation(
    "POST",
    "/webhooks/{webhook_id}/test",
    needs="webhooks.manage",
    body=Nothing,
    answer=PingOut,
    refusals=(404,),
)
def test_webhook(call: Call, webhook_id: str, body: Nothing) -> PingOut:  # noqa: ARG001
    """Post a `webhook.ping` now, and answer what came of it."""
    return PingOut.of(post_ping(webhook_id, id=call.ids("evt"), round_=round_of(call.store, call.business)))


def _wake(call: Call, one: Webhook) -> None:
    wake(call.business.id, one.id, because=f"version {one.version}")


def _types(given: EventTypes) -> tuple[str, ...] | None:
    return None if given == "all" else tuple(given)


def _changes(body: WebhookPatch) -> dict[str, Any]:
    """What was given; null takes nothing away but the description."""
    plain = {name: getattr(body, name) for name in ("url", "enabled") if getattr(body, name) is not None}
    if "description" in body.model_fields_set:
        plain["description"] = body.description
    if body.event_types is not None:
        plain["event_types"] = _types(body.event_types)
    return plain
