"""The PDF for those who do not see it, and for the archive: its structure is its text, in the order of the document."""

import io
from dataclasses import replace

import pikepdf
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import Template
from tests.adapters.documents import PAY_URL, a_document, a_line, lines, plain
from tests.adapters.reading import contents, kids, read
from tests.adapters.test_pdf_templates import everything, in_the_look

NAMESPACES = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/", "pdfuaid": "http://www.aiim.org/pdfua/ns/id/"}


def drawn(document):
    return PdfRenderer().render(document).pdf


def opened(document):
    return pikepdf.open(io.BytesIO(drawn(document)))


def body(document):
    """What is read from the table on, in the order of the document."""
    said = [document.columns.description, document.columns.net]
    for group in document.groups:
        said += [group.title, group.subtotal]
        said += [text for row in group.rows for text in (row.description, row.detail, row.quantity, row.taxes, row.net)]
    said += [text for total in document.totals for text in (total.label, total.detail.split("\n")[0], total.value)]
    said.append(document.schedule.title)
    said += [text for one in document.schedule.instalments for text in (one.label, one.detail, one.amount, one.state)]
    return said + [text for passage in document.passages for text in (passage.title, *passage.paragraphs)]


def head(document):
    sender, *others = document.parties
    title, brand = [document.title, document.number], [document.brand]
    others = [text for party in others for text in (party.label, party.name, *party.lines)]
    facts = [text for fact in document.facts for text in (fact.label, fact.value)]
    panel = [document.panel.label, document.panel.amount, document.panel.action, document.panel.scan.split()[0]]
    return {
        Template.MODERN: [*title, *brand, sender.label, sender.name, *sender.lines, *others, *panel, *facts],
        Template.CLASSIC: [*brand, *sender.lines, *title, *facts, *others, *panel],
        Template.COMPACT: [*title, *brand, sender.label, sender.name, *sender.lines, *others, *facts, *panel],
    }[document.template]


@pytest.mark.parametrize("template", Template)
def test_it_is_read_out_in_the_order_of_the_document(template):
    document = everything(template)
    text, place = plain(read(drawn(document)).text), 0
    for said in [*head(document), *body(document)]:
        found = text.find(plain(said), place)
        assert found >= 0, f"{said!r} is not read after {text[place - 60 : place]!r}"
        place = found + len(plain(said))


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("count", [1, 90])
def test_every_piece_of_content_belongs_to_one_element_and_leads_back_to_it(template, count):
    with opened(in_the_look(template, *lines(count), terms="Payable.")) as file:
        tree = file.Root.StructTreeRoot
        way_back = dict(zip(list(tree.ParentTree.Nums)[::2], list(tree.ParentTree.Nums)[1::2], strict=True))
        owned = {}
        ahead = [tree.K]
        while ahead:
            element = ahead.pop()
            for kid in kids(element):
                if isinstance(kid, int):
                    owned[element.Pg.objgen, kid] = element.objgen
                elif "/S" in kid:
                    assert kid.P.objgen == element.objgen
                    ahead.append(kid)
                elif kid.Type == "/MCR":
                    owned[kid.Pg.objgen, int(kid.MCID)] = element.objgen
                else:
                    assert way_back[int(kid.Obj.StructParent)].objgen == element.objgen
        for page in file.pages:
            numbers = {key for key in contents(page) if key != "apart"}
            assert numbers == set(range(len(numbers)))
            back = [element.objgen for element in way_back[int(page.StructParents)]]
            assert back == [owned.pop((page.objgen, number)) for number in sorted(numbers)]
        assert owned == {}
        assert int(tree.ParentTreeNextKey) == len(way_back)


@pytest.mark.parametrize("template", Template)
def test_headings_of_following_pages_and_feet_are_not_read_out(template):
    document = in_the_look(template, *(replace(line, group="Charpente") for line in lines(90)))
    text = plain(read(drawn(document)).text)

    assert [text.count(f"Ligne {number:04}") for number in range(1, 91)] == [1] * 90
    assert text.count("Prix unitaire") == text.count("Charpente") == 1
    assert [word for word in ("suite", "Page 1", "Page 2") if word in text] == []


@pytest.mark.parametrize("template", Template)
def test_there_is_one_title_and_it_comes_before_other_headings(template):
    headings = [element.role for element in read(drawn(everything(template))).of("H1", "H2")]

    assert headings[0] == "H1"
    assert set(headings[1:]) == {"H2"}


