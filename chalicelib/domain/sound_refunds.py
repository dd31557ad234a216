"""Whether a payment's refunds are what the payment and the provider say of them (I4), and were asked for (I13)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.imputation import Reservation, total_of
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.refund import Refund
from chalicelib.domain.sound_work import GRACE


def of_refunds(payment: Payment, refunds: Iterable[Refund]) -> Iterator[Violation]:
    """A payment beside all refunds that were asked for of it."""
    thing = Thing(payment.id, f"payment {payment.id}")
    own = {one.id: one for one in refunds}
    by_hand = {one.id for one in own.values() if one.method is not Method.ONLINE}
    asked = {one.id for one in own.values() if one.is_to_be_asked}
    yield from _held(thing, "refunds under way hold", asked, "are reserved", payment.refunding, own)
    yield from _held(thing, "refunds by hand come to", by_hand, "were given back", payment.given_back, own)
    if payment.method is not Method.ONLINE:
        given = total_of(payment.given_back, payment.amount.currency)
        yield from thing.unless_equal("I4", ("by hand was given back", given), ("it counts", payment.refunded))
    told = Counter(said.ours for said in (payment.facts.refunds if payment.facts else ()) if said.ours)
    for id in (id for id, times in told.items() if times > 1):
        yield from thing.unless(False, "I4", f"refund {id} was made {told[id]} times")
    for said in payment.facts.refunds if payment.facts else ():
        if one := own.get(said.ours):
            pair = (one.status, one.amount), (said.status, said.amount)
            yield from thing.unless_equal("I4", (f"refund {one.id} is", pair[0]), ("the provider says", pair[1]))


def of_refund_work(refund: Refund, *, now: datetime, grace: timedelta = GRACE) -> Iterator[Violation]:
    """A refund that was asked for has reached the provider, or failed (I13); now: by the business's clock."""
    waits = refund.is_to_be_asked and refund.created_at + grace <= now
    yield from Thing(refund.id, f"refund {refund.id}").unless(not waits, "I13", "the provider has never told of it")


def _held(
    thing: Thing, here: str, ids: Iterable[str], there: str, held: Iterable[Reservation], own: dict[str, Refund]
) -> Iterator[Violation]:
    wanted = sorted((id, own[id].amount.minor) for id in ids)
    found = sorted((one.id, one.amount.minor) for one in held)
    yield from thing.unless_equal("I4", (f"its {here}", wanted), (f"of it {there}", found))
