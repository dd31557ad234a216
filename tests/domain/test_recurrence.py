from datetime import date

import pytest

from chalicelib.domain.recurrence import Period, day_of_month_after, whole_periods
from chalicelib.domain.terms import OnDayOfMonth, due_on

MONTH = Period(months=1)


@pytest.mark.parametrize(
    ("start", "end", "periods"),
    [
        pytest.param(date(2026, 1, 31), date(2026, 2, 27), 0, id="a day short of the clamped month"),
        pytest.param(date(2026, 1, 31), date(2026, 2, 28), 1, id="the clamped month"),
        pytest.param(date(2026, 1, 31), date(2026, 4, 30), 3, id="clamped again"),
        pytest.param(date(2026, 3, 1), date(2026, 1, 1), 0, id="none before the start"),
    ],
)
def test_months_are_whole_when_their_day_has_come(start, end, periods):
    assert whole_periods(start, end, of=MONTH) == periods


def test_no_days_have_gone_by_before_the_start():
    assert whole_periods(date(2026, 1, 10), date(2026, 1, 1), of=Period(days=7)) == 0


def test_a_due_day_is_never_the_first_day():
    assert day_of_month_after(date(2026, 12, 31), 31) == date(2027, 1, 31)
    assert due_on(OnDayOfMonth(day_of_month=15), date(2026, 1, 15)) == date(2026, 2, 15)
