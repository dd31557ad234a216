"""How a modern document begins: whose it is, what it is, for whom, and what is asked of the reader."""

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.colours import ALERT, INK, MUTED, TEXT, WHITE
from chalicelib.adapters.pdf.flow import BETWEEN, Flow, boxed, branded, coded, linked, listed, note_lines
from chalicelib.adapters.pdf.looks import LABEL, PLAIN, STRONG
from chalicelib.domain.document import Fact, Panel, Party

TILE, WIDEST_LOGO = 36.0, 130.0
PANEL_HEIGHT, NOTES = 88.0, 2
"""Of a panel whose note has so many lines, or less."""
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
        beside = canvas.measure(document.number, number) + 10 if document.number else 0
        _stamp(flow, flow.right - beside, top + 36.5)
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
    canvas, online = flow.canvas, bool(flow.document.pay_url)
    button = _button(flow, panel) if online else 0
    room = flow.width - button - 32
    notes = note_lines(flow, panel.note, NOTE, room)
    height = PANEL_HEIGHT + max(len(notes) - NOTES, 0) * 11
    flow.make_room(height)
    y = flow.y
    canvas.box(Rect(flow.left, y, flow.width, height), fill=flow.soft, radius=10)
    with flow.within("H2"):
        canvas.text(flow.left + 20, y + 23, panel.label, LABEL)
    with flow.within("P"):
        canvas.text(flow.left + 20, y + 51, panel.amount, flow.fitted(panel.amount, AMOUNT, room))
    with flow.within("P"):
        for number, line in enumerate(notes):
            canvas.text(flow.left + 20, y + 69.5 + number * 11, line, NOTE)
    if online:
        _online(flow, panel, y + height / 2, flow.right - button)
    flow.y = y + height + 22


def _button(flow: Flow, panel: Panel) -> float:
    """How far from the right edge the button begins."""
    return (
        18 + QR + 16 + flow.canvas.widest(map(str.rstrip, _scan(flow, panel)), PLAIN) + 10 + _button_width(flow, panel)
    )


def _button_width(flow: Flow, panel: Panel) -> float:
    return flow.canvas.measure(f"{panel.action}  →", ACTION) + 38


def _online(flow: Flow, panel: Panel, middle: float, left: float) -> None:
    button = Rect(left, middle - 16, _button_width(flow, panel), 32)
    with flow.within("P"), flow.within("Link"):
        boxed(flow, button, f"{panel.action}  →", ACTION, fill=flow.accent)
        linked(flow, button)
    _code(flow, panel, middle)


def _code(flow: Flow, panel: Panel, middle: float) -> None:
    canvas, left, top = flow.canvas, flow.right - 18 - QR, middle - QR / 2
    scan = _scan(flow, panel)
    y = middle + 3 - (len(scan) - 1) * 5.25
    with flow.within("P"):
        for number, line in enumerate(scan):
            canvas.text(left - 16, y + number * 10.5, line, PLAIN, align=Align.RIGHT)
    canvas.box(Rect(left - 6, top - 6, QR + 12, QR + 12), fill=WHITE, radius=6)
    coded(flow, left, top, QR)


def _scan(flow: Flow, panel: Panel) -> list[str]:
    """As narrow as two lines can be."""
    if BETWEEN in panel.scan:
        return flow.broken(panel.scan, PLAIN, flow.canvas.measure(panel.scan, PLAIN) - 1)
    tried = (flow.lines(panel.scan, PLAIN, width) for width in range(28, 100, 4))
    return next((lines for lines in tried if len(lines) <= 2), [panel.scan])  # noqa: PLR2004


def _facts(flow: Flow) -> None:
    facts = flow.document.facts
    with listed(flow):
        for start in range(0, len(facts), FACTS_IN_A_ROW):
            _row_of_facts(flow, facts[start : start + FACTS_IN_A_ROW])


def _row_of_facts(flow: Flow, facts: tuple[Fact, ...]) -> None:
    step = flow.width / FACTS_IN_A_ROW
    pen = Pen("medium", 9, INK)
    labels = [flow.broken(fact.label, LABEL, step - 12) for fact in facts]
    values = [flow.broken(fact.value, pen, step - 12) for fact in facts]
    deep = max(map(len, labels))
    height = 6 + 8.6 * (deep - 1) + 12 * max(map(len, values))
    flow.make_room(height)
    start = flow.place()
    for number, (label, lines) in enumerate(zip(labels, values, strict=True)):
        flow.go_to(start)
        flow.y += 8.6 * (deep - len(label) - 1)
        with flow.within("LI"):
            with flow.within("Lbl"):
                flow.write(flow.left + number * step, label, LABEL, leading=8.6)
            flow.y += 1.5
            with flow.within("LBody"):
                flow.write(flow.left + number * step, lines, pen, leading=12)
    flow.go_to((start[0], start[1] + height + 12))
