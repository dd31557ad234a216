"""What Stripe tells of one business's money touches no other's, whatever the event says and wherever it arrives."""

import pytest

from tests.flows import till

pytestmark = pytest.mark.row("C53")


@pytest.fixture
def event(world, ours, theirs):
    """Somebody pays them, with every reference to an invoice of ours that there is."""
    till.arrived(world)
    invoice = {"id": ours.ids["invoice_id"][0]}
    till.pay_elsewhere(world, 114_975, **till.reference(world, invoice) | {"business_id": ours.house.id})
    return till.told(world, "payment_intent.succeeded")


def test_a_payment_of_theirs_that_names_our_invoice_is_theirs_to_look_into(world, ours, theirs, event):
    before, quarantined = ours.rows(world), len(till.quarantined(world))

    till.arrived(world)

    assert ours.rows(world) == before
    assert len(till.quarantined(world)) == quarantined + 1


def test_their_account_does_not_speak_at_our_address_nor_ours_at_theirs(world, ours, theirs, event):
    before = world.everything()
    own = {name: part for name, part in event.items() if name != "account"}

    assert ours.own.post(own, secret=theirs.own.secret).status == 400
    assert theirs.own.post(own, secret=ours.own.secret).status == 400
    assert world.webhook(event, secret=theirs.own.secret).status == 400
    assert theirs.own.post(event | {"account": ours.house.account})["outcome"] == "ignored"
    assert world.webhook(event | {"account": ours.own.endpoint})["outcome"] == "ignored"
    world.settle()

    assert world.everything() == before


def test_their_own_address_leads_to_their_business_only(world, ours, theirs, event):
    before = ours.rows(world)
    own = {name: part for name, part in event.items() if name != "account"}

    assert theirs.own.post(own)["outcome"] == "accepted"
    world.pump.settle()

    assert ours.rows(world) == before
