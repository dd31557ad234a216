"""What one movement of a payment changes beside the payment itself: its invoices, and its client's aggregates."""

from datetime import datetime

from chalicelib.domain.imputation import Applied
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_payments import settled, settled_by
from chalicelib.domain.payment import Payment
from chalicelib.ports import Change, Move, Save, Store


def following(
    payment: Payment,
    share: Applied,
    invoice: Invoice | None,
    *,
    before: Payment | None = None,
    at: datetime,
    store: Store,
) -> tuple[Change, ...]:
    """The changes that go into the transaction which writes the payment.

    invoice: the one it was made for, as it was read; before: the payment as it was counted so far.
    """
    own = [Save(*settled(invoice, payment, share, before=before, at=at))] if invoice else []
    others = [
        Save(*settled_by(store.get(Invoice, one.invoice_id), payment, one.amount, at=at)) for one in share.elsewhere
    ]
    if payment.client_id is None:
        return (*own, *others)
    move = Move(client_id=payment.client_id, amount_due=-share.to_invoices, credit_total=share.to_credit)
    return (*own, *others, move)
