"""With reportlab's layout engine: paragraphs and a long table that repeats its heading."""
# ruff: noqa: ANN401 - reportlab has no types

import io
from functools import cache
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from chalicelib.domain.document import Document
from infra.bench.printers.fonts import BOLD, PLAIN

HAIR = (0.89, 0.91, 0.94)


def draw(document: Document) -> bytes:
    styles = _styles()
    file = io.BytesIO()
    sheet = SimpleDocTemplate(file, pagesize=(612, 792), leftMargin=46, rightMargin=46, topMargin=48, bottomMargin=50)
    sheet.build(
        [*_opening(document, styles), _table(document, styles), Spacer(0, 16), _totals(document)], canvasmaker=_Numbered
    )
    return file.getvalue()


@cache
def _styles() -> dict[str, Any]:
    pdfmetrics.registerFont(TTFont("PlatypusPlain", str(PLAIN)))
    pdfmetrics.registerFont(TTFont("PlatypusBold", str(BOLD)))
    return {
        "plain": ParagraphStyle("plain", fontName="PlatypusPlain", fontSize=8.8, leading=11.6),
        "title": ParagraphStyle("title", fontName="PlatypusBold", fontSize=27, leading=32),
    }


def _opening(document: Document, styles: dict[str, Any]) -> list[Any]:
    said = [document.title, document.number, document.brand]
    said += [text for party in document.parties for text in (party.label, party.name, *party.lines)]
    said += [document.panel.label, document.panel.amount, document.panel.note] if document.panel else []
    said += [f"{fact.label} {fact.value}" for fact in document.facts]
    return [Paragraph(text, styles["plain" if number else "title"]) for number, text in enumerate(said)]


def _table(document: Document, styles: dict[str, Any]) -> Any:
    columns = document.columns
    head = [columns.description, columns.quantity, columns.unit, columns.unit_price, columns.net]
    rows = [
        [Paragraph(row.description, styles["plain"]), row.quantity, row.unit, row.unit_price, row.net]
        for group in document.groups
        for row in group.rows
    ]
    style = [
        ("FONT", (0, 0), (-1, -1), "PlatypusPlain", 8.8),
        ("FONT", (-1, 1), (-1, -1), "PlatypusBold", 8.8),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, HAIR),
    ]
    return LongTable([head, *rows], colWidths=[258, 50, 40, 86, 86], repeatRows=1, style=TableStyle(style))


def _totals(document: Document) -> Any:
    rows = [[f"{total.label}  {total.detail}", total.value] for total in document.totals]
    style = [("FONT", (0, 0), (-1, -1), "PlatypusBold", 9), ("ALIGN", (1, 0), (1, -1), "RIGHT")]
    return LongTable(rows, colWidths=[160, 76], hAlign="RIGHT", style=TableStyle(style))


class _Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Pages are kept until their number is known, as reportlab's own examples do."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self.setFont("PlatypusPlain", 7)
            self.drawRightString(566, 24, f"Page {number} de {len(self._kept)}")
            super().showPage()
        super().save()
