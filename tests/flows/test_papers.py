"""Each kind of document as a PDF in each template, in a language of choice, and its pages as pictures."""

import base64
import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from tests.adapters.reading import read
from tests.flows.desk import paper
from tests.flows.selling import sold

TEMPLATES = ("modern", "classic", "compact")
LINES = [{"description": "Chauffe-eau", "quantity": "2", "unit": "pce", "unit_price": "400.00"}]


def text_of(raw):
    file = pypdfium2.PdfDocument(io.BytesIO(raw))
    said = " ".join(page.get_textpage().get_text_range() for page in file)
    file.close()
    return " ".join(said.replace("\N{NO-BREAK SPACE}", " ").split())


def printed(world, path, **chosen):
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    return world.ok("GET", f"/v1/{path}?{query}")


@pytest.mark.row("H36", "H42", "K17", "K18")
@pytest.mark.parametrize("template", TEMPLATES)
def test_an_order_is_printed_with_its_prices_and_a_delivery_note_without(world, template):
    client = world.client()
    order = sold(world, "orders", client, lines=LINES, purchase_order="BC-12")
    note = sold(world, "deliveries", client, lines=LINES, addresses={"delivery": {"lines": ["Quai 4"]}})

    ordered = text_of(printed(world, f"orders/{order['id']}/pdf", template=template).raw)
    for words in ("Commande", order["number"], "BC-12", "Chauffe-eau", "400,00 $", "Total 914,05 $"):
        assert words in ordered, words
    brought = text_of(printed(world, f"deliveries/{note['id']}/pdf", template=template).raw)
    for words in ("Bon de livraison", note["number"], "Quai 4", "Chauffe-eau", "Qté", "2 pce"):
        assert words in brought, words
    assert "$" not in brought


@pytest.mark.row("C48")
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_french_invoice_for_a_hebrew_client_with_a_chinese_line_lacks_no_character(world, template):
    name, line = "שירותי בנייה בע״מ", "Chauffe-eau 热水器 (安装)"
    client = world.client(name=name, language="fr")
    invoice = world.invoice(client, lines=[LINES[0] | {"description": line}], template=template)
    world.settle()

    raw = printed(world, f"invoices/{invoice['id']}/pdf").raw
    assert world.see(invoice)["pdf"]["missing_glyphs"] == []
    heard = read(raw).text
    assert [words for words in (name, line, "Facture") if words not in heard] == []
    shown = text_of(raw)
    assert [character for character in name + line if character not in shown] == []


@pytest.mark.row("H42")
def test_what_was_cancelled_is_stamped_so(world):
    deal = sold(world, "deals", world.client(), lines=LINES)
    world.ok("POST", f"/v1/deals/{deal['id']}/cancel", {})

    assert "ANNULÉ" in paper(world, deal, "deals")


@pytest.mark.row("H42", "H56")
def test_a_reminder_is_printed_for_what_is_not_paid(world):
    draft = world.draft()
    assert world.api("GET", f"/v1/invoices/{draft['id']}/reminder").problem == (409, "invoice_not_issued")
    invoice = world.invoice(due_date="2026-02-20")
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "149.75", "method": "cash"})

    said = text_of(printed(world, f"invoices/{invoice['id']}/reminder", template="classic", language="en").raw)
    for words in ("Reminder", f"Invoice {invoice['number']}", "Days late", " 10 ", "$1,149.75", "$1,000.00"):
        assert words in said, words
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1000.00", "method": "cash"})
    assert world.api("GET", f"/v1/invoices/{invoice['id']}/reminder").problem == (409, "nothing_due")


@pytest.mark.row("K17", "K18")
def test_an_output_may_be_in_another_language_and_the_kept_document_stays(world):
    invoice = world.invoice()
    world.settle()
    kept = printed(world, f"invoices/{invoice['id']}/pdf").raw

    assert "Amount due" in text_of(printed(world, f"invoices/{invoice['id']}/pdf", language="en").raw)
    assert "Montant à payer / Amount due" in text_of(
        printed(world, f"invoices/{invoice['id']}/pdf", language="fr%2Ben").raw
    )
    assert printed(world, f"invoices/{invoice['id']}/pdf", language="fr").raw == kept


