"""To what a movement of money is imputed: the invoice it was meant for, others, or the client's credit.

The debtor says what he pays; else it is what is due (Civil Code of Quebec, art. 1569 and 1572). What goes back is taken
from where it hurts least: the credit, then what was put on other invoices, the newest first, then the invoice itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What of a payment is on an invoice that it was not made for; of a movement, what is put there or taken away."""

    invoice_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What of a payment is held for, or went into, one refund; id: the refund's."""

    id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one movement of money does: to the invoice it was meant for, to others, and to its client's credit."""

    to_invoice: Money
    to_credit: Money
    elsewhere: tuple[Allocation, ...] = ()

    @property
    def to_others(self) -> Money:
        return total(self.elsewhere, self.to_credit.currency)

    @property
    def to_invoices(self) -> Money:
        """What is due less by it, on whatever invoice."""
        return self.to_invoice + self.to_others


def total(allocations: Iterable[Allocation], currency: str) -> Money:
    return Money(sum(allocation.amount.minor for allocation in allocations), currency)


def shared(movement: Money, *, due: Money, held: Applied) -> Applied:
    """What a movement does, beside what was held of the payment so far.

    due: what may be put on the invoice it was meant for.
    More money fills what is due, then credit; less is taken from the credit, then the newest allocation, then the
    invoice.
    """
    currency = movement.currency
    if movement.minor >= 0:
        to_invoice = Money(min(movement.minor, max(due.minor, 0)), currency)
        return Applied(to_invoice=to_invoice, to_credit=movement - to_invoice)
    from_credit = Money(max(movement.minor, -held.to_credit.minor), currency)
    left, taken = movement - from_credit, []
    for allocation in reversed(held.elsewhere):
        step = Money(max(left.minor, -allocation.amount.minor), currency)
        if step:
            taken.append(Allocation(invoice_id=allocation.invoice_id, amount=step))
        left -= step
    return Applied(to_invoice=left, to_credit=from_credit, elsewhere=tuple(taken))


def moved(held: Iterable[Allocation], movements: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """The allocations after movements of them: one for each invoice, in the order of their coming.

    One of nothing stays: its invoice tells of the payment for ever.
    """
    amounts: dict[str, Money] = {}
    for one in (*held, *movements):
        amounts[one.invoice_id] = amounts.get(one.invoice_id, Money.zero(one.amount.currency)) + one.amount
    return tuple(Allocation(invoice_id=id, amount=amount) for id, amount in amounts.items())
