"""What fees for late payment mean for the invoice that they are for: what of it is owed late, and what was charged."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.late_fee import LateFee, Movement
from chalicelib.domain.late_fee_events import LateFeeCharged, LateFeeDue, LateFeeRefused
from chalicelib.domain.money import Money


def must_bear_fees(invoice: Invoice) -> None:
    """Raise Refused for what is a draft, void, disputed, or a fee itself."""
    must_be_issued(invoice, "charge late payment of")
    if invoice.late_fee_of:
        raise Refused("late_fee_of_fee", f"You cannot charge for invoice {invoice.name} because it is a late fee.")
    if invoice.disputed_total:
        raise Refused("invoice_disputed", f"You cannot charge for invoice {invoice.name} because it is disputed.")


def debts(invoice: Invoice) -> tuple[Movement, ...]:
    """What became due of it, and when: each instalment that has a day, else the whole. What waits for work is not."""
    if invoice.schedule:
        return tuple(Movement(on=one.due_on, amount=one.amount) for one in invoice.schedule if one.due_on)
    whole = invoice.due_date or invoice.issue_date or date.min
    return (Movement(on=whole, amount=invoice.figures.amount_due),)


def never_owed(invoice: Invoice, known: Money) -> Movement:
    """What lessens the debt besides payments, as a credit note does, and what was given back of them.

    known: what payments are on it.
    """
    parts = [one.amount for one in invoice.schedule] or [invoice.figures.amount_due]
    charged = sum(parts, Money.zero(invoice.currency))
    given_back = min(invoice.refunded_total, invoice.amount_due)
    return Movement(on=date.min, amount=charged - invoice.amount_due - known + given_back)


def charged(invoice: Invoice, fee: LateFee, *, late_fee_id: str, at: datetime) -> tuple[Invoice, LateFeeCharged]:
    """A document was made of what is owed; its days are not charged again."""
    after = replace(
        invoice,
        version=invoice.version + 1,
        fees_through=fee.through,
        late_fees=(*invoice.late_fees, late_fee_id),
    )
    event = LateFeeCharged(
        subject=invoice.id,
        version=after.version,
        at=at,
        late_fee_id=late_fee_id,
        since=fee.since,
        through=fee.through,
        amount=fee.total,
    )
    return after, event


def asked_for(invoice: Invoice, *, through: date, next_at: datetime | None, at: datetime) -> tuple[Invoice, LateFeeDue]:
    asked = replace(invoice, version=invoice.version + 1, fee_at=next_at)
    return asked, LateFeeDue(subject=invoice.id, version=asked.version, at=at, through=through)


def refused(invoice: Invoice, *, reason: str, at: datetime) -> tuple[Invoice, LateFeeRefused]:
    noted = replace(invoice, version=invoice.version + 1)
    return noted, LateFeeRefused(subject=invoice.id, version=noted.version, at=at, reason=reason)
