"""What one movement of a payment changes beside the payment itself: its invoices, and its client's aggregates."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from chalicelib.domain.imputation import Applied
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_payments import settled
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.ports import Change, Move, Save, Store

NONE_READ: Mapping[str, Invoice] = MappingProxyType({})


def following(
    payment: Payment,
    share: Applied,
    invoice: Invoice | None,
    *,
    before: Payment | None = None,
    others: Mapping[str, Invoice] = NONE_READ,
    at: datetime,
    store: Store,
) -> tuple[Change, ...]:
    """The changes that go into the transaction which writes the payment.

    invoice: the one it was made for, as it was read; before: the payment as it was counted so far.
    others: those whose due was looked at, as they were read then: it must not have changed since.
    """
    moved = {one.invoice_id: one.amount for one in share.elsewhere}
    still = dict.fromkeys(_told_otherwise(before, payment), Money.zero(payment.amount.currency)) if before else {}
    elsewhere = [(others.get(id) or store.get(Invoice, id), amount) for id, amount in (still | moved).items()]
    own = [(invoice, share.to_invoice)] if invoice else []
    saved = [Save(*settled(one, payment, amount, before=before, at=at)) for one, amount in (*own, *elsewhere)]
    if payment.client_id is None:
        return tuple(saved)
    move = Move(client_id=payment.client_id, amount_due=-share.to_invoices, credit_total=share.to_credit)
    return (*saved, move)


def _told_otherwise(before: Payment, payment: Payment) -> list[str]:
    """The other invoices that tell something else of what went back of it, whether or not any was put there."""
    ids = [one.invoice_id for one in payment.allocations]
    return [id for id in ids if payment.gone_from(id) != before.gone_from(id)]
