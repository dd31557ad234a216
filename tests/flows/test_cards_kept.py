"""The cards that clients let a business keep: stored, followed at the provider, taken back."""

import pytest

from tests.flows import till, wallet
from tests.flows.shop import shop
from tests.flows.world import World


@pytest.mark.row("H47")
def test_a_client_stores_a_card_and_only_what_people_know_it_by_is_shown(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)

    assert world.see(client)["card"] == {
        "brand": "visa",
        "last4": "4242",
        "exp_month": 12,
        "exp_year": 2034,
        "allowed_automatic": False,
        "needs_renewal": False,
    }
    timeline = world.ok("GET", f"/v1/clients/{client['id']}/timeline")["data"]
    assert [event["type"] for event in timeline] == ["client.card_stored", "client.added"]


def test_a_deleted_card_is_gone_at_the_provider_too_and_does_not_come_back(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)

    world.ok("DELETE", f"/v1/clients/{client['id']}/card")
    till.arrived(world, order="reversed")

    assert world.see(client)["card"] is None
    assert world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {}).problem == (409, "no_card")
    assert world.api("DELETE", f"/v1/clients/{client['id']}/card").problem == (404, "not_found")
    (method,) = world.stripe.api.books.all(world.house.account, "payment_method")
    assert method["customer"] is None


def test_a_card_detached_in_the_provider_s_dashboard_is_gone_here(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)

    wallet.is_detached(world, method)
    till.arrived(world)

    assert world.see(client)["card"] is None


@pytest.mark.parametrize("order", ["kept", "reversed"])
def test_two_cards_stored_one_after_the_other_leave_the_newer_whatever_order_they_are_told_in(
    world: World, order: str
) -> None:
    client = world.client()
    urls = []
    for card in (till.CARD, "pm_card_mastercard"):
        urls.append(world.ok("POST", f"/v1/clients/{client['id']}/card", {})["url"])
        world.pay_at_checkout(urls[-1], card=card)
        world.time.pass_(minutes=1)

    till.arrived(world, order=order)

    assert world.see(client)["card"]["last4"] == "4444"
    assert wallet.kept_at_the_provider(world) == ["4444"]


def test_the_portal_stores_a_card_and_takes_it_back(world: World) -> None:
    client = world.client()
    link = world.ok("POST", f"/v1/clients/{client['id']}/portal-link", {})["url"]
    browser = world.portal(link)
    assert "Aucune carte n’est enregistrée." in browser.text  # noqa: RUF001 - as people write

    browser.send("/card")
    session = browser.away.rpartition("/")[2]
    world.pay_at_checkout(browser.away)
    browser.visit(f"/portal/card/stored?session={session}")
    assert "Visa •••• 4242" in browser.text
    browser.send("/card/forget")

    assert "Aucune carte n’est enregistrée." in browser.text  # noqa: RUF001
    assert world.see(client)["card"] is None


def test_a_card_that_a_newer_replaces_is_kept_no_more(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    world.time.pass_(minutes=1)
    wallet.stores_card(world, client, card="pm_card_mastercard")
    till.arrived(world)

    assert wallet.kept_at_the_provider(world) == ["4444"]
    assert world.see(client)["card"]["last4"] == "4444"


def test_the_card_of_a_deleted_client_is_kept_no_more(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)

    world.ok("DELETE", f"/v1/clients/{client['id']}")
    till.arrived(world)

    assert wallet.kept_at_the_provider(world) == []


def test_a_card_that_its_bank_renews_is_shown_as_it_is_now_and_may_be_charged_again(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    invoice = world.invoice(client)
    wallet.becomes(world, method, "pm_card_chargeDeclinedExpiredCard")
    wallet.charge(world, invoice)
    assert world.see(client)["card"]["needs_renewal"]

    wallet.becomes(world, method, till.CARD)
    world.stripe.control.renew_card({"payment_method": method, "exp_year": 2039})
    till.arrived(world)

    card = world.see(client)["card"]
    assert (card["exp_year"], card["needs_renewal"]) == (2039, False)
    assert wallet.charge(world, invoice)["state"] == "charged"


def test_a_card_may_be_taken_back_on_an_account_that_lets_us_in_no_more(world: World) -> None:
    world.business(stripe_account=None)
    own = shop(world).connect()
    client = world.client()
    world.pay_at_checkout(wallet.page(world, client))
    own.deliver()
    own.end_key()

    world.ok("DELETE", f"/v1/clients/{client['id']}/card")

    assert world.see(client)["card"] is None
    own.roll()
    own.give_key()
    own.deliver()
    assert world.see(client)["card"] is None


# while no key opened the account


@pytest.mark.parametrize("how", ["told", "not even told"])
def test_a_card_stored_while_no_key_opened_the_account_is_known_once_one_does(world: World, how: str) -> None:
    world.business(stripe_account=None)
    own = shop(world).connect()
    client = world.client()
    address = wallet.page(world, client)
    own.end_key()
    world.pay_at_checkout(address)
    waiting = own.events()
    for event in waiting if how == "told" else ():
        own.post(event)
    world.settle()
    assert world.see(client)["card"] is None

    own.roll()
    own.give_key()
    world.settle()
    if how == "not even told":
        till.compare(world)

    assert world.see(client)["card"]["last4"] == "4242"


@pytest.mark.parametrize("how", ["told", "not even told"])
def test_a_card_taken_back_while_no_key_opened_the_account_is_gone_once_one_does(world: World, how: str) -> None:
    world.business(stripe_account=None)
    own = shop(world).connect()
    client = world.client()
    method = world.pay_at_checkout(wallet.page(world, client))["payment_method"]
    own.deliver()
    wallet.is_detached(world, method, account=own.account)
    own.end_key()
    waiting = own.events()
    for event in waiting if how == "told" else ():
        own.post(event)
    world.settle()
    assert world.see(client)["card"]["last4"] == "4242"

    own.roll()
    own.give_key()
    world.settle()
    if how == "not even told":
        till.compare(world)

    assert world.see(client)["card"] is None
