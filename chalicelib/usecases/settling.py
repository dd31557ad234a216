"""Online payments settled: whatever the provider says of a payment now, booked once."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain import payment_life as payments
from chalicelib.domain import reconciliation
from chalicelib.domain import refund as refunds
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import PaymentAccount
from chalicelib.domain.costs import costs_of
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.own_key import names_an_endpoint
from chalicelib.domain.payment import Method, Payment, blank
from chalicelib.domain.refund import Refund
from chalicelib.domain.settlement import ChargeStatus, PaymentFacts, disputed, joined, refunded, taken, under_dispute
from chalicelib.ports import Add, Change, Gateway, Ids, Keep, Once, Save, Store
from chalicelib.usecases.checkouts import account_named, account_of, learn_of_page
from chalicelib.usecases.placing import following
from chalicelib.usecases.reading import payment_of
from chalicelib.usecases.storing import learn_of_customer


def settle(
    payment_intent_id: str,
    *,
    now: datetime,
    ids: Ids,
    store: Store,
    gateway: Gateway,
    account: PaymentAccount | None = None,
    healing: str | None = None,
) -> PaymentFacts:
    """Read a payment from the provider and book what is new of it; answers what was read.

    It does not matter which event asked for it, how often, or in what order: what is known is
    joined with what is said now, and only the difference is booked, in one transaction.
    account: where the payment is, if not on the account the business has now.
    healing: what showed that nobody had told us; what is booked then is kept as a finding, too.
    """
    said = gateway.payment(payment_intent_id, account=account or account_of(store.get(Business)))

    def deed() -> None:
        try:
            _booked(said, healing, now=now, ids=ids, store=store)
        except AlreadyDone as error:  # heard of for the first time, twice at once
            raise Conflict("conflict", f"Payment {payment_intent_id} was booked at the same moment.") from error

    store.persistently(deed)
    return said


def settle_checkout(
    session_id: str,
    *,
    now: datetime,
    ids: Ids,
    store: Store,
    gateway: Gateway,
    account: PaymentAccount | None = None,
    healing: str | None = None,
) -> str | None:
    """Settle what was paid on a checkout page; answers the id of the invoice it was opened for, if it is ours.

    For the client's return from the page, which may be quicker than any event. A page that
    is over without money makes room for another attempt. On one that is for storing a card, there is nothing to pay.
    """
    account = account or account_of(store.get(Business))
    state = gateway.checkout(session_id, account=account)
    if state.setup_of:
        learn_of_customer(state.setup_of, account=account, now=now, store=store, gateway=gateway)
        return None
    facts = None
    if state.payment_intent_id:
        facts = settle(
            state.payment_intent_id,
            now=now,
            ids=ids,
            store=store,
            gateway=gateway,
            account=account,
            healing=healing,
        )
    if state.metadata.get("business_id") != store.caller.business_id:
        return None
    learn_of_page(state, facts, now=now, store=store)
    return state.metadata.get("invoice_id")


def settle_page_of(invoice: Invoice, *, now: datetime, ids: Ids, store: Store, gateway: Gateway) -> None:
    """Settle what was paid on the page that stands open for an invoice, where it was opened."""
    if invoice.checkout and invoice.checkout.session_id:
        account = account_named(invoice.checkout.account_id, store.get(Business))
        settle_checkout(invoice.checkout.session_id, now=now, ids=ids, store=store, gateway=gateway, account=account)


def _booked(said: PaymentFacts, healing: str | None, *, now: datetime, ids: Ids, store: Store) -> None:
    if known := payment_of(said.payment_intent_id, store):
        _followed(known, _joined(known.facts, said), healing, now=now, ids=ids, store=store)
    elif taken(said) and not _is_another_sale(said, store):
        _first_booked(said, healing, now=now, ids=ids, store=store)


def _is_another_sale(said: PaymentFacts, store: Store) -> bool:
    """On an account of its own a business may sell by other systems, too, or own another business of ours."""
    return names_an_endpoint(said.account) and said.metadata.get("business_id") != store.caller.business_id


def _joined(known: PaymentFacts | None, said: PaymentFacts) -> PaymentFacts:
    """One payment is told of under two names where the business's own key opens the account that is connected too."""
    return joined(known, replace(said, account=known.account) if known else said)


def _first_booked(facts: PaymentFacts, healing: str | None, *, now: datetime, ids: Ids, store: Store) -> None:
    """A payment heard of for the first time: on its invoice, or parked where the business sees it."""
    once = Once(f"payment:{facts.payment_intent_id}")
    invoice, quarantine = _meant(facts, store)
    payment = _payment(ids("pay"), facts, invoice, quarantine, store.get(Business).today(now), now)
    kept = _finding(None, payment, healing, now=now, ids=ids)
    if invoice is None:
        store.commit(Add(payment, payments.quarantined(payment, at=now)), *kept, once)
        return
    booked, event, share = payments.received(payment, invoice, at=now)
    free = _without_checkout(invoice, facts)
    store.commit(Add(booked, event), *following(booked, share, free, at=now, store=store), *kept, once)


