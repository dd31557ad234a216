"""A business is paid by a restricted key of its own: given, tried, sealed, and believed for its own account only."""

import logging

import pytest

from tests.flows.desk import MARIE, payments, sent, standing, visitor
from tests.flows.shop import HERE, PLACE, shop
from tests.flows.till import about, intent, page
from tests.flows.world import PLATFORM_KEY, WEBHOOK, WEBHOOK_SECRET

PAID, DUE = ("paid", "1149.75", "0.00"), ("sent", "0.00", "1149.75")


@pytest.fixture
def own(world):
    """A plumber who is on no platform, paid by a key of its own."""
    world.business(stripe_account=None)
    return shop(world).connect()


def test_a_client_pays_by_the_key_that_the_business_gave(world):
    world.business(stripe_account=None)
    own = shop(world)
    given = own.give_key()
    assert given["stripe_account"] is None
    assert given["stripe_key"] == {
        "last4": own.key[-4:],
        "livemode": False,
        "webhook_url": f"{HERE}/v1/stripe/webhook/{own.endpoint}",
        "connected": False,
    }
    invoice = sent(world)
    assert "Payer en ligne" not in visitor(world).text

    told = own.give_secret()
    assert told["stripe_key"] == given["stripe_key"] | {"connected": True}
    assert world.ok("GET", "/v1/business")["payments"] == told

    browser = visitor(world)
    assert "Payer en ligne" in browser.text
    world.pay_at_checkout(browser.pay())
    assert "accepted" in own.deliver()

    assert standing(world, invoice) == PAID
    (payment,) = payments(world, invoice)
    assert (payment["method"], payment["amount"], payment["reference"]) == ("online", "1149.75", "visa 4242")
    assert world.mails_to(MARIE)[-1].subject == "Votre paiement de 1 149,75 $ pour la facture 00001"


def test_the_way_back_from_the_page_tells_before_any_event(world, own):
    invoice = sent(world)
    browser = visitor(world)
    world.pay_at_checkout(browser.pay())
    (session,) = {event["data"]["object"]["id"] for event in own.events() if event["type"].startswith("checkout")}

    browser.visit(f"/portal/invoices/{invoice['id']}/paid?session={session}")

    assert standing(world, invoice) == PAID
    own._told = 0
    own.deliver()
    assert len(payments(world, invoice)) == 1


def test_refunds_and_every_event_twice_are_followed_at_the_own_address(world, own):
    invoice = sent(world)
    payment = world.pay_at_checkout(page(world, invoice))["id"]
    own.deliver()
    world.stripe.control.refund({"payment_intent": payment})
    own._told = 0

    assert "duplicate" in own.deliver()

    assert standing(world, invoice) == ("refunded", "0.00", "1149.75")


# what is not believed


def test_an_event_signed_by_anybody_else_is_refused_and_changes_nothing(world, own):
    stranger_house = world.business(stripe_account=None)
    stranger = shop(world).connect()
    world.house = world.houses[-2]
    world.pay_at_checkout(page(world, sent(world)))
    (told, *_) = own.events()
    before = world.everything()

    for secret in ("whsec_somebody", stranger.secret, WEBHOOK_SECRET):
        answer = own.post(told, secret=secret)
        assert (answer.status, answer["outcome"]) == (400, "bad_signature")
    assert stranger.post(told, secret=own.secret).status == 400

    assert world.everything() == before
    assert stranger_house.id != world.house.id


@pytest.mark.parametrize("endpoint", ["sep_01JNC000000000000000000000", "sep_" + "A" * 300, "acct_1", "SEP_1", "sep_"])
def test_an_address_of_nobody_is_not_found(world, own, endpoint):
    answer = own.post(about(world, "charge.succeeded", intent("pi_1")), path=f"{WEBHOOK}/{endpoint}")
    assert (answer.status, answer["outcome"]) == (404, "unknown_endpoint")


def test_a_connected_account_has_no_address_of_its_own(world):
    answer = shop(world).post({}, path=f"{WEBHOOK}/{world.house.account}", secret=WEBHOOK_SECRET)
    assert answer.status == 404


def test_an_address_without_a_secret_believes_nobody(world):
    world.business(stripe_account=None)
    own = shop(world)
    own.give_key()
    assert own.post(about(world, "charge.succeeded", intent("pi_1")), secret="whsec_").status == 404


def test_the_platform_s_address_cannot_speak_for_an_own_key(world, own):
    event = about(world, "payment_intent.succeeded", intent("pi_1"), account=own.endpoint)
    assert world.webhook(event)["outcome"] == "ignored"


@pytest.mark.parametrize("foreign", [{"account": "acct_flow1"}, {"livemode": True}], ids=["of an account", "of live"])
def test_an_own_address_speaks_for_its_own_account_and_mode_only(world, own, foreign):
    told = about(world, "payment_intent.succeeded", intent("pi_1"))
    del told["account"]
    assert own.post(told | foreign)["outcome"] == "ignored"
    assert world.settle().failures == 0


