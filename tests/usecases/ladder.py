"""The ladder of reminders at a desk: what its business set, and what came of it as days passed."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.ladder import Ladder, Step, Tone
from chalicelib.domain.reminder_events import ReminderMailed, ReminderStepReached
from chalicelib.usecases import following, registering
from tests import builders as b
from tests.usecases.desk import Desk

STEPS = (
    Step(days=-3, tone=Tone.FRIENDLY),
    Step(days=1),
    Step(days=10, tone=Tone.FIRM),
    Step(days=20, tone=Tone.FORMAL),
)
LADDER = Ladder(steps=STEPS, since=b.TODAY)
DUE = date(2026, 4, 1)


def a_desk():
    """Of a business that has a ladder."""
    desk = Desk()
    desk.change(reminders=LADDER)
    return desk


def pass_days(desk, days, *, hours=(13, 21)):
    """Every day the sweep wakes at some hours of UTC, and the mails go out."""
    until = desk.clock() + timedelta(days=days)
    while desk.clock() < until:
        day = desk.clock().replace(hour=0, minute=0, second=0)
        for hour in hours:
            desk.clock.at = max(desk.clock(), day + timedelta(hours=hour))
            assert desk.sweep().failed == ()
            desk.mail_reminders()
        desk.clock.at = day + timedelta(days=1)


def mailed(desk):
    """The day and the template of each reminder that went out."""
    told = [envelope.event for envelope in desk.tables.journal()]
    days = {one.id: one.day for one in desk.reminders()}
    return [(days[each.subject].isoformat(), each.template) for each in told if isinstance(each, ReminderMailed)]


def steps(desk, invoice):
    told = [envelope.event for envelope in desk.store().history(invoice.id)]
    return [(each.days, each.passed_over) for each in told if isinstance(each, ReminderStepReached)]


def of_client(desk, **more):
    """The one client has changed."""
    changed = registering.change_client(
        b.CLIENT, lambda client: replace(client, **more), if_match=None, now=desk.clock(), store=desk.store()
    )
    following.follow_client(b.CLIENT, now=desk.clock(), store=desk.store())
    return changed


WHOLE = [
    ("2026-03-29", "reminder_soon"),
    ("2026-04-02", "reminder_neutral"),
    ("2026-04-11", "reminder_firm"),
    ("2026-04-21", "reminder_formal"),
]
