"""A receipt for each payment: by mail, at the desk and in the portal."""

import io

import pypdfium2
import pytest

from tests.flows import till
from tests.flows.desk import MARIE, OFFICE, pay_online, sent, take, visitor
from tests.flows.visiting import LINES, bill, hired, visit


def said(raw):
    """What a PDF says, in one line."""
    pdf = pypdfium2.PdfDocument(io.BytesIO(raw))
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())


def receipt(world, payment, query=""):
    answer = world.ok("GET", f"/v1/payments/{payment['id']}/receipt{query}")
    assert answer.headers["content-type"] == "application/pdf"
    return said(answer.raw)


def on_account(world, client, amount, **more):
    return world.ok("POST", f"/v1/clients/{client['id']}/payments", {"amount": amount, "method": "cheque"} | more).body


@pytest.mark.row("P26", "P28")
def test_whoever_pays_online_gets_a_receipt_by_mail_once(world):
    invoice = sent(world)
    pay_online(world)
    world.replay("shuffled")

    (thanks,) = [mail for mail in world.mails_to(MARIE) if "paiement" in mail.subject]
    told = world.see(invoice)
    (payment,) = world.ok("GET", "/v1/payments")["data"]
    ((name, attached),) = thanks.attachments.items()
    text = said(attached)
    assert f"Facture {told['number']}" in text
    assert "Montant reçu 1 149,75 $" in text
    assert "Visa •••• 4242" in text
    assert name == f"R-20260302-{payment['id'][-6:]}.pdf"
    assert text == receipt(world, payment)
    assert len(world.mails_to(OFFICE)) == 1


@pytest.mark.row("P28")
def test_a_payment_over_several_invoices_has_one_receipt_that_names_them(world):
    client = world.client()
    first, second = world.invoice(client), world.invoice(client)

    payment = on_account(world, client, "1500.00")
    world.settle()
    world.replay()

    (thanks,) = world.mails_to(MARIE)
    assert thanks.subject == "Votre paiement de 1 500,00 $ pour 2 factures"
    text = said(*thanks.attachments.values())
    assert f"Facture {first['number']} Émise le 2 mars 2026 1 149,75 $ 0,00 $ 1 149,75 $" in text
    assert f"Facture {second['number']} Émise le 2 mars 2026 1 149,75 $ 799,50 $ 350,25 $" in text
    assert text == receipt(world, payment)
    (notice,) = world.mails_to(OFFICE)
    assert "(2 factures)" in notice.subject


@pytest.mark.row("P28")
def test_money_on_account_is_receipted_as_credit_and_then_as_what_it_paid(world):
    client = world.client()
    payment = on_account(world, client, "1149.75")
    world.settle()

    (thanks,) = world.mails_to(MARIE)
    assert "Votre compte Crédit utilisable pour d’autres factures 1 149,75 $" in said(*thanks.attachments.values())  # noqa: RUF001
    invoice = world.invoice(client)
    world.ok("POST", f"/v1/payments/{payment['id']}/allocations", {"invoice_id": invoice["id"]})
    world.settle()

    assert f"Facture {invoice['number']}" in receipt(world, payment)
    assert "Votre compte" not in receipt(world, payment)
    assert len(world.mails_to(MARIE)) == 1


@pytest.mark.row("P28", "C38")
def test_a_receipt_drawn_after_a_refund_says_so_and_when(world):
    invoice = world.invoice()
    payment = take(world, invoice, "1149.75", method="cheque", reference="No 118", received_on="2026-03-01")
    world.settle()
    before = receipt(world, payment)
    world.time.pass_(days=3)

    world.ok("POST", f"/v1/payments/{payment['id']}/refunds", {"amount": "14.98", "reason": "Geste"})

    after = receipt(world, payment)
    assert "Reçu le 1er mars 2026" in after
    assert "Référence No 118" in after
    assert "Remboursé le 5 mars 2026 −14,98 $" in after  # noqa: RUF001
    assert "Reste de ce paiement 1 134,77 $" in after
    assert "Remboursé" not in before
    assert after == receipt(world, payment)


def test_a_receipt_is_drawn_in_the_template_that_is_asked_for(world):
    path = f"/v1/payments/{take(world, world.invoice(), '10')['id']}/receipt?template="

    drawn = {world.ok("GET", f"{path}{name}").raw for name in ("modern", "classic", "compact")}

    assert len(drawn) == 3
    assert world.api("GET", f"{path}baroque").status == 422


def test_a_payment_that_belongs_to_nobody_has_a_receipt_once_it_is_matched(world):
    invoice = world.invoice()
    till.pay_elsewhere(world, 114975)
    till.arrived(world)
    (payment,) = world.ok("GET", "/v1/payments?status=quarantined")["data"]
    assert world.api("GET", f"/v1/payments/{payment['id']}/receipt").problem == (409, "payment_unmatched")
    assert world.mails_to(MARIE) == []

    world.ok("POST", f"/v1/payments/{payment['id']}/match", {"invoice_id": invoice["id"]})
    world.settle()
    world.replay()

    (thanks,) = world.mails_to(MARIE)
    assert f"Facture {invoice['number']}" in said(*thanks.attachments.values())
    assert len(world.mails_to(OFFICE)) == 1


@pytest.mark.row("P28")
def test_the_client_finds_every_payment_and_its_receipt_in_the_portal(world):
    invoice = sent(world)
    pay_online(world)
    client = {"id": world.see(invoice)["client_id"]}
    on_account(world, client, "50.00", reference="No 9")

    page = visitor(world)
    page.visit("/portal/payments")

    assert "1 149,75 $" in page.text
    assert f"Visa •••• 4242 · Facture {world.see(invoice)['number']} · Reçu R-20260302-" in page.text
    assert "Crédit 50,00 $ 50,00 $" in page.text
    (payment, _) = world.ok("GET", "/v1/payments")["data"]
    page.visit(f"/portal/payments/{payment['id']}/receipt")
    assert page.status == 200


@pytest.mark.row("P44")
def test_a_technician_gives_the_receipt_of_what_he_took_in_front_of_the_client(world):
    luc, key = hired(world)
    planned = visit(world, world.client(), technician_id=luc)
    made = bill(world, planned, key, lines=LINES, send=True).body
    body = {"amount": "91.98", "method": "card_terminal"}
    paid = world.ok("POST", f"/v1/invoices/{made['id']}/payments", body, key=key)

    answer = world.ok("GET", f"/v1/payments/{paid['id']}/receipt", key=key)

    assert "Terminal de paiement" in said(answer.raw)
    assert f"Facture {made['number']}" in said(answer.raw)


def test_a_technician_looks_at_accounts_and_charges_reminds_and_mails_nobody(world):
    client = world.client()
    invoice, key = world.invoice(client), world.key("technician")
    before = world.everything()

    assert world.api("GET", f"/v1/clients/{client['id']}/statement", key=key).status == 200
    for path in (
        f"clients/{client['id']}/statement/send",
        f"invoices/{invoice['id']}/late-fees",
        f"invoices/{invoice['id']}/remind",
        "reminders/run",
    ):
        body = {"plan_hash": "0" * 64} if path == "reminders/run" else {}
        assert world.api("POST", f"/v1/{path}", body, key=key).problem == (403, "forbidden"), path
    assert world.everything() == before


def test_another_clients_receipt_does_not_exist(world):
    sent(world)
    other = world.client(name="Paul", email="paul@example.com")
    payment = on_account(world, other, "50.00")

    page = visitor(world)
    page.visit(f"/portal/payments/{payment['id']}/receipt")

    assert page.status == 404
    page.visit("/portal/payments")
    assert "50,00" not in page.text
