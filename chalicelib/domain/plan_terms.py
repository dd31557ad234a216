"""When a recurring plan bills: its periods counted from an anchor, and the instant at which each is billed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.business import Business, Sending
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Timing
from chalicelib.domain.errors import Invalid
from chalicelib.domain.recurrence import Period, around, around_in_months, days_of_month, weekday_of_month
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.domain.values import dataclass

ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
LONGEST_AGO = timedelta(days=366)
"""A plan that began earlier would bill more than a year at once."""


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


MOST: Final[Mapping[Unit, int]] = MappingProxyType({Unit.DAY: 366, Unit.WEEK: 104, Unit.MONTH: 60, Unit.YEAR: 10})
"""How many of a unit a period may be long."""


class Automation(StrEnum):
    """How far an invoice of a plan goes by itself."""

    DRAFT = "draft"
    ISSUE = "issue"
    SEND = "send"

    @property
    def sending(self) -> Sending:
        return {Automation.ISSUE: Sending.ISSUE, Automation.SEND: Sending.AT_ONCE}.get(self, Sending.MANUAL)


class Proration(StrEnum):
    """What a first or last period costs that is shorter than the others: its days' part of the price, or all of it."""

    BY_DAYS = "by_days"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class NthWeekday:
    """A weekday of a month, Monday being 1: its first to fourth, or its last (-1)."""

    weekday: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """How long a period is; or the days of every month on which one begins.

    days: -1 is a month's last day; a month that lacks a day leaves it out.
    """

    unit: Unit
    count: int = 1
    days: tuple[int, ...] = ()
    weekday: NthWeekday | None = None

    @property
    def period(self) -> Period:
        match self.unit:
            case Unit.DAY | Unit.WEEK:
                return Period(days=self.count * (7 if self.unit is Unit.WEEK else 1))
        return Period(months=self.count * (12 if self.unit is Unit.YEAR else 1))

    @property
    def names_days(self) -> bool:
        """Whether it says itself on which days of months periods begin, so that no anchor counts."""
        return bool(self.days or self.weekday)

    def around(self, day: date, anchor: date, *, end_of_months: bool) -> tuple[date, date]:
        """The last beginning of a period up to a day, and the first after it."""
        if nth := self.weekday:
            return around_in_months(
                day, lambda month: [weekday_of_month(month, weekday=nth.weekday, number=nth.number)]
            )
        if self.days:
            return around_in_months(day, lambda month: days_of_month(month, self.days))
        return around(day, anchor, every=self.period, end_of_months=end_of_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """When a plan bills, and what it does with an invoice.

    anchor_on: the day that periods are counted from, unless the interval names days; those of a 31st come back to it.
    end_of_month: periods begin on the last day of months, whatever the anchor's day.
    timing: in advance a period is billed on its first day, in arrears on the day after its last.
    end_on: the last day that is billed; times: how many periods there are, those that were left out among them.
    send_at: by the clock where the client is, on the day of billing where the business is.
    """

    interval: Interval
    anchor_on: date
    end_of_month: bool = False
    timing: Timing = Timing.ADVANCE
    start_on: date
    end_on: date | None = None
    times: int | None = None
    send_at: time = time(9)
    automation: Automation = Automation.DRAFT
    proration: Proration = Proration.BY_DAYS

    def period(self, number: int, *, starts: date) -> "PlanPeriod | None":
        """The period of a number that begins on a day; None after the last.

        Where no period would begin on the day, it only lasts to the next on which one does.
        """
        if (self.times and number > self.times) or (self.end_on and starts > self.end_on):
            return None
        first, after = self.interval.around(starts, self.anchor_on, end_of_months=self.end_of_month)
        end = min(after - ONE_DAY, self.end_on or date.max)
        return PlanPeriod(
            number=number,
            service=ServicePeriod(start=starts, end=end),
            whole_days=(after - first).days,
            bill_on=starts if self.timing is Timing.ADVANCE else end + ONE_DAY,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPeriod:
    """One period of a plan, 1 being its first.

    service: the days that it bills; whole_days: how many a period there has that nothing cuts short.
    bill_on: the day, where the business is, on which it is billed.
    """

    number: int
    service: ServicePeriod
    whole_days: int
    bill_on: date

    @property
    def is_whole(self) -> bool:
        return self.service.days == self.whole_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Where the business is, whose days are those of its documents, and where the client is, whose hours count."""

    business: ZoneInfo
    client: ZoneInfo

    def billing(self, day: date, at: time) -> datetime:
        """The instant of a day of the business's at which the client's clock shows an hour.

        Every clock on earth shows it once in that day, but for days cut short by an hour: then as the day ends.
        """
        begins, over = (self._midnight(day + step * ONE_DAY) for step in (0, 1))
        there = (datetime.combine(day + step * ONE_DAY, at, self.client).astimezone(UTC) for step in (-1, 0, 1, 2))
        return min(next(instant for instant in there if instant >= begins), over - ONE_MINUTE)

    def _midnight(self, day: date) -> datetime:
        """The first instant of a day of the business's, also where its clock shows no 00:00 on it."""
        return datetime.combine(day, time(0), self.business).astimezone(UTC)


def clocks_of(client: Client, business: Business) -> Clocks:
    return Clocks(business=business.zone, client=ZoneInfo(client.time_zone) if client.time_zone else business.zone)


def sound(terms: PlanTerms) -> PlanTerms:
    """The same terms. Raises Invalid for what contradicts itself."""
    if terms.end_on and terms.end_on < terms.start_on:
        raise Invalid("ends_before_it_starts", "A plan cannot end before it starts.", at="/end_on")
    if terms.interval.count > MOST[terms.interval.unit]:
        detail = f"A period is at most {MOST[terms.interval.unit]} {terms.interval.unit}s long."
        raise Invalid("too_long", detail, at="/interval/count")
    _must_be_of_months(terms)
    return terms


def _must_be_of_months(terms: PlanTerms) -> None:
    interval = terms.interval
    if terms.end_of_month and (interval.unit in {Unit.DAY, Unit.WEEK} or interval.names_days):
        detail = "Only periods of months or years begin at the end of months; of certain days, the last is -1."
        raise Invalid("not_of_months", detail, at="/end_of_month")
    if interval.names_days and (interval.unit, interval.count) != (Unit.MONTH, 1):
        raise Invalid("not_of_months", "Certain days are those of every single month.", at="/interval")


def must_start_lately(start_on: date, *, today: date) -> None:
    """Raise Invalid for a start so long ago that its periods would flood the client."""
    if today - start_on > LONGEST_AGO:
        raise Invalid("too_long_ago", "A plan cannot start more than a year ago.", at="/start_on")


def must_go_on_lately(bill_on: date, *, today: date) -> None:
    """Raise Invalid for an end taken back so long after it that what it left out would flood the client."""
    if today - bill_on > LONGEST_AGO:
        detail = "A plan that ended more than a year ago does not go on; agree on a new one."
        raise Invalid("too_long_ago", detail, at="/end_on")
