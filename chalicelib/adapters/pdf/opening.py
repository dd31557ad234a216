"""How a modern document begins: whose it is, what it is, for whom, and what is asked of the reader."""

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.colours import ALERT, INK, MUTED, TEXT, WHITE
from chalicelib.adapters.pdf.flow import Flow, boxed, branded, coded, linked, listed, note_lines
from chalicelib.adapters.pdf.looks import LABEL, PLAIN, STRONG
from chalicelib.domain.document import Fact, Panel, Party

TILE, WIDEST_LOGO = 36.0, 130.0
PANEL_HEIGHT = 88.0
QR = 64.0
GAP = 14.0
FACTS_IN_A_ROW = 4
PARTIES_IN_A_ROW = 3
AMOUNT = Pen("display", 27, INK, -0.25)
NOTE = Pen("regular", 8.5, TEXT)
ACTION = Pen("semibold", 9.5, WHITE)


def opened(flow: Flow) -> None:
    _masthead(flow)
    _parties(flow)
    if flow.document.panel:
        _panel(flow, flow.document.panel)
    _facts(flow)


def _masthead(flow: Flow) -> None:
    document, canvas, top = flow.document, flow.canvas, 44.0
    title = flow.fitted(document.title, Pen("display", 27, INK, -0.3), flow.width * 0.55)
    with flow.within("H1"):
        canvas.text(flow.right, top + 21, document.title, title, align=Align.RIGHT)
    number = Pen("medium", 9.5, MUTED)
    with flow.within("P"):
        canvas.text(flow.right, top + 36.5, document.number, number, align=Align.RIGHT)
    if document.stamp:
        _stamp(flow, flow.right - canvas.measure(document.number, number) - 10, top + 36.5)
    taken = max(canvas.measure(document.title, title), canvas.measure(document.number, number) + 90)
    x = flow.left + _tile(flow, top)
    brand = Pen("semibold", 12.5, INK)
    lines = flow.lines(document.brand, brand, flow.right - taken - 20 - x)
    noted = flow.lines(document.brand_note, PLAIN, flow.right - taken - 20 - x) if document.brand_note else []
    flow.y = top + (1 if noted else 8)
    with flow.within("P"):
        flow.write(x, lines, brand, leading=15)
    with flow.within("P"):
        flow.write(x, noted, PLAIN, leading=13)
    flow.y = max(flow.y, top + TILE) + 34


def _tile(flow: Flow, top: float) -> float:
    """The business's logo, or its initials where there is none; answers the width taken."""
    if logo := branded(flow, flow.left, top, width=WIDEST_LOGO, height=TILE):
        return logo + 10
    pen = Pen("display", 15, WHITE)
    if not flow.document.monogram or not flow.canvas.has_glyphs(flow.document.monogram, pen):
        return 0
    with flow.apart():
        boxed(flow, Rect(flow.left, top, TILE, TILE), flow.document.monogram, pen, fill=flow.accent)
    return TILE + 10


def _stamp(flow: Flow, right: float, y: float) -> None:
    pen = Pen("semibold", 7.5, ALERT, 0.3)
    width = flow.canvas.measure(flow.document.stamp, pen)
    flow.canvas.frame(Rect(right - width - 14, y - 10.5, width + 14, 14.5), color=ALERT, width=0.8, radius=4)
    with flow.within("P"):
        flow.canvas.text(right - width - 7, y - 0.5, flow.document.stamp, pen)


def _parties(flow: Flow) -> None:
    parties = flow.document.parties
    for start in range(0, len(parties), PARTIES_IN_A_ROW):
        _row_of_parties(flow, parties[start : start + PARTIES_IN_A_ROW])


def _row_of_parties(flow: Flow, parties: tuple[Party, ...]) -> None:
    width = (flow.width - 2 * GAP) / PARTIES_IN_A_ROW
    start = flow.place()
    ends = []
    for number, party in enumerate(parties):
        flow.go_to(start)
        _party(flow, party, flow.left + number * (width + GAP), width)
        ends.append(flow.place())
    flow.go_to(max(ends))
    flow.y += 19


