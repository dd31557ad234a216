"""Money that goes back, over HTTP: refunds by hand and online, disputes, what is told of them (G6, G7, C34, C35)."""

import pytest

from tests.flows import till
from tests.flows.desk import MARIE, OFFICE, payments, take
from tests.flows.till import WHOLE


def paid(world, **more):
    """An invoice paid by card, and its payment."""
    invoice = world.invoice(**more)
    till.pay(world, invoice)
    till.arrived(world)
    return invoice, payments(world, invoice)[0]


def refund(world, payment, amount=None, **more):
    wish = {"reason": "Annulé"} | ({"amount": amount} if amount else {})
    return world.api("POST", f"/v1/payments/{payment['id']}/refunds", wish, **more)


def subjects(world, address):
    return [mail.subject.replace("\N{NO-BREAK SPACE}", " ") for mail in world.mails_to(address)]


@pytest.mark.row("G7", "A56")
def test_a_refund_of_a_part_and_of_the_rest_show_in_the_status(world):
    client = world.client()
    invoice, payment = paid(world, client=client)

    part = refund(world, payment, "149.75")
    assert (part.status, part["status"], part["amount"]) == (201, "succeeded", "149.75")
    assert till.shown(world, invoice) == ("partially_refunded", "1000.00", "149.75")
    rest = refund(world, payment)
    assert rest["amount"] == "1000.00"
    till.arrived(world)

    assert till.shown(world, invoice) == ("refunded", "0.00", WHOLE)
    assert world.see(invoice)["refunded_at"]
    assert {(one["id"], one["status"], one["amount"]) for one in world.see(payment)["refunds"]} == {
        (part["id"], "succeeded", "149.75"),
        (rest["id"], "succeeded", "1000.00"),
    }
    listed = world.ok("GET", f"/v1/payments/{payment['id']}/refunds")["data"]
    assert [one["id"] for one in listed] == [rest["id"], part["id"]]
    refused = refund(world, payment)
    assert refused.problem == (409, "nothing_to_refund")
    assert world.balance(client)["credit_total"] == "0.00"


def test_a_few_cents_go_back_online_though_nobody_could_be_charged_them(world):
    invoice, payment = paid(world)
    assert refund(world, payment, "0.05")["status"] == "succeeded"
    till.arrived(world)
    assert till.shown(world, invoice) == ("partially_refunded", "1149.70", "0.05")


@pytest.mark.row("G6", "A58")
def test_cash_is_given_back_by_hand(world):
    invoice = world.invoice()
    payment = take(world, invoice, WHOLE)

    back = refund(world, payment, "49.75")

    assert (back.status, back["status"], back["method"]) == (201, "succeeded", "cash")
    assert till.shown(world, invoice) == ("partially_refunded", "1100.00", "49.75")
    seen = world.see(payment)
    assert (seen["refunded"], seen["applied"]) == ("49.75", "1100.00")
    assert seen["refunds"] == [
        {"id": back["id"], "provider_id": None, "status": "succeeded", "amount": "49.75", "failure": None}
    ]
    assert refund(world, payment, "1100.01").problem == (422, "more_than_left")


def test_the_client_is_told_of_each_refund_once(world):
    _, payment = paid(world)
    refund(world, payment, "149.75")
    till.arrived(world)
    world.replay("shuffled")
    world.stripe.control.refund({"payment_intent": till_intent(world, payment), "amount": 10_000})
    till.arrived(world)

    told = [subject for subject in subjects(world, MARIE) if "remboursé" in subject]
    assert told == [
        "Plomberie Tremblay vous a remboursé 149,75 $",
        "Plomberie Tremblay vous a remboursé 100,00 $",
    ]


def till_intent(world, payment):
    """The provider's id of a payment."""
    intents = world.stripe.api.shop(world.house.account).all("payment_intent")
    return next(one["id"] for one in intents if one["status"] == "succeeded" and payment["id"])