def _followed(
    payment: Payment, facts: PaymentFacts, healing: str | None, *, now: datetime, ids: Ids, store: Store
) -> None:
    """More is known of a payment: book the difference, if there is one."""
    heard = _with_facts(payment, facts)
    if heard == payment:
        return
    kept = _finding(payment, heard, healing, now=now, ids=ids)
    if payment.client_id is None:
        store.commit(Save(*payments.noted(payment, heard, at=now)), *kept)
        return
    invoice = store.get(Invoice, payment.invoice_id) if payment.invoice_id else None
    others = _taken_from(payment, store)
    dues = {id: other.amount_due for id, other in others.items()}
    moved, event, share = payments.changed(payment, heard, invoice, dues=dues, at=now)
    told: tuple[Change, ...] = (*_told_refunds(facts, now=now, store=store), *kept)
    if _money_of(moved) == _money_of(payment):
        store.commit(Save(moved, event), *told)  # a fee, a receipt: nothing the invoice shows
        return
    placed = following(moved, share, invoice, before=payment, others=others, at=now, store=store)
    store.commit(Save(moved, event), *told, *placed)


def _finding(
    before: Payment | None, after: Payment, healing: str | None, *, now: datetime, ids: Ids
) -> tuple[Keep, ...]:
    """What a comparison brought to light, in the transaction that heals it: neither is ever without the other."""
    if healing is None:
        return ()
    found = reconciliation.found(before, after, id=ids("fnd"), because=healing, at=now)
    return (Keep(found),) if found else ()


def _taken_from(payment: Payment, store: Store) -> dict[str, Invoice]:
    """The invoices from which some of a payment was taken, since money of it went back."""
    return {one.invoice_id: store.get(Invoice, one.invoice_id) for one in payment.allocations if one.has_gone}


def _told_refunds(facts: PaymentFacts, *, now: datetime, store: Store) -> list[Save]:
    """Our own refunds of which the provider tells something new."""
    said = {one.ours: one for one in facts.refunds if one.ours}
    return [
        Save(*refunds.told(asked, said[asked.id], at=now))
        for asked in store.many(Refund, said)
        if (asked.status, asked.provider_id) != (said[asked.id].status, said[asked.id].id)
    ]


def _meant(facts: PaymentFacts, store: Store) -> tuple[Invoice | None, str | None]:
    """The invoice a payment is for, or why it cannot be told; the business follows from the account, never from it."""
    if not facts.metadata.get("invoice_id"):
        return None, "no_reference"
    if facts.metadata.get("business_id") != store.caller.business_id:
        return None, "tenant_mismatch"
    invoice = store.find(Invoice, facts.metadata["invoice_id"])
    if invoice is None or not invoice.issued_at:
        return None, "unknown_invoice"
    if invoice.currency != facts.currency:
        return None, "currency_mismatch"
    return invoice, None


def _payment(
    id: str, facts: PaymentFacts, invoice: Invoice | None, quarantine: str | None, today: date, now: datetime
) -> Payment:
    attempt = invoice.checkout if invoice else None
    meant = attempt.instalment_id if attempt and str(attempt.attempt) == facts.metadata.get("attempt_id") else None
    unshared = blank(
        id,
        client_id=invoice.client_id if invoice else None,
        invoice_id=invoice.id if invoice else None,
        instalment_id=meant,
        amount=Money.zero(facts.currency),
        method=Method.ONLINE,
        received_on=today,
        quarantine=quarantine,
        at=now,
    )
    return _with_facts(unshared, facts)


def _with_facts(payment: Payment, facts: PaymentFacts) -> Payment:
    labels = [charge.label for charge in facts.charges if charge.status is ChargeStatus.SUCCEEDED and charge.label]
    return replace(
        payment,
        amount=taken(facts),
        refunded=refunded(facts),
        disputed=disputed(facts),
        under_dispute=under_dispute(facts),
        reference=labels[0] if labels else payment.reference,
        refunding=tuple(one for one in payment.refunding if one.id not in {known.ours for known in facts.refunds}),
        facts=facts,
        costs=costs_of(facts),
    )


def _money_of(payment: Payment) -> tuple[Money, ...]:
    return payment.kept, payment.refunded, payment.under_dispute


def _without_checkout(invoice: Invoice, facts: PaymentFacts) -> Invoice:
    """The invoice without the way to pay that this payment used up."""
    if invoice.checkout and str(invoice.checkout.attempt) == facts.metadata.get("attempt_id"):
        used = invoice.checkout
        ends = used.is_charge and used.amount >= invoice.amount_due
        return replace(invoice, checkout=None, charging=None if ends else invoice.charging)
    return invoice
