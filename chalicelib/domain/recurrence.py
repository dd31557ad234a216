"""Days that come round again: billing periods, billing days, and the share of a period."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

LAST_DAY, WEEK = 31, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A number of calendar months, or of days; the other is 0."""

    months: int = 0
    days: int = 0


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _day_in(year, month + 1, day.day)


def end_of_month(day: date) -> date:
    return _day_in(day.year, day.month, LAST_DAY)


def occurrence(anchor: date, number: int, *, every: Period, end_of_months: bool = False) -> date:
    """The occurrence of a number, 0 being the anchor; always counted from the anchor, so that the 31st comes back.

    end_of_months: on the last day of each month, whatever the anchor's day (rec-04).
    """
    day = add_months(anchor, every.months * number) + timedelta(days=every.days * number)
    return end_of_month(day) if end_of_months else day


def around(day: date, anchor: date, *, every: Period, end_of_months: bool = False) -> tuple[date, date]:
    """The last occurrence up to a day and the first after it, whether the anchor lies before that day or after it."""
    if every.days:
        number = (day - anchor).days // every.days
    else:
        number = ((day.year - anchor.year) * 12 + day.month - anchor.month) // every.months
    while (before := occurrence(anchor, number, every=every, end_of_months=end_of_months)) > day:
        number -= 1
    while (after := occurrence(anchor, number + 1, every=every, end_of_months=end_of_months)) <= day:
        before, number = after, number + 1
    return before, after


def day_of_month_after(day: date, day_of_month: int) -> date:
    """The first such day after day itself, or the month's last day where it has no such day."""
    here = _day_in(day.year, day.month, day_of_month)
    following = add_months(day.replace(day=1), 1)
    return here if here > day else _day_in(following.year, following.month, day_of_month)


def whole_periods(start: date, end: date, *, of: Period) -> int:
    """How many whole periods have gone by from start to end."""
    if of.days:
        return max((end - start).days // of.days, 0)
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return max(months // of.months, 0)


def around_in_months(day: date, found: Callable[[date], Iterable[date]]) -> tuple[date, date]:
    """The last of certain days of months up to a day, and the first after it; found: those of a month.

    A month may have none, but of two that follow each other one has.
    """
    near = [each for months in range(-2, 3) for each in found(add_months(day.replace(day=1), months))]
    return max(each for each in near if each <= day), min(each for each in near if each > day)


def days_of_month(month: date, days: Iterable[int]) -> tuple[date, ...]:
    """Certain days of a month; -1 is its last, -2 the one before, and a day it lacks is left out."""
    length = end_of_month(month).day
    wanted = (day if day > 0 else length + 1 + day for day in days)
    return tuple(month.replace(day=day) for day in wanted if 1 <= day <= length)


def weekday_of_month(month: date, *, weekday: int, number: int) -> date:
    """The first, second... of a weekday in a month, or its last for -1 (Monday is 1)."""
    first = month.replace(day=1)
    if number < 0:
        last = end_of_month(month)
        return last - timedelta(days=(last.isoweekday() - weekday) % WEEK)
    return first + timedelta(days=(weekday - first.isoweekday()) % WEEK + WEEK * (number - 1))


def prorated(amount: Money, *, days_used: int, days_in_period: int) -> Money:
    """The part of a period's price that its used days cost."""
    return Money.rounded(Fraction(amount.decimal) * days_used / days_in_period, amount.currency)


def _day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
