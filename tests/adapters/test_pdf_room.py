"""Room for all that is said, in two languages as well: nothing lies on anything else, is cut off or too small."""

import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import (
    Columns,
    Emphasis,
    Fact,
    Group,
    Instalment,
    Panel,
    Paper,
    Passage,
    Row,
    Schedule,
    Standing,
    Template,
    Total,
)
from tests.adapters.documents import plain
from tests.adapters.pdf_samples import ONLINE, SAMPLES, a_sample
from tests.adapters.reading import read

NEAR_THE_EDGE = 10
"""Points that printers do not reach."""
LEAST = 5.5
"""Points."""
LATE = "Plus de 90 jours de retard / More than 90 days late"
REGISTERED = [f"TPS / GST {number} RT0001" for number in range(9)]
FOOT = "  ·  ".join(["Ouvert tous les jours / Open every day " * 5, *REGISTERED])
IN_TWO_LANGUAGES = {
    "title": "Facture d\N{RIGHT SINGLE QUOTATION MARK}acompte / Deposit invoice",
    "number": "Nº / No. ATELIER-DU-PLATEAU-2026-00042",
    "stamp": "ANNULÉ / CANCELLED",
    "panel": Panel(
        label="Versement à payer / Instalment due",
        amount="100 019 179 744,97 $",
        note="au plus tard le / by 2026-12-21  ·  Solde total / Total balance 333 397 265 816,56 $  ·  Merci / Thanks",
        action="Payer en ligne / Pay online",
        scan="Ou balayez ce code / Or scan this code",
    ),
    "facts": (
        Fact(label="Mode de paiement / Means of payment", value="Virement bancaire / Bank transfer"),
        Fact(label="Facture corrigée / Invoice corrected", value="2026-00042"),
        Fact(label="Bon de commande / Purchase order", value="BC-2026-118"),
    ),
    "columns": Columns(
        day="Échéance / Due date",
        description="Pour / For",
        quantity="Total de la facture / Invoice total",
        unit_price="Solde à payer / Balance due",
        net="Payé par ce paiement / Paid by this payment",
    ),
    "groups": (
        Group(
            rows=(
                Row(
                    day="2026-10-01",
                    description="Facture / Invoice 2026-00042",
                    detail="Émise le / Issued 2026-11-21",
                    quantity="11 355,39 $",
                    unit_price="11 355,39 $",
                    net="2 400,00 $",
                ),
            )
        ),
    ),
    "totals": (
        Total(label="Factures à payer / Invoices to be paid", value="2 670,00 $", emphasis=Emphasis.STRONG),
        Total(label="Reste de ce paiement / Left of this payment", value="2 640,00 $", emphasis=Emphasis.FINAL),
    ),
    "schedule": Schedule(
        title="Montants à payer par ancienneté / What is open, by age of each amount",
        instalments=(
            Instalment(
                label=LATE,
                detail="30 jours après la facture / 30 days after the invoice",
                amount="1 090,00 $",
                state="À venir / Upcoming",
                standing=Standing.UPCOMING,
                share=500,
            ),
        ),
    ),
    "footer": FOOT,
    **ONLINE,
}


def laid_out(document):
    """What lies on something else, beyond what a printer reaches, or is smaller than can be read."""
    pdf = PdfRenderer().render(document).pdf
    file = pypdfium2.PdfDocument(pdf)
    found = [wrong for page in file for wrong in _crossing(page)]
    file.close()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        parsed = [step for page in opened.pages for step in pikepdf.parse_content_stream(page)]
    return found + [float(size) for (_, size), operator in _fonts(parsed) if float(size) < LEAST]


def _fonts(parsed):
    return [(operands, operator) for operands, operator in parsed if str(operator) == "Tf"]


def _crossing(page):
    width, height = page.get_size()
    layer = page.get_textpage()
    places = [layer.get_rect(number) for number in range(layer.count_rects())]
    said = [(place, layer.get_text_bounded(*place)) for place in places]
    layer.close()
    for number, ((left, bottom, right, top), text) in enumerate(said):
        if min(left, bottom, width - right, height - top) < NEAR_THE_EDGE:
            yield text
        for (other_left, other_bottom, other_right, other_top), other in said[number + 1 :]:
            if min(right, other_right) - max(left, other_left) > 1 < min(top, other_top) - max(bottom, other_bottom):
                yield text, other


