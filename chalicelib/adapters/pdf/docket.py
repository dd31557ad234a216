"""How a compact document begins: who and for whom at the left, what, when and how much in a box at the right."""

from dataclasses import replace

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.colours import ALERT, INK, MUTED, TEXT, WHITE
from chalicelib.adapters.pdf.flow import Flow, boxed, branded, coded, linked, listed, note_lines
from chalicelib.domain.document import Fact, Panel, Party

BRAND = Pen("semibold", 11.5, INK)
NOTE = Pen("regular", 7, MUTED)
TITLE = Pen("display", 15, INK, -0.15)
NUMBER = Pen("medium", 8.4, MUTED)
LABEL = Pen("medium", 6.2, MUTED, 0.12)
NAME = Pen("semibold", 7.8, INK)
ADDRESS = Pen("regular", 7.4, TEXT)
FACT = Pen("medium", 7.4, INK)
ACTION = Pen("semibold", 7.4, WHITE)
AMOUNT = Pen("display", 14, INK, -0.1)
STAMP = Pen("semibold", 6.6, ALERT, 0.3)
BOX, PAD, GAP = 216.0, 9.0, 16.0
WIDEST_FACT = 124.0
TILE, WIDEST_LOGO = 22.0, 80.0
FACT_HEIGHT = 11.4
TITLED = 0.6
"""As much of the width as the title and what goes with it may take."""
QR = 44.0
PARTIES_IN_A_ROW = 2


def opened(flow: Flow) -> None:
    _masthead(flow)
    start = flow.place()
    _parties(flow)
    end = flow.place()
    flow.go_to(start)
    _box(flow)
    flow.go_to(max(end, flow.place()))


def _masthead(flow: Flow) -> None:
    document, canvas, top = flow.document, flow.canvas, 28.0
    left = _titled(flow, top)
    x = flow.left + _tile(flow, top)
    room = left - 20 - x
    flow.y = top + (-1.5 if document.brand_note else 3.5)
    with flow.within("P"):
        flow.write(x, flow.lines(document.brand, BRAND, room), BRAND, leading=12)
    with flow.within("P"):
        flow.write(x, flow.lines(document.brand_note, NOTE, room) if document.brand_note else [], NOTE, leading=10)
    flow.y = max(flow.y + 3, top + TILE) + 7
    canvas.rule(flow.left, flow.y, flow.right, color=flow.accent, width=1.2)
    flow.y += 12


def _titled(flow: Flow, top: float) -> float:
    """Title, stamp and number in one row that ends at the right edge, or in two; answers where they begin."""
    document, canvas = flow.document, flow.canvas
    numbered = flow.right - (canvas.measure(document.number, NUMBER) + 8 if document.number else 0)
    stamped = numbered - (canvas.measure(document.stamp, STAMP) + 10 + 8 if document.stamp else 0)
    in_two = flow.right - stamped + canvas.measure(document.title, TITLE) > flow.width * TITLED
    right, y, below = (flow.right, top + 9.5, top + 21.5) if in_two else (stamped, top + 15.5, top + 15.5)
    title = flow.fitted(document.title, TITLE, flow.width * TITLED)
    with flow.within("H1"):
        canvas.text(right, y, document.title, title, align=Align.RIGHT)
    if document.stamp:
        _stamp(flow, numbered, below)
    with flow.within("P"):
        canvas.text(flow.right, below, document.number, NUMBER, align=Align.RIGHT)
    return min(right - canvas.measure(document.title, title), stamped)


def _tile(flow: Flow, top: float) -> float:
    """The business's logo, or its initials where there is none; answers the width taken."""
    if logo := branded(flow, flow.left, top, width=WIDEST_LOGO, height=TILE):
        return logo + 8
    pen = Pen("display", 9.5, WHITE)
    if not flow.document.monogram or not flow.canvas.has_glyphs(flow.document.monogram, pen):
        return 0
    with flow.apart():
        boxed(flow, Rect(flow.left, top, TILE, TILE), flow.document.monogram, pen, fill=flow.accent, radius=4)
    return TILE + 8


def _stamp(flow: Flow, right: float, y: float) -> None:
    width = flow.canvas.measure(flow.document.stamp, STAMP) + 10
    flow.canvas.frame(Rect(right - width, y - 8.4, width, 11.4), color=ALERT, width=0.7, radius=3)
    with flow.within("P"):
        flow.canvas.text(right - width + 5, y - 0.4, flow.document.stamp, STAMP)


def _parties(flow: Flow) -> None:
    parties = flow.document.parties
    width = (flow.width - BOX - PARTIES_IN_A_ROW * GAP) / PARTIES_IN_A_ROW
    for first in range(0, len(parties), PARTIES_IN_A_ROW):
        start, ends = flow.place(), []
        for number, party in enumerate(parties[first : first + PARTIES_IN_A_ROW]):
            flow.go_to(start)
            _party(flow, party, flow.left + number * (width + GAP), width)
            ends.append(flow.place())
        flow.go_to(max(ends))
        flow.y += 8


