"""What nobody told us is found by asking the provider: once, whatever breaks in the midst, and never too much."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.domain.invariants import of_clearing
from chalicelib.domain.journal import Account
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout
from chalicelib.domain.reconciliation import Finding, Standing, What
from chalicelib.ports import Filter
from chalicelib.usecases import reconciling, refunding, settling
from chalicelib.usecases.checkouts import connected
from tests import builders as b
from tests.fakes.telling import TellingGateway
from tests.usecases.till import ACCOUNT, Till, code_of

GRACE = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)


@dataclass(slots=True)
class Comparison:
    """A till whose provider tells nothing by itself; what is ordered is done when ``work`` is called."""

    till: Till = field(default_factory=lambda: Till(gateway=TellingGateway()))
    ordered: list[tuple[str, ...]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    reminded: list[str] = field(default_factory=list)

    @property
    def gateway(self):
        return self.till.gateway

    def desk(self):
        store = self.till.store()
        return reconciling.Desk(
            account=connected(ACCOUNT),
            real_now=self.till.clock(),
            now=self.till.clock(),
            ids=self.till.ids,
            store=store,
            directory=DynamoDirectory(tables=self.till.tables),
            gateway=self.gateway,
            orders=reconciling.Orders(
                hear=lambda event, key: self.ordered.append(("event", event.payment_intent_id, event.type, key)),
                settle=lambda payment, because: self.ordered.append(("settle", payment, because)),
                look=lambda session: self.ordered.append(("look", session)),
                refund=lambda refund: self.ordered.append(("refund", refund)),
                tell=lambda after, until: self.told.append((after, until)),
                remind=self.reminded.append,
            ),
        )

    def begin(self):
        return reconciling.begin(ACCOUNT, grace=GRACE, real_now=self.till.clock(), store=self.till.store())

    def compare(self, *, pages=1000):
        """A whole round, or its first pages only, after which the worker dies."""
        round_, desk = self.begin(), self.desk()
        for _ in range(pages):
            if round_.step is None:
                reconciling.finish(round_, desk)
                return round_
            round_ = reconciling.go_on(round_, desk)
        return round_

    def work(self):
        """Do what was ordered, as the queue's worker does."""
        ordered, self.ordered = self.ordered, []
        for kind, what, *because in ordered:
            if kind in {"event", "settle"}:
                settling.settle(
                    what,
                    now=self.till.clock(),
                    ids=self.till.ids,
                    store=self.till.store(),
                    gateway=self.gateway,
                    account=connected(ACCOUNT),
                    healing=because[0],
                )
            if kind == "event":
                DynamoDirectory(tables=self.till.tables).applied(because[1])
            if kind == "look":
                self.till.come_back(what)
            if kind == "refund":
                refunding.ask_for(
                    what, now=self.till.clock(), ids=self.till.ids, store=self.till.store(), gateway=self.gateway
                )
        return ordered

    def pass_(self, **step):
        self.till.clock.move(**step)

    def findings(self):
        return self.till.store().page(Finding, Filter(), limit=100).rows[::-1]

    def standing(self):
        return self.till.store().get(Standing, ACCOUNT)


@pytest.fixture
def compared():
    return Comparison()


def paid(compared, *, told=True):
    """An invoice that was paid online and that nobody told us of."""
    invoice = compared.till.invoiced()
    payment = compared.gateway.pay(compared.till.start(invoice))
    if told:
        compared.gateway.tell(payment, at=compared.till.clock())
    compared.pass_(minutes=20)
    return invoice, payment


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


# --- fees and payouts


def test_a_fee_is_booked_once_and_its_difference_when_it_changes(compared):
    _, payment = paid(compared, told=False)
    compared.till.settle(payment)
    compared.gateway.charge_fee(payment, "3.63", at=compared.till.clock())
    compared.pass_(minutes=20)
    compared.compare()
    assert compared.work() == [("settle", payment, "balance")]
    ledger = compared.till.ledger()
    assert (ledger[Account.FEES], ledger[Account.CLEARING]) == (363, 11498 - 363)
    compared.gateway.tell_fee(payment, b.cad("4.00"))
    compared.till.settle(payment)
    assert compared.till.ledger()[Account.FEES] == 400
    assert sum(compared.till.ledger().values()) == 0


def test_a_fee_in_the_accounts_own_currency_is_booked_in_it_and_never_converted(compared):
    _, payment = paid(compared, told=False)
    compared.gateway.tell_fee(payment, Money(250, "EUR"))
    compared.till.settle(payment)
    postings = [p for e in compared.till.tables.journal() for p in e.event.postings if p.account is Account.FEES]
    assert [f"{each.amount} {each.amount.currency}" for each in postings] == ["2.50 EUR"]
    (booked,) = compared.till.payments()
    assert (f"{booked.costs.fee_in('EUR')}", f"{booked.costs.fee_in('CAD')}") == ("2.50", "0.00")


def test_a_payout_is_booked_once_with_what_is_in_it(compared):
    _, payment = paid(compared, told=False)
    compared.till.settle(payment)
    charge = compared.gateway.charge_fee(payment, "3.63", at=compared.till.clock())
    compared.till.settle(payment)
    compared.gateway.paid["po_1"] = [charge]
    moved = compared.gateway.move("payout", b.cad("-111.35"), at=compared.till.clock(), source="po_1")
    compared.pass_(minutes=20)
    for _ in range(2):
        compared.compare()
        compared.pass_(days=1)
    payout = compared.till.store().get(Payout, "po_1")
    assert (payout.version, f"{payout.amount}", payout.movements) == (1, "111.35", (moved.id,))
    assert [(part.payment_intent_id, f"{part.fee}") for part in payout.parts] == [(payment, "3.63")]
    ledger = compared.till.ledger()
    assert (ledger[Account.BANK], ledger[Account.CLEARING], sum(ledger.values())) == (11135, 0, 0)
    payments = compared.till.payments()
    assert not list(of_clearing(payments, compared.till.tables.journal(), compared.gateway.moved, [payout]))


def test_a_payout_that_the_bank_sends_back_is_on_the_balance_again(compared):
    compared.gateway.move("payout", b.cad("-50"), at=compared.till.clock(), source="po_1")
    compared.gateway.move("payout", b.cad("50"), at=compared.till.clock(), source="po_1")
    compared.pass_(minutes=20)
    compared.compare()
    compared.pass_(days=1)
    compared.compare()
    payout = compared.till.store().get(Payout, "po_1")
    assert (f"{payout.amount}", f"{payout.returned}", payout.version) == ("50.00", "50.00", 2)
    assert compared.till.ledger()[Account.BANK] == 0


def test_what_moved_and_is_nothing_that_we_book_is_reported_once(compared):
    compared.gateway.move("stripe_fee", b.cad("-2"), at=compared.till.clock())
    compared.pass_(minutes=20)
    compared.compare()
    compared.pass_(days=1)
    compared.compare()
    (found,) = compared.findings()
    assert (found.what, found.because, f"{found.amount}") == (What.MOVEMENT, "stripe_fee", "-2.00")
