"""The templates of a PDF: each says everything, in its own look, and the same every time."""
# ruff: noqa: RUF001 - letters of other alphabets and French apostrophes are meant

import io
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.adapters.pdf.canvas import Canvas
from chalicelib.adapters.pdf.fontpack import FALLBACKS, PACKS, face
from chalicelib.adapters.pdf.looks import LOOKS
from chalicelib.domain.document import Party as Block
from chalicelib.domain.document import Passage, Template
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import Instalment
from tests.adapters.documents import PAY_URL, a_document, a_line, lines, pages, plain

NEW = [Template.CLASSIC, Template.COMPACT]
HALVES = (
    Instalment(id="1", label="Acompte", amount=Money(50_00, "CAD"), due_on=date(2026, 11, 21)),
    Instalment(id="2", label="Solde", amount=Money(50_00, "CAD"), due_on=date(2026, 12, 18)),
)


def in_the_look(template, *sold, **more):
    return replace(a_document(*sold, **more), template=template)


def everything(template, **more):
    """A document with all that a document can have."""
    document = in_the_look(
        template,
        a_line("Montants d’acier", unit="un.", group="Charpente"),
        a_line("Gypse 1/2 po\nRésistant à l’humidité", unit="feuille", group="Finition", taxes=("GST",)),
        notes="Merci de votre confiance.",
        terms="Payable à la date d’échéance.",
        invoice={"purchase_order": "BC-12", "schedule": HALVES},
        **more,
    )
    site = Block(label="Lieu des travaux", name="12 rue du Chantier", lines=("Lévis",))
    return replace(document, parties=(*document.parties, site))


def said_by(document):
    """Every text there is to be said; a letterhead says who the sender is without calling him one."""
    sender, *others = document.parties
    said = [document.title, document.number, document.brand, document.brand_note, document.footer]
    said += [document.panel.label, document.panel.amount, document.panel.action, document.panel.scan]
    said += [*document.panel.note.split("  ·  "), sender.name, *sender.lines]
    said += [text for party in others for text in (party.label, party.name, *party.lines)]
    said += [text for fact in document.facts for text in (fact.label, fact.value)]
    said += [document.columns.description, document.columns.unit, document.columns.taxes, document.columns.net]
    for group in document.groups:
        said += [group.title, group.subtotal]
        said += [text for row in group.rows for text in (row.description, row.detail, row.unit, row.taxes, row.net)]
    said += [text for total in document.totals for text in (total.label, *total.detail.split("\n"), total.value)]
    said += [text for one in document.schedule.instalments for text in (one.label, one.detail, one.amount, one.state)]
    said += [text for passage in document.passages for text in (passage.title, *passage.paragraphs)]
    return said


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", Template)
def test_every_template_says_everything(template, language):
    document = everything(template, language=language)
    said = " ".join(pages(document))

    assert [text for text in said_by(document) if plain(text) not in said] == []


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (Template.MODERN, [1, 1, 3, 60]),
        (Template.CLASSIC, [1, 1, 3, 62]),
        (Template.COMPACT, [1, 1, 2, 37]),
    ],
)
def test_each_template_takes_the_pages_that_its_lines_need(template, expected):
    counts = [1, 5, 60, 2_000]
    read = [pages(in_the_look(template, *lines(count))) for count in counts]

    assert [len(texts) for texts in read] == expected
    for count, texts in zip(counts, read, strict=True):
        assert re.findall(r"Ligne (\d{4})", " ".join(texts)) == [f"{n:04}" for n in range(1, count + 1)]
        assert f"Page {len(texts)} de {len(texts)}" in plain(texts[-1])


@pytest.mark.parametrize("template", NEW)
def test_the_headings_and_the_group_go_on_over_the_page(template):
    texts = pages(in_the_look(template, *(replace(line, group="Charpente") for line in lines(90))))

    assert ["Prix unitaire" in text for text in texts] == ["Ligne" in text for text in texts]
    assert all("Facture 2026-00042 · suite" in text for text in texts[1:])
    assert ["Charpente (suite)" in text for text in texts[:2]] == [False, True]


@pytest.mark.parametrize("template", NEW)
def test_rows_and_terms_taller_than_a_page_go_on_over_the_page(template):
    story = "\n".join(["Titre", *(f"paragraphe {number}" for number in range(250))])
    terms = "\n".join(f"Clause {number}." for number in range(250))
    said = " ".join(pages(in_the_look(template, a_line(story), terms=terms)))

    assert [n for n in range(250) if f"{said} ".count(f"paragraphe {n} ") != 1] == []
    assert [n for n in range(250) if said.count(f"Clause {n}.") != 1] == []