# which keys are taken


@pytest.mark.parametrize(
    ("key", "code", "said"),
    [
        ("sk_test_51Hx000000000000", "not_a_restricted_key", "a secret key, which opens everything"),
        (PLATFORM_KEY, "not_a_restricted_key", "create a restricted key"),
        ("pk_test_51Hx000000000000", "not_a_restricted_key", "a publishable key"),
        ("whsec_51Hx0000000000000", "not_a_restricted_key", "begin with rk_live_ or rk_test_"),
        ("rk_test_short", "not_a_restricted_key", "begin with rk_live_ or rk_test_"),
        ("rk_test_51Hx000000000000\n", "not_a_restricted_key", "begin with rk_live_ or rk_test_"),
        ("rk_live_51Hx000000000000", "key_of_other_mode", "payments here are test ones"),
        ("rk_test_51Hx000000000000", "key_refused", "Stripe does not take it"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_and_nothing_is_written(world, key, code, said):
    before = world.everything()

    refused = world.api("PUT", PLACE, {"restricted_key": key, "webhook_secrets": ["whsec_0123456789"]})

    assert refused.problem == (422, code)
    assert said in refused["detail"]
    assert refused["errors"][0]["at"] == "/restricted_key"
    assert key.strip() not in refused.text
    assert world.everything() == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"webhook_secrets": ["whsec_0123456789"]}, "key_missing"),
        ({}, "key_missing"),
        ({"restricted_key": "", "webhook_secrets": []}, "too_short"),
        ({"webhook_secrets": ["0123456789"]}, "not_a_webhook_secret"),
        ({"webhook_secrets": ["whsec_0123456789"] * 3}, "too_long"),
        ({"restricted_key": 7}, "string_type"),
    ],
)
def test_what_is_no_key_or_secret_is_refused_without_being_repeated(world, body, code):
    refused = world.api("PUT", PLACE, body)
    assert (refused.status, refused["errors"][0]["code"]) == (422, code)
    assert "0123456789" not in refused.text


def test_the_owner_only_gives_and_takes_away_a_key(world, own):
    before = world.ok("GET", "/v1/business")["payments"]
    for role in ("manager", "technician", "accountant"):
        key = world.key(role)
        assert world.api("PUT", PLACE, {"restricted_key": own.key}, key=key).status == 403
        assert world.api("DELETE", PLACE, key=key).status == 403
    assert world.ok("GET", "/v1/business")["payments"] == before


def test_a_key_is_not_given_over_a_newer_version(world, own):
    assert world.api("PUT", PLACE, {"restricted_key": own.key}, If_Match="1").problem == (412, "stale")
    version = world.ok("GET", "/v1/business")["version"]
    answer = world.ok("PUT", PLACE, {"webhook_secrets": [own.secret]}, If_Match=f'"{version}"')
    assert answer.headers["etag"] == f'"{version + 1}"'


def test_a_key_cannot_be_slipped_in_with_the_other_settings(world, own):
    told = world.ok("GET", "/v1/business")["payments"]
    refused = world.api("PATCH", "/v1/business", {"payments": told})
    assert (refused.status, refused["errors"][0]["at"]) == (422, "/payments/stripe_key")

    world.ok("PATCH", "/v1/business", {"payments": {"stripe_account": None}})
    assert world.ok("GET", "/v1/business")["payments"] == told


def test_another_business_knows_nothing_of_it(world, own):
    world.business()
    assert world.ok("GET", "/v1/business")["payments"]["stripe_key"] is None
    assert world.api("DELETE", PLACE).problem == (404, "not_found")


# what is nowhere to be read


def test_neither_the_key_nor_a_secret_is_in_any_table_answer_mail_or_log(world, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    own = shop(world)
    first = world.ok("PUT", PLACE, {"restricted_key": own.key}, Idempotency_Key="once")
    again = world.ok("PUT", PLACE, {"restricted_key": own.key}, Idempotency_Key="once")
    own.url = first["stripe_key"]["webhook_url"]
    secret = world.ok("PUT", PLACE, {"webhook_secrets": [own.secret]}, Idempotency_Key="secret")
    invoice = sent(world)
    world.pay_at_checkout(page(world, invoice))
    own.deliver()
    settings = world.ok("GET", "/v1/business")
    own.end_key()
    lost = world.api("PUT", PLACE, {"restricted_key": own.key})

    assert (again.text, again.headers["idempotent-replay"]) == (first.text, "true")
    answers = [answer.text for answer in (first, again, secret, settings, lost)]
    logged = capfd.readouterr()
    read = [*world.everything()["core"], *world.everything()["journal"], *world.everything()["ops"]]
    read += [*answers, logged.out, logged.err, caplog.text, *(mail.text for mail in world.mails)]
    assert [row for row in read if '\\"sealed_key\\":\\"gAAAAA' in row] != []
    assert [text for text in read if own.key in text or own.secret in text or own.key[8:] in text] == []
    assert standing(world, invoice) == PAID
