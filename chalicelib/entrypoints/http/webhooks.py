"""/v1/stripe/webhook, and below it one for each own key: verified, remembered, queued; nothing more before the 200."""

from collections.abc import Sequence
from typing import cast

from chalice import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.domain.errors import Invalid, TooLarge
from chalicelib.domain.own_key import names_an_endpoint
from chalicelib.domain.webhook_signature import ProviderEvent, Use, event_in, verify
from chalicelib.entrypoints.http.contract import LONGEST_ID
from chalicelib.entrypoints.reactions import store_of
from chalicelib.entrypoints.runtime import logger
from chalicelib.entrypoints.tasks import hearing

blueprint = Blueprint(__name__)

IGNORED = "ignored"


@blueprint.route("/v1/stripe/webhook", methods=["POST"], content_types=["application/json"], name="stripe_webhook")
def stripe_webhook() -> Response:
    """Take an event of a connected account; the account, and nothing else of the event, says whose it is."""
    event = _authentic(wiring.webhook_secrets())
    if isinstance(event, Response):
        return event
    if event.account is None or names_an_endpoint(event.account) or event.livemode is not wiring.livemode():
        return _answered(200, IGNORED)
    return _taken(event, event.account)


@blueprint.route(
    "/v1/stripe/webhook/{endpoint}",
    methods=["POST"],
    content_types=["application/json"],
    name="own_stripe_webhook",
)
def own_stripe_webhook(endpoint: str) -> Response:
    """Take an event of the account that a business's own key opens; the address says whose it is."""
    business = _business_at(endpoint)
    key = business.key_at(endpoint) if business else None
    if business is None or key is None or not key.is_complete:
        return _answered(404, "unknown_endpoint")
    seal = wiring.seal()
    event = _authentic([seal.open(secret, of=business.id) for secret in key.sealed_secrets])
    if isinstance(event, Response):
        return event
    if event.account is not None or event.livemode is not key.livemode:
        return _answered(200, IGNORED)
    return _taken(event, endpoint)


def _business_at(endpoint: str) -> Business | None:
    if not names_an_endpoint(endpoint) or len(endpoint) > LONGEST_ID:
        return None
    business_id = wiring.directory().business_of_account(endpoint)
    return store_of(business_id).find(Business) if business_id else None


def _authentic(secrets: Sequence[str]) -> ProviderEvent | Response:
    """The event of this request, or the refusal of what was signed with none of the secrets."""
    request = blueprint.current_request
    payload = cast("bytes", request.raw_body or b"")
    try:
        signature = request.headers.get("stripe-signature", "")
        verify(payload, signature, secrets=secrets, now=int(wiring.now().timestamp()))
        return event_in(payload)
    except TooLarge as refused:
        return _answered(413, refused.code)
    except Invalid as refused:
        return _answered(400, refused.code)


def _taken(event: ProviderEvent, account: str) -> Response:
    """Remember the event and queue it; what is authentic but of no use is answered 200, or it would come for days."""
    if event.use is Use.IGNORE:
        return _answered(200, IGNORED)
    key = f"{account}#{event.id}"
    known = wiring.directory().notice(key, at=wiring.now())
    if known == "applied":
        return _answered(200, "duplicate")
    wiring.payments().put(hearing(event, account, key), group=account)
    if event.use is Use.MALFORMED:
        logger.error("malformed event", event=event.id, type=event.type)
        return _answered(200, "malformed")
    return _answered(200, "accepted" if known == "new" else "duplicate")


def _answered(status: int, outcome: str) -> Response:
    return Response({"received": status == 200, "outcome": outcome}, status_code=status)  # noqa: PLR2004