@pytest.mark.parametrize("template", NEW)
def test_many_passages_are_all_drawn(template):
    passages = tuple(Passage(title=f"Titre {number}", paragraphs=("Texte.",) * 9) for number in range(12))
    said = " ".join(pages(replace(in_the_look(template), passages=passages)))

    assert [passage.title for passage in passages if passage.title not in said] == []


def test_no_two_templates_draw_alike():
    files = {PdfRenderer().render(in_the_look(template)).pdf for template in Template}

    assert len(files) == len(LOOKS) == 3


@pytest.mark.parametrize("template", NEW)
def test_the_file_is_sound_and_leads_to_the_page_to_pay(template):
    with pikepdf.open(io.BytesIO(PdfRenderer().render(everything(template)).pdf)) as file:
        assert file.check_pdf_syntax() == []
        assert [str(link.A.URI) for link in file.pages[0].Annots] == [PAY_URL, PAY_URL]


@pytest.mark.parametrize("template", Template)
def test_a_draft_is_stamped(template):
    document = in_the_look(template, invoice={"number": None})

    assert document.stamp in pages(document)[0]


def test_a_letterhead_names_the_company_behind_the_brand():
    document = in_the_look(Template.CLASSIC)
    sender, *others = document.parties
    behind = replace(document, parties=(replace(sender, name="9123-4567 Québec inc."), *others))

    assert "9123-4567 Québec inc. · 4820, rue de Bordeaux" in pages(behind)[0]
    assert pages(document)[0].count(document.brand) == 2  # the head and the foot


@pytest.mark.parametrize("name", ["Łódź Żółć", "Αθήνα", "Москва", "Nguyễn Thị Ánh", "Ĭrdĳ Ƀ", "De\u0301molition"])
def test_what_the_serif_lacks_is_drawn_in_the_sans(name):
    document = in_the_look(Template.CLASSIC, a_line(name))

    assert PdfRenderer().render(document).missing_glyphs == ()
    assert plain(name).replace("e\u0301", "é") in pages(document)[0]


def test_what_no_typeface_has_is_a_box_in_every_template():
    for template in Template:
        document = in_the_look(template, a_line("Tuyau ไท 🚿"))
        assert PdfRenderer().render(document).missing_glyphs == ("ไ", "ท", "🚿")
        assert "Tuyau □□ □" in pages(document)[0]


@pytest.mark.parametrize("font", FALLBACKS)
def test_the_digits_of_the_serif_take_the_same_room(font):
    assert len({face(font).advances[digit] for digit in "0123456789"}) == 1


def test_a_text_of_two_typefaces_is_as_wide_as_its_parts():
    canvas, pen = Canvas(612, 792), LOOKS[Template.CLASSIC].table.description

    whole = canvas.measure("Łódź Ƀ", pen)
    assert whole == pytest.approx(canvas.measure("Łódź ", pen) + canvas.measure("Ƀ", pen))


@pytest.mark.parametrize("font", [path.stem for path in PACKS.glob("*.pack")])
def test_no_space_is_kerned_so_that_words_can_be_set_apart(font):
    assert [pair for pair in face(font).kerning if " " in pair] == []


@pytest.mark.parametrize("template", [Template.MODERN, Template.COMPACT])
def test_a_note_too_long_for_its_line_is_broken_between_its_parts(template):
    document = everything(template)
    note = "au plus tard le 21 novembre 2026  ·  Solde total : 1 372,64 $"
    file = pypdfium2.PdfDocument(PdfRenderer().render(replace(document, panel=replace(document.panel, note=note))).pdf)
    layer = file[0].get_textpage()
    said = layer.get_text_range().replace("\u00a0", " ").splitlines()
    layer.close()
    file.close()

    assert [line.strip() for line in said if "au plus tard" in line or "Solde total" in line] == note.split("  ·  ")


def test_the_cells_of_a_row_over_several_pages_have_their_lines_on_each():
    story = "\n".join(["Titre", *(f"paragraphe {number}" for number in range(99))])
    with pikepdf.open(io.BytesIO(PdfRenderer().render(in_the_look(Template.CLASSIC, a_line(story))).pdf)) as file:
        longest = [max(_uprights(page)) for page in file.pages]

    assert [length > 100 for length in longest] == [True] * len(longest)
    assert len(longest) == 3


def _uprights(page):
    """How long each vertical line is."""
    steps = [(str(operator), [float(each) for each in operands]) for operands, operator in _drawn(page)]
    for (_, (x, y)), (drawn, (to_x, to_y)) in pairwise(steps):
        if drawn == "l" and x == to_x:
            yield abs(y - to_y)


def _drawn(page):
    return [step for step in pikepdf.parse_content_stream(page) if str(step[1]) in "ml"]
