"""A client's money put where it belongs: over several invoices, from its credit, matched by hand, or given up."""

from chalicelib import wiring
from chalicelib.domain.imputation import Allocation
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.invoices import shown, shown_again
from chalicelib.entrypoints.http.payments import payment_again
from chalicelib.entrypoints.http.shapes.credits import AllocateIn, ClientPaymentIn, MatchIn, WriteOffIn
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.payments import PaymentOut
from chalicelib.entrypoints.http.shapes.reading import to_money
from chalicelib.usecases import allocating, writing_off
from chalicelib.usecases.allocating import Receipt


@operation(
    "POST",
    "/clients/{client_id}/payments",
    needs="payments.allocate",
    body=ClientPaymentIn,
    answer=PaymentOut,
    status=201,
    place="/payments",
    refusals=(404, 409, 422),
    again=payment_again,
    forever=True,
)
def take_client_payment(call: Call, client_id: str, body: ClientPaymentIn) -> PaymentOut:
    """Book a client's payment received by hand: on several invoices, on those due longest, or as credit."""
    currency = body.currency or call.business.currency
    chosen = None
    if body.allocations is not None:
        chosen = tuple(
            Allocation(
                invoice_id=one.invoice_id,
                amount=Money.exactly(one.amount, currency, at=f"/allocations/{place}/amount"),
            )
            for place, one in enumerate(body.allocations)
        )
    receipt = Receipt(
        client_id=client_id,
        amount=Money.exactly(body.amount, currency, at="/amount"),
        method=Method(body.method),
        received_on=body.received_on or call.business.today(call.now),
        reference=body.reference,
        allocations=chosen,
    )
    taken = allocating.take_on_account(
        receipt, meant_twice=call.store.request is not None, now=call.now, ids=call.ids, store=call.store
    )
    return PaymentOut.of(taken)


@operation(
    "POST",
    "/payments/{payment_id}/allocations",
    needs="payments.allocate",
    body=AllocateIn,
    answer=PaymentOut,
    refusals=(404, 409, 412, 422),
    again=payment_again,
    forever=True,
)
def allocate_payment(call: Call, payment_id: str, body: AllocateIn) -> PaymentOut:
    """Put what is credit of a payment on another invoice of its client."""
    currency = call.store.get(Payment, payment_id).amount.currency
    amount = to_money(body.amount, currency=currency)
    after = allocating.allocate(
        payment_id, body.invoice_id, amount, if_match=call.if_match, now=call.now, store=call.store
    )
    return PaymentOut.of(after)


@operation(
    "DELETE",
    "/payments/{payment_id}/allocations/{invoice_id}",
    needs="payments.allocate",
    status=204,
    refusals=(404, 409, 412),
)
def release_payment(call: Call, payment_id: str, invoice_id: str) -> Answer:
    """Take a payment off an invoice; what was there is the client's credit again."""
    allocating.release(payment_id, invoice_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/payments/{payment_id}/match",
    needs="payments.allocate",
    body=MatchIn,
    answer=PaymentOut,
    refusals=(404, 409, 412, 422),
    again=payment_again,
    forever=True,
)
def match_payment(call: Call, payment_id: str, body: MatchIn) -> PaymentOut:
    """Put a quarantined payment on the invoice it was meant for, or on a client's account."""
    found = allocating.match(
        payment_id,
        invoice_id=body.invoice_id,
        client_id=body.client_id,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return PaymentOut.of(found)


@operation(
    "POST",
    "/invoices/{invoice_id}/write-off",
    needs="invoices.write_off",
    body=WriteOffIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412, 503),
    again=shown_again,
    forever=True,
)
def write_off_invoice(call: Call, invoice_id: str, body: WriteOffIn) -> InvoiceOut:
    """Give up what is due of an invoice that will never be paid."""
    given_up = writing_off.write_off(
        invoice_id,
        reason=body.reason,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
        gateway=wiring.gateway,
    )
    return shown(call, given_up)


@operation(
    "DELETE", "/invoices/{invoice_id}/write-off", needs="invoices.write_off", status=204, refusals=(404, 409, 412)
)
def restore_invoice(call: Call, invoice_id: str) -> Answer:
    """Make due again what was given up of an invoice."""
    writing_off.restore(invoice_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()
