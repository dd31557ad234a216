"""Recurring plans as they are sent to us and as we give them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from chalicelib.domain.contract import Timing
from chalicelib.domain.document import Template
from chalicelib.domain.plan import Hindrance, Plan, PlanStatus
from chalicelib.domain.plan_terms import Automation, Interval, NthWeekday, PlanTerms, Proration, Unit
from chalicelib.domain.sales import Content
from chalicelib.domain.schedule import plan as instalments
from chalicelib.entrypoints.http.shapes.answering import figures_out, lines_out, planned_out, schedule_out
from chalicelib.entrypoints.http.shapes.documents import DocumentIn, FiguresOut, InstalmentOut, LineOut
from chalicelib.entrypoints.http.shapes.outgoing import ItemsOut, ServicePeriodOut, items_out
from chalicelib.entrypoints.http.shapes.reminders import TimeOfDay, Weekday
from chalicelib.entrypoints.http.shapes.sales import DocumentPatch, Information
from chalicelib.entrypoints.http.shapes.scalars import Code, Day, Shape, ShortText, one_of, refusal
from chalicelib.usecases.billing_plans import Foreseen

MOST_TIMES, MOST_FORESEEN, USUALLY_FORESEEN = 1_000, 36, 12
MAY_LACK = {"anchor_on", "end_on", "times"}
"""The terms that can be taken away again."""


def _from_either_end(number: int) -> int:
    if number == 0:
        raise refusal("not_a_day", "Days of a month are counted from 1, or from -1 at its end.")
    return number


Times = Annotated[int, Field(ge=1, le=MOST_TIMES)]
DayOfMonth = Annotated[int, Field(ge=-28, le=31), AfterValidator(_from_either_end)]


class NthWeekdayShape(Shape):
    """A weekday of a month, 1 being Monday: its first to fourth, or its last (-1)."""

    weekday: Weekday
    number: Annotated[int, Field(ge=-1, le=4), AfterValidator(_from_either_end)]


class IntervalShape(Shape):
    """How long a period is: at most 366 days, 104 weeks, 60 months or 10 years.

    Or the days on which one begins in every month: ``days_of_month``, -1 being the last and a day that a month lacks
    being left out, or ``weekday_of_month``. Each such period costs the whole price, and no anchor counts.
    """

    unit: Annotated[Unit, Field(strict=False)]
    count: Annotated[int, Field(ge=1)] = 1
    days_of_month: Annotated[list[DayOfMonth], Field(max_length=31)] = []  # noqa: RUF012
    weekday_of_month: NthWeekdayShape | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        one_of(self, "days_of_month", "weekday_of_month", at_least=0)
        return self

    def interval(self) -> Interval:
        nth = self.weekday_of_month
        return Interval(
            unit=self.unit,
            count=self.count,
            days=tuple(dict.fromkeys(self.days_of_month)),
            weekday=NthWeekday(weekday=nth.weekday, number=nth.number) if nth else None,
        )

    @classmethod
    def of(cls, interval: Interval) -> "IntervalShape":
        nth = interval.weekday
        return cls(
            unit=interval.unit,
            count=interval.count,
            days_of_month=list(interval.days),
            weekday_of_month=NthWeekdayShape(weekday=nth.weekday, number=nth.number) if nth else None,
        )


class TermsPatch(Shape):
    """When a plan bills, and what it does with an invoice; what is left out stays.

    anchor_on: the day that periods are counted from; left out of a new plan, it is the first. A 31st comes back to
    the 31st after shorter months. end_of_month: periods begin on the last day of months.
    timing: ``advance`` bills a period on its first day, ``arrears`` on the day after its last.
    end_on: the last day that is billed; or ``times``: how many periods there are, those left out among them.
    send_at: by the clock where the client is, on the day of billing where the business is.
    automation: ``draft`` leaves an invoice to a person, ``issue`` gives it its number, ``send`` mails it too.
    proration: ``by_days`` bills of a shorter first or last period its days' part of the price, ``none`` the whole.
    """

    interval: IntervalShape | None = None
    anchor_on: Day | None = None
    end_of_month: bool | None = None
    timing: Annotated[Timing | None, Field(strict=False)] = None
    start_on: Day | None = None
    end_on: Day | None = None
    times: Times | None = None
    send_at: TimeOfDay | None = None
    automation: Annotated[Automation | None, Field(strict=False)] = None
    proration: Annotated[Proration | None, Field(strict=False)] = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        one_of(self, "end_on", "times", at_least=0)
        return self

    def plan_terms_given(self) -> dict[str, Any]:
        """The terms that are given; null takes away what a plan need not have, and changes nothing else."""
        names = self.model_fields_set & TermsPatch.model_fields.keys()
        given = {name: getattr(self, name) for name in names if name in MAY_LACK or getattr(self, name) is not None}
        if self.interval:
            given["interval"] = self.interval.interval()
        if given.get("end_on") or given.get("times"):
            given = {"end_on": None, "times": None} | given
        return given


class PlanInformation(Information):
    """A plan's texts may say ``{period}``: each invoice has its days in that place."""

    name: ShortText | None = None
    purchase_order: ShortText | None = None


