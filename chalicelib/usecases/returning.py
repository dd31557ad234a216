"""Telling of money that goes back: the client of each refund, the business of refunds that failed and of disputes.

Each is told once, from the state as it is, so it does not matter which news brought it or how often it came.
"""

from collections.abc import Iterator
from functools import partial

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Letter, to_business
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.refund import Refund
from chalicelib.domain.settlement import Dispute, DisputeStatus, RefundStatus
from chalicelib.domain.values import dataclass
from chalicelib.ports import Filter, Store
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.reading import every

GOING_BACK = {RefundStatus.PENDING, RefundStatus.SUCCEEDED}
TOLD_AS = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: "dispute_asked",
    DisputeStatus.WARNING_UNDER_REVIEW: "dispute_asked",
    DisputeStatus.WARNING_CLOSED: "dispute_closed",
    DisputeStatus.PREVENTED: "dispute_closed",
    DisputeStatus.WON: "dispute_won",
    DisputeStatus.LOST: "dispute_lost",
}
"""All others are open disputes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Something to tell of a payment. key: what it is remembered by; dispute: what it is about, if not a refund."""

    key: str
    template: str
    amount: Money
    reason: str = ""
    dispute: Dispute | None = None


def announce_returns(payment_id: str, *, store: Store, post: Post) -> None:
    """Tell what is not told yet of a payment's refunds and disputes."""
    payment, business = store.get(Payment, payment_id), store.get(Business)
    client = store.find(Client, payment.client_id) if payment.client_id else None
    if client and client.email:
        for one in _refunded(payment):
            post.send_once(one.key, partial(_to_client, one, payment, client, business, store, post), store=store)
    if business.email:
        for one in (*_failed(payment, store), *_disputed(payment)):
            post.send_once(one.key, partial(_to_business, one, payment, client, business, store, post), store=store)


def _refunded(payment: Payment) -> Iterator[Returned]:
    for hand in payment.given_back:
        yield Returned(key=f"refund:{hand.id}", template="refund_made", amount=hand.amount)
    for one in payment.facts.refunds if payment.facts else ():
        if one.status in GOING_BACK:
            yield Returned(key=f"refund:{one.id}", template="refund_made", amount=one.amount)


def _failed(payment: Payment, store: Store) -> Iterator[Returned]:
    """What the provider told of, and what it was never made to do."""
    failed, template = {RefundStatus.FAILED, RefundStatus.CANCELED}, "refund_failed"
    for one in payment.facts.refunds if payment.facts else ():
        if one.status in failed:
            yield Returned(key=f"{template}:{one.id}", template=template, amount=one.amount, reason=one.failure)
    unmade = Filter(parent=payment.id, fits=lambda refund: refund.status in failed and refund.provider_id is None)
    for asked in every(Refund, unmade, store, at_once=100):
        reason = asked.failure or ""
        yield Returned(key=f"{template}:{asked.id}", template=template, amount=asked.amount, reason=reason)


def _disputed(payment: Payment) -> Iterator[Returned]:
    for one in payment.facts.disputes if payment.facts else ():
        template = TOLD_AS.get(one.status, "dispute_opened")
        yield Returned(key=f"{template}:{one.id}", template=template, amount=one.amount, dispute=one)


def _to_client(one: Returned, payment: Payment, client: Client, business: Business, store: Store, post: Post) -> Letter:
    language = business.speaks(client.language)
    wording = post.words_in(language, business)
    invoice = store.find(Invoice, payment.invoice_id) if payment.invoice_id else None
    facts = [(wording.text("Invoice"), invoice.name)] if invoice else []
    facts += [
        (wording.text("Amount refunded"), wording.money(one.amount)),
        (wording.text("Your payment"), wording.money(payment.amount)),
        (wording.text("Received on"), wording.day(payment.received_on)),
    ]
    return Letter(
        template=one.template,
        business=business,
        language=language,
        to=client.email or "",
        values={
            "client": client.name,
            "number": invoice.name if invoice else "",
            "amount": wording.money(one.amount),
            "received_on": wording.day(payment.received_on),
            "online": "yes" if payment.method is Method.ONLINE else "",
        },
        facts=tuple(facts),
        link=post.link_to(invoice.id if invoice else client.id, client_id=client.id, store=store),
    )


def _to_business(
    one: Returned, payment: Payment, client: Client | None, business: Business, store: Store, post: Post
) -> Letter:
    wording = post.wording_of(business)
    invoice = store.find(Invoice, payment.invoice_id) if payment.invoice_id else None
    facts = [(wording.text("Payment"), payment.id)]
    facts += [(wording.text("Invoice"), invoice.name)] if invoice else []
    facts += [(wording.text("Amount"), wording.money(one.amount))]
    values = {"client": client.name if client else "\N{EM DASH}", "amount": wording.money(one.amount)}
    if one.dispute:
        facts += [(wording.text("Reason"), one.dispute.reason)] if one.dispute.reason else []
        answer_by = one.dispute.due_by if one.dispute.is_open else None
        values["day"] = wording.day(business.today(answer_by)) if answer_by else ""
    return to_business(
        one.template,
        business,
        values=values | {"reason": one.reason},
        facts=tuple(facts),
    )
