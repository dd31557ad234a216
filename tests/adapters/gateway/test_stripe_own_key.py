"""A business's own key is tried before it is kept: what it may do, and which account it opens."""

from threading import Barrier, Event

import pytest

from chalicelib.adapters.stripe.gateway import StripeGateway
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import Refused
from infra.local.stripe.refusals import Refusal
from infra.local.stripe.routes import ROUTES
from tests.adapters.gateway.attempts import an_attempt, own, pay
from tests.fakes.seal import FakeSeal

ACME, OTHER = own("rk_test_acme"), own("rk_test_other")


@pytest.fixture
def seeking(stripe):
    """Makes a gateway with some settings of its own."""
    made = []

    def make(**settings):
        made.append(
            StripeGateway(
                platform_key="sk_test_platform", seal=FakeSeal, api_base=stripe.url, **{"retries": 0} | settings
            )
        )
        return made[-1]

    yield make
    for gateway in made:
        gateway.close()


def test_a_key_that_may_do_what_is_needed_lacks_nothing_and_leaves_no_trace(gateway, stripe):
    assert gateway.lacking(ACME) == ()

    made = [stripe.control.answer("GET", kind, {})["data"] for kind in ("sessions", "events")]
    assert made == [[], []]


@pytest.mark.parametrize(
    ("route", "permission"),
    [
        (("POST", "/v1/checkout/sessions/{session}/expire"), "Checkout Sessions (write)"),
        (("POST", "/v1/payment_intents/{intent}/cancel"), "PaymentIntents (write)"),
        (("POST", "/v1/setup_intents/{intent}/cancel"), "SetupIntents (write)"),
        (("POST", "/v1/customers/{customer}"), "Customers (write)"),
        (("POST", "/v1/payment_methods/{payment_method}/detach"), "PaymentMethods (write)"),
        (("POST", "/v1/refunds/{refund}"), "Refunds (write)"),
        (("GET", "/v1/charges"), "Charges (read)"),
        (("GET", "/v1/disputes"), "Disputes (read)"),
        (("GET", "/v1/events"), "Events (read)"),
        (("GET", "/v1/payouts"), "Payouts (read)"),
        (("GET", "/v1/balance_transactions"), "Balance (read)"),
    ],
)
def test_what_a_key_may_not_do_is_named(gateway, monkeypatch, route, permission):
    def forbid(*_):
        raise Refusal(403, "invalid_request_error", "The provided key does not have the required permissions.")

    monkeypatch.setitem(ROUTES, route, forbid)
    assert gateway.lacking(ACME) == (permission,)


def test_a_key_that_opens_nothing_is_refused(gateway):
    with pytest.raises(Refused) as refused:
        gateway.lacking(own("rk_test_gone"))
    assert refused.value.code == "key_refused"


def test_a_key_is_not_refused_because_stripe_is_down(gateway, stripe):
    stripe.control.answer("POST", "faults", {"faults": [500] * 11})
    with pytest.raises(UnknownOutcome):
        gateway.lacking(ACME)


def test_a_key_is_tried_once_since_somebody_waits(stripe, seeking):
    stripe.control.answer("POST", "faults", {"faults": [500] * 11})
    with pytest.raises(UnknownOutcome):
        seeking(retries=2).lacking(ACME)


def test_all_that_a_key_is_tried_by_is_asked_at_once(seeking, monkeypatch):
    gateway, together = seeking(), Barrier(11)

    def call(function, *arguments):
        together.wait(timeout=5)
        return function(*arguments)

    submit = gateway._threads.submit
    monkeypatch.setattr(gateway._threads, "submit", lambda function: submit(call, function))
    assert gateway.lacking(ACME) == ()


def test_a_provider_that_is_silent_is_not_waited_for(seeking, monkeypatch):
    gateway, silence = seeking(trial_s=0.1), Event()
    submit = gateway._threads.submit
    monkeypatch.setattr(gateway._threads, "submit", lambda _: submit(silence.wait))
    with pytest.raises(UnknownOutcome):
        gateway.lacking(ACME)
    silence.set()


def test_two_keys_open_one_account_if_both_see_the_last_page_opened_there(gateway, stripe):
    stripe.control.account({"account": "acct_acme", "key": "rk_test_rolled"})
    gateway.open_checkout(an_attempt(), account=ACME)

    assert gateway.is_same(ACME, own("rk_test_rolled")) is True
    assert gateway.is_same(ACME, OTHER) is False


def test_an_account_on_which_no_page_was_opened_tells_nothing(gateway):
    assert gateway.is_same(ACME, OTHER) is None


def test_an_ended_key_tells_nothing_of_its_account(gateway):
    with pytest.raises(Refused) as refused:
        gateway.is_same(own("rk_test_gone"), ACME)
    assert refused.value.code == "key_refused"


def test_what_was_paid_by_an_own_key_is_known_by_its_endpoint(gateway, stripe):
    payment = pay(stripe, gateway.open_checkout(an_attempt(), account=ACME))

    facts = gateway.payment(payment, account=ACME)

    assert (facts.account, facts.charges[0].label) == ("sep_1", "visa 4242")


def test_no_key_is_told_by_its_account():
    assert "rk_test_acme" not in repr(ACME)
    assert ACME.sealed_key not in repr(ACME)


def test_two_keys_are_compared_once_and_briefly(stripe, seeking, gateway):
    gateway.open_checkout(an_attempt(), account=ACME)
    stripe.control.answer("POST", "faults", {"faults": [500]})
    with pytest.raises(UnknownOutcome):
        seeking(retries=2).is_same(ACME, OTHER)
