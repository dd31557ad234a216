"""Clients pay on the provider's page: all, in parts, in every currency; and it is crossed by accidents."""

import pytest

from tests.flows.desk import (
    HALVES,
    MARIE,
    OFFICE,
    at_once,
    open_sessions,
    pay_online,
    payments,
    sent,
    standing,
    take,
    visitor,
)


@pytest.mark.row("P25", "P27", "P29", "A55")
def test_the_client_pays_everything_in_the_portal(world):
    client = world.client()
    invoice = sent(world, client)

    page = visitor(world)
    assert "Payer en ligne" in page.text
    world.pay_at_checkout(page.pay())
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    (payment,) = payments(world, invoice)
    assert (payment["method"], payment["amount"], payment["applied"], payment["credited"]) == (
        "online",
        "1149.75",
        "1149.75",
        "0.00",
    )
    assert payment["reference"] == "visa 4242"
    assert world.balance(client)["amount_due"] == "0.00"


@pytest.mark.row("P25", "P27")
def test_the_way_back_shows_the_receipt_before_any_event_has_come(world):
    invoice = sent(world)
    page = visitor(world)
    world.pay_at_checkout(page.pay())
    (session,) = [session["id"] for session in open_sessions(world)]

    page.visit(f"/portal/invoices/{invoice['id']}/paid?session={session}")
    assert "1 149,75 $" in page.text
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    world.deliver_events(times=2)
    world.settle(times=2)

    assert len(payments(world, invoice)) == 1
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")


@pytest.mark.row("P26", "C12")
def test_the_business_is_told_and_the_client_thanked_once_though_all_comes_twice(world):
    invoice = sent(world)
    page = visitor(world)
    world.pay_at_checkout(page.pay())

    world.deliver_events(times=3, order="reversed")
    world.settle(times=2)
    world.replay("shuffled")

    assert [(mail.to, mail.subject) for mail in world.mails[1:]] == [
        (OFFICE, "Marie Gagnon a payé 1 149,75 $ (facture 00001)"),
        (MARIE, "Votre paiement de 1 149,75 $ pour la facture 00001"),
    ]
    assert len(payments(world, invoice)) == 1
    assert world.timeline(invoice).count("invoice.paid") == 1


@pytest.mark.row("C33", "P15", "P17")
def test_the_portal_offers_the_instalment_due_or_everything(world):
    invoice = sent(world, schedule=HALVES)
    page = visitor(world)
    assert "Payer le versement dû" in page.text
    assert "574,88 $" in page.text
    assert "1 149,75 $" in page.text

    world.pay_at_checkout(page.pay("due"))
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == ("partially_paid", "574.88", "574.87")
    assert [(part["paid"], part["status"]) for part in world.see(invoice)["schedule"]] == [
        ("574.88", "paid"),
        ("0.00", "upcoming"),
    ]
    pay_online(world)
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    assert [part["status"] for part in world.see(invoice)["schedule"]] == ["paid", "paid"]


@pytest.mark.row("C33")
def test_the_schedule_of_a_quote_survives_into_its_invoice(world):
    quote = world.quote(schedule=HALVES, invoicing={"mode": "single", "send": "at_once"})
    world.approve(quote)
    world.settle()

    (invoice,) = world.invoices_of(quote)
    assert [(part["label"], part["amount"]) for part in invoice["schedule"]] == [
        ("Acompte", "574.88"),
        ("Solde", "574.87"),
    ]


@pytest.mark.row("C33")
def test_the_form_cannot_ask_for_another_amount(world):
    sent(world)
    page = visitor(world)

    page.send("/pay", choice="one-cent")

    assert page.away == ""
    assert page.status == 422
    assert world.events() == []


@pytest.mark.row("C8")
def test_a_double_click_on_pay_leads_to_one_page(world):
    sent(world)
    first, second = visitor(world), visitor(world)

    addresses = {first.pay(), second.pay()}

    assert len(addresses) == 1
    sessions = [session for session in open_sessions(world) if session["status"] == "open"]
    assert len(sessions) == 1


@pytest.mark.row("C8", "C9")
def test_two_people_who_press_pay_at_once_can_pay_once(world):
    invoice = sent(world)
    first, second = visitor(world), visitor(world)

    addresses = [address for address in at_once(first.pay, second.pay) if address]
    for address in dict.fromkeys(addresses):
        world.pay_at_checkout(address)
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    assert len(payments(world, invoice)) == 1


@pytest.mark.row("C7")
def test_a_crash_after_the_provider_opened_the_page_opens_no_second_one(world):
    invoice = sent(world)
    page = visitor(world)

    world.stripe.api.faults.append("drop_after")
    first = page.pay()
    second = first or visitor(world).pay()

    assert len(open_sessions(world)) == 1
    world.pay_at_checkout(second)
    world.deliver_events()
    world.settle()
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")


