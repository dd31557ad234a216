"""Paying when something breaks between Stripe and us, or several people pay at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.stripe import payments
from tests.flows import till
from tests.flows.till import WHOLE

MARIE = "marie@example.com"
HALVES = [
    {"label": "Acompte", "percent": "50", "due": {"days_after": "issue", "days": 0}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "issue", "days": 30}},
]


@pytest.fixture
def client(world):
    return world.client()


@pytest.fixture
def invoice(world, client):
    return world.invoice(client)


def pages(world):
    """How many pages Stripe opened for this business, and how many can still be paid."""
    mine = world.stripe.api.shop(world.house.account).all("checkout.session")
    return len(mine), sum(session["status"] == "open" for session in mine)


def link(world, invoice):
    return world.api("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "all"})


def fail(world, *faults):
    """What happens to the next calls of Stripe, the SDK's own retries included."""
    world.stripe.control.answer("POST", "faults", {"faults": list(faults)})


@pytest.mark.row("C7")
@pytest.mark.parametrize("crash", ["crash_before", "crash_after"])
def test_after_a_crash_while_booking_there_is_one_payment_and_one_receipt(crash, world, invoice):
    till.pay(world, invoice)
    event = till.told(world, "payment_intent.succeeded")
    world.webhook(event)
    getattr(world.faults, crash)("dynamodb", "TransactWriteItems")
    world.settle(failures=1)

    till.arrived(world)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert len(till.payments_of(world, invoice)) == 1
    assert len(world.mails_to(MARIE)) == 1
    assert pages(world) == (1, 0)


@pytest.mark.row("C7")
def test_who_clicks_again_after_paying_does_not_pay_again(world, invoice):
    """Stripe has the money, we have not heard of it yet."""
    url = till.page(world, invoice)
    world.pay_at_checkout(url)

    assert link(world, invoice)["url"] == url
    with pytest.raises(Exception, match="no longer active"):
        world.pay_at_checkout(url)

    till.arrived(world)
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert link(world, invoice).problem == (409, "nothing_due")


@pytest.mark.row("C7")
def test_an_answer_of_stripes_that_is_lost_is_asked_for_again_by_the_same_key(world, invoice):
    fail(world, *["drop_after"] * 3)
    assert link(world, invoice).status == 503

    url = link(world, invoice)["url"]

    assert pages(world) == (1, 1)
    world.pay_at_checkout(url)


@pytest.mark.row("C7")
def test_an_attempt_that_never_reached_stripe_is_followed_by_a_new_one(world, invoice):
    """Two minutes later Stripe would refuse the old one: its page would live for less than half an hour."""
    fail(world, *["drop_before"] * 3)
    assert link(world, invoice).status == 503
    world.time.pass_(minutes=2)

    url = link(world, invoice)["url"]

    assert pages(world) == (1, 1)
    world.pay_at_checkout(url)
    till.arrived(world)
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert [kind.rpartition("_")[2] for kind in world.timeline(invoice) if "checkout" in kind] == [
        *("reserved", "closed"),
        *("reserved", "opened"),
    ]


@pytest.mark.row("C7")
def test_an_attempt_whose_words_changed_since_its_answer_was_lost_is_followed_by_a_new_one(world, client, invoice):
    fail(world, *["drop_after"] * 3)
    assert link(world, invoice).status == 503
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"email": "marie.gagnon@example.com"})

    world.pay_at_checkout(link(world, invoice)["url"])

    till.arrived(world)
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")


def test_a_page_that_expired_is_forgotten(world, invoice):
    url = till.page(world, invoice)
    world.time.pass_(minutes=32)
    with pytest.raises(Exception, match="no longer active"):
        world.pay_at_checkout(url)

    till.arrived(world)

    assert world.timeline(invoice)[-1] == "invoice.checkout_closed"
    assert link(world, invoice)["url"] != url


