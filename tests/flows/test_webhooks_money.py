"""Cases 20 to 34, 36, 37 and 42 of the 42 webhook cases: what events do to the books, in whatever order they come.

Our worker reads a payment again at every event, so each case puts Stripe's objects into its state and lets the
events arrive, also the other way round.
"""

import pytest

from tests.flows import till
from tests.flows.till import WHOLE

OFFICE = "bureau@plomberie.example"
ORDERS = pytest.mark.parametrize("order", ["kept", "reversed"])


@pytest.fixture
def client(world):
    return world.client()


@pytest.fixture
def invoice(world, client):
    return world.invoice(client)


def each_arrives(world, invoice, order):
    """What the invoice shows after each event."""
    seen = []
    events = world.events()
    world._kept.clear()
    for event in events if order == "kept" else events[::-1]:
        assert world.webhook(event).status == 200
        world.settle()
        seen.append(till.shown(world, invoice))
    return seen


@pytest.mark.parametrize("id", ["inv_nowhere", "inv_01KJQQW3M00000000000000002"])
def test_case_20_money_for_an_unknown_invoice_waits_for_a_person(id, world, invoice):
    till.pay_elsewhere(world, 50_00, business_id=world.house.id, invoice_id=id, attempt_id="1")

    till.arrived(world)

    assert till.quarantined(world) == [("unknown_invoice", "50.00")]
    assert [mail.to for mail in world.mails] == [OFFICE]


def test_case_20_a_draft_is_no_invoice_yet(world):
    till.pay_elsewhere(world, 50_00, **till.reference(world, world.draft()))

    till.arrived(world)

    assert till.quarantined(world) == [("unknown_invoice", "50.00")]


def test_case_21_money_that_names_nothing_waits_for_a_person(world):
    till.pay_elsewhere(world, 50_00)

    till.arrived(world)

    assert till.quarantined(world) == [("no_reference", "50.00")]
    assert [mail.to for mail in world.mails] == [OFFICE]


def test_case_22_money_of_another_currency_waits_for_a_person(world, invoice):
    till.pay_elsewhere(world, 114_975, currency="usd", **till.reference(world, invoice))

    till.arrived(world)

    assert till.quarantined(world) == [("currency_mismatch", WHOLE)]
    assert till.shown(world, invoice) == ("issued", "0.00", WHOLE)


def test_case_23_less_than_is_due_is_a_part(world, invoice):
    till.pay_elsewhere(world, 100_000, **till.reference(world, invoice))

    till.arrived(world)

    assert till.shown(world, invoice) == ("partially_paid", "1000.00", "149.75")


def test_case_24_more_than_is_due_is_credit(world, client, invoice):
    till.pay_elsewhere(world, 120_000, **till.reference(world, invoice))

    till.arrived(world)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert world.balance(client)["credit_total"] == "50.25"


@ORDERS
def test_case_25_events_of_the_intent_the_charge_and_the_page_count_once(order, world, client, invoice):
    payment = till.pay(world, invoice)
    again = till.about(world, "payment_intent.succeeded", till.intent(payment))

    till.arrived(world, order=order)
    world.webhook(again)
    world.settle()

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert len(till.payments_of(world, invoice)) == 1
    assert world.balance(client)["credit_total"] == "0.00"


@ORDERS
def test_case_26_two_payments_of_one_invoice_leave_credit(order, world, client, invoice):
    till.pay_elsewhere(world, 114_975, **till.reference(world, invoice))
    till.pay_elsewhere(world, 114_975, **till.reference(world, invoice))

    till.arrived(world, order=order)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert world.balance(client)["credit_total"] == WHOLE
    assert len(till.payments_of(world, invoice)) == 2


@ORDERS
def test_case_27_a_refund_told_before_its_payment_leaves_every_step_right(order, world, invoice):
    payment = till.pay(world, invoice)
    world.stripe.control.refund({"payment_intent": payment, "amount": 14_975})

    steps = each_arrives(world, invoice, order)

    assert set(steps[1:]) == {("partially_refunded", "1000.00", "149.75")}


@ORDERS
def test_case_28_a_late_word_of_an_earlier_failure_changes_nothing(order, world, invoice):
    url = till.page(world, invoice)
    with pytest.raises(Exception, match="declined"):
        world.pay_at_checkout(url, card=till.DECLINED)
    world.pay_at_checkout(url)

    till.arrived(world, order=order)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")


@ORDERS
def test_case_29_of_two_refunds_told_in_any_order_both_count_once(order, world, invoice):
    payment = till.pay(world, invoice)
    world.stripe.control.refund({"payment_intent": payment, "amount": 10_000})
    world.stripe.control.refund({"payment_intent": payment, "amount": 4_975})

    till.arrived(world, order=order)

    assert till.shown(world, invoice) == ("partially_refunded", "1000.00", "149.75")
    world.stripe.control.refund({"payment_intent": payment})
    till.arrived(world, order=order)
    assert till.shown(world, invoice)[:2] == ("refunded", "0.00")


@ORDERS
def test_case_30_a_refund_that_failed_brings_the_money_back(order, world, invoice):
    payment = till.pay(world, invoice)
    refund = world.stripe.control.refund({"payment_intent": payment})
    if order == "kept":
        till.arrived(world)
        assert till.shown(world, invoice)[0] == "refunded"
    world.stripe.control.finish_refund({"refund": refund["id"], "succeeded": False})

    till.arrived(world, order=order)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert world.see(invoice)["refunded_at"] is None


