"""The stand-in answers the real SDK as Stripe does."""

from datetime import timedelta

import pytest
import stripe as sdk

from infra.local import stripe as stand_in
from infra.local.stripe.refusals import Refusal
from tests.infra.stand_in.wanted import MARCH_1, a_page, a_payment, key


def test_a_key_replays_its_answer(client):
    first = client().payment_intents.create(a_payment(), key("k1"))
    again = client().payment_intents.create(a_payment(), key("k1"))

    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client().charges.list().data) == 1


def test_a_key_with_other_parameters_is_refused(client):
    client().payment_intents.create(a_payment(), key("k1"))
    with pytest.raises(sdk.IdempotencyError):
        client().payment_intents.create(a_payment(amount=5001), key("k1"))


def test_a_declined_card_is_replayed_too_so_a_new_try_needs_a_new_key(client):
    declined = a_payment(payment_method="pm_card_visa_chargeDeclined")
    for _ in range(2):
        with pytest.raises(sdk.CardError) as refused:
            client().payment_intents.create(declined, key("k1"))
    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    assert refused.value.headers["Idempotent-Replayed"] == "true"
    assert len(client().charges.list().data) == 1


def test_what_was_refused_at_the_door_is_not_kept(client):
    with pytest.raises(sdk.InvalidRequestError):
        client().payment_intents.create(a_payment(amount=1), key("k1"))
    assert client().payment_intents.create(a_payment(), key("k1")).status == "succeeded"


def test_after_a_day_a_key_is_forgotten_and_charges_again(client, clock):
    first = client().payment_intents.create(a_payment(), key("k1"))
    clock.now += timedelta(hours=25)
    assert client().payment_intents.create(a_payment(), key("k1")).id != first.id


def test_accounts_know_nothing_of_each_other(client):
    intent = client("sk_test_a").payment_intents.create(a_payment(), key("k1"))
    other = client("sk_test_platform", stripe_account="acct_b")
    with pytest.raises(sdk.InvalidRequestError) as missing:
        other.payment_intents.retrieve(intent.id)

    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    assert other.payment_intents.create(a_payment(), key("k1")).id != intent.id
    assert client("sk_test_platform", stripe_account="acct_a").payment_intents.retrieve(intent.id).id == intent.id


@pytest.mark.parametrize(
    ("api_key", "account", "kind"),
    [
        pytest.param("sk_test_nobody", None, sdk.AuthenticationError, id="a key that does not exist"),
        pytest.param("sk_test_platform", "acct_gone", sdk.PermissionError, id="an account that does not exist"),
        pytest.param("sk_test_a", "acct_b", sdk.PermissionError, id="another account with a key of one's own"),
    ],
)
def test_nobody_gets_in_without_the_right_key(client, api_key, account, kind):
    with pytest.raises(kind):
        client(api_key, stripe_account=account).charges.list()


def test_no_more_is_refunded_than_was_paid(client):
    intent = client().payment_intents.create(a_payment())
    client().refunds.create({"payment_intent": intent.id, "amount": 3000})
    with pytest.raises(sdk.InvalidRequestError, match=r"greater than unrefunded amount on charge \(2000\)"):
        client().refunds.create({"payment_intent": intent.id, "amount": 2001})
    client().refunds.create({"payment_intent": intent.id})
    with pytest.raises(sdk.InvalidRequestError) as refused:
        client().refunds.create({"payment_intent": intent.id})

    assert refused.value.code == "charge_already_refunded"
    assert [refund.amount for refund in client().refunds.list()] == [2000, 3000]


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        pytest.param(49, "cad", "amount_too_small", id="49 cents"),
        pytest.param(100_000_000, "cad", "amount_too_large", id="a million"),
        pytest.param(0, "cad", "parameter_invalid_integer", id="nothing"),
        pytest.param(12345, "kwd", "parameter_invalid_integer", id="a third decimal"),
        pytest.param(50050, "isk", "invalid_charge_amount_no_decimal_compatible", id="half a krona"),
    ],
)
def test_amounts_that_stripe_does_not_charge_are_refused(client, amount, currency, code):
    with pytest.raises(sdk.InvalidRequestError) as refused:
        client().payment_intents.create(a_payment(amount=amount, currency=currency))
    assert refused.value.code == code


@pytest.mark.parametrize("minutes", [29, 24 * 60 + 1])
def test_a_page_lasts_from_half_an_hour_to_a_day(client, minutes):
    with pytest.raises(sdk.InvalidRequestError) as refused:
        client().checkout.sessions.create(
            a_page(expires_at=int((MARCH_1 + timedelta(minutes=minutes)).timestamp())),
        )
    assert refused.value.param == "expires_at"


def test_off_session_a_card_that_wants_authentication_is_declined(client):
    with pytest.raises(sdk.CardError) as refused:
        client().payment_intents.create(a_payment(payment_method="pm_card_authenticationRequired", off_session=True))
    assert refused.value.code == "authentication_required"


