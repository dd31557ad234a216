"""The template of a document: chosen on it, and at each output anew: print, download, mail."""

import hashlib
import io

import pikepdf
import pytest

from tests.flows.desk import MARIE, paper, send
from tests.flows.selling import sold

TEMPLATES = ("modern", "classic", "compact")


def printed(world, document, template=None, kind="invoices"):
    """The PDF's bytes, as it is opened in a browser, printed from there or downloaded."""
    chosen = f"?template={template}" if template else ""
    return world.ok("GET", f"/v1/{kind}/{document['id']}/pdf{chosen}").raw


def faces(pdf):
    """Which typefaces it is set in."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        fonts = [font for page in file.pages for font in page.Resources.Font.values()]
        return {str(font.BaseFont).partition("+")[2].partition("-")[0] for font in fonts}


def mailed(world, invoice, **body):
    """The attachment of the mail that this request sends."""
    world.ok("POST", f"/v1/invoices/{invoice['id']}/send", body)
    world.settle()
    (pdf,) = world.mails_to(MARIE)[-1].attachments.values()
    return pdf


@pytest.mark.row("H42", "K17")
def test_a_document_has_the_template_chosen_for_it_else_the_businesss(world):
    world.ok("PATCH", "/v1/business", {"invoice_defaults": {"template": "classic"}})
    client = world.client()

    assert world.draft(client)["template"] == "classic"
    assert world.quote(client)["template"] == "classic"
    assert sold(world, client=client)["template"] == "classic"
    assert world.draft(client, template="compact")["template"] == "compact"
    assert world.quote(client, template="compact")["template"] == "compact"
    assert sold(world, client=client, template="compact")["template"] == "compact"


@pytest.mark.row("H42", "K17")
def test_a_template_that_does_not_exist_is_refused_wherever_one_is_chosen(world):
    draft, quote = world.draft(), world.quote()
    refused = [
        world.api("POST", "/v1/invoices", {"client_id": draft["client_id"], "lines": [], "template": "fancy"}),
        world.api("PATCH", f"/v1/invoices/{draft['id']}", {"template": "Classic"}),
        world.api("PATCH", f"/v1/quotes/{quote['id']}", {"template": ""}),
        world.api("PATCH", "/v1/business", {"invoice_defaults": {"template": "fancy"}}),
        world.api("POST", f"/v1/invoices/{draft['id']}/send", {"template": "fancy"}),
        world.api("POST", f"/v1/quotes/{quote['id']}/send", {"template": "fancy"}),
        world.api("GET", f"/v1/invoices/{draft['id']}/pdf?template=fancy"),
        world.api("GET", f"/v1/quotes/{quote['id']}/pdf?template=fancy"),
    ]

    assert {answer.status for answer in refused} == {422}
    assert all("'modern', 'classic' or 'compact'" in str(answer.body) for answer in refused)
    assert world.see(draft)["status"] == "draft"


@pytest.mark.row("H36", "H42")
def test_the_template_chosen_for_an_invoice_is_that_of_the_mail(world):
    draft = world.draft()
    before = printed(world, draft)
    world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"template": "classic"})
    send(world, draft)
    world.settle()

    (pdf,) = world.mails_to(MARIE)[-1].attachments.values()
    assert (faces(before), faces(pdf)) == ({"Inter", "InterDisplay"}, {"SourceSerif4"})
    assert printed(world, draft) == pdf
    assert world.see(draft)["pdf"]["sha256"] == hashlib.sha256(pdf).hexdigest()


@pytest.mark.row("H38", "H39", "H40", "H41")
@pytest.mark.parametrize("template", TEMPLATES)
def test_an_invoice_says_the_same_in_every_template(world, template):
    lines = [
        {"description": "Première rencontre", "quantity": "2", "unit_price": "50.00", "group": "Consultations"},
        {"description": "Rabais", "unit_price": "-10.00"},
    ]
    more = {"notes": "Merci!", "terms": "Net 30 jours", "purchase_order": "BC-12", "template": template}
    issued = world.ok("POST", f"/v1/invoices/{world.draft(lines=lines, **more)['id']}/issue", {}).body
    world.settle()
    said = paper(world, issued)

    chosen = ("Première rencontre", "Consultations", "Rabais", "Merci!", "Net 30 jours", "BC-12", "00001")
    figures = ("100,00 $", "\N{MINUS SIGN}10,00 $", "90,00 $", "TPS 5 %", "4,50 $", "TVQ 9,975 %", "8,98 $", "103,48 $")
    people = ("Plomberie Tremblay", "Marie Gagnon")
    assert [words for words in (*chosen, *figures, *people) if words not in said] == []


@pytest.mark.row("K17", "K18", "K19")
def test_each_print_and_download_is_in_the_template_chosen_for_it(world):
    draft = world.draft()
    send(world, draft)
    world.settle()
    kept = printed(world, draft)
    drawn = {template: printed(world, draft, template) for template in TEMPLATES}

    assert drawn["modern"] == kept
    assert len(set(drawn.values())) == 3
    assert faces(drawn["classic"]) == {"SourceSerif4"}
    assert {template: printed(world, draft, template) for template in TEMPLATES} == drawn
    assert list(world.files().values()) == [kept]
    assert world.see(draft)["pdf"]["sha256"] == hashlib.sha256(kept).hexdigest()
    assert world.see(draft)["template"] == "modern"


@pytest.mark.row("K17", "K18", "K19")
def test_another_template_of_an_issued_invoice_says_what_was_frozen_at_issue(world):
    client = world.client()
    draft = world.draft(client)
    send(world, draft)
    world.settle()
    before = printed(world, draft, "classic")
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"name": "Marie Tremblay"})
    world.ok("PATCH", "/v1/business", {"name": "Plomberie Nouvelle"})

    assert printed(world, draft, "classic") == before


@pytest.mark.row("K20", "K17")
def test_each_mail_has_its_pdf_in_the_template_chosen_for_it(world):
    draft = world.draft()
    compact = mailed(world, draft, template="compact")
    kept = mailed(world, draft)
    classic = mailed(world, draft, template="classic")

    assert compact == printed(world, draft, "compact")
    assert classic == printed(world, draft, "classic")
    assert kept == printed(world, draft) == printed(world, draft, "modern")
    assert list(world.files().values()) == [kept]
    assert world.see(draft)["pdf"]["sha256"] == hashlib.sha256(kept).hexdigest()


@pytest.mark.row("K20")
def test_a_mail_that_is_tried_again_keeps_the_template_of_its_request(world):
    draft = world.draft()
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {"template": "classic"})
    world.settle(times=2)
    world.replay("reversed")

    (mail,) = world.mails_to(MARIE)
    assert list(mail.attachments.values()) == [printed(world, draft, "classic")]


@pytest.mark.row("K17", "K18", "K19")
@pytest.mark.parametrize(("language", "words"), [("fr", ("Devis", "Pour")), ("en", ("Quote", "For"))])
def test_a_quote_is_printed_in_the_template_chosen_for_it(world, language, words):
    quote = world.quote(world.client(language=language))
    drawn = [printed(world, quote, template, kind="quotes") for template in TEMPLATES]

    assert printed(world, quote, kind="quotes") == drawn[0]
    assert len(set(drawn)) == 3
    said = paper(world, quote, kind="quotes")
    total = "1 149,75 $" if language == "fr" else "$1,149.75"
    assert [each for each in (*words, "Plomberie Tremblay", "Marie Gagnon", total) if each not in said] == []
