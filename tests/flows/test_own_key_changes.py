"""A business rolls its own key, gives another account's, and leaves it again, with pages open and money under way."""

import pytest

from tests.flows.desk import open_sessions, sent, standing, take, visitor
from tests.flows.shop import PLACE, Shop, shop
from tests.flows.till import (
    about,
    arrived,
    dead_letters,
    give_up,
    intent,
    page,
    pay_elsewhere,
    payments_of,
    quarantined,
)

PAID, DUE = ("paid", "1149.75", "0.00"), ("sent", "0.00", "1149.75")


@pytest.fixture
def own(world):
    """A plumber who is on no platform, paid by a key of its own."""
    world.business(stripe_account=None)
    return shop(world).connect()


# rolling


def test_a_rolled_key_keeps_its_address_and_closes_what_the_old_one_opened(world, own):
    invoice = sent(world)
    page(world, invoice)
    before, address = own.open_pages(), own.url
    own.roll()
    assert own.give_key()["stripe_key"]["connected"] is True
    assert own.url == address

    take(world, invoice, "500.00")
    world.settle()
    assert (len(before), own.open_pages()) == (1, [])

    world.pay_at_checkout(page(world, invoice))
    own.deliver()
    assert standing(world, invoice) == PAID


def test_while_a_secret_is_rolled_both_are_believed_and_then_the_new_one_only(world, own):
    told = about(world, "payment_intent.created", intent("pi_1"))
    del told["account"]
    old, own.secret = own.secret, "whsec_the_new_one_of_two"
    world.ok("PUT", PLACE, {"webhook_secrets": [own.secret, old]})
    assert [own.post(told, secret=secret).status for secret in (own.secret, old)] == [200, 200]

    own.give_secret()
    assert [own.post(told, secret=secret).status for secret in (own.secret, old)] == [200, 400]


def test_a_key_of_another_account_gets_an_address_of_its_own_and_the_old_account_is_still_followed(world, own):
    invoice, other = sent(world), shop(world)
    paid = world.pay_at_checkout(page(world, invoice))["id"]
    own.deliver()

    other.connect()
    assert other.endpoint != own.endpoint
    assert other.give_key()["stripe_key"]["connected"] is True
    world.stripe.control.refund({"payment_intent": paid})
    own.deliver()

    assert standing(world, invoice)[0] == "refunded"


def test_the_key_of_an_earlier_account_gets_its_earlier_address_back(world, own):
    page(world, sent(world))
    other, address = shop(world).connect(), own.url
    page(world, sent(world))

    own.give_key()

    assert own.url == address
    assert other.url != address


def test_where_nothing_tells_whether_the_account_is_the_same_its_secret_is_asked_for_again(world, own):
    assert own.give_key()["stripe_key"]["connected"] is True
    other, address = shop(world), own.url

    assert other.give_key()["stripe_key"]["connected"] is False

    assert other.url == address
    other.give_secret()
    world.pay_at_checkout(page(world, invoice := sent(world)))
    other.deliver()
    assert standing(world, invoice) == PAID


# leaving, with something under way


def test_going_back_to_the_connected_account_closes_the_page_that_was_open(world):
    own = shop(world).connect()
    invoice = sent(world)
    page(world, invoice)
    assert len(own.open_pages()) == 1

    left = world.ok("DELETE", PLACE).body
    assert left == {"stripe_account": world.house.account, "stripe_key": None}
    world.pay_at_checkout(page(world, invoice))
    world.deliver_events()
    world.settle()

    assert own.open_pages() == []
    assert standing(world, invoice) == PAID


