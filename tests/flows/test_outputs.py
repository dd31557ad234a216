"""Ways out of the house: paper, page and mail say the same, each output as it was chosen."""
# ruff: noqa: RUF001 - letters of other scripts are meant

import io
import re
import zipfile

import pytest

from tests.flows.desk import HALVES, MARIE, sent, visitor
from tests.flows.test_batches import invoices, issue, planned, run, two_clients
from tests.flows.test_marks import LEGAL, NUMBERS, in_france
from tests.flows.test_papers import TEMPLATES, printed, text_of

SITE = {"lines": ["12 rue du Chantier"], "city": "Lyon", "country": "FR"}
LINES = [
    {"description": "Chauffe-eau", "quantity": "2", "unit": "pce", "unit_price": "400.00", "group": "Matériel"},
    {"description": "Déplacement", "unit_price": "45"},
]


def words_of(text):
    return set(re.findall(r"\w+", text))


def only_on_paper(paper, page):
    """The words that the paper says and the page does not; numbers of pages are the paper's own."""
    return words_of(text_of(paper)) - words_of(page) - {"Page", "1", "2", "PT", "suite"}


@pytest.mark.row("H41", "K11", "K12", "K13", "K14")
@pytest.mark.parametrize("kind", ["quotes", "invoices"])
def test_the_page_says_every_word_of_the_paper(world, kind):
    in_france(world)
    world.ok("PATCH", "/v1/business", {"legal": LEGAL, "tax_registrations": NUMBERS, "phone": "0102030405"})
    world.ok("PATCH", "/v1/business", {"appearance": {"footer": "Merci de votre confiance"}})
    client = world.client(registrations=[{"name": "SIREN", "number": "552 100 554"}], address=SITE)
    more = {"addresses": {"delivery": {"lines": ["Quai 4"]}}, "notes": "Merci!", "terms": "Net 30", "schedule": HALVES}
    make = world.quote if kind == "quotes" else world.draft
    document = make(client, lines=LINES, **more)
    world.ok("POST", f"/v1/{kind}/{document['id']}/send", {})
    world.settle()

    paper = printed(world, f"{kind}/{document['id']}/pdf", template="compact").raw

    assert "732 829 320" in text_of(paper)
    assert only_on_paper(paper, visitor(world).text) == {"Unité"}, "beside the quantity on the page"


@pytest.mark.row("K19", "P24")
def test_a_quote_is_saved_from_its_page_as_the_business_prints_it(world):
    quote = world.quote()
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()
    page = visitor(world)
    at = f"/portal/quotes/{quote['id']}/pdf"
    saved = world.request("GET", at, b"", {"cookie": page.cookie})

    assert f'href="{at}"' in page.page
    assert saved.raw == printed(world, f"quotes/{quote['id']}/pdf").raw
    assert saved.headers["content-disposition"] == 'inline; filename="Q-00001.pdf"'
    hidden = world.quote()
    assert world.request("GET", f"/portal/quotes/{hidden['id']}/pdf", b"", {"cookie": page.cookie}).status == 404


@pytest.mark.row("K17", "K20")
def test_each_mail_of_a_quote_has_its_pdf_in_the_template_chosen_for_it(world):
    quote = world.quote()
    for body in ({"template": "classic"}, {}):
        world.ok("POST", f"/v1/quotes/{quote['id']}/send", body)
        world.settle()
    where = f"quotes/{quote['id']}/pdf"
    classic, own = (mail.attachments for mail in world.mails_to(MARIE))

    assert classic == {"Q-00001.pdf": printed(world, where, template="classic").raw}
    assert own == {"Q-00001.pdf": printed(world, where).raw}
    assert classic != own


@pytest.mark.row("K17", "K18", "C18")
def test_a_void_invoice_is_stamped_on_all_but_the_kept_document(world):
    invoice = sent(world)
    page, where = visitor(world), f"invoices/{invoice['id']}/pdf"
    kept = printed(world, where).raw
    world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {"reason": "Erreur"})

    drawn = [printed(world, where, template=template).raw for template in ("classic", "compact")]
    drawn += [printed(world, where, standing="now").raw, printed(world, where, language="fr%2Ben").raw]
    drawn.append(world.request("GET", f"/portal/{where}", b"", {"cookie": page.cookie}).raw)

    assert printed(world, where).raw == kept
    assert printed(world, where, format="png").raw == printed(world, where, format="png", standing="now").raw
    assert "ANNULÉE" not in text_of(kept)
    assert ["ANNULÉE" in text_of(one) for one in drawn] == [True] * 5
    assert "Montant à payer" not in text_of(drawn[0])


