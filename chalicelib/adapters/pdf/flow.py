"""Where drawing stands: the page, the height reached on it, and what every following page begins with."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import segno

from chalicelib.adapters.pdf.canvas import Align, Canvas, Pen, Rect
from chalicelib.adapters.pdf.colours import HAIR, INK, SOFT, readable, tinted
from chalicelib.adapters.pdf.looks import LOOKS
from chalicelib.adapters.pdf.measures import Sheet
from chalicelib.adapters.pdf.structure import UNNUMBERED, Structure
from chalicelib.adapters.pdf.wrapping import wrapped
from chalicelib.domain.document import Document, Paper
from chalicelib.domain.logo import Picture

DOT = "  ·  "
"""Between the parts of a note."""
MOST_FOOT = 8
"""Lines of a foot, for which a page gives up some of its room."""
MANY = 888
"""As wide as the number of a page may be."""
BETWEEN = " / "
"""Between the two languages of a label."""

SIZES = {Paper.LETTER: (612.0, 792.0), Paper.A4: (595.28, 841.89)}


class Flow:
    """The cursor of one document.

    y: how far down the page drawing has come; it grows. logo: the document's, where its file could be read.
    """

    def __init__(self, canvas: Canvas, document: Document, logo: Picture | None = None) -> None:
        self.canvas, self.document, self.logo = canvas, document, logo
        self.look = LOOKS[document.template]
        self.left, self.right = self.look.sheet.margin, canvas.width - self.look.sheet.margin
        self.foot = footing(canvas, document, self.look.sheet, self.width)
        self.bottom = canvas.height - self.look.sheet.foot - _more_foot(self)
        self.accent, self.soft = readable(document.accent), tinted(document.accent, SOFT)
        self.medium = tinted(document.accent, 0.7)
        self.page, self.y = 0, 0.0
        self.within, self.apart = canvas.structure.within, canvas.structure.apart
        canvas.turn_to(0)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def fresh(self) -> float:
        """The height of an empty page."""
        return self.bottom - self.look.sheet.top

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
        self.go_to((self.page + 1, self.look.sheet.top))
        if new:
            with self.apart():
                self._running_heading()

    def fitted(self, text: str, pen: Pen, width: float) -> Pen:
        """The pen, as much smaller as the text needs to keep within a width."""
        taken = self.canvas.measure(text, pen)
        return pen if taken <= width else replace(pen, size=int(pen.size * width / taken * 10) / 10)

    def lines(self, text: str, pen: Pen, width: float) -> list[str]:
        if "\n" not in text and "\t" not in text and self.canvas.measure(text, pen) <= width:
            return [text]
        composed = text if text.isascii() else unicodedata.normalize("NFC", text)  # as it will be drawn
        return wrapped(composed, width, self.canvas.measuring(pen))

    def broken(self, label: str, pen: Pen, width: float) -> list[str]:
        """The lines of a label: one, or broken between its languages before it is broken within one."""
        if BETWEEN not in label or self.canvas.measure(label, pen) <= width:
            return self.lines(label, pen, width)
        first, second = label.split(BETWEEN, 1)
        *before, last = self.lines(f"{first}\u00a0/", pen, width)
        return [*before, f"{last} ", *self.lines(second, pen, width)]

    def write(self, x: float, lines: list[str], pen: Pen, *, leading: float, width: float = 0) -> None:
        """Lines under each other; with a width they end at its right edge. Breaks pages where it must."""
        for line in lines:
            self.make_room(leading)
            self.y += leading
            self.canvas.text(x + width, self.y, line, pen, align=Align.RIGHT if width else Align.LEFT)

    def _running_heading(self) -> None:
        document, canvas, sheet = self.document, self.canvas, self.look.sheet
        heading = f"{document.heading}  ·  {document.continued}"
        canvas.text(self.right, sheet.heading, heading, sheet.beside, align=Align.RIGHT)
        room = self.width - canvas.measure(heading, sheet.beside) - 30
        first, *others = self.lines(document.brand, sheet.brand, room)
        canvas.text(self.left, sheet.heading, f"{first.rstrip()}…" if others else first, sheet.brand)
        canvas.rule(self.left, sheet.heading + sheet.ruled, self.right, color=HAIR)


def joined(canvas: Canvas, parts: Sequence[str], between: str, pen: Pen, width: float) -> list[str]:
    """As many parts on a line as it takes; one that is longer than a line is broken."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{between}{part}" if lines else part
        if lines and canvas.measure(longer, pen) <= width:
            lines[-1] = longer
        else:
            lines += wrapped(part, width, canvas.measuring(pen))
    return lines


