"""Runs of reminders that meet others on their way."""

from dataclasses import replace

import pytest

from chalicelib.domain.business import Automation
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.usecases import reminder_runs
from tests.fakes.wording import PlainWording
from tests.usecases.desk import Desk
from tests.usecases.ladder import LADDER


def wordings(language, _):
    return PlainWording(language=language)


@pytest.fixture
def desk():
    desk = Desk()
    desk.change(reminders=LADDER, automation=Automation(remind=False))
    desk.invoiced(), desk.invoiced()
    desk.clock.move(days=40)
    return desk


def foreseen(desk, **more):
    return reminder_runs.preview_reminders(
        **{"on": None, "older": False} | more,
        now=desk.clock(),
        real_now=desk.clock(),
        store=desk.store(),
        wordings=wordings,
    ).plan


def run(desk, plan):
    return reminder_runs.run_reminders(
        plan.id, now=desk.clock(), real_now=desk.clock(), store=desk.store(), wordings=wordings
    )


def test_the_same_state_has_the_same_hash_and_any_other_another(desk):
    plan = foreseen(desk)
    assert foreseen(desk).id == plan.id

    desk.change(reminders=replace(LADDER, steps=tuple(replace(one, pay_link=False) for one in LADDER.steps)))
    assert foreseen(desk).id != plan.id
    with pytest.raises(Refused, match="the mail to Marie Gagnon would be another"):
        run(desk, plan)


def test_an_invoice_that_is_paid_while_it_runs_leaves_its_client_out(desk):
    plan = foreseen(desk)
    invoice = plan.reminders[0].entries[0].invoice_id
    desk.tables.meanwhile(lambda: desk.take(desk.store().get(Invoice, invoice), "114.98"))

    ran = run(desk, plan)
    assert (ran.reminders, ran.changed) == ((), ("Marie Gagnon",))


def test_what_is_gone_altogether_is_named(desk):
    plan = foreseen(desk)
    for entry in plan.reminders[0].entries:
        desk.take(desk.store().get(Invoice, entry.invoice_id), "114.98")

    with pytest.raises(Refused, match="Marie Gagnon is not to be reminded any more"):
        run(desk, plan)


def test_a_client_who_rang_in_between_is_not_mailed_twice(desk):
    plan = foreseen(desk)
    ringing = plan.reminders[0].entries[0].invoice_id
    desk.ring(desk.store().get(Invoice, ringing))

    with pytest.raises(Refused, match="any more"):
        run(desk, plan)
    assert [one.tone for one in desk.reminders()] == [None]
