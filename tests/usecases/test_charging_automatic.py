"""Charging by itself, as long as business and client allow it."""

from datetime import timedelta

import pytest

from chalicelib.domain.business import Automation
from chalicelib.domain.invoice import Invoice
from chalicelib.usecases import charge_plans
from tests import builders as b
from tests.usecases.purse import go_on, stored
from tests.usecases.till import Till


@pytest.fixture
def till() -> Till:
    return Till()


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
