"""What a lost webhook hid is found by asking Stripe, healed once, and told of."""

from datetime import timedelta

import pytest

from infra.local.clock import scheduled
from tests.flows import till


def lose(world):
    """Everything that Stripe has to tell by now never arrives."""
    world.events()
    world._kept.clear()


def compare(world, *, after=timedelta(minutes=20)):
    world.time.pass_(seconds=after.total_seconds())
    world.wake("reconcile", scheduled("reconcile", world.time.instant))
    world.settle()


def report(world):
    (account,) = world.ok("GET", "/v1/reports/reconciliation")["accounts"]
    return account


@pytest.mark.row("C34")
def test_a_payment_of_which_every_webhook_was_lost_is_booked_and_reported(world):
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    lose(world)
    assert till.shown(world, invoice)[0] != "paid"

    compare(world)
    assert till.shown(world, invoice) == ("paid", till.WHOLE, "0.00")
    (healed,) = report(world)["healed"]
    assert (healed["payment_intent"], healed["what"], healed["before"]) == (intent, "payment_missing", None)
    assert healed["after"]["amount"] == till.WHOLE