def test_what_was_paid_on_the_old_page_meanwhile_is_booked_once(world):
    own = shop(world).connect()
    invoice = sent(world)
    url = page(world, invoice)
    world.ok("DELETE", PLACE)
    world.pay_at_checkout(url)

    refused = world.api("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "all"})
    assert refused.problem == (409, "payment_under_way")
    own.deliver()

    assert standing(world, invoice) == PAID
    assert open_sessions(world) == []


def test_the_client_comes_back_from_a_page_of_the_account_that_was_left(world):
    own = shop(world).connect()
    invoice = sent(world)
    browser = visitor(world)
    url = browser.pay()
    (session,) = own.open_pages()
    world.pay_at_checkout(url)
    world.ok("DELETE", PLACE)

    browser.visit(f"/portal/invoices/{invoice['id']}/paid?session={session}")

    assert standing(world, invoice) == PAID


def test_a_page_of_the_connected_account_is_paid_after_the_key_was_given(world):
    invoice = sent(world)
    url = page(world, invoice)
    own = shop(world).connect()
    world.pay_at_checkout(url)
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == PAID
    assert own.open_pages() == []


def test_a_key_of_the_connected_account_itself_tells_of_each_payment_twice_and_it_is_booked_once(world):
    account = world.ok("GET", "/v1/business")["payments"]["stripe_account"]
    world.stripe.api.keys["rk_test_same_account"] = account
    own = Shop(world=world, account=account, key="rk_test_same_account").connect()
    invoice = sent(world)
    payment = world.pay_at_checkout(page(world, invoice))["id"]
    world.stripe.control.refund({"payment_intent": payment, "amount": 14975})

    for event in own.events():
        own.post(event)
    arrived(world)
    assert standing(world, invoice) == ("partially_refunded", "1000.00", "149.75")
    assert (len(payments_of(world, invoice)), quarantined(world)) == (1, [])

    pay_elsewhere(world, 500)
    for event in own.events():
        own.post(event)
    arrived(world)
    assert quarantined(world) == [("no_reference", "5.00")]


def test_until_there_is_a_secret_the_connected_account_is_paid(world):
    invoice, own = sent(world), shop(world)
    own.give_key()
    page(world, invoice)
    assert (len(open_sessions(world)), own.open_pages()) == (1, [])

    own.give_secret()
    page(world, invoice)
    assert [session["status"] for session in open_sessions(world)] == ["expired"]
    assert len(own.open_pages()) == 1


def test_without_any_account_nothing_is_offered_and_what_is_open_can_still_be_paid(world, own):
    invoice = sent(world)
    url = page(world, invoice)
    world.ok("DELETE", PLACE)
    assert "Payer en ligne" not in visitor(world).text
    refused = world.api("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "all"})
    assert refused.problem == (409, "online_payments_off")

    world.pay_at_checkout(url)
    own.deliver()
    assert standing(world, invoice) == PAID


def test_a_key_that_was_ended_at_stripe_holds_nobody_up(world):
    own = shop(world).connect()
    invoice = sent(world)
    page(world, invoice)
    own.end_key()
    another = world.invoice()
    refused = world.api("POST", f"/v1/invoices/{another['id']}/payment-link", {"choice": "all"})
    assert refused.problem == (409, "key_refused")

    world.ok("DELETE", PLACE)
    world.pay_at_checkout(page(world, invoice))
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == PAID


# an outage: what is told while no key is taken

OFFICE = "bureau@plomberie.example"
OUT = "Stripe n\N{RIGHT SINGLE QUOTATION MARK}accepte plus votre clé"


def told_of_outages(world):
    return [mail.subject for mail in world.mails_to(OFFICE)].count(OUT)


@pytest.mark.parametrize("left", [True, False], ids=["left", "in use"])
def test_what_is_paid_while_no_key_is_taken_waits_for_the_next_one(world, own, left):
    invoice, other = sent(world), sent(world)
    urls = [page(world, one) for one in (invoice, other)]
    if left:
        world.ok("DELETE", PLACE)
    own.end_key()
    for url in urls:
        world.pay_at_checkout(url)
    own.deliver()
    own._told = 0
    own.deliver()
    give_up(world)
    assert dead_letters(world) == []
    assert [standing(world, one) for one in (invoice, other)] == [DUE, DUE]
    assert told_of_outages(world) == 1

    own.roll()
    own.give_key()
    world.settle()

    assert [standing(world, one) for one in (invoice, other)] == [PAID, PAID]
    assert [len(payments_of(world, one)) for one in (invoice, other)] == [1, 1]
    assert told_of_outages(world) == 1


def test_a_key_that_is_taken_again_by_itself_ends_the_outage_with_the_next_event(world, own):
    invoice, other = sent(world), sent(world)
    urls = [page(world, one) for one in (invoice, other)]
    keys = world.stripe.api.keys
    account = keys.pop(own.key)
    world.pay_at_checkout(urls[0])
    own.deliver()
    keys[own.key] = account
    world.pay_at_checkout(urls[1])

    own.deliver()

    assert [standing(world, one) for one in (invoice, other)] == [PAID, PAID]


def test_each_outage_is_told_of_once_and_asks_for_its_own(world, own):
    invoice, other = sent(world), sent(world)
    urls = [page(world, one) for one in (invoice, other)]
    for n, url in enumerate(urls, start=1):
        own.end_key()
        world.pay_at_checkout(url)
        own.deliver()
        assert told_of_outages(world) == n
        own.roll()
        own.give_key()
        world.settle()
    assert [standing(world, one) for one in (invoice, other)] == [PAID, PAID]
    assert dead_letters(world) == []
