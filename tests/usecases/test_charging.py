"""Charging stored cards: one charge for one attempt, wherever it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.usecases import charging
from chalicelib.usecases.charging import ChargeWish
from tests import builders as b
from tests.usecases.purse import charge, go_on, hands, stored
from tests.usecases.till import Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.mark.row("H46")
def test_a_stored_card_is_charged_for_what_is_due(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()

    told = charge(till, invoice)

    assert (told.decline, told.pending, told.amount) == (None, False, b.cad("114.98"))
    assert till.status(invoice) == "paid"
    assert till.see(invoice).checkout is None
    assert till.see(invoice).charging is None
    till.must_add_up(invoice)


@pytest.mark.row("H47")
def test_without_a_card_nothing_is_charged(till: Till) -> None:
    invoice = till.invoiced()

    assert code_of(lambda: charge(till, invoice)) == "no_card"
    assert till.see(invoice).attempts == 0


def test_a_lost_answer_is_looked_up_and_never_charged_again(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.forgetful = 1

    told = charge(till, invoice)
    go_on(till, invoice)

    assert told.pending
    assert till.status(invoice) == "paid"
    assert len(till.gateway.charged) == 1


def test_a_lost_answer_is_looked_up_even_after_the_provider_forgot_the_key(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.forgetful = 1
    charge(till, invoice)
    till.gateway.forgets_keys = True

    go_on(till, invoice, later=timedelta(hours=25))

    assert till.status(invoice) == "paid"
    assert len(till.gateway.charged) == 1


def test_what_never_arrived_is_sent_once_more_as_the_same_attempt(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.down = 1
    assert charge(till, invoice).pending

    go_on(till, invoice)
    go_on(till, invoice)

    assert [attempt.id for attempt in till.gateway.charged] == ["1"]
    assert till.status(invoice) == "paid"


def test_nothing_else_is_tried_while_it_is_not_known_what_became_of_a_charge(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.forgetful = 1
    charge(till, invoice)

    assert code_of(lambda: charge(till, invoice)) == "payment_under_way"
    assert code_of(lambda: till.start(invoice)) == "payment_under_way"
    assert code_of(lambda: till.void(invoice)) == "payment_under_way"
    assert len(till.gateway.charged) == 1


def test_an_open_page_is_closed_before_the_card_is_charged(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.start(invoice)

    charge(till, invoice)

    assert till.open_pages() == []
    assert till.status(invoice) == "paid"


def test_a_page_that_was_paid_meanwhile_leaves_the_card_alone(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.pay(till.start(invoice))

    assert code_of(lambda: charge(till, invoice)) == "payment_under_way"
    assert till.gateway.charged == []


def test_cash_that_comes_before_the_card_is_charged_ends_the_attempt_once_nobody_can_be_sending_it(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.down = 1
    charge(till, invoice)
    till.take(invoice, "114.98")

    go_on(till, invoice)
    assert till.see(invoice).checkout is not None
    go_on(till, invoice, later=timedelta(minutes=16))

    assert till.see(invoice).checkout is None
    assert till.gateway.charged == []
    assert till.events(invoice.id)[-1] == "invoice.charge_given_up"
    till.must_add_up(invoice)


def test_cash_that_comes_while_the_card_is_charged_is_booked_and_the_surplus_is_credit(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.forgetful = 1
    charge(till, invoice)
    till.take(invoice, "114.98")

    go_on(till, invoice)

    assert till.status(invoice) == "paid"
    assert f"{till.balance().credit_total}" == "114.98"
    till.must_add_up(invoice)


def test_a_crash_after_the_reservation_leaves_the_same_attempt_to_go_on_with(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()

    class Crashed(Exception):
        pass

    def gone() -> None:
        raise Crashed

    with pytest.raises(Crashed):
        charging.charge(invoice.id, ChargeWish(), hands=replace(hands(till), gateway=gone))  # type: ignore[arg-type]
    go_on(till, invoice)

    assert [attempt.id for attempt in till.gateway.charged] == ["1"]
    assert till.status(invoice) == "paid"
