"""A client's money over HTTP: on several invoices, as credit, matched by hand; and debts that are given up."""

import pytest

from tests.flows import till
from tests.flows.desk import MARIE, OFFICE, payments, standing, take
from tests.flows.till import WHOLE


@pytest.fixture
def client(world):
    return world.client()


def pay(world, client, amount, **more):
    """The client's payment, for no invoice in particular."""
    wish = {"amount": amount, "method": "cheque", "reference": "No 118"} | more
    return world.api("POST", f"/v1/clients/{client['id']}/payments", wish)


def due(world, *invoices):
    return [world.see(invoice)["amount_due"] for invoice in invoices]


def must_agree(world, client, *invoices):
    """C31: what is due is the total less what was paid, credited and given up; and the client owes the sum."""
    owed = 0
    for invoice in map(world.see, invoices):
        parts = ("paid_total", "credited_total", "written_off_total", "amount_due")
        total, *less = (round(float(invoice[name]) * 100) for name in ("total", *parts))
        assert total == sum(less), invoice
        owed += less[-1]
    assert round(float(world.balance(client)["amount_due"]) * 100) == owed
    world.check_the_books()


@pytest.mark.row("P45", "H54", "A55")
def test_one_cheque_pays_several_invoices_the_longest_due_first(world, client):
    late = world.invoice(client, due_date="2026-05-01")
    early = world.invoice(client, due_date="2026-03-10")

    payment = pay(world, client, "1500.00")
    world.settle()

    assert payment.status == 201
    assert payment["allocations"] == [
        {"invoice_id": early["id"], "amount": WHOLE},
        {"invoice_id": late["id"], "amount": "350.25"},
    ]
    assert (standing(world, early)[0], standing(world, late)) == ("paid", ("partially_paid", "350.25", "799.50"))
    assert [one["id"] for one in payments(world, late)] == [payment["id"]]
    assert world.see(early)["paid_at"]
    must_agree(world, client, early, late)


@pytest.mark.row("C8")
def test_a_double_click_on_a_cheque_over_invoices_is_one_payment(world, client):
    one, other = world.invoice(client), world.invoice(client)
    first = []
    world.faults.meanwhile("dynamodb", "TransactWriteItems", lambda: first.append(pay(world, client, WHOLE)))

    second = pay(world, client, WHOLE)

    assert (first[0].status, second.problem) == (201, (409, "payment_repeated"))
    assert first[0]["id"] in second["detail"]
    assert due(world, one, other) == ["0.00", WHOLE]
    assert pay(world, client, WHOLE).status == 201, "what is asked for after an answer is meant"
    must_agree(world, client, one, other)


@pytest.mark.row("C33", "P45")
def test_money_for_no_invoice_is_credit_until_it_is_used(world, client):
    payment = pay(world, client, "1500.00", allocations=[])
    assert (payment["credited"], payment["invoice_id"]) == ("1500.00", None)
    assert world.balance(client)["credit_total"] == "1500.00"
    one, other = world.invoice(client), world.invoice(client)
    place = f"/v1/payments/{payment['id']}/allocations"

    assert world.ok("POST", place, {"invoice_id": one["id"]})["credited"] == "350.25"
    assert world.ok("POST", place, {"invoice_id": other["id"], "amount": "350.00"})["credited"] == "0.25"
    assert world.api("POST", place, {"invoice_id": other["id"], "amount": "0.26"}).problem == (422, "more_than_credit")
    assert due(world, one, other) == ["0.00", "799.75"]
    must_agree(world, client, one, other)
    assert world.api("DELETE", f"{place}/{one['id']}", If_Match='"1"').problem == (412, "stale")
    assert world.api("DELETE", f"{place}/{one['id']}").status == 204
    assert (due(world, one, other), world.balance(client)["credit_total"]) == ([WHOLE, "799.75"], "1150.00")
    assert world.api("DELETE", f"{place}/{one['id']}").problem == (409, "not_allocated")
    must_agree(world, client, one, other)


