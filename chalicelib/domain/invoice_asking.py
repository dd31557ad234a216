"""What of an invoice is asked for: the instalment that is next, or all that is due; the same on every output."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import Instalment, next_to_pay


def next_part(schedule: Sequence[Instalment], settled: Sequence[Money], due: Money) -> tuple[Instalment, Money] | None:
    """The instalment that is due first, and what is left of it; None where that is all that is due.

    settled: what of each instalment is not to be paid any more.
    What waits for the work to be done is no instalment due; it is paid with everything.
    """
    following = next_to_pay(schedule, settled)
    if following is None:
        return None
    left = following.amount - settled[schedule.index(following)]
    return (following, left) if left < due else None


def asked_now(invoice: Invoice) -> Money:
    """The next instalment, or the whole."""
    part = next_part(invoice.schedule, invoice.instalments_settled, invoice.amount_due)
    return part[1] if part else invoice.amount_due


def asked_on(invoice: Invoice, day: date) -> Money:
    """All that is late on a day, else what is asked for next."""
    return invoice.overdue(day) or asked_now(invoice)


def asked_as(invoice: Invoice, day: date) -> str:
    """What that is called, as a message of the catalogues."""
    if asked_on(invoice, day) == invoice.amount_due:
        return "Amount due"
    return "Overdue amount" if invoice.overdue(day) else "Instalment due"
