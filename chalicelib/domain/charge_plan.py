"""When a client's card is charged for an invoice without anybody asking again."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

RETRIES = tuple(timedelta(days=days) for days in (1, 3, 5, 7))
"""After the first refusal that may pass: the card networks count tries, and fine those who try on."""

LOOK_AGAIN = timedelta(hours=1)
"""After which what was not heard of is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargePlan:
    """What is going to be charged.

    due_at: when it is to be charged; None once an attempt is being made, or after the last try.
    look_at: when the sweep looks at it next; None for never again.
    amount, instalment_id: as somebody wished; without an amount, what is due on the day.
    leaves: what was going to be due after that amount; what comes meanwhile is taken off it.
    asked: whether somebody wished it; otherwise the client's consent and the business's setting must still stand.
    refused_at: when it was refused first; retries: how often it was tried again; code: of the last refusal.
    """

    due_at: datetime | None
    look_at: datetime | None
    amount: Money | None = None
    instalment_id: str | None = None
    leaves: Money | None = None
    asked: bool = False
    refused_at: datetime | None = None
    retries: int = 0
    code: str | None = None

    @property
    def is_retry(self) -> bool:
        return self.refused_at is not None


def planned_at(at: datetime) -> ChargePlan:
    return ChargePlan(due_at=at, look_at=at)


def being_made(plan: ChargePlan | None, *, now: datetime) -> ChargePlan:
    """The plan while an attempt is made: it is looked at again if nothing is heard of it."""
    return replace(plan or ChargePlan(due_at=None, look_at=None), due_at=None, look_at=now + LOOK_AGAIN)


def still_wished(plan: ChargePlan, *, due: Money) -> Money:
    """What is left of an amount that somebody wished, now that so much is due; not above 0 where it came otherwise."""
    wished = plan.amount or due
    return min(wished, due - plan.leaves if plan.leaves else due)


def tried_again(plan: ChargePlan, *, code: str, now: datetime) -> ChargePlan | None:
    """The plan after a refusal that may pass; None after the last try."""
    if plan.retries >= len(RETRIES):
        return None
    first = plan.refused_at or now
    at = max(first + RETRIES[plan.retries], now)
    return replace(plan, due_at=at, look_at=at, refused_at=first, retries=plan.retries + 1, code=code)
