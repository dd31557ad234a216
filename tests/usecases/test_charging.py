"""Charging stored cards: one charge for one attempt, wherever it ends; what each refusal leads to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.business import Automation
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.usecases import charge_plans, charging, storing
from chalicelib.usecases.charging import Charged, ChargeWish, Hands
from chalicelib.usecases.checkouts import connected
from tests import builders as b
from tests.fakes.wording import PlainWording
from tests.usecases.till import ACCOUNT, BACK, Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


def hands(till: Till, *, real: timedelta = timedelta()) -> Hands:
    return Hands(
        now=till.clock(),
        real_now=till.clock() + real,
        ids=till.ids,
        store=till.store(),
        gateway=lambda: till.gateway,
    )


def stored(till: Till, *, automatic: bool = False, last4: str = "4242") -> None:
    """The client stores a card on the provider's page, and its event arrives."""
    url = storing.ask_for_card(
        b.CLIENT,
        allowed_automatic=automatic,
        wordings=lambda *_: PlainWording(),
        success_url=BACK,
        cancel_url=BACK,
        store=till.store(),
        gateway=till.gateway,
    )
    customer = url.rpartition("/")[2]
    till.gateway.store_card(customer, at=till.clock(), last4=last4)
    learn(till, customer)


def learn(till: Till, customer: str = f"cus_{b.CLIENT}") -> None:
    storing.learn_of_customer(
        customer, account=connected(ACCOUNT), now=till.clock(), store=till.store(), gateway=till.gateway
    )


def client(till: Till) -> Client:
    return till.store().get(Client, b.CLIENT)


def charge(till: Till, invoice: Invoice, **wish: object) -> Charged:
    return charging.charge(invoice.id, ChargeWish(**wish), hands=hands(till))  # type: ignore[arg-type]


def go_on(till: Till, invoice: Invoice, *, later: timedelta = timedelta()) -> None:
    charging.go_on(invoice.id, hands=hands(till, real=later))


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


@pytest.mark.parametrize("code", ["insufficient_funds", "generic_decline", "try_again_later", "a_code_of_tomorrow"])
def test_a_soft_decline_is_tried_again_after_1_3_5_and_7_days_and_then_never(till: Till, code: str) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.declining = code
    first = till.clock()

    told = charge(till, invoice)
    days = []
    while told.retry_at:
        days.append((told.retry_at - first).days)
        till.clock.at = told.retry_at
        assert charge_plans.charge_when_due(invoice.id, now=till.clock(), store=till.store())
        go_on(till, invoice)
        plan = till.see(invoice).charging
        told = replace(told, retry_at=plan.due_at if plan else None)

    assert days == [1, 3, 5, 7]
    assert till.see(invoice).attempts == 5
    assert till.see(invoice).charging is None
    assert client(till).card.refused is None  # type: ignore[union-attr]


def test_a_retry_that_passes_pays_the_invoice(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.declining = "insufficient_funds"
    told = charge(till, invoice, amount=b.cad("50.00"))
    till.gateway.declining = ""
    till.clock.at = told.retry_at  # type: ignore[assignment]
    charge_plans.charge_when_due(invoice.id, now=till.clock(), store=till.store())

    go_on(till, invoice)

    assert [attempt.amount for attempt in till.gateway.charged] == [b.cad("50.00")]
    assert till.see(invoice).charging is None


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "expired_card", "do_not_try_again"])
def test_a_hard_decline_is_never_tried_again_and_the_card_is_marked(till: Till, code: str) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.declining = code

    told = charge(till, invoice)

    assert told.retry_at is None
    assert till.see(invoice).charging is None
    assert client(till).card.refused == code  # type: ignore[union-attr]
    assert code_of(lambda: charge(till, invoice)) == "card_refused"
    assert till.see(invoice).attempts == 1


def test_a_bank_that_wants_its_client_is_not_tried_again_either_but_the_card_is_good(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.declining = "authentication_required"

    told = charge(till, invoice)

    assert (told.decline and told.decline.kind, told.retry_at) == ("authentication", None)
    assert client(till).card.refused is None  # type: ignore[union-attr]
    assert till.start(invoice)  # the way to pay on the page is free


def test_a_charge_that_the_provider_refuses_at_the_door_frees_the_invoice(till: Till) -> None:
    stored(till)
    invoice = till.invoiced()
    till.gateway.refusing[ACCOUNT] = "amount_too_small"

    assert code_of(lambda: charge(till, invoice)) == "amount_too_small"
    assert till.see(invoice).checkout is None


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


# by itself


def allowed(till: Till, **more: object) -> Invoice:
    till.change(automation=Automation(auto_charge=True))
    stored(till, automatic=True)
    return till.invoiced()


def test_on_the_due_day_the_card_is_charged_when_business_and_client_allow_it(till: Till) -> None:
    invoice = allowed(till)
    plan = till.see(invoice).charging
    assert plan
    assert plan.due_at

    till.clock.at = plan.due_at - timedelta(minutes=1)
    assert not charge_plans.charge_when_due(invoice.id, now=till.clock(), store=till.store())
    till.clock.at = plan.due_at
    assert charge_plans.charge_when_due(invoice.id, now=till.clock(), store=till.store())
    go_on(till, invoice)

    assert b.a_business().today(plan.due_at) == till.see(invoice).due_date
    assert till.status(invoice) == "paid"


@pytest.mark.parametrize("which", ["business", "client", "card"])
def test_without_one_of_the_consents_nothing_is_charged_by_itself(till: Till, which: str) -> None:
    till.change(automation=Automation(auto_charge=which != "business"))
    if which != "card":
        stored(till, automatic=which != "client")

    assert till.see(till.invoiced()).charging is None


def test_a_consent_that_is_taken_back_ends_the_plan(till: Till) -> None:
    invoice = allowed(till)
    till.change(automation=Automation(auto_charge=False))

    charge_plans.plan(invoice.id, now=till.clock(), store=till.store())

    assert till.see(invoice).charging is None


def test_a_consent_taken_back_at_the_last_moment_counts(till: Till) -> None:
    invoice = allowed(till)
    plan = till.see(invoice).charging
    till.change(automation=Automation(auto_charge=False))
    till.clock.at = plan.due_at  # type: ignore[union-attr,assignment]

    charge_plans.charge_when_due(invoice.id, now=till.clock(), store=till.store())
    go_on(till, invoice)

    assert till.gateway.charged == []
    assert till.see(invoice).charging is None


# storing


def test_an_event_that_comes_late_does_not_bring_back_an_older_card(till: Till) -> None:
    stored(till, last4="1111")
    till.clock.move(minutes=1)
    stored(till, last4="2222")
    learn(till)

    assert client(till).card.last4 == "2222"  # type: ignore[union-attr]


def test_a_card_that_was_forgotten_does_not_come_back(till: Till) -> None:
    stored(till)
    storing.forget_card(b.CLIENT, if_match=None, now=till.clock(), store=till.store(), gateway=lambda: till.gateway)
    learn(till)

    assert client(till).card is None


def test_learning_of_the_same_card_again_changes_nothing(till: Till) -> None:
    stored(till)
    version = client(till).version
    learn(till)

    assert client(till).version == version
