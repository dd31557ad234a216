"""What is followed up of an invoice on a day: which reminder is owed, what holds it back, when to look again."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ladder import Ladder, Reached, Step, Window, reached_of
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """How a client is reminded: by which ladder, at which hours, where it is, and whether by itself."""

    ladder: Ladder
    window: Window
    zone: ZoneInfo
    by_itself: bool

    def today(self, now: datetime) -> date:
        """The date where the client is."""
        return now.astimezone(self.zone).date()

    def opening(self, day: date, *, now: datetime) -> datetime:
        """When the client may be mailed on a day, or the first time after it."""
        return self.window.opening(day, zone=self.zone, not_before=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A step that an invoice owes for one of its due dates, and the days of the earlier ones passed over for it.

    marks: how far up the ladder it is with this step, for each of its due dates.
    """

    due_on: date
    step: Step
    passed_over: tuple[int, ...]
    marks: tuple[Reached, ...]


def follow_up_of(client: Client, business: Business) -> FollowUp:
    """What the client has of its own goes before what the business has."""
    return FollowUp(
        ladder=business.reminders if client.reminders is None else client.reminders,
        window=business.reminder_window,
        zone=ZoneInfo(client.time_zone) if client.time_zone else business.zone,
        by_itself=business.automation.remind,
    )


def asks_for_money(invoice: Invoice) -> bool:
    """Whether there is anything to remind of: issued, in force, not wholly paid, and not given back."""
    return invoice.issued_at is not None and invoice.amount_due.minor > 0 and not invoice.is_refunded


def is_followed(invoice: Invoice) -> bool:
    """Whether reminders may come of it by themselves; a promise to pay only makes them wait.

    What the business gave back is not asked for again.
    """
    given_back = bool(invoice.refunded_total) and invoice.amount_due <= invoice.refunded_total
    return asks_for_money(invoice) and not given_back and not invoice.disputed_total and not invoice.reminders_off


def is_waiting(invoice: Invoice, *, on: date) -> bool:
    """Whether its client's promise to pay is not broken yet on a day."""
    return invoice.promised_on is not None and on <= invoice.promised_on


def owed(invoice: Invoice, ladder: Ladder, *, on: date, older: bool = False) -> Owed | None:
    """The latest step whose day has come and that was not reached yet; the earlier ones are passed over for it.

    Of several instalments, the step that is furthest up the ladder stands for all.
    on:    the day where the client is. older: with the steps of days before the ladder was set up.
    """
    if not is_followed(invoice) or is_waiting(invoice, on=on):
        return None
    come = {
        due_on: steps
        for due_on in unpaid_days(invoice)
        if (steps := [s for s in _ahead(invoice, ladder, due_on, older=older) if due_on + timedelta(s.days) <= on])
    }
    if not come:
        return None
    due_on = max(come, key=lambda day: come[day][-1].days)
    *earlier, step = come[due_on]
    return Owed(
        due_on=due_on,
        step=step,
        passed_over=tuple(one.days for one in earlier),
        marks=tuple(Reached(due_on=day, days=steps[-1].days) for day, steps in come.items()),
    )


def next_look(
    invoice: Invoice, follow_up: FollowUp, *, now: datetime, not_before: date | None = None
) -> datetime | None:
    """When its follow-up is to be looked at again; None when nothing will come of it by itself.

    not_before: a day before which the client is not to be mailed.
    """
    if not follow_up.by_itself:
        return None
    days = [
        due_on + timedelta(step.days)
        for due_on in unpaid_days(invoice)
        for step in _ahead(invoice, follow_up.ladder, due_on, older=False)
    ]
    if not days:
        return None
    day = max(filter(None, (min(days), not_before, invoice.promised_on and invoice.promised_on + timedelta(days=1))))
    return follow_up.opening(day, now=now)


def unpaid_days(invoice: Invoice) -> tuple[date, ...]:
    """The days by which money is due that has not come: those of its instalments, else its due date.

    None where all that is left waits for the work to be done.
    """
    parts = zip(invoice.schedule, invoice.instalments_settled, strict=False)
    days = dict.fromkeys(part.due_on for part, settled in parts if settled < part.amount and part.due_on)
    return tuple(days) or ((last,) if (last := invoice.next_due()) else ())


def _ahead(invoice: Invoice, ladder: Ladder, due_on: date, *, older: bool) -> list[Step]:
    """The steps that an invoice has before it for a due date, the earliest first.

    The day on which it was issued, its own mail reaches the client; a step of that day or before is never owed.
    """
    last = reached_of(invoice.reached, due_on)
    first = None if older else ladder.since
    return [
        step
        for step in ladder.steps
        if (last is None or step.days > last)
        and (invoice.issue_date is None or due_on + timedelta(step.days) > invoice.issue_date)
        and (first is None or due_on + timedelta(step.days) >= first)
    ]