@pytest.mark.row("H42", "K17")
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("template", Template)
def test_two_languages_have_room_beside_each_other(template, paper):
    document = a_sample(template, 0, paper=paper, **IN_TWO_LANGUAGES)

    assert laid_out(document) == []


@pytest.mark.parametrize("template", Template)
def test_of_two_languages_nothing_is_left_out(template):
    document = a_sample(template, 0, **IN_TWO_LANGUAGES)
    columns, (row,) = document.columns, document.groups[0].rows
    said = [document.title, document.number, document.stamp, document.schedule.title, LATE]
    said += [columns.day, columns.description, columns.quantity, columns.unit_price, columns.net, row.description]
    said += [text for fact in document.facts for text in (fact.label, fact.value)]
    said += [text for total in document.totals for text in (total.label, total.value)]
    said += [document.panel.label, document.panel.amount, *document.panel.note.split("  ·  "), document.panel.scan]
    said += [document.schedule.instalments[0].detail, document.schedule.instalments[0].state]
    heard = plain(read(PdfRenderer().render(document).pdf).text)

    assert [text for text in said if plain(text) not in heard] == []


@pytest.mark.parametrize("template", Template)
def test_a_long_foot_is_on_every_page_and_takes_its_room(template):
    document = a_sample(template, 60, footer=FOOT)

    assert [(page, each) for page in _pages(document) for each in REGISTERED if each not in page] == []
    assert laid_out(document) == []


@pytest.mark.parametrize("name", [name for name, (document, _) in SAMPLES.items() if len(document.groups[0].rows) < 99])
def test_nothing_lies_on_anything_else(name):
    assert laid_out(SAMPLES[name][0]) == []


@pytest.mark.parametrize("template", Template)
def test_what_is_to_be_paid_never_stands_on_a_page_without_a_line(template):
    for count in range(8, 60, 3):
        texts = _pages(a_sample(template, count))
        totalled = next(text for text in texts if "Total à payer" in text)
        assert "Prix" in totalled, count


def _pages(document):
    file = pypdfium2.PdfDocument(PdfRenderer().render(document).pdf)
    texts = [plain(page.get_textpage().get_text_range()) for page in file]
    file.close()
    return texts


@pytest.mark.parametrize("template", Template)
def test_a_table_of_nothing_but_descriptions_is_still_a_grid(template):
    rows = (Row(description="Chauffe-eau"),)
    document = a_sample(template, 0, columns=Columns(description="Description"), groups=(Group(title="A", rows=rows),))
    (table, *_) = read(PdfRenderer().render(replace(document, totals=())).pdf).of("Table")

    assert [[cell.span for cell in row.parts] for row in table.parts] == [[1], [1], [1]]


@pytest.mark.parametrize("template", Template)
def test_long_passages_go_through_two_columns_and_nothing_of_them_is_lost(template):
    clauses = tuple(f"Clause {number}. {'Les travaux sont garantis un an. ' * 9}" for number in range(60))
    passages = (Passage(title="Notes", paragraphs=clauses[:9]), Passage(title="Conditions", paragraphs=clauses[9:]))
    document = a_sample(template, 2, passages=passages)
    heard = plain(read(PdfRenderer().render(document).pdf).text)
    file = pypdfium2.PdfDocument(PdfRenderer().render(document).pdf)
    last = file[len(file) - 1]
    layer = last.get_textpage()
    places = [layer.get_rect(number) for number in range(layer.count_rects())]
    layer.close()
    lowest = [min(bottom for left, bottom, *_ in places if bottom > 90 and (left > 300) == beside) for beside in (0, 1)]
    file.close()

    said = [plain(text) for passage in passages for text in (passage.title, *passage.paragraphs)]
    assert " ".join(said) in heard
    assert laid_out(document) == []
    assert abs(lowest[0] - lowest[1]) < 60


@pytest.mark.parametrize("template", Template)
def test_a_few_words_stand_beside_the_totals_rather_than_on_a_page_of_their_own(template):
    for count in range(8, 34, 2):
        (place,) = [text for text in _pages(a_sample(template, count)) if "Conditions" in text]
        assert "Total à payer" in place, count
