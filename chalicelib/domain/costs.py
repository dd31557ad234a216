"""What became of a payment at the provider's: its fees, what it took beyond what had come, and what it exchanged."""

from collections import Counter
from collections.abc import Iterable

from chalicelib.domain.journal import Account, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import Charge, Dispute, PaymentFacts, Refund, disputed, exchanged, refunded, taken
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was booked of them so far.

    fees: one amount for each currency, by its code; the account's currency need not be the payment's.
    lost: what went back beyond what was received: a dispute over the whole charge after a partial refund.
    exchanged: what of the payment the account holds in another currency; settled: what it came to there, before fees.
    """

    fees: tuple[Money, ...] = ()
    lost: Money | None = None
    exchanged: Money | None = None
    settled: tuple[Money, ...] = ()

    def fee_in(self, currency: str) -> Money:
        return sum((fee for fee in self.fees if fee.currency == currency), Money.zero(currency))

    def exchanged_in(self, currency: str) -> Money:
        """What went from a currency by exchange; below zero, what came into it."""
        amounts = [*([self.exchanged] if self.exchanged else []), *(-came for came in self.settled)]
        return sum((one for one in amounts if one.currency == currency), Money.zero(currency))

    def all_in(self, currency: str) -> Money:
        lost = self.lost if self.lost and self.lost.currency == currency else Money.zero(currency)
        return self.fee_in(currency) + lost


NOTHING = Costs()


def costs_of(facts: PaymentFacts) -> Costs:
    """What the provider kept of charges, of refunds and for disputes, less what it gave back of that."""
    lost = refunded(facts) + disputed(facts) - taken(facts)
    parts: tuple[Charge | Refund | Dispute, ...] = (*facts.charges, *facts.refunds, *facts.disputes)
    return Costs(
        fees=_by_currency(part.fee for part in parts if part.fee),
        lost=lost if lost.minor > 0 else None,
        exchanged=exchanged(facts) or None,
        settled=_by_currency(part.settled for part in parts if part.settled),
    )


def booked(before: Costs, after: Costs) -> tuple[Posting, ...]:
    """The postings that make of what was booked what is known now.

    Nothing is converted by us: what the provider exchanged leaves the one currency and enters the other as it says.
    """
    currencies = sorted({fee.currency for fee in (*before.fees, *after.fees)})
    moved = [(Account.FEES, after.fee_in(each) - before.fee_in(each)) for each in currencies]
    known = (before.exchanged, after.exchanged, *before.settled, *after.settled)
    changed = sorted({amount.currency for amount in known if amount})
    moved += [(Account.EXCHANGE, after.exchanged_in(each) - before.exchanged_in(each)) for each in changed]
    if lost := after.lost or before.lost:
        zero = Money.zero(lost.currency)
        moved.append((Account.LOSSES, (after.lost or zero) - (before.lost or zero)))
    return balanced(
        *(Posting(account, amount) for account, amount in moved),
        *(Posting(Account.CLEARING, -amount) for _, amount in moved),
    )


def _by_currency(amounts: Iterable[Money]) -> tuple[Money, ...]:
    sums: Counter[str] = Counter()
    for amount in amounts:
        sums[amount.currency] += amount.minor
    return tuple(Money(sums[currency], currency) for currency in sorted(sums) if sums[currency])
