"""The stand-in lets nothing pass that the installed SDK's own types do not allow."""

import pytest
import stripe as sdk

from infra.local.stripe.routes import ROUTES
from tests.infra.stand_in.wanted import a_page, a_payment


@pytest.mark.parametrize(
    ("wanted", "param", "code"),
    [
        pytest.param({"amuont": 5000}, "amuont", "parameter_unknown", id="a misspelled name"),
        pytest.param(
            {"payment_method_types": ["card"]},
            "payment_method_types",
            "payment_method_types_no_longer_supported",
            id="a parameter that endive removed",
        ),
        pytest.param({"ui_mode": "hosted"}, "ui_mode", "parameter_invalid", id="a value of an older version"),
        pytest.param({"expires_at": 1.5}, "expires_at", "parameter_invalid", id="a float for an integer"),
        pytest.param(
            {"line_items": [{"quantity": 1, "price_data": {"currency": "cad", "product_data": {"nme": "x"}}}]},
            "line_items[0][price_data][product_data][nme]",
            "parameter_unknown",
            id="a misspelled name deep inside",
        ),
        pytest.param({"metadata": "x"}, "metadata", "parameter_invalid", id="a text for a hash"),
    ],
)
def test_a_request_that_the_sdk_s_types_do_not_know_is_refused_and_remembered(running, client, wanted, param, code):
    with pytest.raises(sdk.InvalidRequestError) as refused:
        client().checkout.sessions.create(a_page(**wanted))
    assert (refused.value.http_status, refused.value.param, refused.value.code) == (400, param, code)
    assert all("POST /v1/checkout/sessions" in error for error in running.contract_errors)
    assert len(running.contract_errors) >= 1


def test_a_missing_parameter_is_refused(running, client):
    with pytest.raises(sdk.InvalidRequestError) as refused:
        client().payment_intents.create({"amount": 5000})
    assert (refused.value.param, refused.value.code) == ("currency", "parameter_missing")
    assert running.contract_errors == ["POST /v1/payment_intents: Missing required param: currency."]


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        pytest.param({"status": 7}, "$.status: 7", id="a number for a text"),
        pytest.param({"status": "done"}, "$.status: 'done'", id="a value that is not in the list"),
        pytest.param({"colour": "red"}, "$.colour: unknown to PaymentIntent", id="a field that does not exist"),
        pytest.param({"amount": None}, "$.amount: null", id="nothing where something was promised"),
    ],
)
def test_an_answer_that_the_sdk_s_types_do_not_describe_is_remembered(running, client, monkeypatch, broken, error):
    intact = ROUTES["POST", "/v1/payment_intents"]
    monkeypatch.setitem(ROUTES, ("POST", "/v1/payment_intents"), lambda *asked: intact(*asked) | broken)
    client().payment_intents.create(a_payment())
    assert running.contract_errors == [f"answer to POST /v1/payment_intents: {error}"]


def test_an_answer_without_a_promised_field_is_remembered(running, client, monkeypatch):
    route = ("GET", "/v1/refunds")
    page = {"object": "list", "url": "/v1/refunds", "has_more": False, "data": [{"id": "re_1", "object": "refund"}]}
    monkeypatch.setitem(ROUTES, route, lambda *_: page)
    client().refunds.list()
    assert "answer to GET /v1/refunds: $[0].amount: absent, but promised by Refund" in running.contract_errors


def test_what_stripe_has_and_the_stand_in_has_not_says_so(client):
    with pytest.raises(sdk.APIError) as refused:
        client().coupons.list()
    assert refused.value.http_status == 501


def test_everything_it_does_fits_the_sdk_s_types(running, client):
    shop = client()
    customer = shop.customers.create({"name": "Ada", "email": "ada@example.com", "metadata": {"id": "1"}})
    shop.customers.update(customer.id, {"metadata": {"id": ""}})
    method = shop.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    intent = shop.payment_intents.create(a_payment(customer=customer.id, payment_method=method.id, off_session=True))
    refund = shop.refunds.create({"payment_intent": intent.id, "amount": 1000, "reason": "requested_by_customer"})
    running.control.dispute({"payment_intent": intent.id, "amount": 4000})
    page = shop.checkout.sessions.create(a_page(customer=customer.id))
    debit = shop.payment_intents.create(a_payment(payment_method="pm_usBankAccount"))
    shop.payment_methods.detach(method.id)
    shop.payment_intents.update(debit.id, {"description": "hedge"})
    shop.payment_intents.cancel(shop.payment_intents.create({"amount": 5000, "currency": "cad"}).id)

    assert shop.customers.retrieve(customer.id).metadata.to_dict() == {}
    assert shop.charges.retrieve(intent.latest_charge, {"expand": ["balance_transaction"]}).amount_refunded == 1000
    assert [each.id for each in shop.refunds.list({"payment_intent": intent.id})] == [refund.id]
    assert [each.amount for each in shop.disputes.list({"payment_intent": intent.id})] == [4000]
    assert [each.amount for each in shop.balance_transactions.list()] == [-4000, -1000, 5000]
    assert [each.id for each in shop.checkout.sessions.list({"status": "open"})] == [page.id]
    assert [each.id for each in shop.payment_methods.list({"customer": customer.id})] == []
    assert shop.accounts.retrieve_current().id == "acct_a"
    assert len(shop.events.list({"types": ["payment_intent.succeeded"]}).data) == 1
    assert running.contract_errors == []
