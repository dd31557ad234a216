"""What follows when a stored card is declined, through HTTP, Stripe's events, queues and clock."""

import pytest

from tests.flows import till, wallet
from tests.flows.world import World

MARIE = "marie@example.com"


def test_a_soft_decline_is_tried_again_by_the_clock_and_told_to_the_business(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    invoice = world.invoice(client)
    wallet.becomes(world, method, wallet.POOR)

    told = wallet.charge(world, invoice)
    assert (told["state"], told["decline_kind"], told["decline_code"]) == ("declined", "soft", "insufficient_funds")
    assert told["retry_at"].startswith("2026-03-03")
    world.settle()
    (mail,) = [mail for mail in world.mails if "débitée" in mail.subject]
    assert "3 mars 2026" in mail.text
    world.time.pass_(hours=12)
    world.sweep()
    world.settle()
    assert wallet.charges_at_the_provider(world) == []
    wallet.becomes(world, method, till.CARD)
    world.time.pass_(hours=13)
    world.sweep()
    world.settle()

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice)[0] == "paid"


def test_a_card_that_never_passes_is_tried_five_times_in_all(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    invoice = world.invoice(client, due_date="2026-12-01")
    wallet.becomes(world, method, wallet.POOR)
    wallet.charge(world, invoice)

    for _ in range(12):
        world.time.pass_(days=1, minutes=1)
        world.sweep()
        world.settle()

    tried = world.stripe.api.books.all(world.house.account, "payment_intent")
    assert [intent["metadata"]["attempt_id"] for intent in tried] == ["1", "2", "3", "4", "5"]
    assert world.timeline(invoice).count("invoice.charge_declined") == 5


def test_a_hard_decline_is_never_tried_again_and_the_card_needs_renewal(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    invoice = world.invoice(client)
    wallet.becomes(world, method, wallet.LOST)

    told = wallet.charge(world, invoice)
    world.settle()

    assert (told["decline_kind"], told["decline_code"], told["retry_at"]) == ("hard", "lost_card", None)
    assert world.see(client)["card"]["needs_renewal"]
    assert world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {}).problem == (409, "card_refused")
    (mail,) = [mail for mail in world.mails if "débitée" in mail.subject]
    assert mail.to == "bureau@plomberie.example"
    wallet.stores_card(world, client, card="pm_card_mastercard")
    assert world.see(client)["card"]["last4"] == "4444"
    assert wallet.charge(world, invoice)["state"] == "charged"


def test_a_bank_that_wants_its_client_has_a_link_mailed_by_which_the_client_pays(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    invoice = world.invoice(client)
    wallet.becomes(world, method, wallet.CAREFUL)

    told = wallet.charge(world, invoice)
    world.settle()

    assert (told["decline_kind"], told["retry_at"]) == ("authentication", None)
    (mail,) = world.mails_to(MARIE)
    assert "confirmer" in mail.subject
    browser = world.portal(mail.portal_link)
    intent = world.pay_at_checkout(browser.pay(), card=wallet.CAREFUL)
    world.stripe.control.authenticate({"payment_intent": intent["id"], "passed": True})
    till.arrived(world)
    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice)[0] == "paid"


@pytest.mark.parametrize("wish", [{"instalment_id": "1"}, {"amount": "459.90"}], ids=["an instalment", "an amount"])
def test_what_was_paid_otherwise_meanwhile_is_not_charged_when_it_is_tried_again(
    world: World, wish: dict[str, str]
) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    parts = [
        {"label": "Acompte", "percent": "40", "due": {"on": "2026-03-10"}},
        {"label": "Solde", "remainder": True, "due": {"on": "2026-04-10"}},
    ]
    invoice = world.invoice(client, schedule=parts)
    wallet.becomes(world, method, wallet.POOR)
    assert wallet.charge(world, invoice, **wish)["retry_at"]
    wallet.becomes(world, method, till.CARD)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "400.00", "method": "cash"})

    world.time.pass_(days=1, minutes=1)
    world.sweep()
    till.arrived(world)

    assert wallet.charges_at_the_provider(world) == [5990]
    assert till.shown(world, invoice) == ("partially_paid", "459.90", "689.85")


def test_what_was_given_back_is_not_taken_again_when_it_is_tried_again(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    invoice = world.invoice(client)
    wallet.becomes(world, method, wallet.POOR)
    wallet.charge(world, invoice)
    wallet.becomes(world, method, till.CARD)
    paid = world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1149.75", "method": "cash"})
    world.ok("POST", f"/v1/payments/{paid['id']}/refunds", {})

    world.time.pass_(days=1, minutes=1)
    world.sweep()
    till.arrived(world)

    assert wallet.charges_at_the_provider(world) == []
