"""A client with a browser: the mailed link, the quote, the payment page, the receipt."""

import pytest

from infra.local.visitor import Browser

SCHEDULE = [
    {"label": "Acompte", "percent": "40", "due": {"days_after": "approval", "days": 7}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "approval", "days": 37}},
]
LINES = [
    {"description": "Remplacement du chauffe-eau", "quantity": "1", "unit_price": "1149.00", "group": "Plomberie"},
    {"description": "Main-d’œuvre", "quantity": "3.5", "unit": "h", "unit_price": "95.00", "group": "Plomberie"},  # noqa: RUF001 - as people write
]


def settle(program):
    done = program.ask("POST", "/_local/settle", {}).json
    assert (done["drained"], done["failures"], done["dead_letters"]) == (True, 0, 0)


def a_client(program, email, language):
    body = {"name": "Marie Gagnon", "email": email, "language": language}
    return program.ask("POST", "/v1/clients", body).json["id"]


def link_in_mail(program, email):
    """The link of the newest mail to this address."""
    settle(program)
    mail = program.ask("GET", f"/_local/mail?to={email}").json[-1]
    return next(link for link in mail["links"] if "/portal/" in link)


def a_sent_quote(program, email, language):
    body = {
        "client_id": a_client(program, email, language),
        "lines": LINES,
        "schedule": SCHEDULE,
        "invoicing": {"mode": "single", "send": "at_once"},
    }
    quote_id = program.ask("POST", "/v1/quotes", body).json["id"]
    program.ask("POST", f"/v1/quotes/{quote_id}/send", {})
    return quote_id


@pytest.mark.row("P23", "P24", "P25", "P26", "P27", "P36", "C33")
def test_the_client_approves_the_quote_pays_its_first_instalment_and_sees_the_receipt(program, chromium):
    email = "marie@example.com"
    quote_id = a_sent_quote(program, email, "fr")
    person = chromium()

    person.open(link_in_mail(program, email))
    assert person.language == "fr-CA"
    assert "1 703,36 $" in person.text
    person.photograph("portal-quote-fr")
    person.type("approve-name", "Marie Gagnon")
    person.type("approve-signature", "M. Gagnon")
    person.press("approve")
    person.wait_for(f"/portal/quotes/{quote_id}")
    assert "Merci, ce devis est approuvé." in person.text
    person.photograph("portal-quote-approved-fr")

    person.open(link_in_mail(program, email))
    assert "Payer le versement dû" in person.text
    person.photograph("portal-invoice-fr")
    person.press("pay-due")
    assert "681" in person.see("amount").text
    person.choose("pm", "pm_card_visa")
    person.press("pay")
    person.see("receipt")
    assert "Merci de votre paiement" in person.text
    assert "Solde à payer\n1 022,02 $" in person.text
    person.photograph("portal-receipt-fr")

    settle(program)
    (invoice,) = program.ask("GET", f"/v1/invoices?quote_id={quote_id}").json["data"]
    assert (invoice["status"], invoice["paid_total"], invoice["amount_due"]) == ("partially_paid", "681.34", "1022.02")
    assert invoice["viewed_at"]
    assert program.ask("GET", f"/v1/quotes/{quote_id}").json["status"] == "invoiced"
    notice = program.ask("GET", "/_local/mail?to=bureau@plomberie.example").json[-1]
    assert "681,34" in notice["subject"]
    assert person.complaints(about=program.url) == []


def test_on_a_phone_in_english_a_declined_card_can_be_tried_again_and_everything_is_paid(program, chromium):
    email = "mary@example.com"
    quote_id = a_sent_quote(program, email, "en")
    program.ask("POST", f"/v1/quotes/{quote_id}/approve", {"by": "Mary"})
    person = chromium(width=390, height=844, language="en-CA")

    person.open(link_in_mail(program, email))
    assert person.language == "en-CA"
    assert not person.is_wider_than_the_screen()
    person.photograph("portal-invoice-phone-en")
    person.press("pay-all")
    person.choose("pm", "pm_card_visa_chargeDeclined")
    person.press("pay")
    assert "declined" in person.see("err").text
    person.choose("pm", "pm_card_visa")
    person.press("pay")
    person.see("receipt")
    person.photograph("portal-receipt-phone-en")

    settle(program)
    (invoice,) = program.ask("GET", f"/v1/invoices?quote_id={quote_id}").json["data"]
    assert (invoice["status"], invoice["amount_due"]) == ("paid", "0.00")


def test_what_fetches_every_link_of_a_mail_changes_nothing(program):
    email = "scanned@example.com"
    quote_id = a_sent_quote(program, email, "fr")
    link = link_in_mail(program, email)
    before = program.ask("GET", f"/v1/quotes/{quote_id}").json

    for _ in range(2):
        scanner = Browser()
        scanner.visit(link)
        scanner.visit(link)

    assert program.ask("GET", f"/v1/quotes/{quote_id}").json == before
    assert before["status"] == "sent"
