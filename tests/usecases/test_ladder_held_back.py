"""What holds reminders back: promises, switches, settings, and what is not due or not owed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.business import Automation
from chalicelib.domain.follow_up import is_followed, unpaid_days
from chalicelib.domain.ladder import Ladder, Step, Tone
from chalicelib.domain.schedule import DaysAfter, DueOn, InstalmentTerm
from chalicelib.usecases import following
from tests import builders as b
from tests.usecases.desk import Desk
from tests.usecases.ladder import DUE, LADDER, WHOLE, a_desk, mailed, of_client, pass_days, steps
from tests.usecases.till import code_of


@pytest.fixture
def desk():
    return a_desk()


def test_a_void_invoice_is_not_followed_up(desk):
    desk.void(desk.invoiced())
    pass_days(desk, 60)

    assert mailed(desk) == []


def test_a_promise_makes_reminders_wait_and_its_day_over_the_latest_step_is_due(desk):
    invoice = desk.invoiced()
    pass_days(desk, 28)
    following.promise_payment(
        invoice.id, on=date(2026, 4, 15), note="par virement", if_match=None, now=desk.clock(), store=desk.store()
    )
    pass_days(desk, 60)

    assert mailed(desk) == [WHOLE[0], ("2026-04-16", "reminder_firm"), WHOLE[3]]
    assert steps(desk, invoice) == [(-3, ()), (10, (1,)), (20, ())]


def test_a_promise_that_is_taken_back_holds_nothing_back(desk):
    invoice = desk.invoiced()
    for day in (date(2026, 5, 15), None):
        following.promise_payment(invoice.id, on=day, note=None, if_match=None, now=desk.clock(), store=desk.store())
    pass_days(desk, 60)

    assert mailed(desk) == WHOLE


def test_a_promise_of_a_past_day_is_none(desk):
    invoice = desk.invoiced()
    past = {"on": date(2026, 3, 1), "note": None, "if_match": None, "now": desk.clock(), "store": desk.store()}

    assert code_of(lambda: following.promise_payment(invoice.id, **past)) == "in_the_past"


def test_an_invoice_can_be_taken_off_the_ladder_and_put_back(desk):
    invoice = desk.invoiced()

    def switch(off):
        following.switch_reminders(invoice.id, off=off, if_match=None, now=desk.clock(), store=desk.store())

    switch(True)
    pass_days(desk, 35)
    assert mailed(desk) == []
    switch(False)
    pass_days(desk, 30)
    assert mailed(desk) == [("2026-04-07", "reminder_neutral"), *WHOLE[2:]]


def test_a_client_may_have_no_reminders_or_a_ladder_of_its_own(desk):
    of_client(desk, reminders=Ladder())
    invoice = desk.invoiced()
    assert desk.see(invoice).remind_at is None

    of_client(desk, reminders=Ladder(steps=(Step(days=5, tone=Tone.FIRM),), since=b.TODAY))
    pass_days(desk, 60)
    assert mailed(desk) == [("2026-04-06", "reminder_firm")]


def test_a_ladder_reaches_the_invoices_that_were_issued_before_it():
    desk = Desk()
    invoice = desk.invoiced()
    desk.clock.move(days=35)
    desk.change(reminders=replace(LADDER, since=date(2026, 4, 6)))
    assert following.follow_settings(after=None, now=desk.clock(), store=desk.store()) is None
    pass_days(desk, 40)

    assert mailed(desk) == WHOLE[2:]  # what was due before it was set up is left alone
    assert desk.events(invoice.id).count("invoice.reminders_planned") == 1


def test_a_ladder_that_is_taken_away_ends_the_follow_up(desk):
    invoice = desk.invoiced()
    desk.change(reminders=Ladder())
    following.follow_settings(after=None, now=desk.clock(), store=desk.store())
    pass_days(desk, 60)

    assert (mailed(desk), desk.see(invoice).remind_at) == ([], None)


def test_a_ladder_that_changed_without_the_plans_is_asked_when_the_time_comes(desk):
    desk.invoiced()
    desk.change(automation=Automation(remind=False))
    pass_days(desk, 60)

    assert mailed(desk) == []


def test_each_instalment_has_its_own_steps(desk):
    halves = (
        InstalmentTerm(percent=Decimal(50), due=DueOn(on=date(2026, 3, 20))),
        InstalmentTerm(remainder=True, due=DueOn(on=DUE)),
    )
    paid, unpaid = (desk.invoiced(b.content(schedule=halves)) for _ in range(2))
    pass_days(desk, 25)
    desk.take(paid, "57.49")
    pass_days(desk, 60)

    assert steps(desk, paid) == [(-3, ()), (1, ()), (-3, ()), (1, ()), (10, ()), (20, ())]
    assert steps(desk, unpaid) == [
        (-3, ()),  # of 20 March, and 1 of 21 March
        (1, ()),
        (-3, ()),  # of 1 April
        (10, ()),  # of 20 March, on the day after: a client is reminded once a day
        (1, ()),
        (20, ()),
        (10, ()),
        (20, ()),
    ]


@pytest.mark.row("P15")
def test_an_instalment_that_waits_for_the_work_is_not_reminded_of(desk):
    waiting = (
        InstalmentTerm(percent=Decimal(50), due=DueOn(on=date(2026, 3, 20))),
        InstalmentTerm(remainder=True, due=DaysAfter(days_after="completion", days=0)),
    )
    invoice = desk.invoiced(b.content(schedule=waiting))
    desk.take(invoice, "57.49")
    pass_days(desk, 90)

    assert mailed(desk) == []


def test_what_was_credited_of_an_instalment_is_not_reminded_of(desk):
    thirds = tuple(
        InstalmentTerm(amount=amount, remainder=amount is None, due=DueOn(on=date(2026, month, 20)))
        for month, amount in ((3, b.cad("14.98")), (4, b.cad("50.00")), (5, None))
    )
    invoice = replace(desk.invoiced(b.content(schedule=thirds)), credited_total=b.cad("50.00"))

    assert unpaid_days(invoice) == (date(2026, 3, 20), date(2026, 4, 20))


def test_what_was_given_back_is_not_asked_for_again_by_itself(desk):
    invoice = replace(desk.invoiced(), paid_total=b.cad("100.00"), refunded_total=b.cad("14.98"))

    assert not is_followed(invoice)
    assert is_followed(replace(invoice, paid_total=b.cad("99.99")))
