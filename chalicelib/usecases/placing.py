"""What one movement of a payment changes beside the payment itself: its invoices, and its client's aggregates."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from chalicelib.domain.imputation import Applied
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_payments import settled, settled_by
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
    own = [Save(*settled(invoice, payment, share, before=before, at=at))] if invoice else []
    moved = [(others.get(one.invoice_id) or store.get(Invoice, one.invoice_id), one) for one in share.elsewhere]
    saved = [Save(*settled_by(other, payment, one.amount, at=at)) for other, one in moved]
    if payment.client_id is None:
        return (*own, *saved)
    move = Move(client_id=payment.client_id, amount_due=-share.to_invoices, credit_total=share.to_credit)
    return (*own, *saved, move)
