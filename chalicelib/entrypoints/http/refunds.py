"""/v1/payments/{id}/refunds: money given back."""

from chalicelib import wiring
from chalicelib.domain.payment import Payment
from chalicelib.domain.refund import Refund
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.reading import to_money
from chalicelib.entrypoints.http.shapes.refunds import RefundIn, RefundOut
from chalicelib.ports import Filter
from chalicelib.usecases import refunding


def _refund(call: Call, refund_id: str) -> RefundOut:
    return RefundOut.of(call.store.get(Refund, refund_id))


@operation(
    "POST",
    "/payments/{payment_id}/refunds",
    needs="refunds.make",
    body=RefundIn,
    answer=RefundOut,
    status=201,
    place="/refunds",
    refusals=(404, 409, 412, 422, 503),
    again=_refund,
    forever=True,
)
def make_refund(call: Call, payment_id: str, body: RefundIn) -> RefundOut:
    """Give back so much of a payment: by hand at once; online through the provider, ``pending`` until it tells."""
    currency = call.store.get(Payment, payment_id).amount.currency
    refund = refunding.refund(
        payment_id,
        amount=to_money(body.amount, currency=currency),
        reason=body.reason,
        reference=body.reference,
        if_match=call.if_match,
        now=call.now,
        ids=call.ids,
        store=call.store,
        gateway=wiring.gateway,
    )
    return RefundOut.of(refund)


@operation(
    "GET",
    "/payments/{payment_id}/refunds",
    needs="payments.read",
    query=PageQuery,
    answer=Listed[RefundOut],
    refusals=(404,),
)
def list_refunds(call: Call, payment_id: str) -> Listed[RefundOut]:
    """The refunds that were asked for of a payment; those made in the provider's own dashboard are on the payment."""
    call.store.get(Payment, payment_id)
    return listed(call, Refund, Filter(parent=payment_id), RefundOut.of)


@operation("GET", "/refunds/{refund_id}", needs="payments.read", answer=RefundOut, refusals=(404,))
def get_refund(call: Call, refund_id: str) -> RefundOut:
    """One refund."""
    return _refund(call, refund_id)
