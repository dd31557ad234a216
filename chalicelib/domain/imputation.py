"""To what a movement of money is imputed: the invoice it was meant for, others, or the client's credit.

The debtor says what he pays; else it is what is due (Civil Code of Quebec, art. 1569 and 1572). What goes back is taken
from where it hurts least: the credit, then what was put on other invoices, the newest first, then the invoice itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from types import MappingProxyType

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

NOTHING_DUE: Mapping[str, Money] = MappingProxyType({})


class Back(Enum):
    """Why money went back, or came again."""

    REFUND = "refund"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What of a payment is on an invoice that it was not made for; of a movement, what is put there or taken away.

    refunded, disputed: what went from there because money went back; it comes there first, should it come again.
    freed: what of the payment's credit came off it by a credit note; if that is refunded, the invoice tells of it.
    """

    invoice_id: str
    amount: Money
    refunded: Money | None = None
    disputed: Money | None = None
    freed: Money | None = None

    @property
    def has_gone(self) -> bool:
        """Whether some of it went back from there."""
        return bool(self.refunded or self.disputed)

    def gone(self, back: Back) -> Money:
        """What went from there, and why."""
        gone = self.refunded if back is Back.REFUND else self.disputed
        return gone or Money.zero(self.amount.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What of a payment went back: given back, held back now for open disputes, taken by disputes that are not won."""

    refunded: Money
    under_dispute: Money
    withdrawn: Money

    @classmethod
    def nothing(cls, currency: str) -> "Gone":
        zero = Money.zero(currency)
        return cls(refunded=zero, under_dispute=zero, withdrawn=zero)

    def without(self, others: "Iterable[Gone]") -> "Gone":
        left = self
        for one in others:
            left = Gone(
                refunded=left.refunded - one.refunded,
                under_dispute=left.under_dispute - one.under_dispute,
                withdrawn=left.withdrawn - one.withdrawn,
            )
        return left


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


def shared(
    movement: Money, *, due: Money, held: Applied, dues: Mapping[str, Money] = NOTHING_DUE, back: Back = Back.REFUND
) -> Applied:
    """What a movement does, beside what was held of the payment so far.

    due: what may be put on the invoice it was meant for; dues: on others from which some of it was taken.
    back: why money goes back, or what of that comes again.
    More money fills what is due, then what it was taken from, then credit; less is taken from the credit, then the
    newest allocation, then the invoice.
    """
    return _more(movement, due, held, dues, back) if movement.minor >= 0 else _less(movement, held, back)


def _more(movement: Money, due: Money, held: Applied, dues: Mapping[str, Money], back: Back) -> Applied:
    nothing = Money.zero(movement.currency)
    to_invoice = min(movement, max(due, nothing))
    left, steps = movement - to_invoice, []
    for one in held.elsewhere:
        due_there = max(dues.get(one.invoice_id, nothing), nothing)
        steps.append(min(left, due_there, one.gone(back)))
        left -= steps[-1]
    to_credit, parts = left, []
    for one, step in zip(held.elsewhere, steps, strict=True):
        freed = min(left, one.gone(back) - step)
        left -= freed
        parts.append(_part(one.invoice_id, step, back, gone=-step - freed, freed=freed))
    return Applied(to_invoice=to_invoice, to_credit=to_credit, elsewhere=tuple(filter(_says_something, parts)))


def _less(movement: Money, held: Applied, back: Back) -> Applied:
    from_credit = max(movement, -held.to_credit)
    left, credit, parts = movement - from_credit, -from_credit, []
    for one in reversed(held.elsewhere):
        freed, step = min(credit, one.freed or Money.zero(credit.currency)), max(left, -one.amount)
        credit -= freed
        left -= step
        parts.append(_part(one.invoice_id, step, back, gone=freed - step, freed=-freed))
    return Applied(to_invoice=left, to_credit=from_credit, elsewhere=tuple(filter(_says_something, parts)))


def _part(invoice_id: str, amount: Money, back: Back, *, gone: Money, freed: Money) -> Allocation:
    by_refund = back is Back.REFUND
    return Allocation(
        invoice_id=invoice_id,
        amount=amount,
        refunded=gone if by_refund else None,
        disputed=None if by_refund else gone,
        freed=freed,
    )


def _says_something(one: Allocation) -> bool:
    return any((one.amount, one.refunded, one.disputed, one.freed))


def moved(held: Iterable[Allocation], movements: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """The allocations after movements of them: one for each invoice, in the order of their coming.

    One of nothing stays: its invoice tells of the payment for ever.
    """
    sums: dict[str, Allocation] = {}
    for one in (*held, *movements):
        before = sums.get(one.invoice_id)
        sums[one.invoice_id] = _sum(before, one) if before else one
    return tuple(sums.values())


def bounded(
    allocations: Sequence[Allocation], *, refunded: Money, disputed: Money, credited: Money
) -> tuple[Allocation, ...]:
    """The allocations that together tell of no more than went back of the payment, and is its credit.

    The oldest give way: money goes back from the newest first, and credit that was freed first was used first.
    """
    refunds = _at_most(refunded, [one.refunded for one in allocations])
    gone = [one.gone(Back.REFUND) + one.gone(Back.DISPUTE) for one in allocations]
    disputes = _at_most(disputed, [all - refund for all, refund in zip(gone, refunds, strict=True)])
    freed = _at_most(credited, [one.freed for one in allocations])
    return tuple(
        replace(one, refunded=refund or None, disputed=dispute or None, freed=free or None)
        for one, refund, dispute, free in zip(allocations, refunds, disputes, freed, strict=True)
    )


def _at_most(most: Money, amounts: Sequence[Money | None]) -> list[Money]:
    nothing = Money.zero(most.currency)
    known = [amount or nothing for amount in amounts]
    over, kept = max(sum(known, nothing) - most, nothing), []
    for amount in known:
        less = min(over, amount)
        over -= less
        kept.append(amount - less)
    return kept


def _sum(one: Allocation, other: Allocation) -> Allocation:
    zero = Money.zero(one.amount.currency)
    return replace(
        one,
        amount=one.amount + other.amount,
        refunded=(one.refunded or zero) + (other.refunded or zero),
        disputed=(one.disputed or zero) + (other.disputed or zero),
        freed=(one.freed or zero) + (other.freed or zero),
    )
