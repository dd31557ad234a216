"""What issued documents count for in the reports of a period: each on its day, and what was taken back on its own.

An invoice counts on its day of issue, a credit note with a minus on its own, and an invoice that was voided once more,
with a minus, on the day it was voided. So a report of a period that is over never changes, the reports of two periods
that follow each other add up, and each is what the journal booked. It is also the law: a tax that was charged and then
given up is taken off the return of the period in which that was done, not off the one that was filed (Canada's Excise
Tax Act s. 232(3), France's CGI art. 272-1).
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

MOST_DAYS = 1_830
"""Of one report: five years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The first and the last day of a report."""

    since: date
    until: date

    def __contains__(self, day: date) -> bool:
        return self.since <= day <= self.until


def days_of(since: date | None, until: date | None, *, today: date) -> Days:
    """The days asked for; left out, until today, and from the first of the last day's month.

    Raises Invalid for days the wrong way round, and for too many.
    """
    last = until or today
    first = since or last.replace(day=1)
    if first > last:
        raise Invalid("period_reversed", "A report begins before it ends.", at="/from")
    if (last - first).days >= MOST_DAYS:
        raise Invalid("period_too_long", f"A report is of {MOST_DAYS} days at most.", at="/from")
    return Days(since=first, until=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document as it counts on a day; sign: -1 where it takes back."""

    document: Invoice | CreditNote
    day: date
    sign: int

    def counted(self, amount: Money) -> Money:
        return Money(self.sign * amount.minor, amount.currency)


def issue_of(document: Invoice | CreditNote) -> Entry:
    """An issued document on its day of issue, void or not."""
    day = document.issue_date or document.created_at.date()
    return Entry(document=document, day=day, sign=-1 if isinstance(document, CreditNote) else 1)


def voiding_of(invoice: Invoice, *, day_of: Callable[[datetime], date]) -> Entry:
    """A void invoice on the day it was voided, where the business is."""
    return Entry(document=invoice, day=day_of(invoice.voided_at or invoice.created_at), sign=-1)


def voids_of_month(day: date) -> str:
    """Under which the invoices are found that were voided in the month of a day of UTC."""
    return f"voided-{day:%Y-%m}"


def months_of_voids(days: Days) -> Iterator[str]:
    """Under which the invoices are found that were voided on these days, and some of other days.

    Where a business is, a day begins earlier or later than in UTC.
    """
    month = (days.since - timedelta(days=1)).replace(day=1)
    while month <= days.until + timedelta(days=1):
        yield voids_of_month(month)
        month = (month + timedelta(days=31)).replace(day=1)
