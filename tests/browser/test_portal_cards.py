"""A client with a browser: storing a card, being charged by it, taking it back."""

import pytest

from tests.browser.test_portal_pays import settle


@pytest.mark.row("H46", "H47", "H49", "P28")
def test_the_client_stores_a_card_is_charged_and_takes_it_back(program, chromium):
    email = "claire@example.com"
    program.ask("PATCH", "/v1/business", {"automation": {"auto_charge": True}})
    client_id = program.ask("POST", "/v1/clients", {"name": "Claire Roy", "email": email, "language": "fr"}).json["id"]
    link = program.ask("POST", f"/v1/clients/{client_id}/portal-link", {}).json["url"]
    person = chromium()

    person.open(link)
    assert "Aucune carte n’est enregistrée." in person.text  # noqa: RUF001 - as people write
    person.photograph("portal-card-none-fr")
    person.press("automatic")
    person.press("store-card")
    assert "le jour de son échéance" in person.text
    person.photograph("portal-card-provider-fr")
    person.choose("pm", "pm_card_visa")
    person.press("pay")
    person.see("forget-card")
    assert "Visa •••• 4242, valable jusqu’au 12/2034" in person.text  # noqa: RUF001
    person.photograph("portal-card-stored-fr")

    body = {"client_id": client_id, "lines": [{"description": "Entretien", "unit_price": "200.00"}]}
    invoice_id = program.ask("POST", "/v1/invoices", body).json["id"]
    program.ask("POST", f"/v1/invoices/{invoice_id}/issue", {})
    charged = program.ask("POST", f"/v1/invoices/{invoice_id}/charge", {}).json
    assert charged["state"] == "charged"
    settle(program)
    assert program.ask("GET", f"/v1/invoices/{invoice_id}").json["status"] == "paid"
    mail = program.ask("GET", f"/_local/mail?to={email}").json[-1]
    assert "229,95" in mail["subject"]

    person.press("forget-card")
    person.see("store-card")
    assert "Aucune carte n’est enregistrée." in person.text  # noqa: RUF001
    assert program.ask("GET", f"/v1/clients/{client_id}").json["card"] is None
    assert person.complaints(about=program.url) == []


def test_on_a_phone_the_card_fits(program, chromium):
    client_id = program.ask("POST", "/v1/clients", {"name": "Ann Lee", "email": "ann@example.com"}).json["id"]
    link = program.ask("POST", f"/v1/clients/{client_id}/portal-link", {}).json["url"]
    person = chromium(width=390, height=844, language="en-CA")

    person.open(link)
    person.press("store-card")
    person.choose("pm", "pm_card_mastercard")
    person.press("pay")
    person.see("forget-card")

    assert not person.is_wider_than_the_screen()
    person.photograph("portal-card-phone")