@pytest.mark.row("K17", "K18", "K19", "H41")
@pytest.mark.parametrize("template", TEMPLATES)
def test_an_invoice_is_printed_as_it_was_issued_or_as_it_stands(world, template):
    invoice = world.invoice(schedule=HALVES)
    where = f"invoices/{invoice['id']}/pdf"
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "574.88", "method": "cash"})
    half = text_of(printed(world, where, standing="now", template=template).raw)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "574.87", "method": "cash"})
    whole = text_of(printed(world, where, standing="now", template=template).raw)
    issued = text_of(printed(world, where, template=template).raw)

    for words in ("Montant à payer", "Payé \N{MINUS SIGN}574,88 $", "Solde à payer 574,87 $"):
        assert words in half, words
    assert "PAYÉE" not in half
    assert "PAYÉE" in whole
    assert "Solde à payer 0,00 $" in whole
    assert "PAYÉE" not in issued
    assert "Versement à payer" in issued


@pytest.mark.row("K18", "K19")
def test_an_output_is_to_be_printed_or_saved_as_is_chosen(world):
    client = world.client()
    invoice = world.invoice(client)
    paths = [f"invoices/{invoice['id']}/pdf", f"clients/{client['id']}/statement"]

    for path in paths:
        shown = printed(world, path, format="pdf")
        saved = printed(world, path, format="pdf", disposition="attachment")
        assert shown.raw == saved.raw
        assert shown.headers["content-disposition"].startswith("inline; filename=")
        assert saved.headers["content-disposition"] == shown.headers["content-disposition"].replace(
            "inline", "attachment"
        )
    wrong = world.api("GET", f"/v1/{paths[0]}?disposition=printer")
    assert (wrong.status, wrong["errors"][0]["at"]) == (422, "/disposition")


@pytest.mark.row("K17")
def test_a_picture_says_how_many_pages_there_are_and_a_wrong_page_is_refused_with_its_reason(world):
    client = world.client()
    draft = world.draft(client, lines=[{"description": f"Ligne {n}", "unit_price": "1"} for n in range(40)])
    where = f"invoices/{draft['id']}/pdf"
    refused = {
        "format=png&page=9": ("/page", "no_such_page", "There is no page 9: the document has 2."),
        "page=2": ("/page", "not_a_picture", "A page is chosen with format=png; a PDF has all of them."),
        "format=gif": ("/format",),
        "format=png&page=0": ("/page",),
        "template=fancy": ("/template",),
        "language=klingon%20%21": ("/language",),
        "standing=tomorrow": ("/standing",),
        "papier=a4": ("/papier",),
    }

    assert printed(world, where, format="png", page=2).headers["page-count"] == "2"
    for query, told in refused.items():
        answer = world.api("GET", f"/v1/{where}?{query}")
        fault = answer["errors"][0]
        assert answer.status == 422
        assert (fault["at"], fault["code"], fault["detail"])[: len(told)] == told
    assert world.api("GET", f"/v1/clients/{client['id']}/statement?page=2").status == 422


@pytest.mark.row("K17", "H42")
def test_a_statement_is_in_the_template_and_language_chosen_for_it(world):
    client = world.client()
    world.invoice(client)
    where = f"clients/{client['id']}/statement"
    drawn = {template: printed(world, where, format="pdf", template=template).raw for template in TEMPLATES}

    assert len(set(drawn.values())) == 3
    assert all("Relevé de compte" in text_of(one) for one in drawn.values())
    assert "Statement" in text_of(printed(world, where, format="pdf", language="en").raw)
    both = text_of(printed(world, where, format="pdf", language="fr%2Ben").raw)
    assert "Relevé de compte / Statement" in both
    assert text_of(printed(world, where, format="pdf", language="fr+en").raw) == both, "a plus sign as it is written"


@pytest.mark.row("K17", "K20", "H42")
def test_a_statement_is_mailed_in_the_template_chosen_for_it(world):
    client = world.client()
    world.invoice(client)
    where = f"clients/{client['id']}/statement"
    for body in ({"template": "compact"}, {}):
        world.ok("POST", f"/v1/{where}/send", body)
        world.settle(times=2)
    (compact,), (usual,) = (mail.attachments.values() for mail in world.mails_to(MARIE))

    assert compact == printed(world, where, format="pdf", template="compact").raw
    assert usual == printed(world, where, format="pdf").raw
    assert world.api("POST", f"/v1/{where}/send", {"template": "fancy"})["errors"][0]["at"] == "/template"


@pytest.mark.row("H36", "H41", "K20", "P23")
def test_the_mail_asks_for_what_its_paper_and_its_page_ask_for(world):
    sent(world, schedule=list(reversed([HALVES[0] | {"label": "Acompte"}, HALVES[1]])), lines=LINES)
    (mail,) = world.mails_to(MARIE)
    (pdf,) = mail.attachments.values()

    assert "Versement à payer : 485,77 $" in mail.text.replace("\N{NO-BREAK SPACE}", " ")
    for said in (text_of(pdf), visitor(world).text):
        assert "Versement à payer 485,77 $ au plus tard le 2 mars 2026 · Solde total : 971,54 $" in said


