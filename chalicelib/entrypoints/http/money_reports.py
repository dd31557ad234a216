"""Reports of money: what is owed and how long, taxes by rate, revenue."""

from chalicelib.domain.reporting import Days, days_of
from chalicelib.domain.reporting_revenue import By
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.shapes.money_reports import (
    AgingQuery,
    AgingReportOut,
    ReportedDaysQuery,
    RevenueQuery,
    RevenueReportOut,
    TaxReportOut,
)
from chalicelib.usecases import reporting


def _days(call: Call) -> Days:
    return days_of(call.query.since, call.query.until, today=call.business.today(call.now))


@operation("GET", "/reports/aging", needs="reports.read", query=AgingQuery, answer=AgingReportOut, refusals=(422,))
def report_aging(call: Call) -> AgingReportOut:
    """What clients owe by how long it has been due: not yet, 1 to 30 days, 31 to 60, 61 to 90, longer.

    On a day that is over it is what they owed by its end; of more than 1,000 clients, one has to be named.
    """
    on = call.query.as_of or call.business.today(call.now)
    report = reporting.report_aging(
        on, client_id=call.query.client_id, business=call.business, now=call.now, store=call.store
    )
    return AgingReportOut.of(report)


@operation("GET", "/reports/taxes", needs="reports.read", query=ReportedDaysQuery, answer=TaxReportOut, refusals=(422,))
def report_taxes(call: Call) -> TaxReportOut:
    """The taxes of a period by code, rate and registration number: the sum of the tax lines of issued documents."""
    days = _days(call)
    return TaxReportOut.of(reporting.report_taxes(days, business=call.business, store=call.store), days)


@operation(
    "GET", "/reports/revenue", needs="reports.read", query=RevenueQuery, answer=RevenueReportOut, refusals=(422,)
)
def report_revenue(call: Call) -> RevenueReportOut:
    """The revenue of a period by month, by client or by catalogue code, net of credits."""
    days, by = _days(call), By(call.query.group_by)
    return RevenueReportOut.of(reporting.report_revenue(days, by, business=call.business, store=call.store), days, by)
