"""A client's account over a period: as JSON, on paper, by mail and in the portal."""

import pytest

from tests.flows import till
from tests.flows.desk import HALVES, MARIE, pay_online, sent, take, visitor
from tests.flows.test_receipts import on_account, said


def statement(world, client, query=""):
    return world.ok("GET", f"/v1/clients/{client['id']}/statement{query}").body


def lines(told):
    names = ("date", "type", "debit", "credit", "running_balance")
    return [tuple(one[name] for name in names) for one in told["movements"]]


def of(world, invoice):
    return {"id": world.see(invoice)["client_id"]}


@pytest.mark.row("C38")
def test_a_statement_tells_every_movement_in_order_and_adds_up(world):
    client = world.client()
    first, void = world.invoice(client), world.invoice(client)
    world.ok("POST", f"/v1/invoices/{void['id']}/void", {"reason": "Erreur"})
    world.time.pass_(days=1)
    payment = take(world, first, "1200", overpayment="credit", method="cheque")
    world.time.pass_(days=1)
    world.ok("POST", f"/v1/payments/{payment['id']}/refunds", {"amount": "50.25", "reason": "Trop"})
    second = world.invoice(client)
    world.ok("POST", f"/v1/invoices/{second['id']}/write-off", {"reason": "Faillite"})
    world.time.pass_(days=1)
    world.ok("DELETE", f"/v1/invoices/{second['id']}/write-off")

    told = statement(world, client)

    assert (told["from"], told["to"], told["currency"]) == ("2026-03-01", "2026-03-05", "CAD")
    assert lines(told) == [
        ("2026-03-02", "invoice", "1149.75", "0.00", "1149.75"),
        ("2026-03-02", "invoice", "1149.75", "0.00", "2299.50"),
        ("2026-03-02", "void", "0.00", "1149.75", "1149.75"),
        ("2026-03-03", "payment", "0.00", "1200.00", "-50.25"),
        ("2026-03-04", "refund", "50.25", "0.00", "0.00"),
        ("2026-03-04", "invoice", "1149.75", "0.00", "1149.75"),
        ("2026-03-04", "write_off", "0.00", "1149.75", "0.00"),
        ("2026-03-05", "restored", "1149.75", "0.00", "1149.75"),
    ]
    assert (told["opening_balance"], told["debits"], told["credits"]) == ("0.00", "4649.25", "3499.50")
    assert (told["closing_balance"], told["amount_due"], told["credit_total"]) == ("1149.75", "1149.75", "0.00")
    issued, _, voided, paid, *_ = told["movements"]
    assert (issued["number"], issued["due_on"], voided["number"]) == (
        first["number"],
        first["due_date"],
        void["number"],
    )
    assert (paid["id"], paid["method"], paid["invoices"]) == (payment["id"], "cheque", [first["number"]])


def test_a_credit_note_and_credit_put_on_an_invoice_are_told_once(world):
    client = world.client()
    paid, other = world.invoice(client), world.invoice(client)
    payment = take(world, paid, "1149.75")
    note = world.ok("POST", f"/v1/invoices/{paid['id']}/credit-notes", {"reason": "Retour"}).body
    world.ok("POST", f"/v1/payments/{payment['id']}/allocations", {"invoice_id": other["id"]})

    told = statement(world, client)

    assert [(kind, balance) for _, kind, _, _, balance in lines(told)] == [
        ("invoice", "1149.75"),
        ("invoice", "2299.50"),
        ("payment", "1149.75"),
        ("credit_note", "0.00"),
    ]
    assert told["movements"][3]["number"] == note["number"]
    assert told["movements"][3]["invoices"] == [paid["number"]]
    balance = world.balance(client)
    assert (told["amount_due"], told["credit_total"]) == (balance["amount_due"], balance["credit_total"])


@pytest.mark.parametrize(("won", "kinds", "due"), [(True, ["dispute_ended"], "0.00"), (False, [], "1149.75")])
def test_a_dispute_is_told_and_so_is_its_end(world, won, kinds, due):
    invoice = sent(world)
    intent = till.pay(world, invoice)
    till.arrived(world)
    dispute = world.stripe.control.dispute({"payment_intent": intent})
    till.arrived(world)
    world.stripe.control.close_dispute({"dispute": dispute["id"], "won": won})
    till.arrived(world)

    told = statement(world, of(world, invoice))

    assert [kind for _, kind, _, _, _ in lines(told)] == ["invoice", "payment", "dispute", *kinds]
    assert told["closing_balance"] == world.balance(of(world, invoice))["amount_due"] == due


@pytest.mark.row("C38")
def test_what_was_before_the_period_is_its_opening_balance(world):
    client = world.client()
    invoice = world.invoice(client)
    world.time.pass_(days=10)
    take(world, invoice, "149.75")
    world.time.pass_(days=10)
    world.invoice(client)

    told = statement(world, client, "?from=2026-03-03&to=2026-03-21")

    assert told["opening_balance"] == "1149.75"
    assert lines(told) == [("2026-03-12", "payment", "0.00", "149.75", "1000.00")]
    assert told["closing_balance"] == "1000.00"
    later = statement(world, client, "?from=2026-03-22")
    assert (later["opening_balance"], later["closing_balance"]) == ("1000.00", "2149.75")


@pytest.mark.row("C38")
def test_a_movement_late_in_the_evening_is_of_the_day_in_montreal(world):
    """At 03:30 UTC of the 3rd it is still the 2nd there."""
    world.time.pass_(hours=10.5)
    client = world.client()
    world.invoice(client)

    assert lines(statement(world, client))[0][0] == "2026-03-02"


