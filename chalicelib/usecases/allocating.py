"""A client's money put where it belongs: on several invoices at once, from its credit, or matched by hand."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from chalicelib.domain import payment_life as payments
from chalicelib.domain.errors import Invalid, NotFound, Refused
from chalicelib.domain.imputation import Allocation, Applied, total
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment, blank
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Filter, Ids, Save, Store, Unfinished
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.placing import following
from chalicelib.usecases.reading import every
from chalicelib.usecases.repeating import known_payments, must_not_repeat

MOST_ALLOCATIONS = 20
"""Of one payment: each invoice takes two writes of the 100 that a transaction may hold, and all go back at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money received from a client, not for one invoice.

    allocations: on which invoices it is put; None imputes it to those due, the earliest first (art. 1572 C.C.Q.), an
    empty tuple to none: all of it is credit.
    """

    client_id: str
    amount: Money
    method: Method
    received_on: date
    reference: str | None = None
    allocations: tuple[Allocation, ...] | None = None


def take_on_account(receipt: Receipt, *, meant_twice: bool = True, now: datetime, ids: Ids, store: Store) -> Payment:
    """Book money received by hand from a client: on several invoices, on those due longest, or as credit.

    meant_twice: whether one just like it, booked on the same invoice at this very moment, is another payment.
    Raises Invalid for an amount that is not positive, less than its allocations, or more than is due on one of them,
    Refused (``payment_repeated``) for what a second click would book.
    """
    payment_id = ids("pay")
    first = () if meant_twice else _wanted(receipt, store)[:1]
    before = {one.invoice_id: known_payments(one.invoice_id, store) for one in first}

    def deed() -> Payment:
        present_client(receipt.client_id, store)
        _must_be_positive(receipt.amount, at="/amount")
        allocations = _wanted(receipt, store)
        invoices_read = _must_fit(allocations, receipt.amount, receipt.client_id, store)
        taken = blank(
            payment_id,
            client_id=receipt.client_id,
            invoice_id=None,
            amount=receipt.amount,
            method=receipt.method,
            received_on=receipt.received_on,
            reference=receipt.reference,
            at=now,
        )
        for invoice_id, known in before.items():
            must_not_repeat(taken, invoice_id, known, store)
        booked, event, share = payments.received_on_account(taken, allocations, at=now)
        placed = following(booked, share, None, others=invoices_read, at=now, store=store)
        store.commit(Add(booked, event), *placed)
        return booked

    return store.persistently(deed)


def allocate(
    payment_id: str, invoice_id: str, amount: Money | None, *, if_match: int | None = None, now: datetime, store: Store
) -> Payment:
    """Put credit of a payment on another invoice of its client; as much as fits where no amount is said.

    Raises Refused where there is no credit or nothing due, Invalid for more than either.
    """

    def deed() -> Payment:
        payment = unchanged(store.get(Payment, payment_id), if_match)
        if payment.client_id is None:
            raise Refused("payment_unmatched", f"You cannot use payment {payment_id} before it is matched.")
        invoice = _of_client(invoice_id, payment.client_id, store)
        must_be_issued(invoice, "put credit on")
        if not payment.usable:
            raise Refused("no_credit", f"You cannot use payment {payment_id} because none of it is free credit.")
        _must_be_in(invoice, payment.amount.currency)
        wanted = min(payment.usable, invoice.amount_due) if amount is None else amount
        _must_be_available(wanted, payment, invoice)
        return _moved(payment, invoice, wanted, now=now, store=store)

    return store.persistently(deed)


def release(payment_id: str, invoice_id: str, *, if_match: int | None = None, now: datetime, store: Store) -> Payment:
    """Take from an invoice what a payment has put there, and make it the client's credit again.

    Raises Refused (``not_allocated``) where nothing of the payment is on the invoice.
    """

    def deed() -> Payment:
        payment, invoice = store.get(Payment, payment_id), store.get(Invoice, invoice_id)
        payment = unchanged(payment, if_match)
        there = payment.on(invoice_id)
        if not there:
            raise Refused("not_allocated", f"You cannot take payment {payment_id} off {invoice_id}: it is not on it.")
        return _moved(payment, invoice, -there, now=now, store=store)

    return store.persistently(deed)


def match(
    payment_id: str,
    *,
    invoice_id: str | None,
    client_id: str | None,
    if_match: int | None = None,
    now: datetime,
    store: Store,
) -> Payment:
    """Put a payment that belonged to nobody on an invoice, or on a client's account.

    Raises Refused for one that is matched, Invalid for an invoice in another currency.
    """

    def deed() -> Payment:
        payment = unchanged(store.get(Payment, payment_id), if_match)
        invoice = store.get(Invoice, invoice_id) if invoice_id else None
        if invoice:
            must_be_issued(invoice, "put a payment on")
            _must_be_in(invoice, payment.amount.currency)
        owner = invoice.client_id if invoice else present_client(client_id or "", store).id
        found, event, share = payments.matched(payment, client_id=owner, invoice=invoice, at=now)
        placed = following(found, share, invoice, at=now, store=store)
        store.commit(Save(found, event), *placed)
        return found

    return store.persistently(deed)


def _moved(payment: Payment, invoice: Invoice, amount: Money, *, now: datetime, store: Store) -> Payment:
    after, event = payments.allocated(payment, invoice.id, amount, at=now)
    others = {one.invoice_id for one in after.allocations}
    if len(others) > MOST_ALLOCATIONS:
        raise Refused("too_many_invoices", f"A payment can be put on at most {MOST_ALLOCATIONS} other invoices.")
    zero = Money.zero(amount.currency)
    moved = Applied(to_invoice=zero, to_credit=-amount, elsewhere=(Allocation(invoice_id=invoice.id, amount=amount),))
    placed = following(after, moved, None, before=payment, others={invoice.id: invoice}, at=now, store=store)
    store.commit(Save(after, event), *placed)
    return after


def _wanted(receipt: Receipt, store: Store) -> tuple[Allocation, ...]:
    if receipt.allocations is not None:
        return receipt.allocations
    return _longest_due(receipt.client_id, receipt.amount, store)


def _longest_due(client_id: str, amount: Money, store: Store) -> tuple[Allocation, ...]:
    """The amount imputed to what a client owes in its currency, the earliest due first."""
    owed = Filter(
        account_of=client_id, unfinished=Unfinished.DUE, fits=lambda invoice: invoice.currency == amount.currency
    )
    left, allocations = amount, []
    for listed in every(Invoice, owed, store, at_once=MOST_ALLOCATIONS):
        invoice = store.get(Invoice, listed.id)  # the list may lag
        step = min(left, invoice.amount_due)
        if step.minor > 0 and not invoice.disputed_total:
            allocations.append(Allocation(invoice_id=invoice.id, amount=step))
            left -= step
        if not left or len(allocations) == MOST_ALLOCATIONS:
            break
    return tuple(allocations)


def _must_fit(allocations: Sequence[Allocation], amount: Money, client_id: str, store: Store) -> Mapping[str, Invoice]:
    """The invoices, as they were read."""
    read: dict[str, Invoice] = {}
    if len(allocations) > MOST_ALLOCATIONS:
        detail = f"A payment can be put on at most {MOST_ALLOCATIONS} invoices at once."
        raise Invalid("too_many_invoices", detail, at="/allocations")
    for place, one in enumerate(allocations):
        at = f"/allocations/{place}"
        _must_be_positive(one.amount, at=f"{at}/amount")
        invoice = _of_client(one.invoice_id, client_id, store)
        must_be_issued(invoice, "take a payment on")
        _must_be_in(invoice, amount.currency, at=at)
        if one.amount > invoice.amount_due:
            detail = f"You cannot put {one.amount} on invoice {invoice.name}: only {invoice.amount_due} is due."
            raise Invalid("overpayment", detail, at=f"{at}/amount")
        read[invoice.id] = invoice
    if len(read) < len(allocations):
        raise Invalid("invoice_twice", "An invoice can be named once.", at="/allocations")
    if total(allocations, amount.currency) > amount:
        raise Invalid("allocated_too_much", f"More than {amount} is put on invoices.", at="/allocations")
    return read


def _of_client(invoice_id: str, client_id: str, store: Store) -> Invoice:
    invoice = store.find(Invoice, invoice_id)
    if invoice is None:
        raise NotFound("invoice", invoice_id)
    if invoice.client_id != client_id:
        raise Refused(
            "invoice_of_another_client", f"You cannot use this money on invoice {invoice.name}: it is another client's."
        )
    return invoice


def _must_be_available(wanted: Money, payment: Payment, invoice: Invoice) -> None:
    if invoice.amount_due.minor <= 0:
        raise Refused("nothing_due", f"You cannot put credit on invoice {invoice.name} because nothing is due.")
    _must_be_positive(wanted, at="/amount")
    if wanted > payment.usable:
        raise Invalid("more_than_credit", f"Only {payment.usable} of the payment is free credit.", at="/amount")
    if wanted > invoice.amount_due:
        raise Invalid("overpayment", f"Only {invoice.amount_due} is due on {invoice.name}.", at="/amount")


def _must_be_positive(amount: Money, *, at: str) -> None:
    if amount.minor <= 0:
        raise Invalid("not_positive", "An amount is above 0.", at=at)


def _must_be_in(invoice: Invoice, currency: str, *, at: str = "/invoice_id") -> None:
    if invoice.currency != currency:
        raise Invalid("currency_mismatch", f"Invoice {invoice.name} is in {invoice.currency}.", at=at)