@pytest.mark.parametrize("template", Template)
def test_all_that_is_read_is_something(template):
    whole = read(drawn(everything(template)))

    assert whole.role == "Document"
    assert {type(piece).__name__ for piece in whole.pieces} == {"Read"}
    assert [each.role for each in whole.all() if not each.pieces and each.role not in ("TD", "TH", "Figure")] == []


@pytest.mark.parametrize("template", Template)
def test_every_table_is_a_grid_whose_cells_have_headings(template):
    goods, totals, schedule = read(drawn(everything(template))).of("Table")

    for table in (goods, totals, schedule):
        assert len({sum(cell.span for cell in row.parts) for row in table.parts}) == 1
        assert {row.role for row in table.parts} == {"TR"}
        assert all(cell.scope in ("Row", "Column") for cell in table.of("TH"))
    assert {cell.scope for cell in goods.parts[0].parts} == {"Column"}
    assert all(row.parts[0].role == "TH" for row in (*totals.parts, *schedule.parts))


@pytest.mark.parametrize("template", Template)
def test_links_say_where_they_lead_and_pictures_what_they_show(template):
    document = everything(template)
    said = f"Payer en ligne ({PAY_URL})"
    with opened(document) as file:
        links = list(file.pages[0].Annots)
        assert [str(link.Contents) for link in links] == [said, said]
        assert {str(page.Tabs) for page in file.pages} == {"/S"}
    structure = read(drawn(document))
    assert [figure.alt for figure in structure.of("Figure")] == [said]
    assert len(structure.of("Link")) == 2


def test_words_at_the_end_of_a_line_are_not_joined_to_the_next():
    words = " ".join(f"mot{number}" for number in range(300))
    structure = read(drawn(a_document(a_line(f"{words}\n{words}"), terms=words)))

    assert structure.text.count(words) == 3


def test_a_row_over_several_pages_is_one_row():
    story = "\n".join(["Titre", *(f"paragraphe {number}." for number in range(150))])
    goods, *_ = read(drawn(a_document(a_line(story)))).of("Table")
    _, row = goods.parts

    assert "paragraphe 0." in row.text
    assert "paragraphe 149." in row.text
    assert [cell.role for cell in row.parts] == ["TD"] * 4


@pytest.mark.row("C56")
def test_the_file_says_that_it_is_for_the_archive_and_for_everybody():
    with opened(a_document()) as file:
        assert file.check_pdf_syntax() == []
        assert file.pdf_version == "1.7"
        assert bool(file.Root.MarkInfo.Marked)
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        (intent,) = file.Root.OutputIntents
        assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
        assert str(file.Root.Lang) == "fr-CA"
        assert "/Encrypt" not in file.trailer
        first, second = file.trailer.ID
        assert bytes(first) == bytes(second) != b""
        with file.open_metadata() as said:
            assert said.pdfa_status == "3A"
            assert said[f"{{{NAMESPACES['pdfuaid']}}}part"] == "1"
        packet = file.Root.Metadata.read_bytes().decode()
        assert "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>" in packet


def test_what_is_said_of_the_file_may_hold_any_character():
    document = replace(a_document(), heading="Facture <1> & Cie", brand="Réno & <Fils>")
    with opened(document) as file, file.open_metadata() as said:
        assert (said["dc:title"], said["dc:creator"]) == ("Facture <1> & Cie", ["Réno & <Fils>"])


def test_every_font_is_in_the_file_and_every_glyph_has_its_letter():
    with opened(everything(Template.CLASSIC)) as file:
        fonts = list(file.pages[0].Resources.Font.values())
        assert len(fonts) >= 3
        for font in fonts:
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            glyphs = list(font.DescendantFonts[0].W)[::2]
            letters = font.ToUnicode.read_bytes().decode()
            assert [glyph for glyph in glyphs if f"<{int(glyph):04X}> <" not in letters] == []


def test_without_the_archive_nothing_but_the_drawing_is_in_the_file():
    plainly = PdfRenderer(archival=False).render(a_document(*lines(40))).pdf
    with pikepdf.open(io.BytesIO(plainly)) as file:
        assert "/StructTreeRoot" not in file.Root
        assert b"MCID" not in file.pages[0].Contents.read_bytes()
        assert str(file.docinfo["/Title"]) == "Facture 2026-00042"
    assert len(plainly) < len(drawn(a_document(*lines(40))))
