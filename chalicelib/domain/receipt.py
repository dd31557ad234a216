"""What a payment's receipt tells: the payment as it stands, what it is on, and what went back of it since."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.party import Party
from chalicelib.domain.payment import Payment
from chalicelib.domain.payment_events import PaymentChanged
from chalicelib.domain.values import dataclass

REFERENCE_LENGTH = 6
"""Of the last characters of the payment's id, which are random: one in a billion on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Money of a payment given back on a day; below zero, it came back because the refund failed."""

    day: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What of a payment is on an invoice, as that stands."""

    invoice: Invoice
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A payment told to who made it.

    placed: the invoice it was made for first, then those it was put on, in the order of their coming.
    """

    payment: Payment
    seller: Party
    payer: Party
    placed: tuple[Placed, ...]
    returns: tuple[Return, ...] = ()

    @property
    def reference(self) -> str:
        """What people call it: its day and the end of its id, so that it is the same however often it is drawn."""
        return reference_of(self.payment)


def reference_of(payment: Payment) -> str:
    return f"R-{payment.received_on:%Y%m%d}-{payment.id[-REFERENCE_LENGTH:].upper()}"


def placed_on(payment: Payment) -> tuple[str, ...]:
    """The ids of the invoices that a receipt names: the one it was made for, and those that something of it is on."""
    own = (payment.invoice_id,) if payment.invoice_id else ()
    return (*own, *(one.invoice_id for one in payment.allocations if one.amount))


def returns_of(
    payment: Payment, history: Iterable[Envelope], *, day_of: Callable[[datetime], date]
) -> tuple[Return, ...]:
    """What was given back of a payment, by its own history; refunds made in the provider's dashboard are among it.

    What had gone back before the payment was first heard of is of the day on which it was.
    """
    returns, so_far = [], Money.zero(payment.amount.currency)
    for event in (envelope.event for envelope in history):
        if isinstance(event, PaymentChanged) and event.refunded != so_far:
            returns.append(Return(day=day_of(event.at), amount=event.refunded - so_far))
            so_far = event.refunded
    if payment.refunded != so_far:
        returns.insert(0, Return(day=day_of(payment.created_at), amount=payment.refunded - so_far))
    return tuple(returns)
