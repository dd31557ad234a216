"""What nobody told us is found by asking the provider: once, whatever breaks in the midst, and never too much."""

import pytest

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.domain.reconciliation import Standing, What
from chalicelib.usecases import reconciling, refunding
from tests import builders as b
from tests.usecases.comparison import Comparison, paid
from tests.usecases.till import ACCOUNT, code_of


@pytest.fixture
def compared():
    return Comparison()


def test_a_payment_whose_event_was_lost_is_booked_and_found_once(compared):
    invoice, payment = paid(compared)
    compared.compare()
    compared.work()
    assert compared.till.status(invoice) == "paid"
    (found,) = compared.findings()
    assert (found.payment_intent_id, found.what, found.because) == (payment, What.MISSING, "payment_intent.succeeded")
    assert (found.before, f"{found.after.amount}") == (None, "114.98")

    compared.pass_(minutes=15)
    compared.compare()
    assert compared.work() == []
    assert len(compared.findings()) == 1


def test_an_event_that_was_heard_is_asked_for_no_more(compared):
    _, payment = paid(compared, told=False)
    event = compared.gateway.tell(payment, at=b.NOON)
    directory = DynamoDirectory(tables=compared.till.tables)
    directory.notice(f"{ACCOUNT}#{event.id}", at=b.NOON)
    directory.applied(f"{ACCOUNT}#{event.id}")
    compared.till.settle(payment)
    round_ = compared.compare()
    assert (round_.seen, round_.missed) == (1, 0)
    assert compared.ordered == []


def test_an_event_whose_work_was_lost_is_asked_for_again(compared):
    invoice, payment = paid(compared, told=False)
    event = compared.gateway.tell(payment, at=b.NOON)
    DynamoDirectory(tables=compared.till.tables).notice(f"{ACCOUNT}#{event.id}", at=b.NOON)
    compared.compare()
    compared.work()
    assert compared.till.status(invoice) == "paid"


def test_the_cursor_stays_until_every_page_was_read(compared):
    compared.gateway.at_once = 1
    first, second = paid(compared), paid(compared)
    began = compared.begin()
    compared.compare(pages=1)  # and the worker dies
    assert compared.till.store().find(Standing, ACCOUNT) is None
    assert compared.begin().since == began.since
    compared.compare()
    compared.work()
    assert [compared.till.status(invoice) for invoice, _ in (first, second)] == ["paid", "paid"]
    assert compared.standing().read_up_to > began.since


def test_what_is_younger_than_the_grace_is_left_to_the_webhook(compared):
    invoice = compared.till.invoiced()
    compared.gateway.tell(compared.gateway.pay(compared.till.start(invoice)), at=compared.till.clock())
    assert compared.compare().seen == 0
    compared.ordered.clear()  # the first round of a day compares payments, too
    compared.pass_(minutes=20)
    assert compared.compare().seen == 1


def test_two_rounds_that_end_at_once_leave_the_later_end(compared):
    early, desk = compared.begin(), compared.desk()
    compared.pass_(minutes=30)
    compared.compare()
    ended = compared.standing().read_up_to
    while early.step is not None:
        early = reconciling.go_on(early, desk)
    reconciling.finish(early, desk)
    assert compared.standing().read_up_to == ended


def test_a_payment_of_which_no_event_is_listed_is_found_by_the_daily_comparison(compared):
    invoice, payment = paid(compared, told=False)
    compared.compare()
    assert compared.work() == [("settle", payment, "comparison")]
    assert compared.till.status(invoice) == "paid"

    compared.gateway.refund_in_dashboard(payment, b.cad("14.98"))
    compared.pass_(minutes=15)
    compared.compare()
    assert compared.work() == []  # until tomorrow
    compared.pass_(days=1)
    compared.compare()
    compared.work()
    _, found = compared.findings()
    assert (found.what, f"{found.before.refunded}", f"{found.after.refunded}") == (What.DIFFERENT, "0.00", "14.98")


def test_a_dispute_of_which_no_event_is_listed_is_found_by_the_daily_comparison(compared):
    invoice, payment = paid(compared, told=False)
    compared.till.settle(payment)
    compared.gateway.dispute(payment, b.cad("114.98"))
    compared.compare()
    compared.work()
    assert compared.till.status(invoice) == "disputed"


def test_money_that_nobody_asked_for_is_quarantined_and_told_of_after_a_day(compared):
    compared.gateway.receive(b.cad("10"), account_id=ACCOUNT)
    compared.compare()
    compared.work()
    (stray,) = compared.till.payments()
    assert stray.quarantine == "no_reference"
    compared.pass_(days=1, minutes=1)
    compared.compare()
    assert compared.reminded == [stray.id]


def test_the_business_is_told_of_a_finding_at_the_end_of_the_next_round_and_once(compared):
    paid(compared)
    compared.compare()
    compared.work()
    assert compared.told == []
    for _ in range(3):
        compared.pass_(minutes=15)
        compared.compare()
    (found,) = compared.findings()
    assert compared.told == [("", found.id)]


def test_a_page_that_should_have_ended_is_looked_at(compared):
    invoice = compared.till.invoiced()
    compared.till.start(invoice)
    compared.pass_(hours=2)
    compared.gateway.expire_pages(compared.till.clock())
    compared.compare()
    assert compared.work() == [("look", "cs_1")]
    assert compared.till.see(invoice).checkout is None


def test_a_page_that_is_open_is_left_alone(compared):
    compared.till.start(compared.till.invoiced())
    compared.pass_(minutes=20)
    compared.compare()
    assert compared.ordered == []


def test_a_refund_whose_end_nobody_told_is_asked_for(compared):
    invoice, payment = paid(compared, told=False)
    compared.till.settle(payment)
    (booked,) = compared.till.payments(invoice)
    compared.gateway.down = 9
    refund = refunding.refund(
        booked.id,
        amount=None,
        reason="",
        now=compared.till.clock(),
        ids=compared.till.ids,
        store=compared.till.store(),
        gateway=lambda: compared.gateway,
    )
    compared.gateway.down = 0
    compared.pass_(hours=2)
    compared.compare()
    assert compared.work() == [("refund", refund.id)]
    assert compared.till.status(invoice) == "refunded"


def test_an_account_that_lets_nobody_in_stays_where_it_stood(compared):
    compared.compare()
    before = compared.standing()
    paid(compared)
    compared.gateway.refusing[ACCOUNT] = "account_not_connected"
    round_ = compared.begin()
    assert code_of(lambda: reconciling.go_on(round_, compared.desk())) == "account_not_connected"
    reconciling.give_up(
        round_, code="account_not_connected", real_now=compared.till.clock(), store=compared.till.store()
    )
    after = compared.standing()
    assert (after.read_up_to, after.refused) == (before.read_up_to, "account_not_connected")
    compared.gateway.refusing.clear()
    assert compared.compare().seen == 1
    assert compared.standing().refused is None


def test_after_a_long_absence_payments_are_compared_from_where_it_began(compared):
    compared.compare()
    invoice, payment = paid(compared, told=False)
    compared.pass_(days=40)
    compared.compare()
    assert ("settle", payment, "comparison") in compared.work()
    assert compared.till.status(invoice) == "paid"
