"""The ladder of reminders as time passes: each step once, one mail a day to a client, and nothing once it is paid."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.ladder import Window
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.reminder_events import ReminderMailed
from chalicelib.usecases import charging_late, reminding
from tests import builders as b
from tests.fakes.wording import PlainWording
from tests.usecases.ladder import WHOLE, a_desk, mailed, of_client, pass_days, steps
from tests.usecases.till import code_of

PACIFIC, KIRITIMATI = "Pacific/Pago_Pago", "Pacific/Kiritimati"  # UTC-11 and UTC+14


@pytest.fixture
def desk():
    return a_desk()


@pytest.mark.row("C42", "K26")
def test_each_step_and_each_fee_comes_once_though_it_ticks_every_five_minutes_for_sixty_days(desk):
    desk.change(late_fee=LateFeeTerms(flat=Decimal(15), automatic=True, since=b.TODAY))
    invoice = desk.invoiced()
    desk.clock.move(days=25)
    for _ in range(60 * 24 * 12):
        desk.clock.move(minutes=5)
        if desk.sweep().done:
            desk.mail_reminders()
            charge(desk, invoice)

    assert mailed(desk) == WHOLE
    assert steps(desk, invoice) == [(-3, ()), (1, ()), (10, ()), (20, ())]
    assert len(desk.see(invoice).late_fees) == 1


def charge(desk, invoice):
    if "invoice.late_fee_due" in desk.events(invoice.id):
        charging_late.charge_what_is_due(
            invoice.id,
            through=desk.clock().date() - timedelta(days=1),
            now=desk.clock(),
            ids=desk.ids,
            store=desk.store(),
            wordings=lambda language, _: PlainWording(language=language),
        )


@pytest.mark.row("C38")
@pytest.mark.parametrize(
    ("zone", "at"),
    [
        (PACIFIC, "2026-03-29T20:00:00+00:00"),
        (KIRITIMATI, "2026-03-28T19:00:00+00:00"),
        (None, "2026-03-29T13:00:00+00:00"),
    ],
)
def test_a_client_is_mailed_at_nine_where_it_is(desk, zone, at):
    of_client(desk, time_zone=zone)
    invoice = desk.invoiced()

    assert desk.see(invoice).remind_at == datetime.fromisoformat(at)


@pytest.mark.row("C38")
@pytest.mark.parametrize("hours", [-11, 14])
def test_a_due_date_is_a_date_wherever_the_client_is(desk, hours):
    of_client(desk, time_zone=PACIFIC if hours < 0 else KIRITIMATI)
    desk.invoiced()
    pass_days(desk, 32, hours=range(24))

    facts = [e.event.facts for e in desk.tables.journal() if isinstance(e.event, ReminderMailed)]
    assert [dict(each)["Due date"] for each in facts] == ["2026-04-01", "2026-04-01"]
    local = timezone(timedelta(hours=hours))
    sent = [one.delivery.at.astimezone(local) for one in desk.reminders()]
    assert [(each.date().isoformat(), each.hour) for each in sent] == [("2026-03-29", 9), ("2026-04-02", 9)]


@pytest.mark.row("K22")
def test_all_that_a_client_owes_on_a_day_is_one_mail(desk):
    one, two = desk.invoiced(), desk.invoiced()
    pass_days(desk, 28)

    assert mailed(desk) == [("2026-03-29", "reminder_soon_several")]
    assert [steps(desk, each) for each in (one, two)] == [[(-3, ())], [(-3, ())]]
    assert desk.see(one).reminder.message_id == desk.see(two).reminder.message_id


def test_two_sweeps_at_once_ask_once(desk):
    desk.invoiced(), desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T13:00:00+00:00")
    desk.tables.meanwhile(desk.sweep)
    desk.sweep()
    desk.mail_reminders()

    assert mailed(desk) == [("2026-03-29", "reminder_soon_several")]


def test_an_invoice_that_the_lists_do_not_show_yet_is_reminded_of_the_day_after(desk):
    one = desk.invoiced()
    desk.tables.delay_indexes()
    two = desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T13:00:00+00:00")
    reminding.remind_when_due(one.id, now=desk.clock(), store=desk.store())
    desk.mail_reminders()
    desk.tables.catch_up()
    desk.sweep()
    assert steps(desk, two) == []

    pass_days(desk, 2)
    assert mailed(desk) == [("2026-03-29", "reminder_soon"), ("2026-03-30", "reminder_soon")]
    assert steps(desk, two) == [(-3, ())]


def test_the_bell_counts_for_the_day_and_the_ladder_goes_on_the_day_after(desk):
    invoice = desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T12:59:00+00:00")
    desk.ring(invoice)
    desk.mail_reminders()
    pass_days(desk, 2)

    assert mailed(desk) == [("2026-03-29", "reminder"), ("2026-03-30", "reminder_soon")]
    assert steps(desk, invoice) == [(-3, ())]


def test_the_ladder_counts_for_the_bell(desk):
    one, two = desk.invoiced(), desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T13:00:00+00:00")
    desk.sweep()
    desk.mail_reminders()

    assert {code_of(lambda each=each: desk.ring(each)) for each in (one, two)} == {"reminded_today"}


@pytest.mark.row("C42")
def test_missed_steps_are_made_up_for_by_the_latest_alone_and_that_is_written_down(desk):
    invoice = desk.invoiced()
    desk.clock.move(days=42)  # the machine slept until 13 April
    pass_days(desk, 30)

    assert mailed(desk) == [("2026-04-13", "reminder_firm"), ("2026-04-21", "reminder_formal")]
    assert steps(desk, invoice) == [(10, (-3, 1)), (20, ())]


def test_a_closed_window_puts_a_step_off_to_its_next_opening(desk):
    desk.change(reminder_window=Window(weekdays=(1, 2, 3, 4, 5)))
    desk.invoiced()
    pass_days(desk, 60)

    assert mailed(desk) == [
        ("2026-03-30", "reminder_soon"),  # the 29th is a Sunday
        ("2026-04-02", "reminder_neutral"),
        ("2026-04-13", "reminder_firm"),  # the 11th is a Saturday
        ("2026-04-21", "reminder_formal"),
    ]


def test_nobody_is_mailed_at_night_though_the_sweep_slept_through_the_day(desk):
    desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-30T01:00:00+00:00")  # 21:00 of the 29th in Montreal
    desk.sweep()
    desk.mail_reminders()
    assert mailed(desk) == []

    pass_days(desk, 1)
    assert mailed(desk) == [("2026-03-30", "reminder_soon")]


@pytest.mark.row("K26")
def test_payment_ends_it_also_between_the_asking_and_the_mail(desk):
    invoice = desk.invoiced()
    pass_days(desk, 28)
    desk.clock.at = datetime.fromisoformat("2026-04-02T13:00:00+00:00")
    desk.sweep()
    desk.take(invoice, "114.98")
    desk.mail_reminders()
    pass_days(desk, 60)

    assert mailed(desk) == WHOLE[:1]
    assert desk.see(invoice).reminder.state is DeliveryState.NONE
    assert desk.events(desk.reminders()[-1].id)[-1] == "reminder.withdrawn"


def test_of_two_invoices_only_the_one_that_is_not_paid_is_named(desk):
    one, two = desk.invoiced(), desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T13:00:00+00:00")
    desk.sweep()
    desk.take(one, "114.98")
    desk.mail_reminders()

    assert mailed(desk) == [("2026-03-29", "reminder_soon")]
    assert [desk.see(each).reminder.state for each in (one, two)] == [DeliveryState.NONE, DeliveryState.SENT]


def test_a_reminder_whose_day_has_passed_is_not_sent_and_its_step_is_still_owed(desk):
    invoice = desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T13:00:00+00:00")
    desk.sweep()
    desk.clock.at = datetime.fromisoformat("2026-03-30T06:00:00+00:00")  # the queue stood still overnight
    desk.mail_reminders()
    assert mailed(desk) == []

    pass_days(desk, 1)
    assert mailed(desk) == [("2026-03-30", "reminder_soon")]
    assert steps(desk, invoice) == [(-3, ()), (-3, ())]


def test_a_reminder_that_the_queue_kept_until_the_night_waits_for_the_morning(desk):
    invoice = desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T21:59:00+00:00")  # 17:59 in Montreal, before it closes
    desk.sweep()
    desk.clock.at = datetime.fromisoformat("2026-03-29T22:01:00+00:00")
    desk.mail_reminders()
    assert mailed(desk) == []

    pass_days(desk, 2)
    assert mailed(desk) == [("2026-03-30", "reminder_soon")]
    assert steps(desk, invoice) == [(-3, ()), (-3, ())]


def test_a_bell_that_is_rung_at_night_is_heard_at_night(desk):
    invoice = desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T23:00:00+00:00")
    desk.ring(invoice)
    desk.mail_reminders()

    assert mailed(desk) == [("2026-03-29", "reminder")]


def test_a_client_without_an_address_is_told_to_the_business(desk):
    of_client(desk, email=None)
    desk.invoiced()
    desk.clock.at = datetime.fromisoformat("2026-03-29T13:00:00+00:00")
    desk.sweep()
    desk.mail_reminders()

    (reminder,) = desk.reminders()
    assert (reminder.delivery.state, desk.events(reminder.id)[-1]) == (DeliveryState.FAILED, "reminder.failed")


def test_more_invoices_than_one_mail_names_wait_for_the_next_day(desk):
    for _ in range(43):
        desk.invoiced()
    pass_days(desk, 30)

    assert [len(one.entries) for one in desk.reminders()] == [40, 3]
    assert {one.day.isoformat() for one in desk.reminders()} == {"2026-03-29", "2026-03-30"}