def test_a_list_is_read_page_by_page(client):
    made = [client().customers.create({"name": f"{n}"}).id for n in range(5)]
    read = [customer.id for customer in client().customers.list({"limit": 2}).auto_paging_iter()]
    assert read == made[::-1]


def test_fees_are_known_a_little_later(running, client):
    intent = client().payment_intents.create(a_payment(expand=["latest_charge"]))
    later = client().charges.retrieve(intent.latest_charge.id, {"expand": ["balance_transaction"]})

    assert (intent.latest_charge.balance_transaction, later.balance_transaction.fee) == (None, 175)
    assert [event.type for event in client().events.list({"limit": 1})] == ["charge.updated"]


def test_a_card_can_be_disputed_at_once(client):
    intent = client().payment_intents.create(a_payment(payment_method="pm_card_createDispute"))
    (dispute,) = client().disputes.list({"payment_intent": intent.id})
    assert (dispute.amount, dispute.status) == (5000, "needs_response")
    with pytest.raises(sdk.InvalidRequestError) as refused:
        client().refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"


def test_a_slow_refund_is_pending_until_the_bank_has_done_it(running, client):
    intent = client().payment_intents.create(a_payment(payment_method="pm_card_pendingRefund"))
    refund = client().refunds.create({"payment_intent": intent.id})
    running.control.answer("POST", "refund/finish", {"refund": refund.id, "succeeded": True})
    assert (refund.status, client().refunds.retrieve(refund.id).status) == ("pending", "succeeded")


def test_a_dispute_is_decided_once(running, client):
    intent = client().payment_intents.create(a_payment())
    dispute = running.control.answer("POST", "dispute", {"payment_intent": intent.id})
    running.control.answer("POST", "dispute/close", {"dispute": dispute["id"], "won": False})
    with pytest.raises(Refusal, match="closed already"):
        running.control.answer("POST", "dispute/close", {"dispute": dispute["id"], "won": True})
    assert client().disputes.retrieve(dispute["id"]).status == "lost"


def test_metadata_keeps_to_stripe_s_limits(client):
    for wanted in ({"n" * 41: "x"}, {"n": "x" * 501}, {str(n): "x" for n in range(51)}):
        with pytest.raises(sdk.InvalidRequestError, match="Metadata"):
            client().customers.create({"metadata": wanted})


def test_lists_can_be_narrowed_by_time(client, clock):
    first = client().customers.create()
    clock.now += timedelta(hours=1)
    client().customers.create()
    bounds = {"gte": first.created, "lt": first.created + 3600}
    assert [customer.id for customer in client().customers.list({"created": bounds})] == [first.id]


def test_everything_survives_a_restart(tmp_path, http, clock):
    def started():
        running = stand_in.start(accounts={"acct_a": "sk_test_a"}, clock=clock, data=tmp_path)
        client = sdk.StripeClient("sk_test_a", base_addresses={"api": running.url}, http_client=http)
        return running, client.v1

    running, client = started()
    intent = client.payment_intents.create(a_payment(), key("k1"))
    refund = client.refunds.create({"payment_intent": intent.id, "amount": 1000})
    page = client.checkout.sessions.create(a_page())
    running.stop()
    with (tmp_path / "stripe.jsonl").open("a") as file:
        file.write('["acct_a", {"id": "torn')

    running, client = started()
    again = client.payment_intents.create(a_payment(), key("k1"))
    found = client.checkout.sessions.retrieve(page.id).url
    running.control.pay({"session": page.id})
    events = client.events.list({"limit": 100}).data
    running.stop()
    assert (again.id, running.contract_errors) == (intent.id, [])
    assert found.startswith(f"{running.url}/c/pay/")
    assert refund.id in {event.data.object.id for event in events}
    assert sum(event.type == "checkout.session.completed" for event in events) == 1


def test_the_control_speaks_json(running, http):
    def asked(method, deed, body=None):
        text, status, _ = http.request(method, f"{running.url}/_control/{deed}", {}, body)
        return status, text

    status, text = asked("post", "accounts", '{"account": "acct_c", "key": "sk_test_c"}')
    assert (status, b'"acct_c"' in text) == (200, True)
    assert asked("post", "pay", '{"session": "cs_test_none"}')[0] == 404
    assert asked("post", "nothing", "{}")[0] == 404
    assert [asked("post", "pay", body)[0] for body in ("{}", "[]", "{")] == [400, 400, 400]
    assert asked("get", "events") == (200, b'{"data": []}')


def test_a_page_is_paid_once_only_however_many_try(running, client):
    page = client().checkout.sessions.create(a_page())
    outcomes = [_tried(running, page.id) for _ in range(3)]
    assert outcomes == ["succeeded", "checkout_session_expired", "checkout_session_expired"]


def _tried(running, session):
    try:
        return running.control.pay({"session": session})["status"]
    except Refusal as refusal:
        return refusal.body["error"]["code"]
