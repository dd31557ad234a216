"""How far a payment account was compared with what the provider says, and what that brought to light."""

from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.domain.values import dataclass

OVERLAP = timedelta(hours=1)
"""So much is read again each time: an event may be listed later than its own time says."""
FIRST_LOOK = timedelta(days=1)
"""An account that is new to us is looked at from here on; what it took before is nobody's business."""
DAILY = timedelta(days=1)
EVENTS_AGAIN = timedelta(days=2)
"""Once a day events are read again from here on: one that was told of, and whose work was lost, is done then."""
PAYMENTS_AGAIN = timedelta(days=7)
"""Once a day payments, and movements of the balance, are compared from here on."""
OVERDUE = timedelta(hours=1)
"""What should have ended by itself, and is still open after this, is asked for."""


class Step(StrEnum):
    """What is gone through, in this order; all but the first two once a day only."""

    EVENTS = "events"
    MOVEMENTS = "movements"
    PAYMENTS = "payments"
    PAGES = "pages"
    REFUNDS = "refunds"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a payment account stands; all by the real time. It is no state of the business's: no event tells of it.

    id: the account's, as we name it. began: nothing older is compared.
    read_from, read_up_to: the last round's events; every one up to here has been queued, or was known.
    compared_at: when it was last compared payment by payment. told_up_to: the last finding that a mail told of.
    refused: why the provider let nobody in at the last round; what was missed then is read at the next.
    """

    id: str
    version: int = 0
    began: datetime
    read_from: datetime
    read_up_to: datetime
    checked_at: datetime | None = None
    compared_at: datetime | None = None
    events_seen: int = 0
    missed: int = 0
    told_up_to: str = ""
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One comparison of an account, as far as it has come; whoever goes on may be another than who began.

    since, until: of the events. step, after: what is gone through, and where its next page begins.
    daily: whether everything is gone through. seen: how many events; missed: those that nobody had told us of.
    """

    account: str
    since: datetime
    until: datetime
    began: datetime
    daily: bool
    step: Step | None = Step.EVENTS
    after: dict[str, str] | None = None
    seen: int = 0
    missed: int = 0

    @property
    def again_from(self) -> datetime:
        """From when on payments and movements are compared: never later than the events are read from."""
        return max(min(self.until - PAYMENTS_AGAIN, self.since), self.began) if self.daily else self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A payment's money at one moment; fee: in the payment's currency."""

    amount: Money
    refunded: Money
    disputed: Money
    fee: Money


class What(StrEnum):
    """What was found."""

    MISSING = "payment_missing"
    DIFFERENT = "payment_different"
    FEE = "fee_different"
    MOVEMENT = "movement_not_booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A difference between our books and the provider's; of a payment it was healed in the same transaction.

    because: what led to it: the type of an event, or what was compared.
    before: as it stood in our books; None where it was not in them. after: None for what is not booked at all.
    amount: of a movement that is nothing we book.
    """

    id: str
    account: str
    payment_intent_id: str = ""
    payment_id: str | None = None
    what: What
    because: str
    before: Seen | None = None
    after: Seen | None = None
    amount: Money | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a list of the provider's payments says of one.

    received: what was taken; refunded: what of it was given back; disputed: whether the payer's bank took any back.
    """

    payment_intent_id: str
    received: Money
    refunded: Money
    disputed: bool
    metadata: dict[str, str] = field(default_factory=dict)


def never_compared(account: str, *, opened: datetime) -> Standing:
    """Where an account stands of which nothing was read yet."""
    return Standing(id=account, began=opened, read_from=opened, read_up_to=opened)


def begun(account: str, standing: Standing | None, *, opened: datetime, grace: timedelta, now: datetime) -> Round:
    """The next round of an account.

    opened: when the business came to us. grace: what is younger than this is being told of by itself.
    """
    until = now - grace
    began = standing.began if standing else max(opened, now - FIRST_LOOK)
    daily = standing is None or standing.compared_at is None or now - standing.compared_at >= DAILY
    since = (standing.read_up_to if standing else began) - OVERLAP
    return Round(
        account=account,
        since=max(min(since, until - EVENTS_AGAIN) if daily else since, began - OVERLAP),
        until=until,
        began=began,
        daily=daily,
    )


def turned(round_: Round, after: dict[str, str] | None, *, seen: int = 0, missed: int = 0) -> Round:
    """The round after a page: at the next page, at the next step, or at its end."""
    counted = replace(round_, after=after, seen=round_.seen + seen, missed=round_.missed + missed)
    if after is not None or round_.step is None:
        return counted
    steps = list(Step) if round_.daily else [Step.EVENTS, Step.MOVEMENTS]
    following = steps[steps.index(round_.step) + 1 :]
    return replace(counted, step=following[0] if following else None)


def ended(round_: Round, standing: Standing | None, *, told_up_to: str, now: datetime) -> Standing:
    """Where the account stands after a round: never behind where another had brought it."""
    before = standing or Standing(
        id=round_.account, began=round_.began, read_from=round_.since, read_up_to=round_.since
    )
    return replace(
        before,
        version=before.version + 1,
        read_from=round_.since,
        read_up_to=max(before.read_up_to, round_.until),
        checked_at=now,
        compared_at=now if round_.daily else before.compared_at,
        events_seen=round_.seen,
        missed=round_.missed,
        told_up_to=max(before.told_up_to, told_up_to),
        refused=None,
    )


def refused(standing: Standing | None, round_: Round, *, code: str, now: datetime) -> Standing:
    """Where it stands when the provider let nobody in: where it stood."""
    before = standing or Standing(
        id=round_.account, began=round_.began, read_from=round_.since, read_up_to=round_.since
    )
    return replace(before, version=before.version + 1, checked_at=now, refused=code)


def seen(payment: Payment) -> Seen:
    return Seen(
        amount=payment.amount,
        refunded=payment.refunded,
        disputed=payment.disputed,
        fee=payment.costs.fee_in(payment.amount.currency),
    )


def found(before: Payment | None, after: Payment, *, id: str, because: str, at: datetime) -> Finding | None:
    """What was healed of a payment; None where nothing of its money is different."""
    was, now = seen(before) if before else None, seen(after)
    if was == now:
        return None
    what = What.MISSING if was is None else What.DIFFERENT
    if was is not None and replace(was, fee=now.fee) == now:
        what = What.FEE
    return Finding(
        id=id,
        account=after.facts.account if after.facts else "",
        payment_intent_id=after.facts.payment_intent_id if after.facts else "",
        payment_id=after.id,
        what=what,
        because=because,
        before=was,
        after=now,
        at=at,
    )


def differs(sighting: Sighting, known: Payment | None) -> bool:
    """Whether a payment as the provider lists it is not the one in our books."""
    if known is None:
        return sighting.received.minor > 0
    told = known.facts is not None and bool(known.facts.disputes)
    return (known.amount, known.refunded) != (sighting.received, sighting.refunded) or (sighting.disputed and not told)