@pytest.mark.row("G7", "A56")
def test_a_cheque_over_several_invoices_that_goes_back_shows_on_each(world, client):
    one, other = world.invoice(client), world.invoice(client)
    payment = pay(world, client, "2299.50")
    refunds = f"/v1/payments/{payment['id']}/refunds"

    world.ok("POST", refunds, {"amount": "149.75", "reason": ""})
    assert [standing(world, each)[0] for each in (one, other)] == ["paid", "partially_refunded"]
    must_agree(world, client, one, other)
    world.ok("POST", refunds, {"reason": ""})

    assert [standing(world, each) for each in (one, other)] == [("refunded", "0.00", WHOLE)] * 2
    assert [world.see(each)["refunded_total"] for each in (one, other)] == [WHOLE] * 2
    must_agree(world, client, one, other)
    assert world.api("POST", f"/v1/invoices/{other['id']}/void", {}).problem == (409, "invoice_has_payments")
    assert world.api("POST", f"/v1/invoices/{other['id']}/remind", {}).problem == (409, "invoice_refunded")


def test_another_clients_invoice_takes_nothing(world, client):
    payment = pay(world, client, "10", allocations=[])
    theirs = world.invoice(world.client(name="Luc"))
    place = f"/v1/payments/{payment['id']}/allocations"
    before = world.everything()
    assert world.api("POST", place, {"invoice_id": theirs["id"]}).problem == (409, "invoice_of_another_client")
    assert world.api("POST", place, {"invoice_id": world.draft(client)["id"]}).problem == (409, "invoice_not_issued")
    named = [{"invoice_id": theirs["id"], "amount": "1"}]
    assert pay(world, client, "10", allocations=named).problem == (409, "invoice_of_another_client")
    assert world.api("POST", place, {"invoice_id": "inv_unknown"}).status == 404
    assert len(world.everything()["journal"]) == len(before["journal"]) + 2, "the draft and its job"


@pytest.mark.row("C9")
def test_credit_put_on_an_invoice_closes_the_page_that_was_open(world, client):
    payment, invoice = pay(world, client, WHOLE, allocations=[]), world.invoice(client)
    address = till.page(world, invoice)
    world.ok("POST", f"/v1/payments/{payment['id']}/allocations", {"invoice_id": invoice["id"]})
    world.settle()
    with pytest.raises(Exception, match="no longer active"):
        world.pay_at_checkout(address)
    must_agree(world, client, invoice)


def test_a_stray_payment_is_found_told_of_and_matched(world, client):
    invoice = world.invoice(client)
    till.pay_elsewhere(world, 114_975)
    till.arrived(world)
    (stray,) = world.ok("GET", "/v1/payments?status=quarantined")["data"]
    assert len(world.mails_to(OFFICE)) == 1

    place = f"/v1/payments/{stray['id']}/match"
    assert world.api("POST", place, {}).status == 422
    assert world.api("POST", place, {"invoice_id": invoice["id"], "client_id": client["id"]}).status == 422
    matched = world.ok("POST", place, {"invoice_id": invoice["id"]})
    world.settle()

    assert (matched["applied"], matched["quarantine"], standing(world, invoice)[0]) == (WHOLE, None, "paid")
    assert world.ok("GET", "/v1/payments?status=quarantined")["data"] == []
    assert world.api("POST", place, {"client_id": client["id"]}).problem == (409, "payment_matched")
    assert len(world.mails_to(MARIE)) == 1, "the receipt"
    must_agree(world, client, invoice)