def test_what_is_open_is_told_by_age_instalment_by_instalment(world):
    client = world.client()
    world.invoice(client, schedule=HALVES)  # one half is due today, the other in 30 days
    world.invoice(client, due_date="2026-03-02")
    world.time.pass_(days=20)
    take(world, world.invoice(client), "149.75")
    before = statement(world, client)["aging"]
    world.time.pass_(days=60)

    told = statement(world, client)

    assert (before["current"], before["days_1_30"], before["days_31_60"]) == ("1574.87", "1724.63", "0.00")
    assert told["aging"] == {
        "current": "0.00",
        "days_1_30": "1000.00",
        "days_31_60": "574.87",
        "days_61_90": "1724.63",
        "over_90": "0.00",
    }
    assert told["amount_due"] == "3299.50"


@pytest.mark.parametrize(
    ("query", "code", "at"),
    [
        pytest.param("?from=2026-03-02&to=2026-03-01", "period_reversed", "/from", id="the wrong way round"),
        pytest.param("?to=2026-03-03", "in_the_future", "/to", id="not come yet"),
        pytest.param("?from=2026-02-30", "not_a_date", "/from", id="no day"),
        pytest.param("?format=docx", "literal_error", "/format", id="no format of ours"),
    ],
)
def test_a_period_that_is_none_is_refused(world, query, code, at):
    refused = world.api("GET", f"/v1/clients/{world.client()['id']}/statement{query}")

    assert refused.status == 422
    assert refused["errors"][0]["at"] == at
    assert code in {refused["code"], refused["errors"][0]["code"]}


def test_a_statement_is_of_one_currency(world):
    client = world.client()
    world.invoice(client)
    world.ok("POST", f"/v1/clients/{client['id']}/payments", {"amount": "20", "currency": "USD", "method": "cash"})

    assert statement(world, client)["closing_balance"] == "1149.75"
    told = statement(world, client, "?currency=USD")
    assert (told["currency"], told["closing_balance"], told["credit_total"]) == ("USD", "-20.00", "20.00")


def test_a_statement_on_paper_says_the_same(world):
    client = world.client()
    invoice = world.invoice(client)
    take(world, invoice, "149.75", method="transfer")

    drawn = {}
    for template in ("modern", "classic", "compact"):
        answer = world.ok("GET", f"/v1/clients/{client['id']}/statement?format=pdf&template={template}")
        assert answer.headers["content-type"] == "application/pdf"
        drawn[template] = said(answer.raw)

    for text in drawn.values():
        assert "Relevé de compte" in text
        assert f"2 mars 2026 Facture {invoice['number']}" in text
        assert "2 mars 2026 Paiement" in text
        assert f"Virement bancaire · Facture {invoice['number']}" in text
        assert "Solde de clôture 1 000,00 $" in text


def test_a_statement_is_mailed_once_for_each_request(world):
    client = world.client()
    world.invoice(client)
    path = f"/v1/clients/{client['id']}/statement/send"

    asked = world.ok("POST", path, {"from": "2026-03-01", "to": "2026-03-02"}, Idempotency_Key="s-1")
    again = world.ok("POST", path, {"from": "2026-03-01", "to": "2026-03-02"}, Idempotency_Key="s-1")
    world.settle()
    world.replay()

    assert asked.status == 202
    assert (
        asked.body
        == again.body
        == {
            "client_id": client["id"],
            "email": MARIE,
            "currency": "CAD",
            "from": "2026-03-01",
            "to": "2026-03-02",
        }
    )
    (mail,) = world.mails_to(MARIE)
    assert mail.subject == "Plomberie Tremblay : votre relevé de compte"
    ((name, pdf),) = mail.attachments.items()
    assert name == "statement-2026-03-01-2026-03-02.pdf"
    assert "Solde de clôture 1 149,75 $" in said(pdf)
    page = world.portal(mail.portal_link)
    assert page.address.endswith("/portal/statement")


def test_an_answer_that_was_lost_is_given_again(world):
    client = world.client()
    path, body = f"/v1/clients/{client['id']}/statement/send", {"from": "2026-02-01", "to": "2026-02-28"}

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    assert world.api("POST", path, body, Idempotency_Key="s-1").status == 500
    again = world.ok("POST", path, body, Idempotency_Key="s-1")
    world.settle()

    assert (again.status, again["from"], again["to"]) == (202, "2026-02-01", "2026-02-28")
    assert len(world.mails_to(MARIE)) == 1


def test_a_client_without_an_address_is_mailed_no_statement(world):
    client = world.client(email=None)
    before = world.everything()

    refused = world.api("POST", f"/v1/clients/{client['id']}/statement/send", {})

    assert refused.problem == (409, "no_email")
    assert world.everything() == before
    stale = world.api("POST", f"/v1/clients/{client['id']}/statement/send", {}, If_Match='"9"')
    assert stale.status == 412


def test_the_client_chooses_a_period_in_the_portal(world):
    invoice = sent(world)
    pay_online(world)
    on_account(world, of(world, invoice), "50.00")
    page = visitor(world)

    page.visit("/portal/statement?from=2026-03-01&to=2026-03-02")

    assert page.status == 200
    assert f"2 mars 2026 Facture {world.see(invoice)['number']}" in page.text
    assert "1 149,75 $" in page.text
    assert "En votre faveur 50,00 $" in page.text
    page.visit("/portal/statement/pdf?from=2026-03-01&to=2026-03-02")
    assert page.status == 200
    page.visit("/portal/statement?from=2026-03-02&to=2026-03-01")
    assert page.status == 422
    assert "Choisissez" in page.text
