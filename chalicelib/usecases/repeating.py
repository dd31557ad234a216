"""Noticing the second click: the same payment, asked for again while the first was still being booked (C8).

Whoever books a payment writes its invoice, so of two at once the later one reads again, and sees the first. One that
is asked for after the first was answered is another payment: two equal banknotes are no mistake.
"""

from collections.abc import Collection

from chalicelib.domain.errors import Refused
from chalicelib.domain.payment import Payment
from chalicelib.ports import Filter, Store

NEWEST = 25
"""Of an invoice's payments; more do not come within one request."""


def known_payments(invoice_id: str, store: Store) -> frozenset[str]:
    """The payments of an invoice before anything is decided."""
    return frozenset(payment.id for payment in _newest(invoice_id, store))


def must_not_repeat(payment: Payment, invoice_id: str, before: Collection[str] | None, store: Store) -> None:
    """Raise Refused (``payment_repeated``), naming the first, where one just like it came in between.

    before: what was there; None where two alike are meant.
    """
    if before is None:
        return
    for other in _newest(invoice_id, store):
        if other.id not in before and _said(other) == _said(payment):
            raise Refused(
                "payment_repeated",
                f"You cannot book this payment because it was booked at this moment as {other.id}; "
                "send an Idempotency-Key if it is another one.",
            )


def _newest(invoice_id: str, store: Store) -> tuple[Payment, ...]:
    rows: tuple[Payment, ...] = store.page(Payment, Filter(parent=invoice_id), limit=NEWEST).rows
    return rows


def _said(payment: Payment) -> tuple[object, ...]:
    return payment.amount, payment.method, payment.received_on, payment.reference, payment.instalment_id
