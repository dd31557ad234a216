"""Cards that are charged by themselves on the due day, by the clock."""

from typing import Any

import pytest

from tests.flows import till, wallet
from tests.flows.shop import shop
from tests.flows.world import World

DUE = "2026-04-01"
THIRDS = [
    {"label": "Acompte", "percent": "40", "due": {"on": "2026-03-10"}},
    {"label": "Solde", "remainder": True, "due": {"on": "2026-04-10"}},
]


def switched_on(world: World, *, automatic: bool = True, **client: Any) -> Any:
    """A business that charges by itself, and a client who agreed."""
    world.ok("PATCH", "/v1/business", {"automation": {"auto_charge": True}})
    agreed = world.client(**client)
    wallet.stores_card(world, agreed, automatic=automatic)
    return agreed


def comes(world: World, instant: str) -> None:
    """Time comes, and the minute's tick with all that follows."""
    world.time.move_to(instant)
    world.sweep()
    till.arrived(world)


@pytest.mark.row("H46", "H49")
def test_an_invoice_is_charged_in_the_morning_of_its_due_day(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)

    comes(world, "2026-04-01T12:59:00Z")
    assert wallet.charges_at_the_provider(world) == []
    comes(world, "2026-04-01T13:00:00Z")  # 09:00 in Montreal

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice)[0] == "paid"
    assert "débitée" in world.mails_to("marie@example.com")[-1].text


def test_the_morning_is_the_client_s(world: World) -> None:
    client = switched_on(world, time_zone="Europe/Paris")
    world.invoice(client, due_date=DUE)

    comes(world, "2026-04-01T07:00:00Z")

    assert wallet.charges_at_the_provider(world) == [114975]


