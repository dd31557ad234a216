"""What goes wrong between us and the services, and how often: each seed draws a mix of its own."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

WRITES = {"TransactWriteItems", "PutItem", "SendMessage", "PutObject", "SendRawEmail"}

CALLS = {
    "crash_before": "the function dies before the call",
    "crash_after": "the function dies when the call was carried out",
    "lost_request": "the call never arrives, and times out",
    "lost_answer": "the call is carried out, and times out",
    "resent": "the answer is lost once, and the SDK sends the same call again",
    "throttled": "the service has too much to do",
    "conflict": "another transaction touches the same item",
    "stale_index": "an index shows what was true a few writes ago",
    "short_page": "a page ends early",
    "unprocessed": "some keys of a batch stay unread",
    "slow": "the call takes so long that others overtake it",
}
"""Faults of one call."""

COURSES = {
    "duplicate": "a record, message or event comes once more, though it was done",
    "overlap": "a message comes again while its first run still goes on",
    "newer_event": "a record has fields that only a newer version knows",
    "older_event": "a record lacks the fields that an older version did not write",
    "bounce": "a mail that was accepted comes back",
    "clock_back": "this sandbox's clock is some minutes behind",
    "stripe_never_told": "some events of Stripe's never arrive, for whatever reason",
}
"""Faults of what wakes us."""

STRIPE = {
    "stripe_500": "Stripe fails, and keeps the failure under the idempotency key",
    "stripe_429": "Stripe has too much to do",
    "stripe_lost_request": "the request never arrives",
    "stripe_crash": "the function dies when the request was carried out",
    "stripe_slow": "Stripe's answer is under way so long that others overtake it",
    "stripe_lost_answer": "the request is carried out, and the connection breaks",
}

RECEIVER = {
    "receiver_500": "the business's server fails",
    "receiver_lost_request": "what is posted never arrives",
    "receiver_lost_answer": "what is posted is taken, and the connection breaks",
    "receiver_crash": "the function dies while it posts",
    "receiver_slow": "the business's server takes so long that others overtake it",
}

KINDS = CALLS | COURSES | STRIPE | RECEIVER


@dataclass(slots=True)
class Faults:
    """budget: how many may still strike, so that every history comes to rest; for_receivers: beside them, of posts.

    spared: the attempt from which on a piece of work meets no more faults: retries are bounded, and a run of bad
    luck that exhausts them is the alarm's business, not this proof's.
    focused: whether every fault that strikes is of these kinds; else one drawn of another kind is a fault spared.
    """

    chance: random.Random
    rate: float
    budget: int
    kinds: frozenset[str]
    spared: int = 3
    focused: bool = False
    for_receivers: int = 8
    struck: Counter[str] = field(default_factory=Counter)

    @classmethod
    def drawn(cls, chance: random.Random) -> "Faults":
        share = chance.choice((0.3, 0.6, 1.0))
        kinds = frozenset(kind for kind in KINDS if chance.random() < share)
        return cls(chance=chance, rate=chance.choice((0.02, 0.06, 0.15)), budget=chance.randint(3, 20), kinds=kinds)

    def of_call(self, operation: str, attempt: int) -> str | None:
        """What happens to this call of AWS."""
        often = 0.5 if operation == "GetItem" else 3
        return self._drawn(_possible(operation), attempt, often)

    def of_stripe(self, method: str, attempt: int) -> str | None:
        """What happens to this request; those that change something meet more."""
        return self._drawn(tuple(STRIPE), attempt, 2 if method == "GET" else 8)

    def of_receiver(self, attempt: int) -> str | None:
        """What happens to what is posted to a business's own server: it comes last, when other faults have struck."""
        if self.for_receivers <= 0:
            return None
        spent, self.budget = self.budget, self.for_receivers
        kind = self._drawn(tuple(RECEIVER), attempt, 20)
        self.for_receivers, self.budget = self.budget, spent
        return kind

    def strikes(self, kind: str, attempt: int = 1, often: float = 1) -> bool:
        """Whether this one happens now."""
        return self._drawn((kind,), attempt, often) is not None

    def behind(self, attempt: int, often: float = 1) -> timedelta:
        """By how much the clock of the sandbox that takes this is behind."""
        return timedelta(minutes=5) if self.strikes("clock_back", attempt, often) else timedelta()

    def _drawn(self, possible: tuple[str, ...], attempt: int, often: float = 1) -> str | None:
        if self.budget <= 0 or attempt > self.spared or self.chance.random() >= self.rate * often:
            return None
        possible = tuple(kind for kind in possible if kind in self.kinds) if self.focused else possible
        kind = self.chance.choice(possible) if possible else ""
        if kind not in self.kinds:
            return None
        self.budget -= 1
        self.struck[kind] += 1
        return kind


@cache
def _possible(operation: str) -> tuple[str, ...]:
    return tuple(kind for kind in CALLS if _fits(kind, operation))


def _fits(kind: str, operation: str) -> bool:
    match kind:
        case "conflict":
            return operation == "TransactWriteItems"
        case "resent" | "crash_after" | "lost_answer":
            return operation in WRITES
        case "stale_index" | "short_page":
            return operation == "Query"
        case "unprocessed":
            return operation == "BatchGetItem"
    return True