@pytest.mark.row("C31", "K22")
def test_a_debt_is_given_up_and_taken_up_again(world, client):
    invoice = world.invoice(client)
    take(world, invoice, "149.75")
    place = f"/v1/invoices/{invoice['id']}/write-off"

    given_up = world.ok("POST", place, {"reason": "Faillite"})
    assert (given_up["status"], given_up["written_off_total"], given_up["amount_due"]) == (
        "written_off",
        "1000.00",
        "0.00",
    )
    assert world.balance(client)["amount_due"] == "0.00"
    assert world.api("POST", place, {"reason": "again"}).problem == (409, "nothing_due")
    assert world.api("POST", f"/v1/invoices/{invoice['id']}/remind", {}).status == 409, "nobody is reminded of it"
    assert take(world, invoice, "1000").problem == (422, "overpayment")
    must_agree(world, client, invoice)
    link = world.ok("POST", f"/v1/clients/{client['id']}/portal-link", {})["url"]
    page = world.portal(link)
    page.visit(f"/portal/invoices/{invoice['id']}")
    assert "Clôturée" in page.page
    assert "est plus demandé" in page.page
    assert world.api("DELETE", place).status == 204
    assert take(world, invoice, "1000").status == 201
    assert standing(world, invoice) == ("paid", WHOLE, "0.00")
    must_agree(world, client, invoice)


@pytest.mark.row("C31")
def test_what_is_due_is_right_after_every_event(world, client):
    invoice, other = world.invoice(client), world.invoice(client)
    till.pay(world, invoice)
    till.arrived(world)
    must_agree(world, client, invoice, other)
    (payment,) = payments(world, invoice)
    refunds = f"/v1/payments/{payment['id']}/refunds"
    notes = f"/v1/invoices/{invoice['id']}/credit-notes"
    steps = [
        ("POST", refunds, {"amount": "100.00", "reason": ""}, "partially_refunded"),
        ("POST", notes, {"reason": "Trop cher", "amount": "149.75"}, "paid"),
        ("POST", f"/v1/payments/{payment['id']}/allocations", {"invoice_id": other["id"], "amount": "20.00"}, "paid"),
        ("POST", refunds, {"amount": "29.75", "reason": ""}, "paid"),
        ("DELETE", f"/v1/payments/{payment['id']}/allocations/{invoice['id']}", None, "refunded"),
        ("POST", refunds, {"reason": ""}, "refunded"),
    ]
    for method, path, body, status in steps:
        world.ok(method, path, body)
        till.arrived(world)
        assert world.see(invoice)["status"] == status, path
        must_agree(world, client, invoice, other)
    assert world.see(payment)["refunded"] == WHOLE
    assert world.balance(client)["credit_total"] == "0.00"


@pytest.mark.row("C33")
def test_what_a_credit_note_freed_is_refunded_by_its_payment(world, client):
    invoice = world.invoice(client)
    till.pay(world, invoice)
    till.arrived(world)
    (payment,) = payments(world, invoice)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Annulé"})
    assert (world.balance(client)["credit_total"], world.see(invoice)["status"]) == (WHOLE, "paid")

    world.ok("POST", f"/v1/payments/{payment['id']}/refunds", {"reason": "Annulé"})
    till.arrived(world)

    assert (world.balance(client)["credit_total"], world.see(invoice)["status"]) == ("0.00", "refunded")
    assert world.see(invoice)["amount_due"] == "0.00"
    must_agree(world, client, invoice)


@pytest.mark.row("P44", "C12")
def test_who_may_move_money(world, client):
    payment, invoice = pay(world, client, "10", allocations=[]), world.invoice(client)
    accountant, technician = world.key("accountant"), world.key("technician")
    wish = {"amount": "1", "method": "cash"}
    for role in (technician,):
        for path, body in (
            (f"/v1/clients/{client['id']}/payments", wish),
            (f"/v1/payments/{payment['id']}/allocations", {"invoice_id": invoice["id"]}),
            (f"/v1/payments/{payment['id']}/refunds", {"reason": ""}),
            (f"/v1/invoices/{invoice['id']}/write-off", {"reason": "x"}),
        ):
            assert world.api("POST", path, body, key=role).status == 403, path
    assert world.ok("POST", f"/v1/clients/{client['id']}/payments", wish, key=accountant)["amount"] == "1.00"
