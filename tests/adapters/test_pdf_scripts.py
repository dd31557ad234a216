"""Any script on one line: every character is drawn, letters that run leftwards do, and all is read in logical order."""
# ruff: noqa: RUF001 - letters of other scripts are meant

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from chalicelib.adapters.pdf import PdfRenderer, fontpack
from chalicelib.adapters.pdf.arabic import joined
from chalicelib.adapters.pdf.canvas import Canvas, Pen
from chalicelib.adapters.pdf.scripts import lined_up
from chalicelib.adapters.pdf.wrapping import wrapped
from chalicelib.domain.document import Template
from tests.adapters.documents import a_document, a_line, lines, plain
from tests.adapters.reading import contents, read
from tests.adapters.test_pdf_templates import in_the_look

MIXED = "Reçu שלום (בדיקה) 45,50 $ مرحبا بالعالم ١٢٣ 請求書 かな 한국어 Αθήνα Київ"
FONTS = Path(fontpack.__file__).parent / "fonts"


@pytest.mark.row("C48")
@pytest.mark.parametrize("template", Template)
def test_every_script_on_one_line_is_drawn_and_read_in_its_own_order(template):
    rendering = PdfRenderer().render(in_the_look(template, a_line(MIXED)))

    assert rendering.missing_glyphs == ()
    assert MIXED in plain(read(rendering.pdf).text)


@pytest.mark.row("C48")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("القسط الأول من ثلاثة — لا شيء بعده", id="Arabic"),
        pytest.param("فاکتور شمارهٔ ۱۲۳ گچ‌کاری", id="Persian"),
        pytest.param("ہندوستان کے لیے رسید ٹوٹل", id="Urdu"),
        pytest.param("پښتو ژبه ټول مصارف", id="Pashto"),
        pytest.param("ئۇيغۇرچە ھۆججەت", id="Uyghur"),
        pytest.param("שָׁלוֹם לְכֻלָּם, חשבונית מס׳ 12 בע״מ", id="Hebrew with vowels"),
        pytest.param("北京市海淀区装修合同，共三页。", id="simplified Chinese"),
        pytest.param("臺北市大安區裝潢工程報價單", id="traditional Chinese"),
        pytest.param("御請求書　ﾃｽﾄ　株式会社リフォーム（東京）", id="Japanese"),
        pytest.param("서울특별시 강남구 인테리어 공사 뷁", id="Korean"),
    ],
)
def test_business_of_other_scripts_lacks_no_character(text):
    rendering = PdfRenderer().render(a_document(a_line(text)))

    composed = pypdfium2.PdfDocument(rendering.pdf)
    composed.close()
    assert [each for each in rendering.missing_glyphs if each != "뷁"] == []
    assert plain(text).split()[0] in plain(read(rendering.pdf).text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("Client שלום", "Client םולש", id="a word among others"),
        pytest.param("שלום (12) א", "א (12) םולש", id="brackets face each other"),
        pytest.param("שלום 45,50", "45,50 םולש", id="figures run on rightwards"),
        pytest.param("abc <שלום> ", "abc <םולש> ", id="what a line ends in stays at its end"),
        pytest.param("漢字 abc", "漢字 abc", id="nothing runs leftwards"),
    ],
)
def test_a_line_is_seen_from_left_to_right(text, seen):
    assert lined_up(text).shown == seen


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        pytest.param("ب", "alone", id="a letter alone"),
        pytest.param("ببب", "first middle last", id="three that join"),
        pytest.param("دب", "alone alone", id="dal joins no letter after it"),
        pytest.param("بدب", "first last alone", id="but the one before it"),
        pytest.param("ب\u0640", "first -", id="a stretch joins"),
        pytest.param("بَب", "first - last", id="a vowel does not part"),
        pytest.param("ب ب", "alone - alone", id="a space does"),
    ],
)
def test_arabic_letters_take_the_form_that_their_neighbours_give_them(text, forms):
    shapes = fontpack.face("arabic").glyphs
    by_form = {
        letter: dict(zip(("alone", "last", "first", "middle"), _forms_of(letter), strict=True)) for letter in "بد"
    }
    wanted = [
        by_form[letter][form] if form != "-" else letter for letter, form in zip(text, forms.split(), strict=True)
    ]

    assert joined(text) == wanted
    assert all(ord(form) in shapes for form in wanted if form != " ")


def _forms_of(letter):
    single = [joined(text)[place] for text, place in ((letter, 0), ("ب" + letter, 1))]
    return [*single, joined(letter + "ب")[0], joined(f"ب{letter}ب")[1]]


def test_lam_and_alef_become_one():
    assert joined("لا") == ["\ufefb", ""]
    assert joined("بلا")[1:] == ["\ufefc", ""]


def test_every_glyph_of_a_joined_letter_is_read_as_that_letter():
    pdf = PdfRenderer().render(a_document(a_line("بلا گچ"))).pdf
    with pikepdf.open(io.BytesIO(pdf)) as file:
        drawn = "".join(contents(file.pages[0]).values())

    assert [letter for letter in "بلاگچ" if letter not in drawn] == []
    assert not any("\ufb50" <= letter <= "\ufefc" or letter >= "\U000f0000" for letter in drawn)


def test_the_first_letter_of_a_hebrew_word_stands_at_its_right():
    file = pypdfium2.PdfDocument(PdfRenderer().render(a_document(a_line("Reçu אבגד"))).pdf)
    layer = file[0].get_textpage()
    text = layer.get_text_range()
    lefts = [layer.get_charbox(text.index(letter))[0] for letter in "çאבגד"]
    layer.close()
    file.close()

    assert lefts[1:] == sorted(lefts[1:], reverse=True)
    assert lefts[0] < lefts[-1]


def test_a_vowel_stands_over_the_middle_of_its_letter():
    canvas = Canvas(612, 792)
    pen = Pen("regular", 10, "0 0 0")

    assert canvas.measure("שָ", pen) == canvas.measure("ש", pen) > 0


def test_chinese_is_broken_between_characters_and_not_before_a_stop():
    taken = {text: wrapped(text, 5, len) for text in ("甲乙丙丁戊己。庚", "ab 甲乙丙丁")}

    assert taken == {
        "甲乙丙丁戊己。庚": ["甲乙丙丁戊", "己。庚"],
        "ab 甲乙丙丁": ["ab 甲乙", "丙丁"],
    }
    assert wrapped("甲乙丙丁。戊", 4, len) == ["甲乙丙", "丁。戊"]


def test_the_packs_of_other_scripts_are_read_when_they_are_needed():
    fontpack.face.cache_clear()
    PdfRenderer().render(a_document(*lines(3)))
    read_for_latin = fontpack.face.cache_info().currsize
    PdfRenderer().render(a_document(a_line("漢")))

    assert (read_for_latin, fontpack.face.cache_info().currsize) == (4, 5)


def test_every_typeface_brings_its_licence():
    assert {file.name for file in FONTS.glob("*LICENSE*")} == {
        "DroidSansFallback-LICENSE.txt",
        "Inter-LICENSE.txt",
        "NotoSans-LICENSE.txt",
        "SourceSerif4-LICENSE.txt",
    }


def test_no_line_begins_with_a_sign_that_belongs_to_the_word_before_it():
    text = "Prix de 1,5 % : « net » ! Payez 12 $ or pay $12"
    lines = [line.replace("\u00a0", " ").rstrip() for line in wrapped(text, 11, len)]

    assert lines == ["Prix de", "1,5 % :", "« net » !", "Payez 12 $", "or pay $12"]
