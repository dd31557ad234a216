"""Stored cards, through HTTP, Stripe's events, queues and clock."""

import pytest

from tests.flows import till, wallet
from tests.flows.world import World

MARIE = "marie@example.com"


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


def test_a_client_who_owes_nothing_is_not_charged(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)

    refused = world.api("POST", f"/v1/clients/{client['id']}/charge")

    assert refused.problem == (409, "nothing_due")


def test_an_instalment_or_an_amount_may_be_charged(world: World) -> None:
    client = world.client()
    wallet.stores_card(world, client)
    halves = [{"label": "Acompte", "percent": "40"}, {"label": "Solde", "remainder": True}]
    invoice = world.invoice(client, schedule=halves)

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


def test_a_technician_neither_charges_nor_keeps_cards(world: World) -> None:
    client = world.client()
    invoice = world.invoice(client)
    key = world.key("technician")

    assert world.api("POST", f"/v1/invoices/{invoice['id']}/charge", {}, key=key).status == 403
    assert world.api("POST", f"/v1/clients/{client['id']}/card", {}, key=key).status == 403


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
