"""Where drawing stands: the page, the height reached on it, and what every following page begins with."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

from chalicelib.adapters.pdf.canvas import Align, Canvas, Pen, Rect
from chalicelib.adapters.pdf.colours import readable, shade, tinted
from chalicelib.adapters.pdf.wrapping import wrapped
from chalicelib.domain.document import Document, Paper

SIZES = {Paper.LETTER: (612.0, 792.0), Paper.A4: (595.28, 841.89)}
MARGIN = 46.0
FOOT = 50.0
TOP = 70.0


INK, TEXT, MUTED, HAIR, LINE, WHITE = map(shade, ("#0f172a", "#334155", "#5b6779", "#e2e8f0", "#94a3b8", "#ffffff"))
ALERT = shade("#9a3412")
LABEL = Pen("medium", 7, MUTED, 0.15)
BODY = Pen("regular", 8.8, TEXT)
SMALL = Pen("regular", 7.4, MUTED)
PLAIN = Pen("regular", 8, MUTED)
STRONG = Pen("semibold", 9, INK)


class Flow:
    """The cursor of one document.

    y: how far down the page drawing has come; it grows.
    """

    def __init__(self, canvas: Canvas, document: Document) -> None:
        self.canvas, self.document = canvas, document
        self.left, self.right = MARGIN, canvas.width - MARGIN
        self.bottom = canvas.height - FOOT
        self.accent, self.soft = readable(document.accent), tinted(document.accent, 0.93)
        self.medium = tinted(document.accent, 0.7)
        self.page, self.y = 0, 0.0
        canvas.turn_to(0)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def fresh(self) -> float:
        """The height of an empty page."""
        return self.bottom - TOP

    def fits(self, height: float) -> bool:
        return self.y + height <= self.bottom

    def place(self) -> tuple[int, float]:
        return self.page, self.y

    def go_to(self, place: tuple[int, float]) -> None:
        self.page, self.y = place
        self.canvas.turn_to(self.page)

    def make_room(self, height: float, then: Callable[[], None] = lambda: None) -> None:
        """Go on to the next page unless the height is left on this one; ``then`` begins it."""
        if not self.fits(height):
            self.next_page()
            then()

    def next_page(self) -> None:
        new = self.page + 1 == self.canvas.pages
        self.go_to((self.page + 1, TOP))
        if new:
            self._running_heading()

    def fitted(self, text: str, pen: Pen, width: float) -> Pen:
        """The pen, as much smaller as the text needs to keep within a width."""
        taken = self.canvas.measure(text, pen)
        return pen if taken <= width else replace(pen, size=int(pen.size * width / taken * 10) / 10)

    def lines(self, text: str, pen: Pen, width: float) -> list[str]:
        composed = text if text.isascii() else unicodedata.normalize("NFC", text)  # as it will be drawn
        return wrapped(composed, width, self.canvas.measuring(pen))

    def write(self, x: float, lines: list[str], pen: Pen, *, leading: float, width: float = 0) -> None:
        """Lines under each other; with a width they end at its right edge. Breaks pages where it must."""
        for line in lines:
            self.make_room(leading)
            self.y += leading
            self.canvas.text(x + width, self.y, line, pen, align=Align.RIGHT if width else Align.LEFT)

    def _running_heading(self) -> None:
        document, canvas = self.document, self.canvas
        heading = f"{document.heading}  ·  {document.continued}"
        canvas.text(self.right, 48, heading, PLAIN, align=Align.RIGHT)
        pen = Pen("semibold", 8.5, INK)
        first, *others = self.lines(document.brand, pen, self.width - canvas.measure(heading, PLAIN) - 30)
        canvas.text(self.left, 48, f"{first}…" if others else first, pen)
        canvas.rule(self.left, 57, self.right, color=HAIR)


def footed(flow: Flow) -> None:
    """Draw the foot of every page; now their number is known."""
    canvas, document = flow.canvas, flow.document
    pen = Pen("regular", 7, MUTED)
    y = canvas.height - 36
    for page in range(canvas.pages):
        canvas.turn_to(page)
        canvas.rule(flow.left, y, flow.right, color=HAIR)
        numbered = document.page.format(page=page + 1, pages=canvas.pages)
        canvas.text(flow.right, y + 12, numbered, pen, align=Align.RIGHT)
        room = flow.width - canvas.measure(numbered, pen) - 20
        for number, line in enumerate(flow.lines(document.footer, pen, room)[:2]):
            canvas.text(flow.left, y + 12 + 9 * number, line, pen)


def boxed(flow: Flow, rect: Rect, text: str, pen: Pen, *, fill: str) -> None:
    """A word in the middle of a filled, rounded box."""
    flow.canvas.box(rect, fill=fill, radius=7)
    middle = rect.y + rect.height / 2 + pen.size * 0.36
    flow.canvas.text(rect.x + rect.width / 2, middle, text, pen, align=Align.CENTRE)