@pytest.mark.row("C9")
@pytest.mark.parametrize(
    ("overpayment", "accepted", "due", "credit"), [(None, 2, "349.75", "0.00"), ("credit", 6, "0.00", "1250.25")]
)
def test_of_six_people_who_pay_400_at_once(overpayment, accepted, due, credit, world, client, invoice):
    body = {"amount": "400.00", "method": "cash"} | ({"overpayment": overpayment} if overpayment else {})

    with ThreadPoolExecutor(6) as pool:
        path = f"/v1/invoices/{invoice['id']}/payments"
        futures = [pool.submit(world.api, "POST", path, body, Idempotency_Key=f"payer {n}") for n in range(6)]
        answers = [future.result() for future in futures]

    statuses = sorted(answer.status for answer in answers)
    assert statuses == [201] * accepted + [422] * (6 - accepted)
    assert till.shown(world, invoice)[2] == due
    assert world.balance(client)["amount_due"] == due
    assert world.balance(client)["credit_total"] == credit


@pytest.mark.row("C9", "C12")
def test_a_card_and_cash_at_once_never_make_the_due_negative(world, client, invoice):
    till.pay(world, invoice)
    events = world.events()
    world._kept.clear()
    cash = {"amount": "400.00", "method": "cash", "overpayment": "credit"}
    for event in events:
        world.webhook(event)

    with ThreadPoolExecutor(2) as pool:
        booked = pool.submit(world.settle)
        taken = pool.submit(world.api, "POST", f"/v1/invoices/{invoice['id']}/payments", cash)
        assert (booked.result().failures, taken.result().status) == (0, 201)

    world.settle()
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert world.balance(client)["credit_total"] == "400.00"


@pytest.mark.row("C9")
def test_people_who_press_pay_at_once_know_one_page_that_can_be_paid(world, client):
    invoice = world.invoice(client, schedule=HALVES)
    path = f"/v1/invoices/{invoice['id']}/payment-link"

    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(world.api, "POST", path, {"choice": choice}) for choice in ("due", "all") * 3]
        answers = [future.result() for future in futures]

    assert {answer.status for answer in answers} <= {200, 201, 409}
    known = {answer["url"] for answer in answers if answer.status != 409}
    mine = world.stripe.api.shop(world.house.account).all("checkout.session")
    assert len([session for session in mine if session["status"] == "open" and session["url"] in known]) <= 1
    till.pay(world, invoice)
    till.arrived(world)
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert world.balance(client)["credit_total"] == "0.00"


@pytest.mark.row("C12", "P25")
def test_the_clients_return_and_the_events_at_once_book_once(world, client):
    invoice = world.invoice(client)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/send", {})
    world.settle()
    browser = world.portal(world.mails_to(MARIE)[0].portal_link)
    url = browser.pay()
    world.pay_at_checkout(url)
    session = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    world.deliver_events()

    with ThreadPoolExecutor(2) as pool:
        booked = pool.submit(world.settle)
        seen = pool.submit(browser.visit, f"/portal/invoices/{invoice['id']}/paid?session={session}")
        assert booked.result().failures == 0
        assert "Merci de votre paiement" in seen.result()

    world.settle()
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert len(till.payments_of(world, invoice)) == 1
    assert len(world.mails_to("bureau@plomberie.example")) == 1


@pytest.mark.row("C30")
def test_yen_are_asked_and_booked_as_yen(world, client):
    lines = [{"description": "Visite", "unit_price": "5000", "taxes": []}]
    invoice = world.invoice(client, currency="JPY", lines=lines)

    till.pay(world, invoice)
    (session,) = world.stripe.api.shop(world.house.account).all("checkout.session")
    till.arrived(world)

    assert (session["amount_total"], session["currency"]) == (5000, "jpy")
    assert till.shown(world, invoice) == ("paid", "5000", "0")
    assert [payment["amount"] for payment in till.payments_of(world, invoice)] == ["5000"]


def test_a_payment_that_is_canceled_leaves_nothing(world, invoice):
    shop = world.stripe.api.shop(world.house.account)
    wanted = {"amount": "114975", "currency": "cad", "metadata": till.reference(world, invoice)}
    payments.cancel(shop, payments.create(shop, "", wanted)["id"], {})

    till.arrived(world)

    assert till.payments_of(world, invoice) == []
    assert till.shown(world, invoice) == ("issued", "0.00", WHOLE)
