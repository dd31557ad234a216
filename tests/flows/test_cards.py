"""Stored cards, through HTTP, Stripe's events, queues and clock."""

import pytest

from tests.flows import till, wallet
from tests.flows.world import World

MARIE = "marie@example.com"
HALVES = [{"label": "Acompte", "percent": "40"}, {"label": "Solde", "remainder": True}]


@pytest.mark.row("H47")
def test_without_a_card_nobody_is_charged(world: World) -> None:
    invoice = world.invoice()

    refused = world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {})

    assert refused.problem == (409, "no_card")
    assert wallet.charges_at_the_provider(world) == []


@pytest.mark.row("H46", "H49", "H51", "P28")
def test_a_stored_card_is_charged_for_an_invoice_and_the_client_is_mailed(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)

    charged = wallet.charge(world, invoice)

    assert charged == {
        "invoice_id": invoice["id"],
        "attempt": 1,
        "amount": "1149.75",
        "currency": "CAD",
        "state": "charged",
        "decline_kind": None,
        "decline_code": None,
        "decline_reason": None,
        "retry_at": None,
    }
    assert till.shown(world, invoice) == ("paid", "1149.75", "0.00")
    till.arrived(world)
    assert wallet.charges_at_the_provider(world) == [114975]
    (payment,) = till.payments_of(world, invoice)
    assert (payment["method"], payment["reference"]) == ("online", "visa 4242")
    (receipt,) = world.mails_to(MARIE)
    assert "1 149,75" in receipt.subject.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "Votre carte visa 4242 a été débitée." in receipt.text


@pytest.mark.row("H48", "H50")
def test_the_balance_is_charged_invoice_by_invoice_the_earliest_due_first(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    later = world.invoice(client, due_date="2026-06-01")
    sooner = world.invoice(client, due_date="2026-05-01")

    charged = world.ok("POST", f"/v1/clients/{client['id']}/charge")["data"]

    assert [(one["invoice_id"], one["state"]) for one in charged] == [
        (sooner["id"], "charged"),
        (later["id"], "charged"),
    ]
    till.arrived(world)
    assert world.balance(client)["amount_due"] == "0.00"
    assert wallet.charges_at_the_provider(world) == [114975, 114975]


def test_the_balance_is_charged_no_further_than_the_first_refusal(world: World) -> None:
    client = world.client()
    method = wallet.stores_card(world, client)
    for _ in range(2):
        world.invoice(client)
    wallet.becomes(world, method, wallet.POOR)

    charged = world.ok("POST", f"/v1/clients/{client['id']}/charge")["data"]

    assert [one["state"] for one in charged] == ["declined"]


def test_an_invoice_that_cannot_be_charged_leaves_the_others_of_the_balance_alone(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    tiny = [{"description": "Vis", "unit_price": "0.10"}]
    small = world.invoice(client, due_date="2026-03-10", lines=tiny)
    disputed = world.invoice(client, due_date="2026-03-11", schedule=HALVES)
    world.stripe.control.dispute({"payment_intent": till.pay(world, disputed, "due")})
    till.arrived(world)
    due = world.invoice(client, due_date="2026-03-12")

    charged = world.ok("POST", f"/v1/clients/{client['id']}/charge", Idempotency_Key="balance 1")["data"]

    assert [(one["invoice_id"], one["state"], one["decline_code"]) for one in charged] == [
        (small["id"], "declined", "amount_too_small"),
        (due["id"], "charged", None),
    ]
    assert world.balance(client)["amount_due"] == "1149.87"
    again = world.ok("POST", f"/v1/clients/{client['id']}/charge", Idempotency_Key="balance 1")["data"]
    assert again == charged
    nothing_else = world.api("POST", f"/v1/invoices/{disputed['id']}/charge", {})
    assert nothing_else.problem == (409, "invoice_disputed")


@pytest.mark.parametrize("key", [{}, {"Idempotency_Key": "charge 1"}], ids=["without a key", "with a key"])
def test_what_the_provider_would_never_take_is_refused_however_often_it_is_asked(
    world: World, key: dict[str, str]
) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client, lines=[{"description": "Vis", "unit_price": "0.10"}])

    for _ in range(2):
        refused = world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {}, **key)
        assert refused.problem == (409, "amount_too_small")


