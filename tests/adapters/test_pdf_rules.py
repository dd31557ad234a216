"""Every rule of PDF/A-3a and PDF/UA-1 that can be broken by what we draw, on documents that have all there is."""

import io
from dataclasses import replace

import pikepdf
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import Columns, Template
from tests.adapters.archive_rules import broken
from tests.adapters.pdf_samples import SAMPLES, XML, a_sample
from tests.adapters.test_pdf_logo import a_picture, drawn
from tests.adapters.test_pdf_room import IN_TWO_LANGUAGES
from tests.adapters.test_pdf_templates import everything


@pytest.mark.row("C56")
@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "five hundred lines"])
def test_samples_keep_the_rules(name):
    assert broken(PdfRenderer().render(*SAMPLES[name]).pdf) == []


@pytest.mark.row("C56")
@pytest.mark.parametrize("template", Template)
def test_documents_with_all_there_is_keep_the_rules(template):
    whole = everything(template)
    bilingual = a_sample(template, 0, **IN_TWO_LANGUAGES)
    bare = replace(whole, columns=Columns(description="Description"), totals=(), schedule=None, passages=(), facts=())

    assert [broken(PdfRenderer().render(each, (XML,)).pdf) for each in (whole, bilingual, bare)] == [[], [], []]
    assert broken(drawn(a_picture(), template)) == broken(drawn(a_picture(kind="JPEG", mode="L"), template)) == []


def _first(file, role):
    return next(each for each in file.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == role)


def _without_flags(file):
    file.pages[0].Annots[0].F = 0


def _without_words(file):
    del _first(file, "/Figure").Alt


def _without_scope(file):
    del _first(file, "/TH").A


def _without_order(file):
    del file.pages[0].Tabs


def _in_no_language(file):
    file.Root.Lang = pikepdf.String("")


def _with_a_script(file):
    file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def _without_title(file):
    metadata = file.Root.Metadata.read_bytes().replace(b"dc:title", b"dc:rights")
    file.Root.Metadata = pikepdf.Stream(file, metadata, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def _with_other_widths(file):
    next(iter(file.pages[0].Resources.Font.values())).DescendantFonts[0].W = pikepdf.Array([1, pikepdf.Array([1])])


def _with_two_titles(file):
    _first(file, "/H2").S = pikepdf.Name.H1


def _with_a_row_in_a_paragraph(file):
    _first(file, "/P").K = pikepdf.Array([_first(file, "/TR")])


def _not_attached(file):
    del file.Root.AF


@pytest.mark.parametrize(
    ("damaged", "rule"),
    [
        (_without_flags, "6.3.2"),
        (_without_words, "7.3-1"),
        (_without_scope, "7.5-1"),
        (_without_order, "7.18.3"),
        (_in_no_language, "6.7.4"),
        (_with_a_script, "6.2.8"),
        (_without_title, "6.6.4"),
        (_with_other_widths, "6.2.11.5"),
        (_with_two_titles, "7.4.2"),
        (_with_a_row_in_a_paragraph, "7.2-4"),
        (_not_attached, "6.8-4"),
    ],
)
def test_a_rule_that_is_broken_is_named(damaged, rule):
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(PdfRenderer().render(everything(Template.MODERN), (XML,)).pdf)) as file:
        damaged(file)
        file.save(saved, static_id=True)

    assert rule in " ".join(broken(saved.getvalue()))