class PlanIn(DocumentIn, PlanInformation, TermsPatch):
    """What is billed again and again, and when. Each invoice bears the taxes of its day."""

    client_id: Code
    interval: IntervalShape
    start_on: Day

    @model_validator(mode="after")
    def _repeats(self) -> Self:
        _must_repeat(self)
        return self

    def plan_terms(self) -> PlanTerms:
        given: Mapping[str, Any] = {"anchor_on": self.start_on} | {
            name: value for name, value in self.plan_terms_given().items() if value is not None
        }
        return PlanTerms(**given)


class PlanPatch(DocumentPatch, PlanInformation, TermsPatch):
    """What of a plan is to be changed, from its next period on."""

    @model_validator(mode="after")
    def _repeats(self) -> Self:
        _must_repeat(self)
        return self


class ResumptionIn(Shape):
    """bill_missed: whether what came due in the pause is billed now; else it never is."""

    bill_missed: bool = False


class ForesightIn(Shape):
    """How many of the invoices to come."""

    count: Annotated[int, Field(ge=1, le=MOST_FORESEEN)] = USUALLY_FORESEEN


class UpcomingOut(Shape):
    """The period that is billed next, and when; ``at`` is null while it will not be by itself."""

    period: int
    service_period: ServicePeriodOut
    bill_on: date
    at: datetime | None


class HindranceOut(Shape):
    """Why the next period could not be billed; ``retry_at`` is null once it is not tried again by itself."""

    code: str
    reason: str
    since: datetime
    tries: int
    retry_at: datetime | None

    @classmethod
    def of(cls, hindrance: Hindrance) -> "HindranceOut":
        return cls(
            code=hindrance.code,
            reason=hindrance.reason,
            since=hindrance.since,
            tries=hindrance.tries,
            retry_at=hindrance.retry_at,
        )


class LeftOutOut(Shape):
    """Periods that came due in a pause and are never billed."""

    first: int
    last: int


class RecurringPlanOut(FiguresOut, ItemsOut):
    """A plan, with the figures of a whole period; ``billed`` is how many have, or had, an invoice.

    ``schedule`` is what is left out (null) in lists, too.
    """

    id: str
    version: int
    name: str
    status: PlanStatus
    client_id: str
    client_name: str
    job_id: str
    purchase_order: str | None
    language: str | None
    template: Template | None
    interval: IntervalShape
    anchor_on: date
    end_of_month: bool
    timing: Timing
    start_on: date
    end_on: date | None
    times: int | None
    send_at: str
    automation: Automation
    proration: Proration
    schedule: list[InstalmentOut] | None
    billed: int
    left_out: list[LeftOutOut]
    upcoming: UpcomingOut | None
    blocked: HindranceOut | None
    paused_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, plan: Plan, content: Content | None) -> "RecurringPlanOut":
        return cls(
            **figures_out(plan.figures),
            **items_out(content),
            **_terms_out(plan.terms),
            id=plan.id,
            version=plan.version,
            name=plan.name,
            status=plan.status,
            client_id=plan.client_id,
            client_name=plan.client_name,
            job_id=plan.job_id,
            purchase_order=plan.purchase_order,
            language=plan.language,
            template=plan.template,
            schedule=planned_out(instalments(content.schedule, plan.figures.total), plan.figures.currency)
            if content
            else None,
            billed=plan.billed,
            left_out=[LeftOutOut(first=gap.first, last=gap.last) for gap in plan.left_out],
            upcoming=_upcoming_out(plan),
            blocked=HindranceOut.of(plan.hindrance) if plan.hindrance else None,
            paused_at=plan.paused_at,
            created_at=plan.created_at,
        )


class ForeseenOut(FiguresOut):
    """An invoice to come, as it would be made now; ``due_date`` if it is issued on its day."""

    period: int
    service_period: ServicePeriodOut
    bill_on: date
    at: datetime
    due_date: date
    automation: Automation
    lines: list[LineOut]
    schedule: list[InstalmentOut]

    @classmethod
    def of(cls, one: Foreseen, plan: Plan) -> "ForeseenOut":
        return cls(
            **figures_out(one.invoice.figures),
            period=one.period.number,
            service_period=ServicePeriodOut.of(one.period.service),
            bill_on=one.period.bill_on,
            at=one.at,
            due_date=one.due_date,
            automation=plan.terms.automation,
            lines=lines_out(one.content.lines),
            schedule=schedule_out(one.invoice.instalment_states(one.period.bill_on)),
        )


class ForesightOut(Shape):
    """The invoices to come, the next one first."""

    data: list[ForeseenOut]


def _must_repeat(shape: DocumentIn | DocumentPatch) -> None:
    for name in ("prepaid_total", "rounding_adjustment"):
        if getattr(shape, name) is not None:
            raise refusal("not_in_plan", f"A plan has no {name}, since its invoices are not all alike.")


def _terms_out(terms: PlanTerms) -> dict[str, Any]:
    return {
        "interval": IntervalShape.of(terms.interval),
        "anchor_on": terms.anchor_on,
        "end_of_month": terms.end_of_month,
        "timing": terms.timing,
        "start_on": terms.start_on,
        "end_on": terms.end_on,
        "times": terms.times,
        "send_at": f"{terms.send_at:%H:%M}",
        "automation": terms.automation,
        "proration": terms.proration,
    }


def _upcoming_out(plan: Plan) -> UpcomingOut | None:
    period = plan.upcoming
    if period is None:
        return None
    return UpcomingOut(
        period=period.number,
        service_period=ServicePeriodOut.of(period.service),
        bill_on=period.bill_on,
        at=plan.due_at,
    )