@ORDERS
@pytest.mark.parametrize(
    ("won", "after"), [(True, ("paid", WHOLE, "0.00")), (False, ("issued", "0.00", WHOLE))], ids=["won", "lost"]
)
def test_case_31_a_dispute_holds_the_money_back_until_it_is_decided(won, after, order, world, client, invoice):
    payment = till.pay(world, invoice)
    dispute = world.stripe.control.dispute({"payment_intent": payment})
    opened = world.events()
    till.arrived(world, order=order)
    assert till.shown(world, invoice) == ("disputed", "0.00", WHOLE)
    assert world.balance(client)["amount_due"] == WHOLE

    world.stripe.control.close_dispute({"dispute": dispute["id"], "won": won})
    till.arrived(world, order=order)
    for event in opened:
        world.webhook(event | {"id": event["id"] + "0"})
    world.settle()

    assert till.shown(world, invoice) == after
    assert world.balance(client)["amount_due"] == after[2]


def test_case_31_an_inquiry_changes_nothing(world, invoice):
    payment = till.pay(world, invoice)
    inquiry = world.stripe.control.dispute({"payment_intent": payment, "inquiry": True})
    till.arrived(world)
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")

    world.stripe.control.close_dispute({"dispute": inquiry["id"], "won": False})
    till.arrived(world)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")


def test_case_32_money_for_a_void_invoice_is_credit_and_the_business_is_told(world, client, invoice):
    world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {"reason": "wrong client"})
    till.pay_elsewhere(world, 114_975, **till.reference(world, invoice))

    till.arrived(world)

    assert till.shown(world, invoice) == ("void", "0.00", "0.00")
    assert world.balance(client)["credit_total"] == WHOLE
    assert len(world.mails_to(OFFICE)) == 1


def test_case_33_money_of_a_business_that_is_gone_is_parked_where_somebody_is_told(world, invoice):
    till.pay(world, invoice)
    event = till.told(world, "payment_intent.succeeded")
    for row in world.aws.rows("core"):
        key = {"PK": row["PK"], "SK": row["SK"]}
        world.aws.client("dynamodb").delete_item(TableName="core", Key=key)

    assert world.webhook(event).status == 200
    till.give_up(world)

    assert len(till.dead_letters(world)) == 1
    world.houses.clear()  # its books are gone with it


def test_case_34_a_bank_debit_that_comes_back_leaves_the_invoice_to_be_paid(world, invoice):
    payment = till.pay(world, invoice, card=till.DEBIT)
    till.arrived(world)
    assert till.shown(world, invoice) == ("issued", "0.00", WHOLE)
    world.time.pass_(days=3)
    refused = world.api("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "all"})
    assert refused.problem == (409, "payment_under_way")

    world.stripe.control.debit({"payment_intent": payment, "paid": False})
    failed = till.told(world, "checkout.session.async_payment_failed")
    till.arrived(world)
    world.webhook(failed)
    world.settle()

    assert till.shown(world, invoice)[1:] == ("0.00", WHOLE)
    assert world.timeline(invoice)[-1] == "invoice.checkout_closed"
    till.pay(world, invoice)
    till.arrived(world)
    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")


def test_case_34_a_bank_debit_that_goes_through_pays_the_invoice(world, invoice):
    payment = till.pay(world, invoice, card=till.DEBIT)
    till.arrived(world)
    world.time.pass_(days=3)
    world.stripe.control.debit({"payment_intent": payment, "paid": True})

    till.arrived(world)

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")


@pytest.mark.row("C7", "C12")
def test_case_36_what_was_remembered_but_not_queued_is_told_again(world, invoice):
    till.pay(world, invoice)
    event = till.told(world, "payment_intent.succeeded")
    world.faults.crash_before("sqs", "SendMessage")
    assert world.webhook(event).status == 500

    answer = world.webhook(event)
    assert (answer.status, answer["outcome"]) == (200, "duplicate")
    world.settle()

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")


def test_case_37_one_event_id_in_two_accounts_is_two_events(world, invoice):
    first, second = world.house, world.business()
    other = world.invoice()
    id = "evt_the_same"
    for house, bill in ((second, other), (first, invoice)):
        world.house = house
        payment = till.pay(world, bill)
        assert world.webhook(till.about(world, "payment_intent.succeeded", till.intent(payment), id=id)).status == 200
    world.settle()

    assert till.shown(world, invoice)[0] == "paid"
    world.house = second
    assert till.shown(world, other)[0] == "paid"


@pytest.mark.parametrize("kind", ["charge.pending", "payment_intent.processing", "payment_intent.canceled"])
def test_case_42_an_older_word_after_the_payment_changes_nothing(kind, world, invoice):
    payment = till.pay(world, invoice)
    charge = till.told(world, "charge.succeeded")["data"]["object"]
    till.arrived(world)
    object = {**charge, "status": "pending"} if kind == "charge.pending" else till.intent(payment)

    assert world.webhook(till.about(world, kind, object)).status == 200
    world.settle()

    assert till.shown(world, invoice) == ("paid", WHOLE, "0.00")
    assert world.timeline(invoice)[-1] == "invoice.paid"
