"""Paying online: one page at a time, whatever crashes and whoever is quicker."""

import pytest

from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.settlement import ChargeStatus
from tests import builders as b
from tests.usecases.till import ACCOUNT, Till, code_of


@pytest.fixture
def till():
    return Till()


@pytest.mark.row("C7", "P25")
def test_the_attempt_is_written_down_before_the_provider_is_asked(till):
    invoice = till.invoiced()
    till.gateway.down = 1

    with pytest.raises(UnknownOutcome):
        till.start(invoice)

    standing = till.see(invoice).checkout
    assert (standing.attempt, standing.amount, standing.session_id) == (1, b.cad("114.98"), None)
    assert till.events(invoice.id)[-1] == "invoice.checkout_reserved"


def test_an_open_page_is_given_again(till):
    invoice = till.invoiced()

    assert [till.start(invoice), till.start(invoice)] == ["cs_1", "cs_1"]
    assert len(till.gateway.sessions) == 1


def test_a_page_for_another_amount_closes_the_first(till):
    invoice = till.invoiced(b.content(schedule=b.halves()))

    assert [till.start(invoice, "due"), till.start(invoice, "all")] == ["cs_1", "cs_2"]
    assert till.open_pages() == ["cs_2"]
    assert [attempt.amount for attempt in till.gateway.sessions] == [b.cad("57.49"), b.cad("114.98")]


@pytest.mark.row("C7")
def test_after_a_lost_answer_the_same_page_comes_again(till):
    invoice = till.invoiced()
    till.gateway.forgetful = 1

    with pytest.raises(UnknownOutcome):
        till.start(invoice)

    assert till.start(invoice) == "cs_1"
    assert len(till.gateway.sessions) == 1
    assert till.see(invoice).attempts == 1


@pytest.mark.row("C7")
def test_after_a_crash_between_the_page_and_our_note_of_it_the_same_page_comes_again(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.tables.fail_next(ConnectionError("the function ended")))
    with pytest.raises(ConnectionError):
        till.start(invoice)

    assert till.see(invoice).checkout.session_id is None
    assert till.start(invoice) == "cs_1"
    assert till.see(invoice).checkout.session_id == "cs_1"


def test_an_attempt_that_cannot_be_sent_again_as_it_was_is_followed_by_another(till):
    """The client's address was changed after the crash; Stripe refuses the same key with other words."""
    invoice = till.invoiced()
    till.gateway.forgetful = 1
    with pytest.raises(UnknownOutcome):
        till.start(invoice)

    till.start(invoice, success_url="https://quittance.example/elsewhere")

    assert till.see(invoice).attempts == 2
    assert [attempt.id for attempt in till.gateway.sessions] == ["1", "2"]


def test_an_expired_page_is_followed_by_another(till):
    invoice = till.invoiced()
    till.start(invoice)
    till.clock.move(minutes=31)
    till.gateway.expire_pages(till.clock())

    assert till.start(invoice) == "cs_2"
    assert till.open_pages() == ["cs_2"]


def test_an_expired_page_is_forgotten_when_the_provider_tells_of_it(till):
    invoice = till.invoiced()
    session = till.start(invoice)
    till.clock.move(minutes=31)
    till.gateway.expire_pages(till.clock())

    assert till.come_back(session) == invoice.id

    assert till.see(invoice).checkout is None
    assert till.events(invoice.id)[-1] == "invoice.checkout_closed"


def test_nobody_can_start_another_payment_while_one_is_about_to_be_booked(till):
    invoice = till.invoiced(b.content(schedule=b.halves()))
    till.gateway.pay(till.start(invoice, "due"))

    assert code_of(lambda: till.start(invoice, "all")) == "payment_under_way"
    assert len(till.gateway.sessions) == 1


def test_a_bank_debit_under_way_bars_other_payments_until_it_comes_back(till):
    invoice = till.invoiced()
    session = till.start(invoice)
    payment = till.gateway.pay(session, status=ChargeStatus.PENDING)
    till.come_back(session)
    till.clock.move(days=2)
    assert code_of(lambda: till.start(invoice)) == "payment_under_way"
    assert code_of(lambda: till.void(invoice)) == "payment_under_way"

    till.gateway.settle(payment, ChargeStatus.FAILED)
    till.come_back(session)

    assert till.see(invoice).checkout is None
    assert till.status(invoice) == "issued"
    assert till.start(invoice) == "cs_2"


def test_a_bank_debit_that_came_back_bars_nothing_even_if_nobody_told_us(till):
    invoice = till.invoiced()
    payment = till.gateway.pay(till.start(invoice), status=ChargeStatus.PENDING)
    till.gateway.settle(payment, ChargeStatus.FAILED)
    till.clock.move(days=2)

    assert till.start(invoice) == "cs_2"


def test_a_voucher_bars_other_payments_until_it_is_given_up(till):
    invoice = till.invoiced()
    session = till.start(invoice)
    payment = till.gateway.promise(session)
    till.come_back(session)
    till.clock.move(days=2)
    assert code_of(lambda: till.start(invoice)) == "payment_under_way"

    till.gateway.cancel(payment)
    till.come_back(session)

    assert till.start(invoice) == "cs_2"


