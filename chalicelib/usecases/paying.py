"""Payments: taken by hand, or asked for on the provider's page."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain import payment_life as payments
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import PaymentAccount
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.events import InvoiceVoided
from chalicelib.domain.invoice import Checkout, Invoice, must_be_issued
from chalicelib.domain.invoice_asking import next_part
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment, blank
from chalicelib.ports import Add, Gateway, Ids, Move, Save, Store
from chalicelib.usecases import checkouts
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.checkouts import Choice, Offer
from chalicelib.usecases.claiming import releasing
from chalicelib.usecases.converting import given_back
from chalicelib.usecases.deducting import must_not_be_deducted
from chalicelib.usecases.holding import release_rest
from chalicelib.usecases.placing import following
from chalicelib.usecases.repeating import known_payments, must_not_repeat

ALMOST_EXPIRED = timedelta(minutes=1)
NEVER_OPENED = {"attempt_changed", "attempt_too_old"}
"""The provider's words for an attempt that crashed before its page was known to anybody, and cannot be sent again."""


def payable(invoice: Invoice) -> tuple[Offer, ...]:
    """What the portal offers to pay: nothing, everything, or the next instalment and everything."""
    if not invoice.issued_at or invoice.amount_due.minor <= 0:
        return ()
    everything = Offer(choice="all", amount=invoice.amount_due)
    part = next_part(invoice.schedule, invoice.instalments_settled, invoice.amount_due)
    if part is None:
        return (everything,)
    instalment, left = part
    return (Offer(choice="due", amount=left, label=instalment.label, instalment_id=instalment.id), everything)


def take_payment(
    invoice_id: str,
    *,
    amount: Money,
    method: Method,
    received_on: date,
    reference: str | None = None,
    instalment_id: str | None = None,
    overpayment: str | None = None,
    meant_twice: bool = True,
    if_match: int | None = None,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Payment:
    """Book money received by hand on an invoice (P44, H53); cash is a fact and is booked whatever else is under way.

    overpayment: ``credit`` keeps what is more than due as the client's credit.
    meant_twice: whether one just like it, booked at this very moment by somebody else, is another payment.
    Raises Invalid (``overpayment``) for more than is due otherwise, Refused for a draft or void invoice, or
    ``payment_repeated`` for what a second click would book.
    """
    payment_id, before = ids("pay"), None if meant_twice else known_payments(invoice_id, store)

    def deed() -> Payment:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        must_be_issued(invoice, "take a payment on")
        taken = blank(
            payment_id,
            client_id=invoice.client_id,
            invoice_id=invoice.id,
            instalment_id=instalment_id,
            amount=amount,
            method=method,
            received_on=received_on,
            reference=reference,
            at=now,
        )
        must_not_repeat(taken, invoice_id, before, store)
        _must_fit(invoice, amount, instalment_id, overpayment)
        return _booked(taken, invoice, now=now, store=store)

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
    account = checkouts.account_of(store.get(Business))
    invoice = store.get(Invoice, invoice_id)
    offer = _offered(invoice, choice)
    checkouts.must_be_a_page(invoice)
    standing = invoice.checkout

    def close() -> None:
        checkouts.close_checkout(invoice_id, now=now, store=store, gateway=lambda: gateway)

    def opened() -> str:
        reserved = checkouts.reserve(
            invoice_id, lambda i: _offered(i, choice), account=account, real_now=real_now, now=now, store=store
        )
        return checkouts.open_page(
            reserved, success_url=success_url, cancel_url=cancel_url, now=now, store=store, gateway=gateway
        )

    if standing and not _serves(standing, offer, account, real_now):
        close()
    elif standing and standing.url:
        return standing.url
    return _opened_at_last(opened, close=close)


def close_what_is_not_offered(invoice_id: str, *, now: datetime, store: Store, gateway: Callable[[], Gateway]) -> None:
    """Close an open page that asks for what is not due any more, since money came in another way.

    A page that was opened after that money came asks for the right amount, and stays.
    Raises Refused (``payment_under_way``) when it was paid meanwhile.
    """
    invoice = store.get(Invoice, invoice_id)
    if invoice.checkout is None or invoice.checkout.is_charge:
        return
    asked = (invoice.checkout.amount, invoice.checkout.instalment_id)
    if asked not in {(offer.amount, offer.instalment_id) for offer in payable(invoice)}:
        checkouts.close_checkout(invoice_id, now=now, store=store, gateway=gateway)


def void_invoice(
    invoice_id: str,
    *,
    reason: str | None,
    if_match: int | None = None,
    now: datetime,
    store: Store,
    gateway: Callable[[], Gateway],
) -> Invoice:
    """Take an unpaid invoice out of force; its number and document stay (C18), its items can be billed again (H59).

    An open way to pay is closed first; when the client was quicker, the invoice stays in force.
    """
    unchanged(store.get(Invoice, invoice_id), if_match)

    def deed() -> tuple[Invoice, InvoiceVoided]:
        invoice = checkouts.closed(invoice_id, now=now, store=store, gateway=gateway)
        must_not_be_deducted(invoice, "void", store)
        void, event = invoices.voided(invoice, reason=reason, at=now)
        move = Move(client_id=invoice.client_id, amount_due=-invoice.amount_due, unbilled_total=invoice.billed)
        returned = given_back(invoice, deleted=False, now=now, store=store)
        store.commit(Save(void, event), move, *releasing(invoice, now=now, store=store), *returned)
        return void, event

    void, event = store.persistently(deed)
    release_rest(invoice_id, event.revision, now=now, store=store)
    return void


def _booked(payment: Payment, invoice: Invoice, *, now: datetime, store: Store) -> Payment:
    booked, event, share = payments.received(payment, invoice, at=now)
    store.commit(Add(booked, event), *following(booked, share, invoice, at=now, store=store))
    return booked


def _serves(standing: Checkout, offer: Offer, account: PaymentAccount, real_now: datetime) -> bool:
    asks_the_same = (standing.account_id, standing.amount) == (account.account_id, offer.amount)
    return asks_the_same and standing.expires_at > real_now + ALMOST_EXPIRED


def _opened_at_last(opened: Callable[[], str], *, close: Callable[[], None]) -> str:
    """The address of the page; an attempt that the provider never opened, and does not take again, is given up."""
    try:
        return opened()
    except Refused as refused:
        if refused.code not in NEVER_OPENED:
            raise
    close()
    return opened()


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
    must_be_issued(invoice, "pay")
    offers = payable(invoice)
    if not offers:
        raise Refused("nothing_due", f"You cannot pay invoice {invoice.name} because nothing is due.")
    return next((offer for offer in offers if offer.choice == choice), offers[-1])