def test_each_instalment_is_charged_on_its_own_day(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, schedule=THIRDS)

    comes(world, "2026-03-10T14:00:00Z")
    assert till.shown(world, invoice) == ("partially_paid", "459.90", "689.85")
    comes(world, "2026-04-09T14:00:00Z")
    assert till.shown(world, invoice)[1] == "459.90"
    comes(world, "2026-04-10T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == [45990, 68985]
    assert till.shown(world, invoice)[0] == "paid"


def test_a_tick_that_comes_twice_charges_once(world: World) -> None:
    client = switched_on(world)
    world.invoice(client, due_date=DUE)

    for minute in range(3):
        comes(world, f"2026-04-01T14:0{minute}:00Z")
    world.replay("shuffled")
    comes(world, "2026-04-02T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == [114975]


@pytest.mark.parametrize("missing", ["business", "client"])
def test_both_have_to_allow_it(world: World, missing: str) -> None:
    client = switched_on(world, automatic=missing != "client")
    world.invoice(client, due_date=DUE)
    if missing == "business":
        world.ok("PATCH", "/v1/business", {"automation": {"auto_charge": False}})
        world.settle()

    comes(world, "2026-04-01T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == []


def test_a_card_stored_after_the_invoice_was_issued_is_charged_on_its_day_too(world: World) -> None:
    world.ok("PATCH", "/v1/business", {"automation": {"auto_charge": True}})
    client = world.client()
    invoice = world.invoice(client, due_date=DUE)
    wallet.stores_card(world, client, automatic=True)
    world.settle()

    comes(world, "2026-04-01T14:00:00Z")

    assert till.shown(world, invoice)[0] == "paid"


def test_what_fell_due_before_it_was_allowed_is_not_caught_up(world: World) -> None:
    client = world.client()
    world.invoice(client, due_date="2026-03-05")
    world.time.move_to("2026-03-08T14:00:00Z")
    world.ok("PATCH", "/v1/business", {"automation": {"auto_charge": True}})
    wallet.stores_card(world, client, automatic=True)
    world.settle()

    comes(world, "2026-03-09T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == []


def test_a_promise_to_pay_makes_it_wait_for_the_day_after(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/promise", {"on": "2026-04-05"})

    comes(world, "2026-04-01T14:00:00Z")
    assert wallet.charges_at_the_provider(world) == []
    comes(world, "2026-04-06T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == [114975]


def test_nothing_is_charged_while_a_payment_is_disputed(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, schedule=THIRDS)
    payment = till.pay(world, invoice, "due")
    till.arrived(world)
    world.stripe.control.dispute({"payment_intent": payment})
    till.arrived(world)

    comes(world, "2026-04-10T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == [45990]


def test_cash_that_came_before_the_day_leaves_the_card_alone(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1149.75", "method": "cash"})

    comes(world, "2026-04-01T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == []


def test_part_that_was_paid_before_the_day_is_not_charged_again(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1000.00", "method": "cash"})

    comes(world, "2026-04-01T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == [14975]


def test_a_page_that_stands_open_is_closed_first(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    world.time.move_to("2026-04-01T12:58:00Z")
    page = till.page(world, invoice)

    comes(world, "2026-04-01T13:00:00Z")

    assert wallet.charges_at_the_provider(world) == [114975]
    session = page.partition("?")[0].rpartition("/")[2]
    states = {one["id"]: one["status"] for one in world.stripe.control.answer("GET", "sessions", {})["data"]}  # type: ignore[index]
    assert states[session] == "expired"


def test_a_page_that_is_being_paid_leaves_the_card_alone(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    world.time.move_to("2026-04-01T12:58:00Z")
    till.pay(world, invoice)

    world.time.move_to("2026-04-01T13:00:00Z")
    world.sweep()
    world.settle()
    till.arrived(world)

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice) == ("paid", "1149.75", "0.00")
    comes(world, "2026-04-01T15:00:00Z")
    assert wallet.charges_at_the_provider(world) == [114975]


def test_a_voided_invoice_is_not_charged(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {})

    comes(world, "2026-04-01T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == []


@pytest.mark.parametrize("way", ["cash", "page"])
def test_what_was_given_back_before_the_day_is_not_taken_again(world: World, way: str) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    if way == "cash":
        world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1149.75", "method": "cash"})
    else:
        till.pay(world, invoice)
        till.arrived(world)
    (payment,) = till.payments_of(world, invoice)
    world.ok("POST", f"/v1/payments/{payment['id']}/refunds", {})
    till.arrived(world)
    taken = wallet.charges_at_the_provider(world)

    comes(world, "2026-04-01T14:00:00Z")

    assert wallet.charges_at_the_provider(world) == taken
    assert till.shown(world, invoice)[0] == "refunded"


def test_what_our_key_could_not_ask_for_is_tried_again_when_one_opens_the_account(world: World) -> None:
    world.business(stripe_account=None)
    own = shop(world).connect()
    world.ok("PATCH", "/v1/business", {"automation": {"auto_charge": True}})
    client = world.client()
    world.pay_at_checkout(wallet.page(world, client, automatic=True))
    own.deliver()
    invoice = world.invoice(client, due_date=DUE)
    world.settle()
    own.end_key()

    comes(world, "2026-04-01T14:00:00Z")
    (told,) = [mail for mail in world.mails if "débitée" in mail.subject]
    assert "2 avril 2026" in told.text
    own.roll()
    own.give_key()
    comes(world, "2026-04-02T14:01:00Z")

    assert till.shown(world, invoice)[0] == "paid"


def test_a_sandbox_charges_by_its_own_clock(world: World) -> None:
    world.business(sandbox=True, clock=world.time.instant)
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)

    world.move_clock("2026-04-02T12:00:00Z")

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice)[0] == "paid"


def test_a_soft_decline_on_the_due_day_is_tried_again(world: World) -> None:
    client = switched_on(world)
    invoice = world.invoice(client, due_date=DUE)
    (method,) = world.stripe.api.books.all(world.house.account, "payment_method")
    wallet.becomes(world, method["id"], wallet.POOR)
    comes(world, "2026-04-01T14:00:00Z")
    wallet.becomes(world, method["id"], till.CARD)

    comes(world, "2026-04-02T14:01:00Z")

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice)[0] == "paid"
