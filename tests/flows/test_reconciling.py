"""What a lost webhook hid is found by asking Stripe, healed once, and told of."""

from collections import Counter

import pytest

from chalicelib.domain.journal import Account
from tests.flows import books, till
from tests.flows.till import WHOLE, compare

OFFICE = "office@plomberie.example"


def lose(world):
    """What Stripe has to tell by now never arrives."""
    world.events()
    world._kept.clear()


def report(world):
    (account,) = world.ok("GET", "/v1/reports/reconciliation")["accounts"]
    return account


def told(world, template):
    return [mail for mail in world.mails if template in mail.subject]


@pytest.mark.row("C34")
def test_a_payment_of_which_every_webhook_was_lost_is_booked_and_reported(world):
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    lose(world)
    assert till.shown(world, invoice)[0] != "paid"

    compare(world)
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    found = report(world)
    (healed,) = found["healed"]
    assert (healed["payment_intent"], healed["what"], healed["before"]) == (intent, "payment_missing", None)
    assert (healed["after"]["amount"], healed["after"]["refunded"]) == (WHOLE, "0.00")
    assert (found["account"], found["refused"]) == (world.house.account, None)
    assert found["events_missed"] == found["events_seen"] > 0
    assert found["from"] < found["to"] <= found["checked_at"]

    for _ in range(2):  # by the first reading, Stripe has something more to tell: its fee
        compare(world)
    assert len(till.payments_of(world, invoice)) == 1
    assert [one["what"] for one in report(world)["healed"]] == ["payment_missing"]
    assert report(world)["events_missed"] == 0


@pytest.mark.row("C34")
def test_a_refund_made_in_the_dashboard_whose_webhook_was_lost_is_booked(world):
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    till.arrived(world)
    world.stripe.control.refund({"payment_intent": intent, "amount": 10_000})
    lose(world)

    compare(world)
    assert till.shown(world, invoice)[0] == "partially_refunded"
    healed = report(world)["healed"][0]
    assert (healed["what"], healed["payment_intent"]) == ("payment_different", intent)
    assert (healed["before"]["refunded"], healed["after"]["refunded"]) == ("0.00", "100.00")


def test_a_dispute_of_which_every_webhook_was_lost_is_followed_from_its_beginning_to_its_end(world):
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    till.arrived(world)
    world.stripe.control.refund({"payment_intent": intent, "amount": 14_975})
    till.arrived(world)
    dispute = world.stripe.control.dispute({"payment_intent": intent})
    lose(world)

    compare(world)
    assert world.see(invoice)["paid_total"] == "0.00"
    world.stripe.control.close_dispute({"dispute": dispute["id"], "won": True})
    lose(world)
    compare(world)

    assert till.shown(world, invoice) == ("partially_refunded", "1000.00", "149.75")
    assert [one["because"] for one in report(world)["healed"]] == [
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
    ]


def test_a_refund_that_failed_and_of_which_nobody_told_puts_the_money_back(world):
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    till.arrived(world)
    refund = world.stripe.control.refund({"payment_intent": intent})
    till.arrived(world)
    world.stripe.control.finish_refund({"refund": refund["id"], "succeeded": False})
    lose(world)

    compare(world)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    (healed,) = report(world)["healed"]
    assert (healed["before"]["refunded"], healed["after"]["refunded"]) == (WHOLE, "0.00")


def test_webhooks_that_come_after_all_change_nothing_more(world):
    invoice = world.invoice()
    till.pay(world, invoice)
    waiting = world.events()
    compare(world)
    assert till.shown(world, invoice)[0] == "paid"
    assert "duplicate" in {world.webhook(event)["outcome"] for event in waiting}
    till.arrived(world)
    assert len(till.payments_of(world, invoice)) == 1
    assert len(report(world)["healed"]) == 1


def test_an_event_that_was_taken_and_whose_work_was_lost_is_done(world):
    """Row 36 of the webhooks: persisted, never applied, and told of no more."""
    invoice = world.invoice()
    till.pay(world, invoice)
    world.deliver_events()
    sqs = world.aws.client("sqs")
    queue = world.aws.environment["PAYMENTS_QUEUE_URL"]
    while received := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in received:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    world.settle()
    assert till.shown(world, invoice)[0] != "paid"
    compare(world)
    assert till.shown(world, invoice)[0] == "paid"


def test_every_difference_that_was_ever_found_is_listed_page_by_page(world):
    for _ in range(2):
        till.pay(world, world.invoice())
        lose(world)
        compare(world)

    first = world.ok("GET", "/v1/reports/reconciliation/findings?limit=1")
    second = world.ok("GET", f"/v1/reports/reconciliation/findings?limit=1&cursor={first['next_cursor']}")

    (newer,), (older,) = first["data"], second["data"]
    assert newer["at"] > older["at"]
    assert {one["account"] for one in (newer, older)} == {world.house.account}
    assert [(one["what"], one["before"], one["after"]["amount"]) for one in (newer, older)] == [
        ("payment_missing", None, WHOLE)
    ] * 2
    assert older["payment_intent"] in {one["payment_intent"] for one in report(world)["healed"]}


