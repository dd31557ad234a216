"""Giving money back: by hand at once, online by asking the provider, once, whatever happens between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import payment_life as payments
from chalicelib.domain import refund as refunds
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import PaymentAccount, UnknownOutcome
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.imputation import Reservation
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.refund import Refund
from chalicelib.domain.settlement import PaymentFacts
from chalicelib.ports import Add, Gateway, Ids, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.checkouts import account_named
from chalicelib.usecases.placing import following
from chalicelib.usecases.settling import settle


def refund(
    payment_id: str,
    *,
    amount: Money | None,
    reason: str,
    reference: str | None = None,
    if_match: int | None = None,
    now: datetime,
    ids: Ids,
    store: Store,
    gateway: Callable[[], Gateway],
) -> Refund:
    """Give back so much of a payment, or all that is left of it; an online one is asked of the provider.

    It is written down first: when the provider does not answer it stays pending, and is asked for again by itself.
    Raises Refused for a disputed payment, or one of which nothing is left; Invalid for more than is left.
    """
    refund_id = ids("ref")

    def deed() -> Refund:
        payment = unchanged(store.get(Payment, payment_id), if_match)
        back = refunds.refundable(payment) if amount is None else amount
        refunds.must_be_refundable(payment, back)
        begun, event = refunds.requested(refund_id, payment, back, reason=reason, reference=reference, at=now)
        if payment.method is Method.ONLINE:
            store.commit(Add(begun, event), Save(*refunds.reserved(payment, begun, at=now)))
        else:
            _give_back(payment, begun, event=Add(begun, event), now=now, store=store)
        return begun

    begun = store.persistently(deed)
    if begun.is_to_be_asked:
        _asked_now(refund_id, now=now, ids=ids, store=store.aside(), gateway=gateway())
    return store.get(Refund, refund_id)


def ask_for(refund_id: str, *, now: datetime, ids: Ids, store: Store, gateway: Gateway) -> None:
    """Ask the provider for a refund that it may not know of yet; asking again gives nothing back twice.

    The provider forgets keys after a day, so it is asked first whether it has made it. Where it refuses, also for the
    sake of the business's own key, or knows no such payment, the refund failed; should it have been made all the same,
    the next news tell so.
    Raises UnknownOutcome when it must be asked again.
    """
    asked = store.get(Refund, refund_id)
    if not asked.is_to_be_asked:
        return
    payment = store.get(Payment, asked.payment_id)
    facts = _facts(payment)
    account = account_named(facts.account, store.get(Business))
    try:
        if not _is_known(asked, gateway, facts, account):
            gateway.refund(
                facts.payment_intent_id,
                asked.amount,
                refund_id=asked.id,
                business_id=store.caller.business_id,
                account=account,
            )
    except (NotFound, Refused) as refused:
        _give_up(asked.id, reason=refused.detail, now=now, store=store)
        return
    settle(facts.payment_intent_id, now=now, ids=ids, store=store, gateway=gateway, account=account)


def _asked_now(refund_id: str, *, now: datetime, ids: Ids, store: Store, gateway: Gateway) -> None:
    """Somebody waits; what the provider leaves open is done by the queue."""
    try:
        ask_for(refund_id, now=now, ids=ids, store=store, gateway=gateway)
    except UnknownOutcome:
        return


def _is_known(asked: Refund, gateway: Gateway, facts: PaymentFacts, account: PaymentAccount) -> bool:
    said = gateway.payment(facts.payment_intent_id, account=account)
    return any(one.ours == asked.id for one in said.refunds)


def _give_back(payment: Payment, begun: Refund, *, event: Add, now: datetime, store: Store) -> None:
    invoice = store.get(Invoice, payment.invoice_id) if payment.invoice_id else None
    given = (*payment.given_back, Reservation(id=begun.id, amount=begun.amount))
    heard = replace(payment, refunded=payment.refunded + begun.amount, given_back=given)
    moved, changed, share = payments.changed(payment, heard, invoice, at=now)
    placed = following(moved, share, invoice, before=payment, at=now, store=store)
    store.commit(event, Save(moved, changed), *placed)


def _give_up(refund_id: str, *, reason: str, now: datetime, store: Store) -> None:
    def deed() -> None:
        asked = store.get(Refund, refund_id)
        if not asked.is_to_be_asked:
            return
        payment = store.get(Payment, asked.payment_id)
        store.commit(
            Save(*refunds.refused(asked, reason=reason, at=now)), Save(*refunds.released(payment, asked, at=now))
        )

    store.persistently(deed)


def _facts(payment: Payment) -> PaymentFacts:
    """Raises ValueError for a payment that the provider never told of."""
    if payment.facts is None:
        raise ValueError(f"{payment.id} is not of the provider")
    return payment.facts