def test_a_client_who_owes_nothing_is_not_charged(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)

    refused = world.api("POST", f"/v1/clients/{client['id']}/charge")

    assert refused.problem == (409, "nothing_due")


def test_an_instalment_or_an_amount_may_be_charged(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client, schedule=HALVES)

    wallet.charge(world, invoice, instalment_id=invoice["schedule"][0]["id"])
    wallet.charge(world, invoice, amount="100.00")

    assert wallet.charges_at_the_provider(world) == [45990, 10000]
    assert till.shown(world, invoice) == ("partially_paid", "559.90", "589.85")
    too_much = world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {"amount": "589.86"})
    assert too_much.problem == (422, "more_than_due")


@pytest.mark.row("C7")
def test_a_repeated_request_charges_once(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)

    first = world.ok("POST", f"/v1/invoices/{invoice['id']}/charge", {}, Idempotency_Key="charge 1")
    again = world.ok("POST", f"/v1/invoices/{invoice['id']}/charge", {}, Idempotency_Key="charge 1")

    assert again.body == first.body
    assert wallet.charges_at_the_provider(world) == [114975]


@pytest.mark.row("C7")
@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_is_looked_for_and_the_client_charged_once(world: World, fault: str) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)
    world.stripe.control.answer("POST", "faults", {"faults": [fault] * 3})

    assert wallet.charge(world, invoice)["state"] == "pending"
    second = world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {})
    assert second.problem == (409, "payment_under_way")
    world.settle()

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice) == ("paid", "1149.75", "0.00")


@pytest.mark.row("C7")
def test_a_lost_answer_is_looked_for_after_the_provider_forgot_the_key_and_nobody_asked(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)
    world.stripe.control.answer("POST", "faults", {"faults": ["drop_after"] * 3})
    wallet.charge(world, invoice)
    world.faults.refuse("sqs", "SendMessage", "InternalError", times=1)
    world.settle(failures=1)
    world.time.pass_(hours=30)
    world.sweep()
    world.settle()

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice)[0] == "paid"


@pytest.mark.row("C7")
@pytest.mark.parametrize("skip", range(6))
def test_a_crash_anywhere_leaves_one_charge(world: World, skip: int) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)
    world.faults.crash_after("dynamodb", "TransactWriteItems", skip=skip)

    for _ in range(2):
        world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {}, Idempotency_Key="charge 1")
        world.pump.settle()
    world.time.pass_(hours=2)
    world.sweep()
    till.arrived(world)

    assert wallet.charges_at_the_provider(world) == [114975]
    assert till.shown(world, invoice) == ("paid", "1149.75", "0.00")


@pytest.mark.row("H52", "H53", "H54")
def test_marking_as_paid_charges_no_card(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)

    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1149.75", "method": "cash"})
    world.settle()

    assert till.shown(world, invoice)[0] == "paid"
    assert world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {}).problem == (409, "nothing_due")
    assert wallet.charges_at_the_provider(world) == []


@pytest.mark.row("H55")
def test_a_client_whose_card_is_kept_may_still_pay_by_himself(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    invoice = world.invoice(client)

    till.pay(world, invoice)
    till.arrived(world)

    assert till.shown(world, invoice)[0] == "paid"
    assert wallet.charges_at_the_provider(world) == [114975]


def test_a_technician_neither_charges_nor_keeps_cards(world: World) -> None:
    client = world.client()
    invoice = world.invoice(client)
    key = world.key("technician")

    assert world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {}, key=key).status == 403
    assert world.api("POST", f"/v1/clients/{client['id']}/card", {}, key=key).status == 403
