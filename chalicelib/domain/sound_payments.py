"""Whether the money of a payment is where it should be, and is the provider's too (I3, I4, I10, I12)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.balance import Movement
from chalicelib.domain.books import Thing, Violation, booked, total
from chalicelib.domain.costs import costs_of
from chalicelib.domain.journal import Account, Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment, kept_of
from chalicelib.domain.payout import Payout
from chalicelib.domain.settlement import disputed, refunded, taken, under_dispute


def of_payment(payment: Payment, *, envelopes: Sequence[Envelope] | None = None) -> Iterator[Violation]:
    """A payment by itself, and beside its own events."""
    thing = Thing(payment.id, f"payment {payment.id}")
    kept = kept_of(payment)
    placed = kept if payment.client_id else Money.zero(payment.amount.currency)
    yield from thing.unless_equal("I3", ("what was placed of it is", payment.kept), ("what is kept of it is", placed))
    elsewhere = [allocation.amount.minor for allocation in payment.allocations]
    yield from thing.unless(
        min(payment.applied.minor, payment.credited.minor, *elsewhere) >= 0,
        "I3",
        f"{payment.applied} of it is applied, {payment.held.to_others} elsewhere, and {payment.credited} is credit",
    )
    yield from thing.unless(
        payment.refunded <= payment.amount,
        "I4",
        f"{payment.refunded} of it went back and {payment.amount} was received",
    )
    yield from _of_returns(thing, payment)
    yield from _of_facts(thing, payment)
    if envelopes is not None:
        yield from _of_journal(thing, payment, envelopes)


def of_clearing(
    payments: Iterable[Payment],
    envelopes: Iterable[Envelope],
    movements: Iterable[Movement],
    payouts: Iterable[Payout] = (),
) -> Iterator[Violation]:
    """The clearing account beside the provider's own report: payments less fees and payouts, by account (I12).

    Each payment account and currency is judged for itself.
    """
    account_of = {payment.id: payment.facts.account for payment in payments if payment.facts}
    account_of |= {payout.id: payout.account for payout in payouts}
    ours: dict[tuple[str, str], int] = defaultdict(int)
    for envelope in envelopes:
        for posting in envelope.event.postings:
            if posting.account is Account.CLEARING:
                account = account_of.get(envelope.event.subject, "")
                ours[account, posting.amount.currency] += posting.amount.minor
    theirs: dict[tuple[str, str], int] = defaultdict(int)
    for movement in movements:
        theirs[movement.account, movement.amount.currency] += movement.net.minor
    for account, currency in sorted({*ours, *theirs}):
        yield from Thing(account, f"payment account {account}").unless_equal(
            "I12",
            ("the clearing account is", Money(ours[account, currency], currency)),
            ("the provider's report comes to", Money(theirs[account, currency], currency)),
        )


def _of_returns(thing: Thing, payment: Payment) -> Iterator[Violation]:
    """What other invoices tell of what went back is no more than did, and no credit came off them that is not there."""
    currency = payment.amount.currency
    for word, gone, whole in (
        ("refunded", (one.refunded for one in payment.allocations), payment.refunded),
        ("disputed", (one.disputed for one in payment.allocations), payment.withdrawn),
        ("credit", (one.freed for one in payment.allocations), payment.credited),
    ):
        parts = total((amount for amount in gone if amount), currency)
        yield from thing.unless(parts <= whole, "I4", f"elsewhere {parts} of it is {word}, and {whole} is")


def _of_facts(thing: Thing, payment: Payment) -> Iterator[Violation]:
    if payment.facts is None:
        return
    counted = (payment.amount, payment.refunded, payment.disputed, payment.under_dispute)
    said = (taken(payment.facts), refunded(payment.facts), disputed(payment.facts), under_dispute(payment.facts))
    words = ("taken", "given back", "held back", "in dispute")
    for word, ours, theirs in zip(words, counted, said, strict=True):
        yield from thing.unless_equal("I3", (f"it counts as {word}", ours), ("the provider said", theirs))
    cost = costs_of(payment.facts)
    yield from thing.unless(
        payment.costs == cost, "I3", f"{payment.costs} was booked of what it cost, and the provider said {cost}"
    )


def _of_journal(thing: Thing, payment: Payment, envelopes: Iterable[Envelope]) -> Iterator[Violation]:
    """What the payment's own postings come to (I10)."""
    own = [envelope for envelope in envelopes if envelope.event.subject == payment.id]
    zero, currency = Money.zero(payment.amount.currency), payment.amount.currency
    money = Account.CLEARING if payment.method is Method.ONLINE else Account.CASH
    costs = payment.costs
    elsewhere = [came.currency for came in costs.settled]
    pairs = [
        (money, kept_of(payment) - costs.all_in(currency) - costs.exchanged_in(currency)),
        (Account.FEES, costs.fee_in(currency)),
        (Account.RECEIVABLE, -payment.held.to_invoices),
        (Account.CUSTOMER_CREDIT, -payment.credited),
        (Account.UNMATCHED, zero if payment.client_id else -kept_of(payment)),
    ]
    pairs += [(Account.EXCHANGE, costs.exchanged_in(each)) for each in (currency, *elsewhere)]
    pairs += [(Account.CLEARING, -costs.exchanged_in(each) - costs.fee_in(each)) for each in elsewhere]
    for account, wanted in pairs:
        in_journal = booked(own, account, wanted.currency)
        yield from thing.unless_equal(
            "I10", (f"the journal's {account} for it is", in_journal), ("it should be", wanted)
        )
