"""A business's own words in the mails to its clients: written over HTTP, read in the mail that went out."""

import pytest

from tests.flows.desk import MARIE, sent

PLACE = "/v1/business/letters/invoice_sent"
OWN = {
    "subject": "Votre facture {number} de {amount_due}",
    "heading": "Merci de votre confiance",
    "greeting": "Chère {client},",
    "paragraphs": ["Voici la facture {number}.\nÀ payer avant le {due_date}.", "L'équipe de {business}"],
    "button": "Payer ma facture",
}


@pytest.fixture
def house(world):
    world.ok("PATCH", "/v1/business", {"languages": ["fr", "en"]})
    return world


def write(world, kind="invoice_sent", language="fr", text=OWN, **more):
    return world.api("PUT", f"/v1/business/letters/{kind}/{language}", text, **more)


def said(mail):
    return mail.text.replace("\r\n", "\n")


@pytest.mark.row("K20")
def test_k20_a_mail_says_the_words_of_the_business_in_french_and_ours_in_english(house):
    assert write(house).status == 200

    draft = sent(house)
    sent(house, house.client(email="ann@example.com", name="Ann Lee", language="en"))

    (french,), (english,) = house.mails_to(MARIE), house.mails_to("ann@example.com")
    assert french.subject == "Votre facture 00001 de 1 149,75 $"
    assert said(french).startswith(
        "Plomberie Tremblay\n\nMerci de votre confiance\n\nChère Marie Gagnon,\n\n"
        "Voici la facture 00001.\nÀ payer avant le 1er avril 2026.\n\nL'équipe de Plomberie Tremblay\n\n"
        "Facture : 00001\nMontant à payer : 1 149,75 $\nÉchéance : 1er avril 2026\n\nPayer ma facture\nhttp"
    )
    assert "Chère Marie Gagnon," in french.html
    assert "Payer ma facture</a>" in french.html
    assert english.subject == "Invoice 00002 from Plomberie Tremblay"
    assert "Your invoice has arrived" in english.text
    assert house.see(draft)["sent_at"] is not None
