"""Clients pay: on the provider's page, by hand; in parts, too much, twice at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

MARIE, OFFICE = "marie@example.com", "bureau@plomberie.example"
HALVES = [
    {"label": "Acompte", "percent": "50", "due": {"days_after": "issue", "days": 0}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "issue", "days": 30}},
]


def at_once(*deeds):
    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result() for future in [pool.submit(deed) for deed in deeds]]


def sent(world, client=None, **more):
    draft = world.draft(client, **more)
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()
    return draft


def visitor(world):
    return world.portal(world.mails_to(MARIE)[-1].portal_link)


def pay_online(world, choice="all", card="pm_card_visa"):
    page = visitor(world)
    world.pay_at_checkout(page.pay(choice), card=card)
    world.deliver_events()
    world.settle()


def take(world, invoice, amount, **more):
    return world.api("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": amount, "method": "cash"} | more)


def payments(world, invoice):
    return world.ok("GET", f"/v1/invoices/{invoice['id']}/payments")["data"]


def standing(world, invoice):
    seen = world.see(invoice)
    return seen["status"], seen["paid_total"], seen["amount_due"]


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


def open_sessions(world):
    sessions = world.stripe.control.answer("GET", "sessions", {})["data"]
    return [session for session in sessions if session["account"] == world.house.account]


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
    assert "/pay" not in page.page


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


@pytest.mark.row("P44", "H53", "P45", "A58")
def test_payments_taken_by_hand_add_up(world):
    client = world.client()
    invoice = world.invoice(client)

    cash = take(world, invoice, "500")
    assert (cash.status, cash["method"], cash["received_on"]) == (201, "cash", "2026-03-02")
    assert standing(world, invoice) == ("partially_paid", "500.00", "649.75")
    cheque = take(world, invoice, "649.75", method="cheque", reference="No 118", received_on="2026-03-01")
    world.settle()

    assert (cheque["reference"], cheque["received_on"]) == ("No 118", "2026-03-01")
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    assert world.balance(client)["amount_due"] == "0.00"
    assert len(world.mails_to(OFFICE)) == 2
    assert len(world.mails_to(MARIE)) == 2


@pytest.mark.row("C33", "C9")
def test_more_than_is_due_is_refused_or_kept_as_credit(world):
    client = world.client()
    invoice = world.invoice(client)
    before = world.everything()

    refused = take(world, invoice, "1149.76")
    assert refused.problem == (422, "overpayment")
    assert refused["errors"][0]["at"] == "/amount"
    assert world.everything() == before
    kept = take(world, invoice, "1200", overpayment="credit")

    assert (kept["applied"], kept["credited"]) == ("1149.75", "50.25")
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    balance = world.balance(client)
    assert (balance["amount_due"], balance["credit_total"]) == ("0.00", "50.25")


@pytest.mark.row("C9")
def test_two_payments_at_once_that_exceed_what_is_due(world):
    client = world.client()
    invoice = world.invoice(client)

    answers = at_once(lambda: take(world, invoice, "1000"), lambda: take(world, invoice, "1000"))

    assert sorted(answer.status for answer in answers) == [201, 422]
    assert standing(world, invoice) == ("partially_paid", "1000.00", "149.75")
    assert world.balance(client)["amount_due"] == "149.75"


@pytest.mark.row("C9")
def test_many_small_payments_at_once_are_all_booked(world):
    client = world.client()
    invoice = world.invoice(client)

    answers = at_once(*[lambda: take(world, invoice, "100")] * 11)

    assert {answer.status for answer in answers} == {201}
    assert standing(world, invoice) == ("partially_paid", "1100.00", "49.75")
    assert world.balance(client)["amount_due"] == "49.75"


@pytest.mark.row("C7", "C8")
def test_a_payment_whose_answer_was_lost_is_booked_once(world):
    invoice = world.invoice()
    path, body = f"/v1/invoices/{invoice['id']}/payments", {"amount": "100", "method": "cash"}

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    assert world.api("POST", path, body, Idempotency_Key="p-1").status == 500
    again = world.ok("POST", path, body, Idempotency_Key="p-1")

    assert (again.status, again["amount"], again.headers["idempotent-replay"]) == (201, "100.00", "true")
    assert standing(world, invoice) == ("partially_paid", "100.00", "1049.75")
    reused = world.api("POST", path, body | {"amount": "200"}, Idempotency_Key="p-1")
    assert reused.problem == (422, "idempotency_key_reused")


@pytest.mark.row("C8")
def test_the_same_form_sent_twice_at_once_is_one_payment(world):
    invoice = world.invoice()
    path, body = f"/v1/invoices/{invoice['id']}/payments", {"amount": "100", "method": "cash"}

    def click():
        return world.api("POST", path, body, Idempotency_Key="form-7")

    answers = at_once(click, click, click)

    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer["id"] for answer in answers if answer.status == 201}) == 1
    assert standing(world, invoice) == ("partially_paid", "100.00", "1049.75")


@pytest.mark.row("P25", "C9")
def test_cash_closes_the_page_that_was_open(world):
    invoice = sent(world)
    address = visitor(world).pay()

    take(world, invoice, "1149.75")
    world.settle()

    assert [session["status"] for session in open_sessions(world)] == ["expired"]
    with pytest.raises(Exception, match="no longer active"):
        world.pay_at_checkout(address)
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")


@pytest.mark.row("C9", "C33")
def test_money_that_came_both_ways_becomes_credit(world):
    client = world.client()
    invoice = sent(world, client)
    world.pay_at_checkout(visitor(world).pay())

    assert take(world, invoice, "1149.75").status == 201
    world.deliver_events()
    world.settle()

    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
    balance = world.balance(client)
    assert (balance["amount_due"], balance["credit_total"]) == ("0.00", "1149.75")


@pytest.mark.row("C27")
def test_ten_payments_of_ten_cents_leave_exactly_nothing(world):
    invoice = world.invoice(lines=[{"description": "Vis", "unit_price": "1.00", "taxes": []}])

    for _ in range(10):
        assert take(world, invoice, "0.10").status == 201

    assert standing(world, invoice) == ("paid", "1.00", "0.00")


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
    assert "/pay" not in page.page


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

    assert "/pay" not in visitor(world).page
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
