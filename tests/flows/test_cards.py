"""Stored cards, through HTTP, Stripe's events, queues and clock."""

import pytest

from tests.flows import till, wallet
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


@pytest.mark.row("H46")
@pytest.mark.row("H49")
def test_a_stored_card_is_charged_for_an_invoice_and_the_client_is_mailed(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)

    charged = wallet.charge(world, invoice)

    assert charged["state"] == "charged"
    assert till.shown(world, invoice) == ("paid", "1149.75", "0.00")
    till.arrived(world)
    assert wallet.charges_at_the_provider(world) == [114975]
    assert len(till.payments_of(world, invoice)) == 1
    mails = [mail.subject for mail in world.mails_to("marie@example.com")]
    assert len(mails) == 1
