"""Payments: taken by hand, or asked for on the provider's page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from chalicelib.domain import invoice as invoices
from chalicelib.domain import payment as payments
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import AccountMode, CheckoutAttempt, PaymentAccount
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Conflict, Invalid, Refused
from chalicelib.domain.events import CheckoutClosed, CheckoutOpened, CheckoutReserved
from chalicelib.domain.invoice import Checkout, Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.ports import Add, Gateway, Ids, Move, Save, Store
from chalicelib.usecases.checking import unchanged

PAGE_LASTS = timedelta(minutes=31)
"""Stripe's shortest life of a checkout page is 30 minutes."""

Choice = Literal["due", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An amount a client may pay online now: the instalment that is due, or all that is owed (C33)."""

    choice: Choice
    amount: Money
    label: str = ""
    instalment_id: str | None = None


def payable(invoice: Invoice) -> tuple[Offer, ...]:
    """What the portal offers to pay: nothing, everything, or the next instalment and everything."""
    if not invoice.issued_at or invoice.amount_due.minor <= 0:
        return ()
    everything = Offer(choice="all", amount=invoice.amount_due)
    for instalment, paid in zip(invoice.schedule, invoice.instalments_paid, strict=True):
        left = instalment.amount - paid
        if left.minor > 0:
            if left.minor >= invoice.amount_due.minor:
                return (everything,)
            due = Offer(choice="due", amount=left, label=instalment.label, instalment_id=instalment.id)
            return (due, everything)
    return (everything,)


def account_of(business: Business) -> PaymentAccount:
    """Where the business's online payments go. Raises Refused (``online_payments_off``) when none is set up."""
    if not business.stripe_account:
        raise Refused("online_payments_off", "You cannot pay online because the business has not set it up.")
    return PaymentAccount(mode=AccountMode.CONNECT, account_id=business.stripe_account)


def take_payment(
    invoice_id: str,
    *,
    amount: Money,
    method: Method,
    received_on: date,
    reference: str | None = None,
    instalment_id: str | None = None,
    overpayment: str | None = None,
    if_match: int | None = None,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Payment:
    """Book money received by hand on an invoice (P44, H53); cash is a fact and is booked whatever else is under way.

    overpayment: ``credit`` keeps what is more than due as the client's credit.
    Raises Invalid (``overpayment``) for more than is due otherwise, Refused for a draft or void invoice.
    """
    payment_id = ids("pay")

    def deed() -> Payment:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        invoices.must_be_issued(invoice, "take a payment on")
        _must_fit(invoice, amount, instalment_id, overpayment)
        zero = Money.zero(amount.currency)
        payment = Payment(
            id=payment_id,
            client_id=invoice.client_id,
            invoice_id=invoice.id,
            instalment_id=instalment_id,
            method=method,
            amount=amount,
            refunded=zero,
            disputed=zero,
            under_dispute=zero,
            applied=zero,
            credited=zero,
            received_on=received_on,
            reference=reference,
            created_at=now,
        )
        booked, event, share = payments.received(payment, invoice, at=now)
        after, settled = payments.settled(invoice, booked, share, at=now)
        store.commit(
            Add(booked, event),
            Save(after, settled),
            Move(client_id=invoice.client_id, amount_due=-share.to_invoice, credit_total=share.to_credit),
        )
        return booked

    return store.persistently(deed)


def start_checkout(
    invoice_id: str,
    *,
    choice: Choice,
    success_url: str,
    cancel_url: str,
    now: datetime,
    real_now: datetime,
    store: Store,
    gateway: Gateway,
) -> str:
    """The address of the provider's page on which the client pays; the attempt is recorded before it is asked for.

    An open page for the same amount is given again; one for another amount is closed first, so
    that never two pages can be paid. real_now: what the provider's clock shows.
    Raises Refused when nothing is due, online payment is off, or the money is under way already.
    """
    business = store.get(Business)
    account = account_of(business)
    invoice = store.get(Invoice, invoice_id)
    offer = _offered(invoice, choice)
    standing = invoice.checkout
    if standing and standing.amount == offer.amount and standing.expires_at > real_now + timedelta(minutes=1):
        if standing.url:
            return standing.url
    else:
        if standing:
            close_checkout(invoice_id, now=now, store=store, gateway=lambda: gateway)
        invoice = _reserved(invoice_id, choice, real_now=real_now, now=now, store=store)
    return _opened(
        invoice,
        business,
        account,
        success_url=success_url,
        cancel_url=cancel_url,
        now=now,
        store=store,
        gateway=gateway,
    )


def close_checkout(invoice_id: str, *, now: datetime, store: Store, gateway: Callable[[], Gateway]) -> None:
    """Close the open way to pay, at the provider first; the provider is asked only if a page is open.

    Raises Refused (``payment_under_way``) when it was paid meanwhile: the payment is about to be booked.
    """
    invoice = store.get(Invoice, invoice_id)
    standing = invoice.checkout
    if standing is None:
        return
    if standing.session_id:
        state = gateway().expire_checkout(standing.session_id, account=account_of(store.get(Business)))
        if state.paid_meanwhile:
            raise Refused(
                "payment_under_way",
                f"You cannot do this now because a payment of invoice {invoice.name} is under way.",
            )
    _rewritten(
        invoice_id,
        standing.attempt,
        None,
        lambda i: CheckoutClosed(subject=i.id, version=i.version + 1, at=now, attempt=standing.attempt),
        store,
    )


def void_invoice(
    invoice_id: str,
    *,
    reason: str | None,
    if_match: int | None = None,
    now: datetime,
    store: Store,
    gateway: Callable[[], Gateway],
) -> Invoice:
    """Take an unpaid invoice out of force; its number and document stay (C18).

    An open way to pay is closed first; when the client was quicker, the invoice stays in force.
    """
    unchanged(store.get(Invoice, invoice_id), if_match)
    close_checkout(invoice_id, now=now, store=store, gateway=gateway)

    def deed() -> Invoice:
        invoice = store.get(Invoice, invoice_id)
        void, event = invoices.voided(invoice, reason=reason, at=now)
        store.commit(Save(void, event), Move(client_id=invoice.client_id, amount_due=-invoice.amount_due))
        return void

    return store.persistently(deed)


def _must_fit(invoice: Invoice, amount: Money, instalment_id: str | None, overpayment: str | None) -> None:
    if amount.currency != invoice.currency:
        raise Invalid("currency_mismatch", f"Invoice {invoice.name} is in {invoice.currency}.", at="/amount")
    if amount.minor <= 0:
        raise Invalid("not_positive", "A payment is above 0.", at="/amount")
    if instalment_id is not None and instalment_id not in {instalment.id for instalment in invoice.schedule}:
        raise Invalid("unknown_instalment", f"There is no instalment {instalment_id!r}.", at="/instalment_id")
    if amount.minor > invoice.amount_due.minor and overpayment != "credit":
        raise Invalid(
            "overpayment",
            f"You cannot take {amount} because only {invoice.amount_due} is due; say that the rest is credit.",
            at="/amount",
        )


def _offered(invoice: Invoice, choice: Choice) -> Offer:
    invoices.must_be_issued(invoice, "pay")
    offers = payable(invoice)
    if not offers:
        raise Refused("nothing_due", f"You cannot pay invoice {invoice.name} because nothing is due.")
    return next((offer for offer in offers if offer.choice == choice), offers[-1])


def _reserved(invoice_id: str, choice: Choice, *, real_now: datetime, now: datetime, store: Store) -> Invoice:
    """The invoice with the next attempt written down; sent again after a crash, it is still the same attempt."""

    def deed() -> Invoice:
        invoice = store.get(Invoice, invoice_id)
        offer = _offered(invoice, choice)
        if invoice.checkout:
            if invoice.checkout.amount == offer.amount:
                return invoice
            raise Conflict("payment_under_way", f"Another payment of invoice {invoice.name} is being started.")
        checkout = Checkout(
            attempt=invoice.attempts + 1,
            amount=offer.amount,
            instalment_id=offer.instalment_id,
            expires_at=(real_now + PAGE_LASTS).replace(microsecond=0),
        )
        reserved = replace(invoice, version=invoice.version + 1, attempts=checkout.attempt, checkout=checkout)
        event = CheckoutReserved(
            subject=invoice.id, version=reserved.version, at=now, attempt=checkout.attempt, amount=checkout.amount
        )
        store.commit(Save(reserved, event))
        return reserved

    return store.persistently(deed)


def _opened(
    invoice: Invoice,
    business: Business,
    account: PaymentAccount,
    *,
    success_url: str,
    cancel_url: str,
    now: datetime,
    store: Store,
    gateway: Gateway,
) -> str:
    reserved = invoice.checkout
    if reserved is None:
        raise Conflict("payment_under_way", f"Another payment of invoice {invoice.name} has just ended.")
    attempt = CheckoutAttempt(
        id=str(reserved.attempt),
        business_id=business.id,
        invoice_id=invoice.id,
        number=invoice.name,
        amount=reserved.amount,
        label=f"{business.name} \N{EN DASH} {invoice.name}",
        success_url=success_url,
        cancel_url=cancel_url,
        expires_at=reserved.expires_at,
        customer_email=store.get(Client, invoice.client_id).email or "",
        locale=invoice.language,
    )
    page = gateway.open_checkout(attempt, account=account)
    known = _rewritten(
        invoice.id,
        reserved.attempt,
        replace(reserved, session_id=page.session_id, url=page.url),
        lambda i: CheckoutOpened(subject=i.id, version=i.version + 1, at=now, attempt=reserved.attempt),
        store,
    )
    if known.amount_due.minor < reserved.amount.minor:
        close_checkout(invoice.id, now=now, store=store, gateway=lambda: gateway)
        raise Conflict("amount_changed", f"What is due on invoice {invoice.name} has just changed; look again.")
    return page.url


def _rewritten(
    invoice_id: str,
    attempt: int,
    checkout: Checkout | None,
    event: Callable[[Invoice], CheckoutOpened | CheckoutClosed],
    store: Store,
) -> Invoice:
    """The invoice with its attempt's checkout replaced, as long as that attempt still is the one that stands."""

    def deed() -> Invoice:
        invoice = store.get(Invoice, invoice_id)
        if invoice.checkout is None or invoice.checkout.attempt != attempt or invoice.checkout == checkout:
            return invoice
        changed = replace(invoice, version=invoice.version + 1, checkout=checkout)
        store.commit(Save(changed, event(invoice)))
        return changed

    return store.persistently(deed)
