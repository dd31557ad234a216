"""The invoice as a PDF file: everything is on it, on the right page, the same every time."""
# ruff: noqa: RUF001 - letters of other alphabets and French apostrophes are meant

import io
import re
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.adapters.pdf.canvas import Canvas
from chalicelib.adapters.pdf.colours import readable
from chalicelib.adapters.pdf.looks import MODERN
from chalicelib.domain.document import Emphasis, Group, Paper, Passage, Row, Template, Total
from tests.adapters.documents import a_document, a_line, lines, pages, plain


def _rows(document):
    return [row for group in document.groups for row in group.rows]


def test_every_string_of_the_document_is_on_paper():
    document = a_document(
        a_line("Montants d’acier", unit="un.", group="Charpente"),
        a_line("Gypse 1/2 po\nRésistant à l’humidité", unit="feuille", group="Finition", taxes=("GST",)),
        notes="Merci de votre confiance.",
        terms="Payable à la date d’échéance.",
    )
    (page,) = pages(document)

    said = [document.title, document.number, document.brand, document.footer, document.panel.amount]
    said += [text for party in document.parties for text in (party.label, party.name, *party.lines)]
    said += [text for fact in document.facts for text in (fact.label, fact.value)]
    said += [text for row in _rows(document) for text in (row.description, row.detail, row.unit, row.taxes, row.net)]
    said += [text for total in document.totals for text in (total.label, total.value)]
    said += [text for passage in document.passages for text in (passage.title, *passage.paragraphs)]
    assert [text for text in said if plain(text) not in page] == []


def test_a_page_says_which_of_how_many_it_is():
    assert [text[-11:] for text in pages(a_document(*lines(60)))] == ["Page 1 de 3", "Page 2 de 3", "Page 3 de 3"]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(1, 1, id="one line"),
        pytest.param(12, 1, id="as many as fit with the totals"),
        pytest.param(25, 2, id="25 lines"),
        pytest.param(3_000, 89, id="as many lines as an invoice may have"),
    ],
)
def test_an_invoice_takes_as_many_pages_as_its_lines_need(count, expected):
    texts = pages(a_document(*lines(count)))

    assert len(texts) == expected
    assert re.findall(r"Ligne (\d{4})", " ".join(texts)) == [f"{number:04}" for number in range(1, count + 1)]


def test_the_headings_of_the_table_stand_on_every_page_with_lines():
    texts = pages(a_document(*lines(60)))

    assert ["Prix unitaire" in text for text in texts] == ["Ligne" in text for text in texts]
    assert all("Facture 2026-00042 · suite" in text for text in texts[1:])


def test_a_group_says_on_the_next_page_that_it_continues():
    first, second = pages(a_document(*(replace(line, group="Charpente") for line in lines(30))))[:2]

    assert ("Charpente (suite)" in first, "Charpente (suite)" in second) == (False, True)


def test_a_group_is_not_left_behind_by_its_first_line():
    for count in range(14, 22):
        sold = [*lines(count), a_line("La première", group="Charpente")]
        together = [("Charpente" in text) == ("La première" in text) for text in pages(a_document(*sold))]
        assert together == [True] * len(together)


def test_long_text_is_wrapped_and_nothing_of_it_is_lost():
    words = " ".join(f"mot{number}" for number in range(200))
    (page,) = pages(a_document(a_line(words)))

    assert [word for word in words.split() if word not in page] == []


def test_a_word_longer_than_its_column_is_cut_where_the_column_ends():
    document = a_document(a_line("X" * 400))
    file = pypdfium2.PdfDocument(PdfRenderer().render(document).pdf)
    layer = file[0].get_textpage()

    assert layer.get_text_range().count("X") == 400
    assert max(layer.get_charbox(place)[2] for place in range(layer.count_chars())) <= 612 - 46 + 1
    layer.close()
    file.close()


def test_a_row_taller_than_a_page_goes_on_over_the_page():
    story = "\n".join(["Titre", *(f"paragraphe {number}" for number in range(150))])
    texts = pages(a_document(a_line(story)))

    assert len(texts) == 4
    assert [n for n in range(150) if sum(f"paragraphe {n} " in f"{text} " for text in texts) != 1] == []


def test_terms_longer_than_a_page_go_on_over_the_page():
    terms = "\n".join(f"Clause {number}." for number in range(200))
    texts = pages(a_document(terms=terms))

    assert [n for n in range(200) if sum(f"Clause {n}." in text for text in texts) != 1] == []


def test_a_character_without_a_glyph_is_drawn_as_a_box_and_reported():
    rendering = PdfRenderer().render(a_document(a_line("Tuyau ไท ไ 🚿")))

    assert rendering.missing_glyphs == ("ไ", "ท", "🚿")
    file = pypdfium2.PdfDocument(rendering.pdf)
    layer = file[0].get_textpage()
    assert "Tuyau □□ □ □" in layer.get_text_range()
    layer.close()
    file.close()


@pytest.mark.parametrize("name", ["Łódź Żółć", "Αθήνα", "Москва Ґанок", "Nguyễn Thị Ánh", "Ştefan Țepeș", "İğdır"])
def test_latin_greek_and_cyrillic_names_need_no_box(name):
    document = a_document(a_line(name))

    assert PdfRenderer().render(document).missing_glyphs == ()
    assert name in pages(document)[0]


def test_an_accent_written_apart_is_drawn_as_one_letter():
    document = a_document(a_line("De\u0301molition"))

    assert PdfRenderer().render(document).missing_glyphs == ()
    assert "Démolition" in pages(document)[0]


