"""Letters that no typeface of ours has: drawn as boxes that keep to their column, and reported."""

import pypdfium2

from chalicelib.adapters.pdf import PdfRenderer
from tests.adapters.documents import a_document, a_line


def drawn(text):
    """The text of the first page, how far right its last character ends, and what was missing."""
    rendering = PdfRenderer().render(a_document(a_line(text)))
    file = pypdfium2.PdfDocument(rendering.pdf)
    layer = file[0].get_textpage()
    right = max(layer.get_charbox(place)[2] for place in range(layer.count_chars()))
    text = layer.get_text_range()
    layer.close()
    file.close()
    return text, right, rendering.missing_glyphs


def test_a_line_of_letters_without_glyphs_breaks_where_its_column_ends():
    text, right, missing = drawn("ไ" * 255)

    assert text.count("□") == 255
    assert right <= 612 - 46 + 1
    assert missing == ("ไ",)


def test_marks_without_a_glyph_leave_their_letter_to_be_read():
    text, _, missing = drawn("Zq\N{COMBINING ENCLOSING CIRCLE}xy")

    assert "Zqxy" in text
    assert missing == ("\N{COMBINING ENCLOSING CIRCLE}",)


def test_a_text_with_its_accents_apart_breaks_as_the_same_text_composed():
    composed, _, _ = drawn("é" * 200)
    apart, _, missing = drawn("e\N{COMBINING ACUTE ACCENT}" * 200)

    assert apart == composed
    assert missing == ()
