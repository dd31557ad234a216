"""With reportlab's canvas, its fastest way: same strings, same places."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from chalicelib.domain.document import Document, Emphasis, Row

WIDTH, HEIGHT = 612.0, 792.0
LEFT, RIGHT, BOTTOM = 46.0, 566.0, 50.0
COLUMNS = (RIGHT - 218, RIGHT - 210, RIGHT - 72, RIGHT)
INK, MUTED, HAIR, ACCENT = (0.06, 0.09, 0.16), (0.36, 0.4, 0.47), (0.89, 0.91, 0.94), (0.04, 0.36, 0.31)


def draw(document: Document) -> bytes:
    _fonts()
    file = io.BytesIO()
    sheet = _Sheet(Canvas(file, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1), document)
    _opening(sheet)
    sheet.head()
    for group in document.groups:
        for row in group.rows:
            _row(sheet, row)
    _totals(sheet)
    sheet.finish()
    return file.getvalue()


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont("Plain", "Vera.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", "VeraBd.ttf"))


class _Sheet:
    """A canvas with a cursor; pages are kept until their number is known, as reportlab's own examples do."""

    def __init__(self, canvas: Any, document: Document) -> None:  # noqa: ANN401 - reportlab has no types
        self.canvas, self.document, self.y = canvas, document, HEIGHT
        self.kept: list[dict[str, Any]] = []

    def text(
        self, x: float, text: str, font: str, size: float, color: tuple[float, ...], *, right: bool = False
    ) -> None:
        self.canvas.setFont(font, size)
        self.canvas.setFillColorRGB(*color)
        place: Callable[[float, float, str], None] = self.canvas.drawRightString if right else self.canvas.drawString
        place(x, self.y, text)

    def rule(self) -> None:
        self.canvas.setStrokeColorRGB(*HAIR)
        self.canvas.line(LEFT, self.y, RIGHT, self.y)

    def head(self) -> None:
        columns = self.document.columns
        self.y -= 12
        self.text(LEFT, columns.description, "Plain", 7, MUTED)
        self.text(COLUMNS[0], columns.quantity, "Plain", 7, MUTED, right=True)
        self.text(COLUMNS[1], columns.unit, "Plain", 7, MUTED)
        self.text(COLUMNS[2], columns.unit_price, "Plain", 7, MUTED, right=True)
        self.text(COLUMNS[3], columns.net, "Plain", 7, MUTED, right=True)
        self.y -= 6
        self.rule()

    def next_page(self) -> None:
        self.kept.append(dict(self.canvas.__dict__))
        self.canvas._startPage()  # noqa: SLF001 - the way of reportlab's documented NumberedCanvas
        self.y = HEIGHT - 48
        self.text(LEFT, self.document.brand, "Bold", 8.5, INK)
        self.text(RIGHT, f"{self.document.heading}  ·  {self.document.continued}", "Plain", 8, MUTED, right=True)
        self.y -= 9
        self.rule()

    def finish(self) -> None:
        self.kept.append(dict(self.canvas.__dict__))
        for number, page in enumerate(self.kept, 1):
            self.canvas.__dict__.update(page)
            self.y = 36
            self.rule()
            self.y = 24
            self.text(LEFT, self.document.footer, "Plain", 7, MUTED)
            numbered = self.document.page.format(page=number, pages=len(self.kept))
            self.text(RIGHT, numbered, "Plain", 7, MUTED, right=True)
            self.canvas.showPage()
        self.canvas.save()


def _opening(sheet: _Sheet) -> None:
    document = sheet.document
    sheet.y = HEIGHT - 65
    sheet.canvas.setFillColorRGB(*ACCENT)
    sheet.canvas.roundRect(LEFT, HEIGHT - 80, 36, 36, 7, stroke=0, fill=1)
    sheet.text(LEFT + 46, document.brand, "Bold", 12.5, INK)
    sheet.text(RIGHT, document.title, "Bold", 27, INK, right=True)
    sheet.y -= 15
    sheet.text(RIGHT, document.number, "Plain", 9.5, MUTED, right=True)
    for number, party in enumerate(document.parties):
        sheet.y = HEIGHT - 118
        for line, font in ((party.label, "Plain"), (party.name, "Bold"), *((line, "Plain") for line in party.lines)):
            sheet.text(LEFT + number * 180, line, font, 8.5, INK)
            sheet.y -= 12.5
    if document.panel:
        sheet.canvas.setFillColorRGB(0.91, 0.95, 0.94)
        sheet.canvas.roundRect(LEFT, HEIGHT - 286, RIGHT - LEFT, 88, 10, stroke=0, fill=1)
        for y, text, size in (
            (221, document.panel.label, 7),
            (249, document.panel.amount, 27),
            (267, document.panel.note, 8.5),
        ):
            sheet.y = HEIGHT - y
            sheet.text(LEFT + 20, text, "Bold", size, INK)
    for number, fact in enumerate(document.facts):
        sheet.y = HEIGHT - 308
        sheet.text(LEFT + number * 130, fact.label, "Plain", 7, MUTED)
        sheet.y -= 13.5
        sheet.text(LEFT + number * 130, fact.value, "Plain", 9, INK)
    sheet.y = HEIGHT - 340


def _row(sheet: _Sheet, row: Row) -> None:
    lines = simpleSplit(row.description, "Plain", 8.8, COLUMNS[0] - LEFT - 44)
    if sheet.y - 7.4 - 11.6 * len(lines) < BOTTOM:
        sheet.next_page()
        sheet.head()
    sheet.y -= 12.5
    sheet.text(COLUMNS[0], row.quantity, "Plain", 8.8, INK, right=True)
    sheet.text(COLUMNS[1], row.unit, "Plain", 8.8, MUTED)
    sheet.text(COLUMNS[2], row.unit_price, "Plain", 8.8, INK, right=True)
    sheet.text(COLUMNS[3], row.net, "Bold", 8.8, INK, right=True)
    for number, line in enumerate(lines):
        sheet.y -= 11.6 if number else 0
        sheet.text(LEFT, line, "Plain", 8.8, INK)
    sheet.y -= 6.5
    sheet.rule()


def _totals(sheet: _Sheet) -> None:
    if sheet.y - 20 * len(sheet.document.totals) < BOTTOM:
        sheet.next_page()
    sheet.y -= 16
    for total in sheet.document.totals:
        sheet.y -= 18
        font = "Plain" if total.emphasis is Emphasis.PLAIN else "Bold"
        sheet.text(RIGHT - 236, f"{total.label}  {total.detail}", font, 9, INK)
        sheet.text(RIGHT, total.value, "Bold", 9, INK, right=True)
