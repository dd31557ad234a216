"""/v1/business/stripe-key: being paid by a restricted key of one's own."""

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.shapes.payment_accounts import PaymentsShape, StripeKeyIn
from chalicelib.usecases import connecting


def _payments(business: Business) -> Answer:
    told = PaymentsShape.of(business, public_url=wiring.config().public_url)
    return Answer(body=told, headers={"ETag": f'"{business.version}"'})


@operation(
    "PUT",
    "/business/stripe-key",
    needs="payments.connect",
    body=StripeKeyIn,
    answer=PaymentsShape,
    refusals=(412, 503),
    again=lambda call, _: _payments(call.store.get(Business)),
)
def use_stripe_key(call: Call, body: StripeKeyIn) -> Answer:
    """Be paid by a restricted key of the business's own; it is kept sealed and never shown again."""
    changed = connecting.use_own_key(
        restricted_key=body.key,
        webhook_secrets=body.secrets,
        live=wiring.livemode(),
        if_match=call.if_match,
        now=call.now,
        ids=call.ids,
        store=call.store,
        gateway=wiring.gateway(),
        seal=wiring.seal(),
    )
    return _payments(changed)


@operation(
    "DELETE",
    "/business/stripe-key",
    needs="payments.connect",
    answer=PaymentsShape,
    refusals=(404, 412),
    again=lambda call, _: _payments(call.store.get(Business)),
)
def leave_stripe_key(call: Call) -> Answer:
    """Be paid on the connected account again; the key stays sealed for pages and refunds of its own until it ends."""
    changed = connecting.leave_own_key(if_match=call.if_match, now=call.now, store=call.store)
    return _payments(changed)
