"""Payments taken by hand: in parts, too much, twice at once, and beside an open page."""

from functools import partial

import pytest

from tests.flows.desk import HALVES, MARIE, OFFICE, at_once, open_sessions, sent, standing, take, visitor


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

    answers = at_once(
        lambda: take(world, invoice, "1000"), lambda: take(world, invoice, "1000", method="cheque", reference="No 7")
    )

    assert sorted(answer.status for answer in answers) == [201, 422]
    assert standing(world, invoice) == ("partially_paid", "1000.00", "149.75")
    assert world.balance(client)["amount_due"] == "149.75"


@pytest.mark.row("C9")
def test_many_small_payments_at_once_are_all_booked(world):
    client = world.client()
    invoice = world.invoice(client)

    answers = at_once(*[partial(take, world, invoice, "100", reference=f"No {n}") for n in range(11)])

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


@pytest.mark.row("C8")
def test_a_double_click_without_a_key_is_one_payment_and_the_second_is_told_which(world):
    invoice = world.invoice()

    first = []
    world.faults.meanwhile("dynamodb", "TransactWriteItems", lambda: first.append(take(world, invoice, "100")))
    second = take(world, invoice, "100")

    assert (first[0].status, second.problem) == (201, (409, "payment_repeated"))
    assert first[0]["id"] in second["detail"]
    assert standing(world, invoice) == ("partially_paid", "100.00", "1049.75")
    assert take(world, invoice, "100").status == 201, "what is asked for after an answer is meant"
    assert standing(world, invoice) == ("partially_paid", "200.00", "949.75")


@pytest.mark.row("C27")
def test_ten_payments_of_ten_cents_leave_exactly_nothing(world):
    invoice = world.invoice(lines=[{"description": "Vis", "unit_price": "1.00", "taxes": []}])

    for _ in range(10):
        assert take(world, invoice, "0.10").status == 201

    assert standing(world, invoice) == ("paid", "1.00", "0.00")


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


@pytest.mark.row("C33", "P15")
def test_what_was_paid_of_an_instalment_is_not_asked_for_again(world):
    invoice = world.invoice(schedule=HALVES)
    take(world, invoice, "100")

    link = world.ok("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "due"})
    assert link["amount"] == "474.88"
    take(world, invoice, "600", instalment_id="2")

    assert [(part["paid"], part["status"]) for part in world.see(invoice)["schedule"]] == [
        ("125.13", "due"),
        ("574.87", "paid"),
    ]


@pytest.mark.row("C9", "P25")
def test_cash_in_part_leads_to_a_page_for_the_rest(world):
    invoice = sent(world)
    before = visitor(world).pay()
    take(world, invoice, "100")
    world.settle()

    after = visitor(world).pay()
    assert world.pay_at_checkout(after)["amount_received"] == 104975
    world.deliver_events()
    world.settle()

    assert before != after
    assert standing(world, invoice) == ("paid", "1149.75", "0.00")
