"""The periods of a recurring plan, and the instants at which they are billed: contiguous, and where people live."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from chalicelib.domain.contract import Timing
from chalicelib.domain.errors import Invalid
from chalicelib.domain.plan_terms import Clocks, Interval, NthWeekday, PlanTerms, Unit, must_start_lately, sound
from tests.golden import cases, schedules

ONE_DAY = timedelta(days=1)


def terms(start_on, unit=Unit.MONTH, count=1, **more):
    plain = {"interval": Interval(unit=unit, count=count), "anchor_on": start_on, "start_on": start_on}
    return PlanTerms(**plain | more)


def periods(agreed, most):
    """The first periods of a plan, as it goes through them."""
    number, starts, found = 1, agreed.start_on, []
    while len(found) < most and (period := agreed.period(number, starts=starts)):
        found.append(period)
        number, starts = number + 1, period.service.end + ONE_DAY
    return found


def starts(agreed, most):
    return [f"{period.service.start}" for period in periods(agreed, most)]


def instants(agreed, clocks, most):
    return [clocks.billing(period.bill_on, agreed.send_at) for period in periods(agreed, most)]


def here(zone):
    """A business and a client in one place."""
    return Clocks(business=ZoneInfo(zone), client=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("id", "unit", "count", "more", "key"),
    [
        ("rec-01", Unit.MONTH, 1, {}, None),
        ("rec-03", Unit.YEAR, 1, {}, None),
        ("rec-04", Unit.MONTH, 3, {}, "same_day"),
        ("rec-04", Unit.MONTH, 3, {"end_of_month": True}, "end_of_month"),
        ("rec-06", Unit.WEEK, 2, {}, None),
    ],
)
@pytest.mark.row("C40")
def test_the_golden_recurrences_are_the_days_on_which_a_plan_bills(id, unit, count, more, key):
    given, expected = schedules()[id]["input"], schedules()[id]["expected"]
    agreed = terms(date.fromisoformat(given["anchor"]), unit, count, **more)

    assert starts(agreed, given["n"]) == (expected[key] if key else expected)


@pytest.mark.parametrize("case", [pytest.param(case, id=id) for id, case in cases("recurrence").items()])
def test_a_plan_bills_on_certain_days_of_months(case):
    start = date.fromisoformat(case["input"]["start"])
    agreed = terms(start, interval=Interval(unit=Unit.MONTH, days=tuple(case["input"]["rule"]["days"])))

    found = starts(agreed, case["input"]["count"] + 1)

    expected = case["expected"]["dates"]
    assert found[: len(expected)] == expected if found[0] == expected[0] else found[1:] == expected


def test_a_plan_bills_on_the_first_monday_or_the_last_friday_of_months():
    given, expected = schedules()["rec-07"]["input"], schedules()["rec-07"]["expected"]
    anchor = date.fromisoformat(given["anchor"])

    def from_there(weekday, number):
        nth = NthWeekday(weekday=weekday, number=number)
        return starts(terms(anchor, interval=Interval(unit=Unit.MONTH, weekday=nth)), given["n"] + 1)[1:]

    assert from_there(1, 1) == expected
    assert from_there(5, -1) == ["2026-01-30", "2026-02-27", "2026-03-27"]


@pytest.mark.parametrize("case", [pytest.param(case, id=id) for id, case in cases("next_billing_day").items()])
def test_a_plan_that_starts_between_two_days_of_billing_goes_on_with_the_next(case):
    start = date.fromisoformat(case["input"]["start"])

    _, second = periods(terms(start, anchor_on=date(2011, 12, case["input"]["billing_day"])), 2)

    assert f"{second.service.start}" == case["expected"]["date"]


def test_a_day_that_a_month_lacks_is_left_out():
    agreed = terms(date(2026, 1, 31), interval=Interval(unit=Unit.MONTH, days=(31,)))

    first, second = periods(agreed, 2)
    assert (second.service.start, first.whole_days, first.is_whole) == (date(2026, 3, 31), 59, True)


@pytest.mark.row("C40")
def test_an_anchor_on_the_31st_comes_back_to_the_31st():
    assert starts(terms(date(2026, 1, 31)), 5) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


@pytest.mark.row("C40")
def test_an_anchor_on_the_29th_of_february_comes_back_in_leap_years():
    agreed = terms(date(2024, 2, 29), Unit.YEAR)

    assert starts(agreed, 5) == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


@pytest.mark.row("C36")
def test_in_every_zone_on_earth_two_years_have_24_invoices_one_for_each_month():
    agreed = terms(date(2026, 1, 1), send_at=time(2, 30))  # when most clocks are changed
    months = periods(agreed, 24)
    assert all(one.service.end + ONE_DAY == other.service.start for one, other in pairwise(months))
    assert (months[0].service.start, months[-1].service.end) == (date(2026, 1, 1), date(2027, 12, 31))

    for zone in sorted(available_timezones()):
        found = instants(agreed, here(zone), 24)
        assert [at.astimezone(ZoneInfo(zone)).date() for at in found] == [month.bill_on for month in months], zone
        assert len(set(found)) == 24, zone


@pytest.mark.row("C36")
def test_every_day_of_two_years_has_its_instant_in_every_zone():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
    for zone in sorted(available_timezones()):
        clocks = here(zone)
        changing = [day for day in days if _offset(zone, day) != _offset(zone, day + ONE_DAY)]
        for day in [one + timedelta(days=n) for one in changing for n in (-1, 0, 1)]:
            for at in (time(0), time(2, 30), time(23, 59)):
                assert clocks.billing(day, at).astimezone(ZoneInfo(zone)).date() == day, (zone, day, at)


@pytest.mark.row("C37")
def test_six_in_the_morning_stays_six_in_the_morning():
    agreed = terms(date(2026, 8, 5), count=3, send_at=time(6))

    summer, autumn = instants(agreed, here("America/New_York"), 2)

    assert (summer, autumn) == (datetime(2026, 8, 5, 10, tzinfo=UTC), datetime(2026, 11, 5, 11, tzinfo=UTC))


@pytest.mark.row("C38")
@pytest.mark.parametrize("place", ["Pacific/Pago_Pago", "Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Paris"])
@pytest.mark.parametrize("home", ["America/Toronto", "Australia/Sydney", "Pacific/Pago_Pago", "Pacific/Kiritimati"])
def test_clients_anywhere_are_billed_at_their_nine_on_the_businesss_day(home, place):
    clocks = Clocks(business=ZoneInfo(home), client=ZoneInfo(place))

    for day in (date(2026, 3, 8), date(2026, 5, 1), date(2026, 11, 1), date(2026, 12, 31)):
        at = clocks.billing(day, time(9))
        there = at.astimezone(ZoneInfo(place))
        assert (there.hour, there.minute) == (9, 0)
        assert at.astimezone(ZoneInfo(home)).date() == day


@pytest.mark.row("C38")
def test_half_past_midnight_two_days_on_is_still_today_at_the_other_end_of_the_world():
    clocks = Clocks(business=ZoneInfo("Pacific/Pago_Pago"), client=ZoneInfo("Pacific/Kiritimati"))

    assert clocks.billing(date(2026, 5, 1), time(0, 30)) == datetime(2026, 5, 2, 10, 30, tzinfo=UTC)
    assert clocks.billing(date(2026, 5, 1), time(1)) == datetime(2026, 5, 1, 11, tzinfo=UTC)


@pytest.mark.row("C38")
def test_a_day_cut_short_still_has_its_instant():
    """On 8 March Toronto's day has 23 hours, and in Tegucigalpa it never is half past twelve at night in it."""
    clocks = Clocks(business=ZoneInfo("America/Toronto"), client=ZoneInfo("America/Tegucigalpa"))

    found = clocks.billing(date(2026, 3, 8), time(22, 30))

    assert found == _last_minute("America/Toronto", date(2026, 3, 8))