@pytest.mark.parametrize("template", Template)
def test_marks_that_show_nothing_are_neither_drawn_nor_missing(template):
    document = replace(a_document(a_line("coupure\u00adpossible\u200b ici\tet là")), template=template)

    assert PdfRenderer().render(document).missing_glyphs == ()
    assert "coupurepossible ici et là 8" in pages(document)[0]


@pytest.mark.parametrize(
    ("paper", "size"), [(Paper.LETTER, (612, 792)), (Paper.A4, (595.28, 841.89))], ids=["letter", "A4"]
)
def test_the_paper_is_that_of_the_country(paper, size):
    with pikepdf.open(io.BytesIO(PdfRenderer().render(replace(a_document(), paper=paper)).pdf)) as file:
        box = file.pages[0].mediabox if "/MediaBox" in file.pages[0] else file.Root.Pages.MediaBox
        assert tuple(float(edge) for edge in box) == pytest.approx((0, 0, *size))


def test_amounts_of_any_size_stay_beside_each_other():
    huge = "999 999 999 999,99 $"
    row = Row(description="Tout", quantity="1 000 000 000", unit="heure", unit_price=huge, net=huge)
    document = a_document()
    columns = replace(document.columns, unit="Unité")
    (page,) = pages(replace(document, columns=columns, groups=(Group(rows=(row,)),)))

    assert f"Tout 1 000 000 000 heure {huge} {huge}" in page


def test_many_totals_and_passages_are_all_drawn():
    totals = tuple(Total(label=f"Taxe {number}", value=f"{number},00 $") for number in range(80))
    passages = tuple(Passage(title=f"Titre {number}", paragraphs=("Texte.",)) for number in range(6))
    due = Total(label="Solde", value="1,00 $", emphasis=Emphasis.FINAL)
    texts = " ".join(pages(replace(a_document(), totals=(*totals, due), passages=passages)))

    assert [total.label for total in totals if f"{total.label} {total.value}" not in texts] == []
    assert [passage.title for passage in passages if passage.title not in texts] == []


@pytest.mark.parametrize(
    ("accent", "drawn"),
    [
        pytest.param("#0b5d4e", "0.0431 0.365 0.306", id="dark enough as it is"),
        pytest.param("#ffff00", "0.44 0.44 0", id="yellow is darkened"),
        pytest.param("#ffffff", "0.42 0.42 0.42", id="white becomes grey"),
    ],
)
def test_an_accent_colour_can_be_read_on_white_and_on_its_own_tint(accent, drawn):
    assert readable(accent) == drawn


def test_digits_take_the_same_room_so_that_columns_align():
    canvas = Canvas(612, 792)

    assert len({canvas.measure(f"{digit * 3},00 $", MODERN.table.net) for digit in "0123456789"}) == 1


def test_a_whole_invoice_in_french():
    document = a_document(a_line("Main-d’œuvre\nDeux visites", quantity="8.5", unit="h"), notes="Merci.")
    whole = (
        "Facture Nº 2026-00042 RB Rénovation Boréale inc. Licence RBQ : 5798-1234-01 "
        "Émetteur Rénovation Boréale inc. 4820, rue de Bordeaux Montréal H2H 2A1 514 555-0148 "
        "facturation@boreale.example Facturé à Copropriété Les Érables du Plateau 1275, avenue Laurier Est "
        "Montréal H2J 1H2 Montant à payer 762,28 $ au plus tard le 21 décembre 2026 "
        "Payer en ligne → Ou balayez ce code "
        "Date d’émission 21 novembre 2026 Échéance 21 décembre 2026 "
        "Description Qté Unité Prix unitaire Montant Main-d’œuvre Deux visites 8,5 h 78,00 $ 663,00 $ "
        "Sous-total 663,00 $ TPS 5 % Nº 123456789 RT0001 33,15 $ TVQ 9,975 % Nº 1234567890 TQ0001 66,13 $ "
        "Total à payer 762,28 $ Notes Merci. "
        "Rénovation Boréale inc. · Licence RBQ 5798-1234-01 · TPS 123456789 RT0001 · TVQ 1234567890 TQ0001 Page 1 de 1"
    )

    assert pages(document) == [whole]


def test_a_whole_invoice_in_english():
    document = a_document(a_line("Labour\nTwo visits", quantity="8.5", unit="h"), language="en", notes="Thank you.")
    whole = (
        "Invoice No. 2026-00042 RB Rénovation Boréale inc. RBQ licence: 5798-1234-01 "
        "From Rénovation Boréale inc. 4820, rue de Bordeaux Montréal H2H 2A1 514 555-0148 "
        "facturation@boreale.example Billed to Copropriété Les Érables du Plateau 1275, avenue Laurier Est "
        "Montréal H2J 1H2 Amount due $762.28 by December 21, 2026 Pay online → Or scan this code "
        "Issue date November 21, 2026 Due date December 21, 2026 "
        "Description Qty Unit Unit price Amount Labour Two visits 8.5 h $78.00 $663.00 "
        "Subtotal $663.00 GST 5% No. 123456789 RT0001 $33.15 QST 9.975% No. 1234567890 TQ0001 $66.13 "
        "Total due $762.28 Notes Thank you. "
        "Rénovation Boréale inc. · RBQ licence 5798-1234-01 · GST 123456789 RT0001 · QST 1234567890 TQ0001 Page 1 of 1"
    )

    assert pages(document) == [whole]