@pytest.mark.row("H42", "H56", "K18")
def test_the_reminder_on_paper_asks_for_what_its_mail_asks_for(world):
    invoice = sent(world, schedule=HALVES)
    world.time.pass_(days=10)
    paper = text_of(printed(world, f"invoices/{invoice['id']}/reminder").raw)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/remind", {})
    world.settle()
    mail = world.mails_to(MARIE)[-1].text.replace("\N{NO-BREAK SPACE}", " ")

    assert "Montant en retard : 574,88 $" in mail
    assert "Montant en retard 574,88 $" in paper
    assert "À échoir \N{MINUS SIGN}574,87 $" in paper


@pytest.mark.row("A3", "A43", "K17", "K18", "K19", "K20")
def test_what_a_batch_drafts_is_edited_saved_printed_mailed_and_exported(world):
    two_clients(world)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    first, second = (one["id"] for one in invoices(world, batch))
    where = f"invoices/{first}/pdf"
    world.ok("PATCH", f"/v1/invoices/{first}", {"notes": "Merci", "template": "classic"})
    edited = printed(world, where, format="png")
    assert edited.raw.startswith(b"\x89PNG")
    assert edited.headers["content-disposition"] == f'inline; filename="{first.replace("_", "-")}-1.png"'
    draft = text_of(printed(world, where).raw)
    assert [words in draft for words in ("BROUILLON", "Merci")] == [True, True]

    issue(world, batch)
    world.ok("POST", f"/v1/invoices/{first}/send", {"template": "compact"})
    export = world.ok("POST", f"/v1/batches/{batch['id']}/exports", {"format": "pdf_zip"}).body
    world.settle()

    kept, saved = (printed(world, where, disposition=way) for way in ("inline", "attachment"))
    assert kept.raw == saved.raw
    assert saved.headers["content-disposition"].startswith("attachment; filename=")
    (mail,) = world.mails_to(MARIE)
    assert list(mail.attachments.values()) == [printed(world, where, template="compact").raw]
    with zipfile.ZipFile(io.BytesIO(world.ok("GET", f"/v1/exports/{export['id']}/file").raw)) as archive:
        exported = {name: archive.read(name) for name in archive.namelist()}
    named = {f"{world.see(one)['number']}.pdf": printed(world, f"invoices/{one}/pdf").raw for one in (first, second)}
    assert exported == named
    assert world.see(second)["status"] == "exported"


@pytest.mark.row("A3", "K17", "K19")
def test_many_are_saved_at_once_in_the_template_chosen_for_them(world):
    issued = [world.invoice(), world.invoice()]
    world.ok("POST", f"/v1/invoices/{issued[0]['id']}/credit-notes", {"reason": "Erreur", "amount": "10.00"})
    asked = {"format": "pdf_zip", "options": {"template": "classic"}}
    export = world.ok("POST", "/v1/exports", asked).body
    world.settle()

    with zipfile.ZipFile(io.BytesIO(world.ok("GET", f"/v1/exports/{export['id']}/file").raw)) as archive:
        saved = {name: archive.read(name) for name in archive.namelist()}

    assert sorted(saved) == ["00001.pdf", "00002.pdf", "CN-00001.pdf"]
    assert saved["00002.pdf"] == printed(world, f"invoices/{issued[1]['id']}/pdf", template="classic").raw
    for format in ("facturx_zip", "csv"):
        refused = world.api("POST", "/v1/exports", asked | {"format": format})
        assert (refused.status, refused["errors"][0]["at"]) == (422, "/options/template")


@pytest.mark.row("C48")
def test_a_french_invoice_of_a_hebrew_client_with_a_chinese_line_lacks_no_character(world):
    client = world.client(name="יוסי כהן", address={"lines": ["רחוב הרצל 12"], "country": "IL"})
    lines = [{"description": "Réparation 厨房水龙头 et œillets", "unit_price": "10", "taxes": []}]
    invoice = sent(world, client, lines=lines)

    said = text_of(printed(world, f"invoices/{invoice['id']}/pdf").raw)

    assert world.see(invoice)["pdf"]["missing_glyphs"] == []
    for words in ("יוסי כהן", "רחוב הרצל 12", "Réparation 厨房水龙头 et œillets", "Facturé à"):
        assert words in said, words


@pytest.mark.row("H42")
def test_a_statement_tells_of_an_invoice_before_what_became_of_it_at_the_same_instant(world):
    client = world.client()
    invoice = world.invoice(client)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Erreur", "amount": "100.00"})

    told = world.ok("GET", f"/v1/clients/{client['id']}/statement")["movements"]

    assert [(one["type"], one["running_balance"], one["invoices"]) for one in told] == [
        ("invoice", "1149.75", []),
        ("credit_note", "1049.75", ["00001"]),
    ]