@pytest.mark.row("C39")
def test_midnight_of_the_first_in_sydney_is_the_first():
    agreed = terms(date(2026, 4, 1), send_at=time(0))

    found = [at.astimezone(ZoneInfo("Australia/Sydney")) for at in instants(agreed, here("Australia/Sydney"), 9)]

    assert [(at.day, at.hour) for at in found] == [(1, 0)] * 9
    assert [at.month for at in found] == [4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_a_period_that_begins_between_two_lasts_to_the_next():
    agreed = terms(date(2026, 4, 18), anchor_on=date(2026, 1, 1))
    first, second = periods(agreed, 2)

    assert (first.service.start, first.service.end, first.whole_days) == (date(2026, 4, 18), date(2026, 4, 30), 30)
    assert not first.is_whole
    assert (second.service.start, second.is_whole) == (date(2026, 5, 1), True)


def test_an_anchor_to_come_is_counted_back_from():
    first, second = periods(terms(date(2026, 4, 18), anchor_on=date(2027, 1, 31)), 2)

    assert (first.service.end, first.whole_days) == (date(2026, 4, 29), 30)
    assert (second.service.start, second.service.end) == (date(2026, 4, 30), date(2026, 5, 30))


def test_a_plan_ends_within_a_period_or_after_so_many():
    by_day = periods(terms(date(2026, 4, 1), end_on=date(2026, 5, 10)), 9)
    on_its_first = periods(terms(date(2026, 4, 1), end_on=date(2026, 5, 1)), 9)
    by_number = periods(terms(date(2026, 4, 1), times=2), 9)

    assert [one.service.days for one in by_day] == [30, 10]
    assert [one.service.days for one in on_its_first] == [30, 1]
    assert [one.service.days for one in by_number] == [30, 31]


def test_in_arrears_a_period_is_billed_on_the_day_after_it():
    found = periods(terms(date(2026, 4, 1), timing=Timing.ARREARS, end_on=date(2026, 5, 10)), 9)

    assert [one.bill_on for one in found] == [date(2026, 5, 1), date(2026, 5, 11)]


@pytest.mark.parametrize(
    ("more", "code", "at"),
    [
        pytest.param({"end_on": date(2026, 3, 31)}, "ends_before_it_starts", "/end_on", id="it ends before it starts"),
        pytest.param({"unit": Unit.YEAR, "count": 11}, "too_long", "/interval/count", id="a period of eleven years"),
        pytest.param(
            {"unit": Unit.WEEK, "end_of_month": True}, "not_of_months", "/end_of_month", id="weeks at the end of months"
        ),
        pytest.param(
            {"interval": Interval(unit=Unit.MONTH, days=(1, 15)), "end_of_month": True},
            *("not_of_months", "/end_of_month"),
            id="certain days, and the end",
        ),
        pytest.param(
            {"interval": Interval(unit=Unit.MONTH, count=2, days=(1,))},
            *("not_of_months", "/interval"),
            id="certain days of every other month",
        ),
    ],
)
def test_terms_that_cannot_be_are_refused(more, code, at):
    with pytest.raises(Invalid) as refused:
        sound(terms(**{"start_on": date(2026, 4, 1)} | more))
    assert [(fault.code, fault.at) for fault in refused.value.faults] == [(code, at)]


def test_a_plan_does_not_bill_more_than_a_year_at_once():
    must_start_lately(date(2025, 3, 31), today=date(2026, 4, 1))

    with pytest.raises(Invalid) as refused:
        must_start_lately(date(2025, 3, 30), today=date(2026, 4, 1))
    assert [(fault.code, fault.at) for fault in refused.value.faults] == [("too_long_ago", "/start_on")]


def _offset(zone, day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()


def _last_minute(zone, day):
    over = day + ONE_DAY
    return datetime(over.year, over.month, over.day, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(minutes=1)