def test_the_business_is_mailed_what_was_found_once(world):
    till.pay(world, world.invoice())
    lose(world)
    for _ in range(4):
        compare(world)
    assert len(told(world, "Stripe")) == 1


def test_money_for_nobody_is_listed_with_the_invoices_it_may_be_for_and_matched(world):
    invoice = world.invoice()
    other = world.invoice()
    intent = till.pay_elsewhere(world, 114_975)
    lose(world)
    compare(world)
    (stray,) = report(world)["unmatched"]
    assert (stray["payment_intent"], stray["amount"], stray["reason"]) == (intent, WHOLE, "no_reference")
    assert [one["invoice_id"] for one in stray["suggestions"]] == [invoice["id"], other["id"]]
    assert stray["suggestions"][0]["because"] == ["amount_due"]

    compare(world, minutes=25 * 60)
    compare(world, minutes=25 * 60)
    assert len(told(world, "aucune facture")) == 1
    world.ok("POST", f"/v1/payments/{stray['payment_id']}/match", {"invoice_id": invoice["id"]})
    assert till.shown(world, invoice)[0] == "paid"
    assert report(world)["unmatched"] == []


def test_money_for_nobody_is_listed_before_its_account_was_ever_compared(world):
    intent = till.pay_elsewhere(world, 114_975)
    till.arrived(world)

    found = report(world)

    assert (found["account"], found["checked_at"], found["events_seen"]) == (world.house.account, None, 0)
    assert [one["payment_intent"] for one in found["unmatched"]] == [intent]


def test_fees_are_booked_and_shown_and_payouts_are_listed_with_what_is_in_them(world):
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    till.arrived(world)
    compare(world)
    (paid,) = till.payments_of(world, invoice)
    assert (paid["fee"], paid["net"]) == ("33.64", "1116.11")
    assert paid["fees"] == [{"amount": "33.64", "currency": "CAD"}]

    (made,) = world.stripe.control.pay_out({"account": world.house.account})
    compare(world)
    (listed,) = world.ok("GET", "/v1/payouts")["data"]
    assert (listed["id"], listed["amount"], listed["payments_count"]) == (made["id"], "1116.11", 1)
    shown = world.ok("GET", f"/v1/payouts/{made['id']}")
    (part,) = shown["payments"]
    assert (part["payment_id"], part["payment_intent"], part["net"]) == (paid["id"], intent, "1116.11")

    world.stripe.control.return_payout({"payout": made["id"]})
    compare(world)
    assert world.ok("GET", f"/v1/payouts/{made['id']}")["returned"] == "1116.11"


def test_what_is_paid_in_another_currency_than_the_accounts_is_exchanged_in_the_books(world):
    world.stripe.control.account({"account": world.house.account, "settles_in": "usd", "rate": "0.75"})
    invoice = world.invoice()
    intent = till.pay(world, invoice)
    till.arrived(world)
    compare(world)
    (paid,) = till.payments_of(world, invoice)
    assert (paid["amount"], paid["net"]) == (WHOLE, WHOLE)
    assert paid["settled"] == [{"amount": "862.31", "currency": "USD"}]
    assert paid["fees"] == [{"amount": "25.23", "currency": "USD"}]
    assert clearing(world) == {"USD": 83_708}

    world.ok("POST", f"/v1/payments/{paid['id']}/refunds", {"amount": "149.75", "reason": ""})
    dispute = world.stripe.control.dispute({"payment_intent": intent, "amount": 100_000})
    till.arrived(world)
    assert clearing(world) == {"USD": 83_708 - 11_231 - 75_000 - 1_125}
    world.stripe.control.close_dispute({"dispute": dispute["id"], "won": True})
    till.arrived(world)
    world.stripe.control.pay_out({"account": world.house.account})
    compare(world)
    assert clearing(world) == {}
    assert till.shown(world, invoice) == ("partially_refunded", "1000.00", "149.75")


def clearing(world):
    """What the journal says is at the provider, in minor units of each currency."""
    sums = Counter()
    for envelope in books.envelopes(world.aws.rows("journal"), world.house.id):
        for posting in envelope.event.postings:
            if posting.account is Account.CLEARING:
                sums[posting.amount.currency] += posting.amount.minor
    return {currency: amount for currency, amount in sums.items() if amount}


def test_nobody_sees_another_business_s_comparison(world):
    till.pay(world, world.invoice())
    lose(world)
    compare(world)
    world.business()
    assert world.ok("GET", "/v1/reports/reconciliation")["accounts"] == []
