"""Payments taken by hand, and links to pay online."""

from chalicelib import wiring
from chalicelib.domain.access import Role
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, PaymentQuery, listed, matches, within
from chalicelib.entrypoints.http.shapes.payments import PaymentLinkOut, PaymentOut
from chalicelib.entrypoints.http.shapes.sales import PaymentIn, PaymentLinkIn
from chalicelib.ports import Filter
from chalicelib.usecases import paying, visiting


def payment_again(call: Call, payment_id: str) -> PaymentOut:
    return PaymentOut.of(call.store.get(Payment, payment_id))


@operation(
    "POST",
    "/invoices/{invoice_id}/payments",
    needs="payments.take",
    body=PaymentIn,
    answer=PaymentOut,
    status=201,
    place="/payments",
    refusals=(404, 409, 412, 422),
    again=payment_again,
    forever=True,
)
def take_payment(call: Call, invoice_id: str, body: PaymentIn) -> PaymentOut:
    """Book a payment received by hand: cash, cheque, transfer, card terminal; a technician on his visits' invoices."""
    invoice = call.store.get(Invoice, invoice_id)
    if call.role is Role.TECHNICIAN:
        visiting.must_be_own(call.actor, invoice, call.store)
    currency = invoice.currency
    today = call.business.today(call.now)
    payment = paying.take_payment(
        invoice_id,
        amount=Money.exactly(body.amount, currency, at="/amount"),
        method=Method(body.method),
        received_on=body.received_on or today,
        reference=body.reference,
        instalment_id=body.instalment_id,
        overpayment=body.overpayment,
        meant_twice=call.store.request is not None,
        if_match=call.if_match,
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return PaymentOut.of(payment)


@operation(
    "GET",
    "/invoices/{invoice_id}/payments",
    needs="payments.read",
    query=PageQuery,
    answer=Listed[PaymentOut],
    refusals=(404,),
)
def list_invoice_payments(call: Call, invoice_id: str) -> Listed[PaymentOut]:
    """The payments of an invoice."""
    call.store.get(Invoice, invoice_id)
    return listed(call, Payment, Filter(parent=invoice_id), PaymentOut.of)


@operation("GET", "/payments", needs="payments.read", query=PaymentQuery, answer=Listed[PaymentOut])
def list_payments(call: Call) -> Listed[PaymentOut]:
    """All payments, newest first; ``status=quarantined`` lists those that belong to no invoice we know."""
    query = call.query

    def fits(payment: Payment) -> bool:
        quarantined = query.status != "quarantined" or payment.quarantine is not None
        found = matches(query, payment.reference, ids=[payment.id, payment.invoice_id])
        return quarantined and found and within(payment.received_on, query)

    return listed(call, Payment, Filter(client_id=query.client_id, fits=fits), PaymentOut.of)


@operation("GET", "/payments/{payment_id}", needs="payments.read", answer=PaymentOut, refusals=(404,))
def get_payment(call: Call, payment_id: str) -> PaymentOut:
    """One payment."""
    return payment_again(call, payment_id)


@operation(
    "POST",
    "/invoices/{invoice_id}/payment-link",
    needs="invoices.send",
    body=PaymentLinkIn,
    answer=PaymentLinkOut,
    refusals=(404, 409, 503),
    harmless=True,
)
def make_payment_link(call: Call, invoice_id: str, body: PaymentLinkIn) -> PaymentLinkOut:
    """Open the provider's page on which the invoice can be paid now; at most one is open at a time."""
    invoice = call.store.get(Invoice, invoice_id)
    portal = f"{wiring.config().public_url}/portal"
    url = paying.start_checkout(
        invoice.id,
        choice=body.choice,
        success_url=f"{portal}/thanks",  # whoever pays by it has no session in the portal
        cancel_url=f"{portal}/not-paid",
        now=call.now,
        real_now=wiring.now(),
        store=call.store,
        gateway=wiring.gateway(),
    )
    opened = call.store.get(Invoice, invoice.id)
    amount = opened.checkout.amount if opened.checkout else opened.amount_due
    return PaymentLinkOut(url=url, amount=f"{amount}", currency=amount.currency)