@pytest.mark.row("C7")
def test_a_crash_after_the_provider_took_the_money_books_it_once_and_asks_for_no_more(world):
    invoice = sent(world)
    page = visitor(world)
    address = page.pay()
    world.pay_at_checkout(address)
    world.deliver_events()

    world.faults.crash_before("dynamodb", "TransactWriteItems")
    world.pump.settle()
    world.settle()

    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    assert len(payments(world, invoice)) == 1
    assert len(world.mails_to(MARIE)) == 2
    page.visit(f"/portal/invoices/{invoice['id']}")
    assert '/pay"' not in page.page


@pytest.mark.row("C7")
@pytest.mark.parametrize("nth", range(4))
def test_a_crash_after_any_write_of_the_settlement_ends_the_same(world, nth):
    client = world.client()
    invoice = sent(world, client)
    world.pay_at_checkout(visitor(world).pay())
    world.deliver_events()

    world.faults.crash_after("dynamodb", "TransactWriteItems", skip=nth)
    for _ in range(3):
        world.pump.settle()
        world.time.pass_(seconds=301)

    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    assert len(payments(world, invoice)) == 1
    balance = world.balance(client)
    assert (balance["amount_due"], balance["credit_total"]) == ("0.00", "0.00")


@pytest.mark.row("P25")
def test_a_declined_card_changes_nothing(world):
    invoice = sent(world)
    address = visitor(world).pay()

    with pytest.raises(Exception, match="declined"):
        world.pay_at_checkout(address, card="pm_card_visa_chargeDeclined")
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == ("sent", "0.00", "1149.75")
    assert payments(world, invoice) == []
    world.pay_at_checkout(address)
    world.deliver_events()
    world.settle()
    assert standing(world, invoice)[0] == "paid"


@pytest.mark.row("C30")
@pytest.mark.parametrize(
    ("currency", "price", "minor", "shown"),
    [("JPY", "100", 100, "100"), ("EUR", "1.00", 100, "1.00"), ("KWD", "1.250", 1250, "1.250")],
)
def test_every_currency_is_charged_in_its_own_minor_units(world, currency, price, minor, shown):
    world.business(currency=currency, tax_rates=())
    client = world.client()
    invoice = sent(world, client, lines=[{"description": "Conseil", "unit_price": price}])

    intent = world.pay_at_checkout(visitor(world).pay())
    assert (intent["currency"], intent["amount_received"]) == (currency.lower(), minor)
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == ("paid", shown, "0" if currency == "JPY" else f"0.{'0' * len(price[2:])}")
    assert world.balance(client)["currency"] == currency


def test_a_void_invoice_can_no_longer_be_paid(world):
    invoice = sent(world)
    address = visitor(world).pay()

    world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {})

    with pytest.raises(Exception, match="no longer active"):
        world.pay_at_checkout(address)
    assert take(world, invoice, "1").problem == (409, "invoice_void")
    page = visitor(world)
    assert '/pay"' not in page.page


def test_void_is_refused_while_a_payment_is_under_way(world):
    invoice = sent(world)
    world.pay_at_checkout(visitor(world).pay())

    refused = world.api("POST", f"/v1/invoices/{invoice['id']}/void", {})
    world.deliver_events()
    world.settle()

    assert refused.problem == (409, "payment_under_way")
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")


@pytest.mark.row("P29")
def test_without_online_payments_set_up_the_portal_offers_none(world):
    world.business(stripe_account=None)
    invoice = sent(world)

    assert '/pay"' not in visitor(world).page
    refused = world.api("POST", f"/v1/invoices/{invoice['id']}/payment-link", {})
    assert refused.problem == (409, "online_payments_off")


@pytest.mark.row("P25")
def test_a_payment_link_is_given_to_programs_too(world):
    invoice = world.invoice(schedule=HALVES)

    given = world.ok("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "due"})

    assert given["amount"] == "574.88"
    world.pay_at_checkout(given["url"])
    world.deliver_events()
    world.settle()
    assert standing(world, invoice) == ("partially_paid", "574.88", "574.87")


@pytest.mark.row("P25")
@pytest.mark.parametrize(
    ("way", "said"), [("success_url", "vous recevrez un reçu par courriel"), ("cancel_url", "Rien n\u2019a été payé")]
)
def test_a_payer_who_never_opened_the_portal_finds_a_page_on_the_way_back(world, way, said):
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payment-link", {})
    (session,) = open_sessions(world)

    page = world.portal(session[way])

    assert (page.status, page.cookie) == (200, "")
    assert said in page.text
