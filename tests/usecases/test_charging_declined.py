"""What each refusal of a stored card leads to."""

from dataclasses import replace

import pytest

from chalicelib.usecases import charge_plans
from tests import builders as b
from tests.usecases.purse import charge, client, go_on, stored
from tests.usecases.till import ACCOUNT, Till, code_of


@pytest.fixture
def till() -> Till:
    return Till()


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