@pytest.mark.row("K17")
def test_a_page_is_shown_as_a_picture(world):
    client = world.client()
    draft = world.draft(client, lines=[LINES[0] | {"description": f"Ligne {n}"} for n in range(40)])
    where = f"invoices/{draft['id']}/pdf"
    first, second = (printed(world, where, format="png", page=n) for n in (1, 2))

    assert first.headers["content-type"] == "image/png"
    assert first.headers["content-disposition"].endswith('-1.png"')
    picture = Image.open(io.BytesIO(first.raw))
    picture.load()
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (1224, 1584))
    assert picture.getpixel((3, 3)) == (255, 255, 255)
    assert first.raw != second.raw
    assert printed(world, where, format="png").raw == first.raw
    shown = printed(world, f"clients/{client['id']}/statement", format="png")
    assert shown.raw.startswith(b"\x89PNG")


@pytest.mark.row("H41", "H42", "P16")
def test_a_business_chooses_its_colour_its_foot_and_its_columns(world):
    chosen = {"accent": "#7C2D12", "footer": "Merci de votre confiance", "columns": ["quantity", "taxes"]}
    shown = world.ok("PATCH", "/v1/business", {"appearance": chosen})
    assert shown["appearance"] == chosen | {"accent": "#7c2d12", "logo": None}
    invoice = world.invoice(lines=LINES)
    world.ok("PATCH", "/v1/business", {"appearance": {"accent": None, "footer": None, "columns": None}})

    said = paper(world, invoice)
    assert "Merci de votre confiance" in said
    assert "Description Qté Taxes Montant Chauffe-eau 2 TPS, TVQ 800,00 $" in said
    afterwards = paper(world, world.invoice(lines=LINES))
    assert "Description Qté Unité Prix unitaire Montant Chauffe-eau 2 pce 400,00 $ 800,00 $" in afterwards
    assert "confiance" not in afterwards
    wrong = world.api("PATCH", "/v1/business", {"appearance": {"accent": "green"}})
    assert (wrong.status, wrong["errors"][0]["at"]) == (422, "/appearance/accent")


@pytest.mark.row("H41", "H42", "K17")
def test_a_businesss_logo_is_on_what_it_issues_from_then_on(world):
    picture = Image.new("RGBA", (60, 20), (200, 30, 30, 255))
    file = io.BytesIO()
    picture.save(file, "PNG")
    sent = base64.b64encode(file.getvalue()).decode()
    before = world.invoice()
    shown = world.ok("PATCH", "/v1/business", {"appearance": {"logo": sent}})
    after = world.invoice()
    world.settle()

    assert shown["appearance"]["logo"] == {"width": 60, "height": 20}
    assert [has_logo(printed(world, f"invoices/{one['id']}/pdf").raw) for one in (before, after)] == [False, True]
    assert has_logo(printed(world, f"invoices/{after['id']}/pdf", template="classic").raw)
    world.ok("PATCH", "/v1/business", {"appearance": {"logo": None}})
    assert has_logo(printed(world, f"invoices/{after['id']}/pdf", template="compact").raw)
    assert not has_logo(printed(world, f"invoices/{world.draft()['id']}/pdf").raw)
    for wrong, code in (("?", "not_base64"), ("R0lGODlh", "not_a_logo")):
        refused = world.api("PATCH", "/v1/business", {"appearance": {"logo": wrong}})
        assert (refused.status, refused["errors"][0]["code"], refused["errors"][0]["at"]) == (
            422,
            code,
            "/appearance/logo",
        )


def has_logo(raw):
    with pikepdf.open(io.BytesIO(raw)) as file:
        return "/XObject" in file.pages[0].Resources
