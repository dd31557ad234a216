"""Any history of payments, refunds, disputes, crashes and repetitions: the books add up at every step."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from chalicelib.domain.errors import DomainError
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.settlement import ChargeStatus, DisputeStatus, RefundStatus, received
from chalicelib.usecases.checkouts import connected
from tests import builders as b
from tests.usecases.till import ACCOUNT, Till

HISTORIES = 200
STEPS = 14
END = (DisputeStatus.WON, DisputeStatus.LOST)


@dataclass(slots=True)
class History:
    """One random history; ``told`` is what happened, to read when it fails."""

    chance: random.Random
    till: Till = field(default_factory=Till)
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    disputes: list[tuple[str, str]] = field(default_factory=list)
    refunds: list[tuple[str, str]] = field(default_factory=list)
    cash: int = 0
    told: list[str] = field(default_factory=list)

    def play(self) -> None:
        self.invoices = [self.till.invoiced(), self.till.invoiced(b.content(schedule=b.halves()))]
        for _ in range(STEPS):
            deed = self.chance.choice(DEEDS)
            self.told.append(deed.__name__)
            if self.chance.random() < 0.1:
                self.till.tables.fail_next(ConnectionError("the function ended"))
            try:
                deed(self)
            except (DomainError, ConnectionError) as refused:
                self.told.append(f"  {refused}")
            assert max(Counter(self.till.payable_now()).values(), default=0) <= 1, self.told
            self.till.must_add_up(*self.invoices)

    def learn_everything(self) -> None:
        """Every event arrives in the end, in any order and more than once."""
        news = self.payments * 2
        self.chance.shuffle(news)
        self.till.tables.forget_faults()
        for payment in news:
            self.till.settle(payment)

    def invoice(self) -> Invoice:
        return self.chance.choice(self.invoices)

    def payment(self) -> str:
        if not self.payments:
            raise ConnectionError("there is no payment yet")
        return self.chance.choice(self.payments)

    def kept(self) -> int:
        """What the provider and the cash box hold for the business, in cents."""
        account = connected(ACCOUNT)
        return self.cash + sum(
            received(self.till.gateway.payment(payment, account=account)).minor for payment in set(self.payments)
        )


def start(history: History) -> None:
    history.till.start(history.invoice(), history.chance.choice(("due", "all")))


def pay(history: History) -> None:
    session = history.till.start(history.invoice(), history.chance.choice(("due", "all")))
    status = history.chance.choice((ChargeStatus.SUCCEEDED, ChargeStatus.SUCCEEDED, *ChargeStatus))
    payment = history.till.gateway.pay(session, status=status)
    history.payments.append(payment)
    if status is ChargeStatus.PENDING:
        history.pending.append(payment)
    if history.chance.random() < 0.5:
        history.till.come_back(session)


def debit_ends(history: History) -> None:
    if history.pending:
        status = history.chance.choice((ChargeStatus.SUCCEEDED, ChargeStatus.FAILED))
        history.till.gateway.settle(history.pending.pop(), status)


def news(history: History) -> None:
    history.till.settle(history.payment())


def cash(history: History) -> None:
    amount = history.chance.choice(("10.00", "57.49", "114.98", "150.00"))
    overpayment = history.chance.choice((None, "credit"))
    payment = history.till.take(history.invoice(), amount, overpayment=overpayment)
    history.cash += payment.amount.minor


def refund(history: History) -> None:
    payment = history.payment()
    left = received(history.till.gateway.payment(payment, account=connected(ACCOUNT)))
    if left:
        amount = history.chance.choice((left.minor, history.chance.randint(1, left.minor)))
        status = history.chance.choice((RefundStatus.PENDING, RefundStatus.SUCCEEDED))
        id = history.till.gateway.refund_in_dashboard(payment, type(left)(amount, "CAD"), status=status)
        history.refunds.append((payment, id))


def refund_fails(history: History) -> None:
    if history.refunds:
        history.till.gateway.fail_refund(*history.refunds.pop())


def dispute(history: History) -> None:
    payment = history.payment()
    left = received(history.till.gateway.payment(payment, account=connected(ACCOUNT)))
    if left:
        history.disputes.append((payment, history.till.gateway.dispute(payment, left)))


def dispute_ends(history: History) -> None:
    if history.disputes:
        history.till.gateway.decide(*history.disputes.pop(), history.chance.choice(END))


def void(history: History) -> None:
    history.till.void(history.invoice())


def close(history: History) -> None:
    history.till.close(history.invoice())


def time_passes(history: History) -> None:
    history.till.gateway.expire_pages(history.till.clock.move(minutes=40))


DEEDS: tuple[Callable[[History], None], ...] = (
    *(start, pay, pay, pay, debit_ends, news, news, cash, refund, refund_fails),
    *(dispute, dispute_ends, void, close, time_passes),
)


@pytest.mark.row("C6", "C9", "C12", "C14")
@pytest.mark.parametrize("tens", range(HISTORIES // 10))
def test_the_books_add_up_at_every_step_of_any_history(tens):
    for seed in range(tens * 10, tens * 10 + 10):
        history = History(random.Random(seed))
        history.play()

        history.learn_everything()

        history.till.must_add_up(*history.invoices)
        booked = sum(payment.kept.minor for payment in history.till.payments())
        assert booked == history.kept(), (seed, history.told)


def test_the_histories_meet_all_there_is_to_meet():
    """A generator that never refunds proves nothing about refunds."""
    met: set[str] = set()
    for seed in range(40):
        history = History(random.Random(seed))
        history.play()
        history.learn_everything()
        met |= {history.till.status(invoice) for invoice in history.invoices}
        met |= {envelope.event.type for envelope in history.till.tables.journal()}

    statuses = {"void", "refunded", "disputed", "paid", "partially_refunded", "partially_paid", "issued"}
    assert statuses <= met
    assert {"invoice.checkout_closed", "payment.changed", "invoice.settled"} <= met
