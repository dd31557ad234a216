"""When the fee for late payment is charged by itself: after each month that an invoice is overdue."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_late_fees import debts
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.recurrence import add_months


def terms_of(client: Client, business: Business) -> LateFeeTerms:
    """What the client has of its own goes before what the business has.

    A consumer is never charged by itself what the law says between businesses.
    """
    terms = client.late_fee or business.late_fee
    return replace(terms, automatic=False) if client.consumer and terms.statutory else terms


def next_fee(
    invoice: Invoice, terms: LateFeeTerms, business: Business, *, after: date | None = None
) -> datetime | None:
    """When clients are mailed on the day after the next month counted from the first due date; None for no fee.

    after: a day up to which fees were asked for. Once all is paid, the days since the last fee are charged at the
    next such day, and then no more.
    """
    if not terms.automatic or not terms.asks or invoice.late_fee_of or invoice.issue_date is None:
        return None
    if terms.since is None or invoice.issue_date < terms.since:
        return None
    done = max(filter(None, (after, invoice.fees_through)), default=None)
    if done is not None and invoice.amount_due.minor <= 0:
        return None
    due_on = min((one.on for one in debts(invoice)), default=None)
    if due_on is None:
        return None
    months = 1
    while done is not None and add_months(due_on, months) <= done:
        months += 1
    day = add_months(due_on, months) + timedelta(days=1)
    return business.reminder_window.opening(day, zone=business.zone, not_before=business.morning_of(day))
