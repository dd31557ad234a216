"""A recurring plan: what is billed to a client again and again, each period once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.document import Template
from chalicelib.domain.errors import DomainError, Refused
from chalicelib.domain.figures import Figures
from chalicelib.domain.money import Money
from chalicelib.domain.plan_events import (
    PlanBilled,
    PlanChanged,
    PlanMoved,
    PlanNotBilled,
    PlanPaused,
    PlanRemoved,
    PlanResumed,
)
from chalicelib.domain.plan_terms import Clocks, PlanPeriod, PlanTerms
from chalicelib.domain.values import dataclass

RETRIES = (timedelta(hours=1), timedelta(hours=5), timedelta(hours=18))
"""After a period could not be billed: within a day a person may have seen to it."""


class PlanStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    BLOCKED = "blocked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """Why the next period could not be billed.

    retry_at: None: it is not tried again before somebody resumes or changes the plan.
    """

    code: str
    reason: str
    since: datetime
    tries: int = 1
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Periods that are never billed, from one number to another."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who is billed for what, and how far that has come; the lines are in the body of the same revision.

    figures: of a whole period, as the taxes were when it was written.
    chosen_taxes: the lines, by id, that name their taxes themselves; the others follow the client's exemption.
    number: of the next period, 1 being the first; starts: the day that it begins on.
    left_out: the periods that came due in a pause and are not billed.
    due_at: when the next period is billed; None while nothing will be by itself.
    """

    id: str
    version: int = 1
    client_id: str
    client_name: str
    job_id: str
    name: str
    revision: int = 1
    figures: Figures
    chosen_taxes: tuple[str, ...] = ()
    terms: PlanTerms
    language: str | None = None
    template: Template | None = None
    purchase_order: str | None = None
    number: int = 1
    starts: date
    left_out: tuple[LeftOut, ...] = ()
    due_at: datetime | None = None
    paused_at: datetime | None = None
    hindrance: Hindrance | None = None
    created_at: datetime

    @property
    def upcoming(self) -> PlanPeriod | None:
        """The next period that is to be billed; None once all are."""
        return self.terms.period(self.number, starts=self.starts)

    @property
    def status(self) -> PlanStatus:
        if self.upcoming is None:
            return PlanStatus.ENDED
        if self.paused_at:
            return PlanStatus.PAUSED
        return PlanStatus.BLOCKED if self.hindrance else PlanStatus.ACTIVE

    @property
    def billed(self) -> int:
        """How many periods have, or had, an invoice."""
        return self.number - 1 - sum(gap.last - gap.first + 1 for gap in self.left_out)

    @property
    def is_untouched(self) -> bool:
        """Whether no period is behind it."""
        return self.number == 1


def planned(plan: Plan, clocks: Clocks) -> Plan:
    """The plan, which nothing hinders, with the instant at which it is billed next."""
    return replace(plan, due_at=_due_at(plan, clocks))


def after(plan: Plan, period: PlanPeriod) -> Plan:
    """The plan with a period, its next, behind it."""
    starts = period.service.end + timedelta(days=1)
    return replace(plan, number=period.number + 1, starts=starts, hindrance=None)


def changed(
    plan: Plan, wanted: Plan, *, fields: tuple[str, ...], clocks: Clocks, at: datetime
) -> tuple[Plan, PlanChanged]:
    """The plan with what is wanted of it, from the next period on; what hindered it is tried anew.

    Raises Refused (``plan_begun``) for another start of what has begun.
    """
    if wanted.terms.start_on != plan.terms.start_on:
        if not plan.is_untouched:
            raise Refused("plan_begun", f"You cannot move the start of plan {plan.id} because it has begun.")
        wanted = replace(wanted, starts=wanted.terms.start_on)
    edition = planned(replace(wanted, version=plan.version + 1, hindrance=None), clocks)
    total = edition.figures.total
    return edition, PlanChanged(subject=plan.id, version=edition.version, at=at, total=total, fields=fields)