def _party(flow: Flow, party: Party, x: float, width: float) -> None:
    with flow.within("H2"):
        flow.write(x, [party.label], LABEL, leading=0)
    flow.y += 2.5
    with flow.within("P"):
        flow.write(x, flow.lines(party.name, STRONG, width), STRONG, leading=12.5)
    flow.y += 1
    pen = Pen("regular", 8.5, TEXT)
    for line in party.lines:
        with flow.within("P"):
            flow.write(x, flow.lines(line, pen, width), pen, leading=12)


def _panel(flow: Flow, panel: Panel) -> None:
    flow.make_room(PANEL_HEIGHT)
    canvas, y = flow.canvas, flow.y
    canvas.box(Rect(flow.left, y, flow.width, PANEL_HEIGHT), fill=flow.soft, radius=10)
    with flow.within("H2"):
        canvas.text(flow.left + 20, y + 23, panel.label, LABEL)
    button = _button(flow, panel, y) if flow.document.pay_url else Rect(flow.right, y, 0, 0)
    room = button.x - flow.left - 32
    with flow.within("P"):
        canvas.text(flow.left + 20, y + 51, panel.amount, flow.fitted(panel.amount, AMOUNT, room))
    with flow.within("P"):
        for number, line in enumerate(note_lines(flow, panel.note, NOTE, room)[:2]):
            canvas.text(flow.left + 20, y + 69.5 + number * 11, line, NOTE)
    if flow.document.pay_url:
        with flow.within("P"), flow.within("Link"):
            boxed(flow, button, f"{panel.action}  →", ACTION, fill=flow.accent)
            linked(flow, button)
        _code(flow, panel, y)
    flow.y = y + PANEL_HEIGHT + 22


def _button(flow: Flow, panel: Panel, y: float) -> Rect:
    taken = max((flow.canvas.measure(line.rstrip(), PLAIN) for line in _in_two_lines(flow, panel.scan)), default=0)
    width = flow.canvas.measure(f"{panel.action}  →", ACTION) + 38
    return Rect(flow.right - 18 - QR - 16 - taken - 10 - width, y + (PANEL_HEIGHT - 32) / 2, width, 32)


def _code(flow: Flow, panel: Panel, y: float) -> None:
    canvas, left = flow.canvas, flow.right - 18 - QR
    scan = _in_two_lines(flow, panel.scan)
    middle = y + PANEL_HEIGHT / 2 + 3 - (len(scan) - 1) * 5.25
    with flow.within("P"):
        for number, line in enumerate(scan):
            canvas.text(left - 16, middle + number * 10.5, line, PLAIN, align=Align.RIGHT)
    canvas.box(Rect(left - 6, y + 6, QR + 12, QR + 12), fill=WHITE, radius=6)
    coded(flow, left, y + 12, QR)


def _in_two_lines(flow: Flow, text: str) -> list[str]:
    """As narrow as two lines can be."""
    widths = range(28, 100, 4)
    return next((lines for lines in (flow.lines(text, PLAIN, width) for width in widths) if len(lines) <= 2), [text])  # noqa: PLR2004


def _facts(flow: Flow) -> None:
    facts = flow.document.facts
    with listed(flow):
        for start in range(0, len(facts), FACTS_IN_A_ROW):
            _row_of_facts(flow, facts[start : start + FACTS_IN_A_ROW])


def _row_of_facts(flow: Flow, facts: tuple[Fact, ...]) -> None:
    step = flow.width / FACTS_IN_A_ROW
    pen = Pen("medium", 9, INK)
    values = [flow.lines(fact.value, pen, step - 12) for fact in facts]
    height = 6 + 12 * max(map(len, values))
    flow.make_room(height)
    start = flow.place()
    for number, (fact, lines) in enumerate(zip(facts, values, strict=True)):
        flow.go_to(start)
        with flow.within("LI"):
            with flow.within("Lbl"):
                flow.canvas.text(flow.left + number * step, flow.y, fact.label, LABEL)
            flow.y += 1.5
            with flow.within("LBody"):
                flow.write(flow.left + number * step, lines, pen, leading=12)
    flow.go_to((start[0], start[1] + height + 12))
