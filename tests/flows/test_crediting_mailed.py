"""A credit note goes out: drawn once, kept, mailed with its PDF, and told of when it does not arrive."""

import hashlib

import pytest

from tests.flows.desk import MARIE, OFFICE, paper
from tests.flows.test_crediting import credit


def note_of(world, note):
    return world.ok("GET", f"/v1/credit-notes/{note['id']}").body


def pdf(world, note, query=""):
    answer = world.api("GET", f"/v1/credit-notes/{note['id']}/pdf{query}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return answer.raw


@pytest.mark.row("K17", "K18")
def test_a_credit_note_is_drawn_once_and_kept(world):
    note = credit(world, world.invoice(), amount="100")
    early = pdf(world, note)
    world.settle()

    kept = note_of(world, note)
    assert (kept["pdf"]["state"], kept["pdf"]["sha256"]) == ("ready", hashlib.sha256(early).hexdigest())
    world.ok("PATCH", "/v1/business", {"name": "Another name"})
    assert pdf(world, note) == early
    (key,) = [name for name in world.files() if "/credit-notes/" in name]
    assert key.endswith(f"/credit-notes/{note['id']}/{kept['pdf']['sha256']}.pdf")
    for template in ("classic", "compact"):
        assert pdf(world, note, f"?template={template}") != early
    assert pdf(world, note, "?template=modern") == early


@pytest.mark.row("H42")
def test_its_paper_names_the_invoice_that_it_corrects(world):
    invoice = world.invoice(world.client(language="en"), lines=[{"description": "Tank", "unit_price": "1000.00"}])
    world.time.pass_(days=3)
    text = paper(world, credit(world, invoice, amount="114.98"), "credit-notes")

    for words in ("Credit note", "CN-00001", "Corrects invoice 00001 of March 2, 2026", "March 5, 2026"):
        assert words in text
    for words in ("Erreur de prix", "$100.00", "$5.00", "$9.98", "$114.98", "Total credited"):
        assert words in text
    assert "\N{MINUS SIGN}" not in text
    assert "Due date" not in text


@pytest.mark.row("C44")
def test_it_is_mailed_with_its_paper(world):
    note = credit(world, world.invoice(), amount="100", send=True)
    assert note["delivery"]["state"] == "queued"
    world.settle()

    (mail,) = world.mails_to(MARIE)
    assert mail.subject == "Avoir CN-00001 de Plomberie Tremblay"
    assert "corrige la facture 00001" in mail.text
    assert mail.attachments == {"CN-00001.pdf": pdf(world, note)}
    assert (note_of(world, note)["delivery"]["state"], note_of(world, note)["sent_at"] is None) == ("sent", False)
    again = world.ok("POST", f"/v1/credit-notes/{note['id']}/send", {"template": "classic"})
    assert (again.status, again["delivery"]["state"]) == (202, "queued")
    world.settle()
    assert len(world.mails_to(MARIE)) == 2
    history = world.ok("GET", f"/v1/credit-notes/{note['id']}/timeline")["data"]
    assert [event["type"] for event in history] == [
        "credit_note.issued",
        "credit_note.rendered",
        "credit_note.sent",
        "credit_note.send_requested",
        "credit_note.sent",
    ]


@pytest.mark.row("C44")
def test_a_mail_that_comes_back_is_told(world):
    note = credit(world, world.invoice(), amount="100", send=True)
    world.settle()
    world.mail_news(note, "Email Bounced", bounce={"bounceType": "Permanent"})

    seen = note_of(world, note)
    assert (seen["delivery"]["state"], seen["sent_at"]) == ("bounced", None)
    (told,) = world.mails_to(OFFICE)
    assert "CN-00001" in told.text


def test_a_client_without_an_address_is_told_of_at_once(world):
    note = credit(world, world.invoice(world.client(email=None)))
    before = world.everything()
    refused = world.api("POST", f"/v1/credit-notes/{note['id']}/send", {})
    assert refused.problem == (409, "no_email")
    assert world.everything() == before
