"""A merchant on no platform: a restricted key and endpoints of its own, apart from everything connected."""

import pytest
import stripe as sdk

from infra.local import stripe as stand_in

HOOK = "http://127.0.0.1:9/v1/stripe/webhook/sep_1"


@pytest.fixture
def merchant(running):
    return running.control.answer("POST", "merchants", {"account": "acct_shop"})


def test_a_merchant_s_key_opens_its_account(client, merchant):
    assert merchant["restricted_key"].startswith("rk_test_")
    assert client(merchant["restricted_key"]).charges.list().data == []


def test_a_platform_s_key_does_not(running, client, merchant):
    running.control.account({"account": "acct_c"})
    with pytest.raises(sdk.PermissionError):
        client("sk_test_platform", stripe_account="acct_shop").charges.list()
    assert client("sk_test_platform", stripe_account="acct_c").charges.list().data == []


def test_a_rolled_key_opens_nothing_any_more(running, client, merchant):
    rolled = running.control.answer("POST", "merchants", {"account": "acct_shop"})
    assert client(rolled["restricted_key"]).charges.list().data == []
    with pytest.raises(sdk.AuthenticationError):
        client(merchant["restricted_key"]).charges.list()


def test_its_events_go_to_its_own_endpoint_only_and_others_never_do(running, client, merchant, monkeypatch):
    posted = deliveries_of(running, monkeypatch)
    running.control.endpoints({"endpoints": [{"url": "http://127.0.0.1:9/connect", "secrets": ["whsec_1"]}]})
    secret = running.control.answer("POST", "merchants/endpoints", {"account": "acct_shop", "url": HOOK})["secret"]
    wanted = {"amount": 5000, "currency": "cad"}
    client(merchant["restricted_key"]).payment_intents.create(wanted)
    client("sk_test_a").payment_intents.create(wanted)
    running.control.drain({})

    assert posted == [
        (HOOK, (secret,), "payment_intent.created", None),
        ("http://127.0.0.1:9/connect", ("whsec_1",), "payment_intent.created", "acct_a"),
    ]


def test_both_secrets_sign_once_one_was_rolled(running, client, merchant, monkeypatch):
    posted = deliveries_of(running, monkeypatch)
    secrets = [
        running.control.answer("POST", "merchants/endpoints", {"account": "acct_shop", "url": HOOK})["secret"]
        for _ in range(2)
    ]
    client(merchant["restricted_key"]).payment_intents.create({"amount": 5000, "currency": "cad"})
    running.control.drain({})

    assert [signing for _, signing, *_ in posted] == [(secrets[1], secrets[0])]


def test_keys_and_endpoints_survive_a_restart_on_another_port(tmp_path):
    first = stand_in.start(webhook_url="http://127.0.0.1:1/hook", data=tmp_path)
    key = first.control.answer("POST", "merchants", {"account": "acct_shop"})["restricted_key"]
    asked = {"account": "acct_shop", "url": "http://127.0.0.1:1/hook/sep_1"}
    secret = first.control.answer("POST", "merchants/endpoints", asked)["secret"]
    first.stop()

    again = stand_in.start(webhook_url="http://127.0.0.1:2/hook", data=tmp_path)
    kept = [(each.url, each.secrets) for each in again.courier.endpoints if each.account == "acct_shop"]
    owner = again.api.keys.get(key)
    again.stop()

    assert kept == [("http://127.0.0.1:2/hook/sep_1", (secret,))]
    assert owner == "acct_shop"


def deliveries_of(running, monkeypatch):
    """Where each event goes, with what signs it, its type and its account, instead of going there."""
    posted = []

    def post(delivery):
        endpoint, event = delivery.endpoint, delivery.event
        posted.append((endpoint.url, endpoint.secrets, event["type"], event.get("account")))
        return 200

    monkeypatch.setattr(running.courier, "_post", post)
    return posted
