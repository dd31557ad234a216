"""To what a movement of money is imputed: the invoice it was meant for, others, or the client's credit.

The debtor says what he pays; else it is what is due (Civil Code of Quebec, art. 1569 and 1572). What goes back is taken
from where it hurts least: the credit, then what was put on other invoices, the newest first, then the invoice itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.domain.money import Money

NOTHING_DUE: Mapping[str, Money] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What of a payment is on an invoice that it was not made for; of a movement, what is put there or taken away.

    taken: what went from there because money went back; it comes there first, should it come again.
    """

    invoice_id: str
    amount: Money
    taken: Money | None = None


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


def total_of(held: Iterable[Reservation], currency: str) -> Money:
    return Money(sum(one.amount.minor for one in held), currency)


def shared(movement: Money, *, due: Money, held: Applied, dues: Mapping[str, Money] = NOTHING_DUE) -> Applied:
    """What a movement does, beside what was held of the payment so far.

    due: what may be put on the invoice it was meant for; dues: on others from which some of it was taken.
    More money fills what is due, then what it was taken from, then credit; less is taken from the credit, then the
    newest allocation, then the invoice.
    """
    return _more(movement, due, held, dues) if movement.minor >= 0 else _less(movement, held)


def _more(movement: Money, due: Money, held: Applied, dues: Mapping[str, Money]) -> Applied:
    nothing = Money.zero(movement.currency)
    to_invoice = min(movement, max(due, nothing))
    left, back = movement - to_invoice, []
    for allocation in held.elsewhere:
        due_there = max(dues.get(allocation.invoice_id, nothing), nothing)
        step = min(left, due_there, allocation.taken or nothing)
        if step:
            back.append(Allocation(invoice_id=allocation.invoice_id, amount=step, taken=-step))
        left -= step
    return Applied(to_invoice=to_invoice, to_credit=left, elsewhere=tuple(back))


def _less(movement: Money, held: Applied) -> Applied:
    from_credit = max(movement, -held.to_credit)
    left, taken = movement - from_credit, []
    for allocation in reversed(held.elsewhere):
        step = max(left, -allocation.amount)
        if step:
            taken.append(Allocation(invoice_id=allocation.invoice_id, amount=step, taken=-step))
        left -= step
    return Applied(to_invoice=left, to_credit=from_credit, elsewhere=tuple(taken))


def moved(held: Iterable[Allocation], movements: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """The allocations after movements of them: one for each invoice, in the order of their coming.

    One of nothing stays: its invoice tells of the payment for ever.
    """
    sums: dict[str, tuple[Money, Money]] = {}
    for one in (*held, *movements):
        zero = Money.zero(one.amount.currency)
        amount, taken = sums.get(one.invoice_id, (zero, zero))
        sums[one.invoice_id] = amount + one.amount, taken + (one.taken or zero)
    return tuple(Allocation(invoice_id=id, amount=sum_, taken=taken or None) for id, (sum_, taken) in sums.items())