@pytest.mark.row("C34", "C12")
@pytest.mark.parametrize("times", [1, 5])
def test_a_refund_made_in_stripes_dashboard_is_in_the_books_within_one_webhook(times, world):
    invoice, payment = paid(world)
    world.stripe.control.refund({"payment_intent": till_intent(world, payment), "amount": 14_975})
    event = till.told(world, "refund.created")

    assert {world.webhook(event).status for _ in range(times)} == {200}
    world.settle(times=2)

    assert till.shown(world, invoice) == ("partially_refunded", "1000.00", "149.75")
    seen = world.see(payment)
    ((ours, provider, status),) = [(one["id"], one["provider_id"], one["status"]) for one in seen["refunds"]]
    assert (ours, provider[:3], status) == (None, "re_", "succeeded")
    told = [event["type"] for event in world.ok("GET", "/v1/events?limit=100")["data"]]
    assert told.count("payment.refunded") == 1
    assert [subject for subject in subjects(world, MARIE) if "remboursé" in subject] == [
        "Plomberie Tremblay vous a remboursé 149,75 $"
    ]


def test_a_refund_that_fails_brings_the_money_back_and_the_business_is_told(world):
    invoice, payment = paid(world)
    made = refund(world, payment)
    till.arrived(world)
    assert till.shown(world, invoice)[0] == "refunded"
    provider_id = world.see(payment)["refunds"][0]["provider_id"]

    world.stripe.control.finish_refund({"refund": provider_id, "succeeded": False})
    till.arrived(world)
    world.replay("reversed")

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    now = world.ok("GET", f"/v1/refunds/{made['id']}")
    assert (now["status"], now["failure"]) == ("failed", "lost_or_stolen_card")
    assert subjects(world, OFFICE)[1:] == ["Le remboursement de 1 149,75 $ à Marie Gagnon a échoué"]
    assert world.see(payment)["refunds"][0]["failure"] == "lost_or_stolen_card"


@pytest.mark.row("C35", "G7")
def test_what_is_lost_to_a_dispute_after_a_part_went_back_was_not_refunded(world):
    invoice, payment = paid(world)
    refund(world, payment, "149.75")
    till.arrived(world)
    dispute = world.stripe.control.dispute({"payment_intent": till_intent(world, payment)})
    till.arrived(world)
    assert till.shown(world, invoice) == ("disputed", "0.00", WHOLE)

    world.stripe.control.close_dispute({"dispute": dispute["id"], "won": False})
    till.arrived(world)
    assert till.shown(world, invoice) == ("partially_refunded", "0.00", WHOLE)
    assert world.see(invoice)["refunded_at"] is None


@pytest.mark.row("C35")
@pytest.mark.parametrize(
    ("won", "after", "said"),
    [
        (True, ("paid", WHOLE, "0.00"), "La contestation de Marie Gagnon est gagnée"),
        (False, ("issued", "0.00", WHOLE), "La contestation de Marie Gagnon est perdue"),
    ],
    ids=["won", "lost"],
)
def test_a_dispute_blocks_refunds_and_is_told_to_the_business(won, after, said, world):
    invoice, payment = paid(world)
    dispute = world.stripe.control.dispute({"payment_intent": till_intent(world, payment)})
    till.arrived(world)

    assert till.shown(world, invoice) == ("disputed", "0.00", WHOLE)
    assert refund(world, payment).problem == (409, "payment_disputed")
    assert world.api("POST", f"/v1/invoices/{invoice['id']}/remind", {}).problem == (409, "invoice_disputed")
    (shown,) = world.see(payment)["disputes"]
    assert (shown["id"], shown["status"], shown["reason"]) == (dispute["id"], "needs_response", "fraudulent")
    assert (shown["amount"], shown["submissions"], shown["evidence"]) == (WHOLE, 0, {})
    assert shown["due_by"] == "2026-03-09T17:00:00Z"
    world.stripe.control.close_dispute({"dispute": dispute["id"], "won": won})
    till.arrived(world)
    world.replay("shuffled")

    assert till.shown(world, invoice) == after
    assert subjects(world, OFFICE)[1:] == ["Marie Gagnon conteste un paiement de 1 149,75 $", said]
    assert [one["status"] for one in world.see(payment)["disputes"]] == ["won" if won else "lost"]
