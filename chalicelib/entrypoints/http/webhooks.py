"""/v1/stripe/webhook: verified, remembered, queued, answered; nothing else happens before the 200."""

from typing import cast

from chalice import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Invalid, TooLarge
from chalicelib.domain.webhook_signature import Use, event_in, verify
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
    if event.use is Use.MALFORMED:
        logger.error("malformed event", event=event.id, type=event.type)
        return _answered(200, "malformed")
    if event.use is Use.IGNORE or event.livemode is not wiring.livemode():
        return _answered(200, "ignored")
    key = f"{event.account or ''}#{event.id}"
    known = wiring.directory().notice(key, at=now)
    if known == "applied":
        return _answered(200, "duplicate")
    message = {
        "deed": "settle",
        "event": key,
        "account": event.account,
        "payment": event.payment_intent_id,
        "session": event.session_id,
    }
    wiring.payments().put(message, group=event.account or "platform")
    return _answered(200, "accepted" if known == "new" else "duplicate")


def _answered(status: int, outcome: str) -> Response:
    return Response({"received": status == 200, "outcome": outcome}, status_code=status)  # noqa: PLR2004
