"""Reports of a period: sums of what documents count for, on the days on which they do."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.domain.deposit import DepositTax
from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.reporting import Days, Entry, days_of, issue_of, months_of_voids, voiding_of
from chalicelib.domain.reporting_aging import AgingReport
from chalicelib.domain.reporting_revenue import By, RevenueReport
from chalicelib.domain.reporting_taxes import TaxReport
from chalicelib.domain.taxation import TaxLine
from tests import builders as b

FIRST = date(2026, 3, 1)


def tax_lines():
    minor = some.integers(-10_000, 1_000_000)
    return some.builds(
        lambda code, rate, number, base, amount: TaxLine(
            code=code,
            name=code,
            rate_percent=Decimal(rate),
            base=Money(base, "CAD"),
            amount=Money(amount, "CAD"),
            registration_number=number,
        ),
        some.sampled_from(["TPS", "TVQ"]),
        some.sampled_from(["5", "5.0", "9.975"]),
        some.sampled_from([None, "RT1", "RT2"]),
        minor,
        minor,
    )


@some.composite
def entries(draw):
    """Documents with any tax lines, on any of sixty days, charged or taken back."""
    lines = tuple(draw(some.lists(tax_lines(), max_size=4)))
    invoice = b.an_issued_invoice()
    document = replace(invoice, figures=replace(invoice.figures, taxes=lines))
    day = FIRST + timedelta(days=draw(some.integers(0, 59)))
    return Entry(document=document, day=day, sign=draw(some.sampled_from([1, 1, -1])))


def reported(told):
    report = TaxReport()
    report.take(told)
    return {one.tax: one.amount.minor for sums in report.sums for one in sums.taxes}


@pytest.mark.row("C29")
@given(some.lists(entries(), max_size=12))
def test_taxes_by_rate_are_the_sum_of_the_tax_lines(told):
    sums = Counter()
    for entry in told:
        for line in entry.document.figures.taxes:
            sums[line.code, line.rate_percent, line.registration_number] += entry.sign * line.amount.minor

    found = {(tax.code, tax.rate_percent, tax.registration_number): minor for tax, minor in reported(told).items()}
    assert found == dict(sums)


@pytest.mark.row("C29")
@given(some.lists(entries(), max_size=12), some.integers(0, 58))
def test_periods_that_follow_each_other_add_up(told, split):
    last = FIRST + timedelta(days=split)
    early, late = Days(since=FIRST, until=last), Days(since=last + timedelta(days=1), until=FIRST + timedelta(days=59))

    parts = Counter()
    for days in (early, late):
        parts.update(reported([entry for entry in told if entry.day in days]))
    assert dict(parts) == reported(told)


def test_a_void_invoice_counts_twice_on_its_own_day_and_on_that_of_voiding():
    void = replace(b.an_issued_invoice(), voided_at=b.later(days=40))

    issue, voiding = issue_of(void), voiding_of(void, day_of=b.a_business().today)

    assert (issue.day, issue.sign) == (b.TODAY, 1)
    assert (voiding.day, voiding.sign) == (date(2026, 4, 11), -1)


def test_void_invoices_are_looked_for_a_day_longer_for_the_time_zones_sake():
    assert [*months_of_voids(Days(since=date(2026, 3, 1), until=date(2026, 3, 31)))] == [
        "voided-2026-02",
        "voided-2026-03",
        "voided-2026-04",
    ]
    assert [*months_of_voids(Days(since=date(2026, 12, 5), until=date(2027, 1, 30)))] == [
        "voided-2026-12",
        "voided-2027-01",
    ]


def test_a_report_is_of_the_month_until_today_unless_other_days_are_asked_for():
    assert days_of(None, None, today=date(2026, 3, 17)) == Days(since=FIRST, until=date(2026, 3, 17))
    assert days_of(None, date(2025, 2, 28), today=FIRST) == Days(since=date(2025, 2, 1), until=date(2025, 2, 28))
    with pytest.raises(Invalid):
        days_of(date(2020, 1, 1), None, today=FIRST)


def test_a_deposit_taxed_when_it_is_applied_is_no_revenue():
    report = RevenueReport()
    deposit = replace(b.an_issued_invoice(), deposit=DepositTax.WHEN_APPLIED)
    report.take([issue_of(deposit), issue_of(b.an_issued_invoice())], By.MONTH)

    assert [(row.source.month, row.documents) for row in report.rows] == [("2026-03", 1)]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, "current"),
        (1, "days_1_30"),
        (30, "days_1_30"),
        (31, "days_31_60"),
        (60, "days_31_60"),
        (61, "days_61_90"),
        (90, "days_61_90"),
        (91, "over_90"),
    ],
)
def test_what_is_due_for_so_many_days_is_in_one_part(days, bucket):
    invoice = b.an_issued_invoice()
    assert invoice.due_date is not None
    report = AgingReport(invoice.due_date + timedelta(days=days))
    report.take([invoice])

    (debt,) = report.debts
    assert getattr(debt.aging, bucket) == debt.aging.total == invoice.amount_due
    assert report.totals == {"CAD": debt.aging}
