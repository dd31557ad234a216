"""What a movement of money does to an invoice: what is paid of it, of each instalment, and whether it is paid."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.invoice import Invoice, following_from_due
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.domain.payment_events import InvoicePaid, InvoiceSettled
from chalicelib.domain.schedule import places_by_day


def settled(
    invoice: Invoice, payment: Payment, movement: Money, *, before: Payment | None = None, at: datetime
) -> tuple[Invoice, InvoiceSettled]:
    """An invoice after a movement of a payment on it; paid when nothing is due any more (P27).

    before: the payment as it was counted so far; None for a new one.
    """
    zero = Money.zero(invoice.currency)
    gone = payment.gone_from(invoice.id).without([before.gone_from(invoice.id)] if before else [])
    after = following_from_due(
        replace(
            invoice,
            version=invoice.version + 1,
            paid_total=invoice.paid_total + movement,
            refunded_total=invoice.refunded_total + gone.refunded,
            disputed_total=invoice.disputed_total + gone.under_dispute,
            withdrawn_total=((invoice.withdrawn_total or zero) + gone.withdrawn) or None,
            instalments_paid=_instalments(invoice, movement, _meant(payment, invoice)),
        ),
        at=at,
    )
    kind = InvoicePaid if after.paid_at and not invoice.paid_at else InvoiceSettled
    event = kind(
        subject=invoice.id,
        version=after.version,
        at=at,
        payment_id=payment.id,
        paid_total=after.paid_total,
        amount_due=after.amount_due,
    )
    return after, event


def _meant(payment: Payment, invoice: Invoice) -> str | None:
    return payment.instalment_id if payment.invoice_id == invoice.id else None


def _instalments(invoice: Invoice, movement: Money, first: str | None) -> tuple[Money, ...]:
    """What is paid of each instalment: the one meant, then the one due first; money that goes back leaves the last."""
    order = places_by_day(invoice.schedule)
    if movement.minor < 0:
        order.reverse()
    else:
        order.sort(key=lambda i: invoice.schedule[i].id != first)
    paid = [amount.minor for amount in invoice.instalments_paid]
    left = movement.minor
    for i in order:
        step = min(left, invoice.schedule[i].amount.minor - paid[i]) if left > 0 else max(left, -paid[i])
        paid[i] += step
        left -= step
    return tuple(Money(minor, invoice.currency) for minor in paid)