def _party(flow: Flow, party: Party, x: float, width: float) -> None:
    with flow.within("H2"):
        flow.write(x, [party.label], LABEL, leading=6)
    flow.y += 1.5
    with flow.within("P"):
        flow.write(x, flow.lines(party.name, NAME, width), NAME, leading=10)
    for line in party.lines:
        with flow.within("P"):
            flow.write(x, flow.lines(line, ADDRESS, width), ADDRESS, leading=9.4)


def _box(flow: Flow) -> None:
    """Dates, and what is asked of the reader."""
    document, canvas, left, top = flow.document, flow.canvas, flow.right - BOX, flow.y - 2
    facts = [_said(flow, fact) for fact in document.facts]
    height = 2 * PAD - 3 + sum(FACT_HEIGHT + (max(map(len, both)) - 1) * 9.4 for both in facts)
    height += _panel_height(flow, document.panel) if document.panel else 0
    if not facts and not document.panel:
        return
    canvas.box(Rect(left, top, BOX, height), fill=flow.soft, radius=5)
    flow.y = top + PAD - 2
    with listed(flow):
        for labels, lines in facts:
            _fact(flow, labels, lines, left)
    if document.panel:
        _panel(flow, document.panel, left)
    flow.y = top + height + 6


def _said(flow: Flow, fact: Fact) -> tuple[list[str], list[str]]:
    """The lines of a fact's label, and of its value, which has the first claim on the room."""
    room = BOX - 2 * PAD - 10
    labels = flow.broken(fact.label, NOTE, room - min(flow.canvas.measure(fact.value, FACT), WIDEST_FACT))
    return labels, flow.broken(fact.value, FACT, room - flow.canvas.widest(labels, NOTE))


def _fact(flow: Flow, labels: list[str], lines: list[str], left: float) -> None:
    with flow.within("LI"):
        with flow.within("Lbl"):
            for number, line in enumerate(labels):
                flow.canvas.text(left + PAD, flow.y + 8 + number * 9.4, line, NOTE)
        with flow.within("LBody"):
            for number, line in enumerate(lines):
                flow.canvas.text(flow.right - PAD, flow.y + 8 + number * 9.4, line, FACT, align=Align.RIGHT)
    flow.y += FACT_HEIGHT + (max(len(labels), len(lines)) - 1) * 9.4


def _panel_height(flow: Flow, panel: Panel) -> float:
    amount = 0 if _is_beside(flow, panel) else 16
    return 24 + amount + len(_note(flow, panel)) * 9 + (QR + 8 if flow.document.pay_url else 0)


def _is_beside(flow: Flow, panel: Panel) -> bool:
    """Whether the label leaves room for the amount."""
    taken = flow.canvas.measure(panel.label, NAME) + flow.canvas.measure(panel.amount, AMOUNT)
    return taken + 10 <= BOX - 2 * PAD


def _note(flow: Flow, panel: Panel) -> list[str]:
    return note_lines(flow, panel.note, NOTE, BOX - 2 * PAD)


def _panel(flow: Flow, panel: Panel, left: float) -> None:
    canvas, x, right, y = flow.canvas, left + PAD, flow.right - PAD, flow.y + 4
    canvas.rule(x, y, right, color=flow.medium, width=0.6)
    with flow.within("H2"):
        canvas.text(x, y + 14.5, panel.label, NAME)
    y += 0 if _is_beside(flow, panel) else 16
    amount = flow.fitted(panel.amount, replace(AMOUNT, color=flow.accent), BOX - 2 * PAD)
    with flow.within("P"):
        canvas.text(right, y + 15.5, panel.amount, amount, align=Align.RIGHT)
    y += 16
    with flow.within("P"):
        for line in _note(flow, panel):
            y += 9
            canvas.text(right, y, line, NOTE, align=Align.RIGHT)
    if flow.document.pay_url:
        _online(flow, panel, x, y + 8)


def _online(flow: Flow, panel: Panel, x: float, y: float) -> None:
    canvas, left = flow.canvas, flow.right - PAD - QR
    words = f"{panel.action}  →"
    button = Rect(x, y + 8, canvas.measure(words, ACTION) + 20, 17)
    with flow.within("P"), flow.within("Link"):
        boxed(flow, button, words, ACTION, fill=flow.accent, radius=4)
        linked(flow, button)
    with flow.within("P"):
        canvas.text(x, y + 36, panel.scan, NOTE)
    canvas.box(Rect(left - 3, y - 3, QR + 6, QR + 6), fill=WHITE, radius=3)
    coded(flow, left, y, QR)