def test_a_declined_card_leaves_the_page_open(till):
    invoice = till.invoiced()
    session = till.start(invoice)
    till.gateway.pay(session, status=ChargeStatus.FAILED)

    till.come_back(session)

    assert till.start(invoice) == session
    assert till.payments() == ()


@pytest.mark.row("C33", "P15")
def test_two_instalments_are_paid_one_after_the_other(till):
    invoice = till.invoiced(b.content(schedule=b.halves()))

    till.paid_online(invoice, "due")
    assert (till.status(invoice), till.totals(invoice)["amount_due"]) == ("partially_paid", "57.49")
    till.paid_online(invoice, "due")

    assert (till.status(invoice), till.totals(invoice)["amount_due"]) == ("paid", "0.00")
    assert [part.minor for part in till.see(invoice).instalments_paid] == [5749, 5749]
    till.must_add_up(invoice)


def test_nothing_is_offered_when_nothing_is_due(till):
    invoice = till.invoiced()
    till.take(invoice, "114.98")

    assert code_of(lambda: till.start(invoice)) == "nothing_due"
    assert till.gateway.sessions == []


def test_a_business_without_an_account_cannot_be_paid_online():
    till = Till(account=None)
    invoice = till.invoiced()

    assert code_of(lambda: till.start(invoice)) == "online_payments_off"
    assert till.see(invoice).checkout is None


@pytest.fixture
def moved(till):
    """The business connects another account while a page is open on the first."""
    invoice = till.invoiced()
    till.start(invoice)
    till.change(stripe_account="acct_2")
    return invoice


def test_a_page_on_the_account_before_is_closed_there_and_another_opened_on_the_new_one(till, moved):
    assert till.start(moved) == "cs_2"

    assert till.see(moved).checkout.account_id == "acct_2"
    assert till.open_pages() == []


def test_an_invoice_with_a_page_on_the_account_before_can_be_voided(till, moved):
    till.void(moved)

    assert till.open_pages() == []
    assert till.status(moved) == "void"


@pytest.fixture
def left(till):
    """The business's account leaves the platform while a page is open on it."""
    invoice = till.invoiced()
    till.start(invoice)
    till.gateway.refusing[ACCOUNT] = "account_not_connected"
    return invoice


def test_an_invoice_with_a_page_on_an_account_that_left_can_be_voided(till, left):
    till.void(left)

    assert till.status(left) == "void"
    assert till.see(left).checkout is None
    assert till.events(left.id)[-2:] == ["invoice.checkout_closed", "invoice.voided"]


def test_an_invoice_with_a_page_on_an_account_that_left_can_be_paid_on_another(till, left):
    till.change(stripe_account="acct_2")

    assert till.start(left) == "cs_2"
    assert till.see(left).checkout.account_id == "acct_2"


def test_a_payment_still_made_on_a_forgotten_page_is_booked_as_any_other(till, left):
    till.close(left)
    payment = till.gateway.pay("cs_1")
    till.gateway.refusing.clear()

    till.settle(payment)

    assert till.status(left) == "paid"
    till.must_add_up(left)


def test_any_other_refusal_to_close_a_page_leaves_it_open(till):
    invoice = till.invoiced()
    till.start(invoice)
    till.gateway.refusing[ACCOUNT] = "checkout_refused"

    assert code_of(lambda: till.void(invoice)) == "checkout_refused"

    assert till.see(invoice).checkout.session_id == "cs_1"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        pytest.param("a" * 242, f"{'a' * 242} \N{EN DASH} 00001", id="just fits"),
        pytest.param("a" * 243, f"{'a' * 241}… \N{EN DASH} 00001", id="one too long"),
        pytest.param(f"{'a' * 240} bcd", f"{'a' * 240}… \N{EN DASH} 00001", id="cut at a space"),
    ],
)
def test_the_page_names_the_whole_number_however_long_the_business_is_called(till, name, label):
    invoice = till.invoiced()
    till.change(name=name)

    till.start(invoice)

    assert till.gateway.sessions[0].label == label
    assert len(label) <= 250


@pytest.mark.row("C9")
def test_more_than_is_due_is_refused_and_nothing_is_written(till):
    invoice = till.invoiced()
    before = till.tables.transactions

    assert code_of(lambda: till.take(invoice, "114.99")) == "overpayment"

    assert till.tables.transactions == before


@pytest.mark.row("C9")
def test_more_than_is_due_becomes_credit_when_that_is_wanted(till):
    invoice = till.invoiced()

    payment = till.take(invoice, "120.00", overpayment="credit")

    assert (payment.applied, payment.credited) == (b.cad("114.98"), b.cad("5.02"))
    assert till.balance().credit_total == b.cad("5.02")
    till.must_add_up(invoice)


@pytest.mark.row("C9")
def test_of_two_payments_at_once_the_second_counts_what_the_first_left(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.take(invoice, "100.00"))

    assert code_of(lambda: till.take(invoice, "100.00")) == "overpayment"

    assert till.totals(invoice)["amount_due"] == "14.98"
    till.must_add_up(invoice)
