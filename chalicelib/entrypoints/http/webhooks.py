"""/v1/stripe/webhook: verified, remembered, queued, answered; nothing else happens before the 200."""

from typing import cast

from chalice import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Invalid, TooLarge
from chalicelib.domain.webhook_signature import ProviderEvent, Use, event_in, verify
from chalicelib.entrypoints.runtime import logger

blueprint = Blueprint(__name__)


@blueprint.route("/v1/stripe/webhook", methods=["POST"], content_types=["application/json"], name="stripe_webhook")
def stripe_webhook() -> Response:
    """Take an event from Stripe; what is authentic but of no use is answered 200, or it would come for days."""
    request = blueprint.current_request
    payload = cast("bytes", request.raw_body or b"")
    now = wiring.now()
    try:
        signature = request.headers.get("stripe-signature", "")
        verify(payload, signature, secrets=wiring.webhook_secrets(), now=int(now.timestamp()))
        event = event_in(payload)
    except TooLarge as refused:
        return _answered(413, refused.code)
    except Invalid as refused:
        return _answered(400, refused.code)
    if event.use is Use.IGNORE or event.account is None or event.livemode is not wiring.livemode():
        return _answered(200, "ignored")
    key = f"{event.account}#{event.id}"
    known = wiring.directory().notice(key, at=now)
    if known == "applied":
        return _answered(200, "duplicate")
    wiring.payments().put(_task(event, key), group=event.account)
    if event.use is Use.MALFORMED:
        logger.error("malformed event", event=event.id, type=event.type)
        return _answered(200, "malformed")
    return _answered(200, "accepted" if known == "new" else "duplicate")


def _task(event: ProviderEvent, key: str) -> dict[str, str | None]:
    """What the worker gets; a signed event of no shape we know ends among the dead letters, where somebody is told."""
    return {
        "deed": "examine" if event.use is Use.MALFORMED else "settle",
        "event": key,
        "account": event.account,
        "payment": event.payment_intent_id,
        "session": event.session_id,
    }


def _answered(status: int, outcome: str) -> Response:
    return Response({"received": status == 200, "outcome": outcome}, status_code=status)  # noqa: PLR2004
