"""The one page on which an invoice can be paid: reserved before the provider is asked, opened, closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.domain.business import Business
from chalicelib.domain.checkout import AccountMode, CheckoutAttempt, CheckoutState, PaymentAccount
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Conflict, Refused
from chalicelib.domain.events import CheckoutClosed, CheckoutOpened, CheckoutReserved
from chalicelib.domain.invoice import Checkout, Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.own_key import names_an_endpoint
from chalicelib.domain.settlement import PaymentFacts, pending, taken
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import first_of
from chalicelib.ports import Gateway, Save, Store

PAGE_LASTS = timedelta(minutes=31)
"""Stripe's shortest life of a checkout page is 30 minutes."""

LONGEST_LABEL = 250
"""In characters: the longest name of a product that Stripe takes."""

Choice = Literal["due", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An amount a client may pay online now: the instalment that is due, or all that is owed (C33)."""

    choice: Choice
    amount: Money
    label: str = ""
    instalment_id: str | None = None


def connected(account_id: str) -> PaymentAccount:
    return PaymentAccount(mode=AccountMode.CONNECT, account_id=account_id)


def account_of(business: Business) -> PaymentAccount:
    """Where the business's online payments go. Raises Refused (``online_payments_off``) when none is set up."""
    if not business.payment_account:
        raise Refused("online_payments_off", "You cannot pay online because the business has not set it up.")
    return account_named(business.payment_account, business)


def account_named(account_id: str, business: Business) -> PaymentAccount:
    """An account of the business by its id, also one it has left: what was begun there ends there."""
    if not names_an_endpoint(account_id):
        return connected(account_id)
    key = business.key_at(account_id)
    return PaymentAccount(
        mode=AccountMode.OWN_KEY,
        account_id=account_id,
        business_id=business.id,
        sealed_key=key.sealed_key if key else "",
    )


def opens_no_more(account: PaymentAccount, refused: Refused) -> bool:
    """Whether a business's own key was ended, or may not do what it could."""
    kept = account.mode is AccountMode.OWN_KEY and account.sealed_key
    return bool(kept) and refused.code in {"key_refused", "account_not_connected"}


def lets_us_in_no_more(account: PaymentAccount, refused: Refused) -> bool:
    """A wrong key of the platform's is our mistake, and no news of the account; a business's own is its decision."""
    return opens_no_more(account, refused) or refused.code == "account_not_connected"


def reserve(
    invoice_id: str,
    offered: Callable[[Invoice], Offer],
    *,
    account: PaymentAccount,
    real_now: datetime,
    now: datetime,
    store: Store,
) -> Invoice:
    """The invoice with the next attempt written down; reserved again after a crash, it is still the same attempt.

    Raises Refused (``payment_under_way``) when an attempt at another amount was quicker.
    """

    def deed() -> Invoice:
        invoice = store.get(Invoice, invoice_id)
        offer = offered(invoice)
        if invoice.checkout:
            must_be_a_page(invoice)
            if (invoice.checkout.amount, invoice.checkout.account_id) == (offer.amount, account.account_id):
                return invoice
            raise Refused("payment_under_way", f"Another payment of invoice {invoice.name} is being started.")
        checkout = Checkout(
            attempt=invoice.attempts + 1,
            account_id=account.account_id,
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


def open_page(
    invoice: Invoice, *, success_url: str, cancel_url: str, now: datetime, store: Store, gateway: Gateway
) -> str:
    """Ask the provider for the page of the reserved attempt; its address.

    A page whose attempt has ended meanwhile, or asks for more than is still due, is closed and never shown.
    Raises Conflict then.
    """
    reserved = invoice.checkout
    if reserved is None:
        raise _just_ended(invoice)
    business = store.get(Business)
    account = account_named(reserved.account_id, business)
    attempt = CheckoutAttempt(
        id=str(reserved.attempt),
        business_id=business.id,
        invoice_id=invoice.id,
        number=invoice.name,
        amount=reserved.amount,
        label=_label(business, invoice),
        success_url=success_url,
        cancel_url=cancel_url,
        expires_at=reserved.expires_at,
        customer_email=store.get(Client, invoice.client_id).email or "",
        locale=first_of(invoice.language),
    )
    page = gateway.open_checkout(attempt, account=account)
    known = _shown(invoice.id, reserved, replace(reserved, session_id=page.session_id, url=page.url), now, store)
    if known.checkout is None or known.checkout.attempt != reserved.attempt:
        gateway.expire_checkout(page.session_id, account=account)
        raise _just_ended(invoice)
    if known.amount_due < reserved.amount:
        close_checkout(invoice.id, now=now, store=store, gateway=lambda: gateway)
        raise Conflict("amount_changed", f"What is due on invoice {invoice.name} has just changed; look again.")
    return page.url


def close_checkout(invoice_id: str, *, now: datetime, store: Store, gateway: Callable[[], Gateway]) -> None:
    """Close the open way to pay, at the provider first; the provider is asked only if a page is open.

    An account that lets us in no more can close nothing: its page is forgotten and ends by itself, and a
    payment still made on it is booked as any other. Where it is our seal that broke, that waits until it has ended.
    Raises Refused (``payment_under_way``) when it was paid meanwhile: the payment is about to be booked. A card that is
    being charged cannot be called back either.
    """

    def deed() -> None:
        invoice = store.get(Invoice, invoice_id)
        must_be_a_page(invoice)
        if invoice.checkout and invoice.checkout.session_id:
            account = account_named(invoice.checkout.account_id, store.get(Business))
            ended = invoice.checkout.expires_at <= now
            if _brings_money_once_closed(invoice.checkout.session_id, account, gateway(), ended=ended):
                raise Refused(
                    "payment_under_way",
                    f"You cannot do this now because a payment of invoice {invoice.name} is under way.",
                )
        _forget(invoice, now, store)

    store.persistently(deed)


def closed(invoice_id: str, *, now: datetime, store: Store, gateway: Callable[[], Gateway]) -> Invoice:
    """The invoice with no way open to pay it online, for a deed that nobody may cross by paying.

    The closing is a deed of its own: it stays, whatever becomes of the other. Raises as ``close_checkout`` does, and
    Conflict where another way was opened meanwhile.
    """
    close_checkout(invoice_id, now=now, store=store.aside(), gateway=gateway)
    invoice = store.get(Invoice, invoice_id)
    if invoice.checkout:
        raise Conflict("payment_under_way", f"A payment of invoice {invoice.name} has just been started.")
    return invoice


def must_be_a_page(invoice: Invoice) -> None:
    """Raise Refused (``payment_under_way``) while a card is charged: what came of that must be known first."""
    if invoice.checkout and invoice.checkout.is_charge:
        raise Refused(
            "payment_under_way",
            f"You cannot do this now because the client's card is being charged for invoice {invoice.name}.",
        )


def learn_of_page(state: CheckoutState, facts: PaymentFacts | None, *, now: datetime, store: Store) -> None:
    """Free the invoice for another attempt when its page has expired, or a bank debit made on it came back.

    facts: of the payment made on the page, as the provider says now.
    """
    if not state.is_over or (facts and _may_pay(state, facts)):
        return

    def deed() -> None:
        invoice = store.find(Invoice, state.metadata.get("invoice_id", ""))
        if invoice and invoice.checkout and invoice.checkout.session_id == state.session_id:
            _forget(invoice, now, store)

    store.persistently(deed)


def _label(business: Business, invoice: Invoice) -> str:
    """What the page says is paid; of a long name its beginning, and always the whole number."""
    ending = f" \N{EN DASH} {invoice.name}"
    name, room = business.name, LONGEST_LABEL - len(ending)
    if len(name) > room:
        name = f"{name[: room - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    return f"{name}{ending}"


def _shown(invoice_id: str, reserved: Checkout, page: Checkout, now: datetime, store: Store) -> Invoice:
    """The invoice with its page, if the attempt still stands as it was reserved."""

    def deed() -> Invoice:
        invoice = store.get(Invoice, invoice_id)
        if invoice.checkout != reserved:
            return invoice
        shown = replace(invoice, version=invoice.version + 1, checkout=page)
        event = CheckoutOpened(subject=shown.id, version=shown.version, at=now, attempt=page.attempt)
        store.commit(Save(shown, event))
        return shown

    return store.persistently(deed)


def _forget(invoice: Invoice, now: datetime, store: Store) -> None:
    """Take away an attempt of which no page can be paid any more. Raises Conflict if the invoice changed since."""
    if invoice.checkout is None:
        return
    free = replace(invoice, version=invoice.version + 1, checkout=None)
    event = CheckoutClosed(subject=free.id, version=free.version, at=now, attempt=invoice.checkout.attempt)
    store.commit(Save(free, event))


def _brings_money_once_closed(session_id: str, account: PaymentAccount, gateway: Gateway, *, ended: bool) -> bool:
    """Close a page at the provider; whether it was paid meanwhile, as far as the account lets us see."""
    try:
        state = gateway.expire_checkout(session_id, account=account)
        return state.paid_meanwhile and _may_pay(state, gateway.payment(state.payment_intent_id, account=account))
    except Refused as refused:
        if not (lets_us_in_no_more(account, refused) or (ended and refused.code == "seal_broken")):
            raise
        return False


def _may_pay(state: CheckoutState, facts: PaymentFacts) -> bool:
    """Whether a page that is over brings money, or may: a voucher is not charged until it is paid, days later."""
    if taken(facts) or pending(facts):
        return True
    return state.paid_meanwhile and not (facts.charges or facts.canceled)


def _just_ended(invoice: Invoice) -> Conflict:
    return Conflict("payment_under_way", f"Another payment of invoice {invoice.name} has just ended.")
