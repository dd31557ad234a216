"""When an invoice falls due, counted from its issue date (day 0)."""

from datetime import date, timedelta

from chalicelib.domain.recurrence import add_months, day_of_month_after, end_of_month
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NetDays:
    """So many calendar days after issue."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysThenEndOfMonth:
    """So many days after issue, then the end of that month ("45 jours fin de mois", first reading).

    on_day: then on to that day of the following month ("30 days end of month the 10th"); None stays at the month's end.
    """

    days: int
    on_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfMonthThenDays:
    """The end of the month of issue, then so many days ("45 jours fin de mois", second reading)."""

    end_of_month_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDayOfMonth:
    """The first such day of a month that is at least so many days after issue, and never the day of issue itself."""

    day_of_month: int
    at_least_days: int = 0


DueTerms = NetDays | DaysThenEndOfMonth | EndOfMonthThenDays | OnDayOfMonth


def due_on(terms: DueTerms, issued: date) -> date:
    """The due date of an invoice issued on a day. Days a month lacks become its last one."""
    match terms:
        case NetDays(days=days):
            return issued + timedelta(days=days)
        case EndOfMonthThenDays(end_of_month_days=days):
            return end_of_month(issued) + timedelta(days=days)
        case DaysThenEndOfMonth(days=days, on_day=day):
            end = end_of_month(issued + timedelta(days=days))
            return day_of_month_after(end, day) if day else end
    return day_of_month_after(issued + timedelta(days=max(terms.at_least_days - 1, 0)), terms.day_of_month)


def end_of_month_after(day: date, months: int) -> date:
    """The last day of the month that is so many months after a day's own."""
    return end_of_month(add_months(day, months))