def billed(
    plan: Plan, period: PlanPeriod, *, invoice_id: str, amount: Money, clocks: Clocks, at: datetime
) -> tuple[Plan, PlanBilled]:
    """The plan with an invoice for its next period."""
    done = planned(replace(after(plan, period), version=plan.version + 1), clocks)
    return done, PlanBilled(
        subject=plan.id,
        version=done.version,
        at=at,
        period=period.number,
        invoice_id=invoice_id,
        since=period.service.start,
        through=period.service.end,
        amount=amount,
    )


def not_billed(plan: Plan, period: PlanPeriod, error: DomainError, *, at: datetime) -> tuple[Plan, PlanNotBilled]:
    """The plan with what hinders it: it is tried again for a day, then it waits for a person."""
    before = plan.hindrance
    tries = before.tries if before else 0
    retry_at = at + RETRIES[tries] if tries < len(RETRIES) else None
    hindrance = Hindrance(
        code=error.code,
        reason=error.detail,
        since=before.since if before else at,
        tries=tries + 1,
        retry_at=retry_at,
    )
    stuck = replace(plan, version=plan.version + 1, hindrance=hindrance, due_at=retry_at)
    return stuck, PlanNotBilled(
        subject=plan.id,
        version=stuck.version,
        at=at,
        period=period.number,
        since=period.service.start,
        through=period.service.end,
        code=error.code,
        reason=error.detail,
        tries=hindrance.tries,
        parked=retry_at is None,
    )


def paused(plan: Plan, *, at: datetime) -> tuple[Plan, PlanPaused]:
    """The plan at rest. Raises Refused for one that has ended or is paused already."""
    if plan.status in {PlanStatus.ENDED, PlanStatus.PAUSED}:
        raise Refused("move_not_allowed", f"You cannot pause plan {plan.id} because it is {plan.status}.")
    resting = replace(plan, version=plan.version + 1, paused_at=at, due_at=None)
    return resting, PlanPaused(subject=plan.id, version=resting.version, at=at)


def resumed(plan: Plan, *, today: date, bill_missed: bool, clocks: Clocks, at: datetime) -> tuple[Plan, PlanResumed]:
    """The plan going on: what came due in a pause before today is left out for ever, unless it is to be billed.

    A plan that something hindered is tried anew, and leaves nothing out.
    Raises Refused for one that is neither paused nor blocked.
    """
    if plan.status not in {PlanStatus.PAUSED, PlanStatus.BLOCKED}:
        raise Refused("move_not_allowed", f"You cannot resume plan {plan.id} because it is {plan.status}.")
    going = replace(plan, version=plan.version + 1, paused_at=None, hindrance=None)
    if plan.paused_at and not bill_missed:
        while (period := going.upcoming) and period.bill_on < today:
            going = after(going, period)
    missed = going.number - plan.number
    if missed:
        gap = LeftOut(first=plan.number, last=going.number - 1)
        going = replace(going, left_out=(*plan.left_out, gap))
    going = planned(going, clocks)
    return going, PlanResumed(subject=plan.id, version=going.version, at=at, left_out=missed)


def moved(plan: Plan, clocks: Clocks, *, at: datetime) -> tuple[Plan, PlanMoved]:
    """The plan with its next instant by clocks that are other than they were."""
    later = planned(replace(plan, version=plan.version + 1), clocks)
    return later, PlanMoved(subject=plan.id, version=later.version, at=at)


def removal(plan: Plan, *, at: datetime) -> PlanRemoved:
    """The event of its going. Raises Refused (``plan_begun``) for one that has billed something."""
    if not plan.is_untouched:
        raise Refused(
            "plan_begun", f"You cannot delete plan {plan.id} because it has begun; give it an end in place of that."
        )
    return PlanRemoved(subject=plan.id, version=plan.version + 1, at=at)


def _due_at(plan: Plan, clocks: Clocks) -> datetime | None:
    period = plan.upcoming
    if period is None or plan.paused_at:
        return None
    return clocks.billing(period.bill_on, plan.terms.send_at)