def footing(canvas: Canvas, document: Document, sheet: Sheet, width: float) -> list[str]:
    """The lines at the foot of every page, beside their number."""
    numbered = 0 if sheet.centred else canvas.measure(document.page.format(page=MANY, pages=MANY), sheet.footer) + 20
    lines = joined(canvas, document.footer.split(DOT), DOT, sheet.footer, width - numbered)
    return lines if len(lines) <= MOST_FOOT else [*lines[: MOST_FOOT - 1], f"{lines[MOST_FOOT - 1].rstrip()} …"]


def _more_foot(flow: Flow) -> float:
    """What the foot takes that is longer than a template foresees."""
    return max(len(flow.foot) - flow.look.sheet.foot_lines, 0) * flow.look.sheet.foot_leading


def footed(flow: Flow) -> None:
    """Draw the foot of every page; now their number is known."""
    canvas, document, sheet = flow.canvas, flow.document, flow.look.sheet
    y = canvas.height - sheet.footed - _more_foot(flow)
    for page in range(canvas.pages):
        canvas.turn_to(page)
        canvas.rule(flow.left, y, flow.right, color=HAIR)
        numbered = document.page.format(page=page + 1, pages=canvas.pages)
        with flow.apart():
            if sheet.centred:
                _centred(flow, y, numbered)
            else:
                _in_one_row(flow, y, numbered)


def _in_one_row(flow: Flow, y: float, numbered: str) -> None:
    canvas, pen = flow.canvas, flow.look.sheet.footer
    canvas.text(flow.right, y + 5 + pen.size, numbered, pen, align=Align.RIGHT)
    for number, line in enumerate(flow.foot):
        canvas.text(flow.left, y + 5 + pen.size + flow.look.sheet.foot_leading * number, line, pen)


def _centred(flow: Flow, y: float, numbered: str) -> None:
    pen, middle = flow.look.sheet.footer, (flow.left + flow.right) / 2
    for line in [*flow.foot, numbered]:
        y += flow.look.sheet.foot_leading
        flow.canvas.text(middle, y, line, pen, align=Align.CENTRE)


def branded(flow: Flow, x: float, y: float, *, width: float, height: float) -> float:
    """Draw the logo as large as it fits into a place; answers the width taken, none without a logo."""
    if flow.logo is None:
        return 0
    scale = min(width / flow.logo.width, height / flow.logo.height)
    taken, high = flow.logo.width * scale, flow.logo.height * scale
    flow.canvas.image(Rect(x, y + (height - high) / 2, taken, high), flow.logo, said=flow.document.brand)
    return taken


def boxed(flow: Flow, rect: Rect, text: str, pen: Pen, *, fill: str, radius: float = 7) -> None:
    """A word in the middle of a filled, rounded box."""
    flow.canvas.box(rect, fill=fill, radius=radius)
    middle = rect.y + rect.height / 2 + pen.size * 0.36
    flow.canvas.text(rect.x + rect.width / 2, middle, text, pen, align=Align.CENTRE)


def note_lines(flow: Flow, note: str, pen: Pen, width: float) -> list[str]:
    """The lines of a note: one, or broken where its parts meet."""
    if flow.canvas.measure(note, pen) <= width:
        return [note] if note else []
    parts = [flow.lines(part, pen, width) for part in note.split(DOT)]
    for part in parts[:-1]:
        part[-1] += " "  # so that whoever reads it out does not join them
    return [line for part in parts for line in part]


def linked(flow: Flow, rect: Rect) -> None:
    """Let a place lead to the page to pay."""
    flow.canvas.link(rect, flow.document.pay_url, said=_invitation(flow.document))


def coded(flow: Flow, x: float, y: float, size: float) -> None:
    """The QR code that leads to the page to pay."""
    place = Rect(x, y, size, size)
    with flow.within("P"), flow.within("Link"):
        with flow.canvas.picture(place, _invitation(flow.document)):
            flow.canvas.squares(x, y, size, _pattern(flow.document.pay_url), color=INK)
        linked(flow, place)


@lru_cache(256)
def _pattern(url: str) -> tuple[bytearray, ...]:
    """Kept, for it takes longer than all else, and the same invoice is drawn, mailed and reminded of."""
    return segno.make(url, error="m", micro=False).matrix


def _invitation(document: Document) -> str:
    action = document.panel.action if document.panel else ""
    return f"{action} ({document.pay_url})"


def listed(flow: Flow) -> Structure:
    """For a ``with``: a list of facts."""
    return flow.within("L", UNNUMBERED)
