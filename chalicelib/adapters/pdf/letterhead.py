"""How a classic document begins: a letterhead in the middle, the reader's address below it, the dates beside that."""

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.colours import ALERT, INK, LINE, MUTED, TEXT
from chalicelib.adapters.pdf.flow import Flow, branded, coded, joined, linked, listed, note_lines
from chalicelib.domain.document import Fact, Panel, Party

BRAND = Pen("serif-semibold", 21, INK, 0.2)
NOTE = Pen("serif-italic", 9, TEXT)
SENDER = Pen("serif", 8.6, TEXT)
LABEL = Pen("serif-italic", 8.6, MUTED)
NAME = Pen("serif-semibold", 10, INK)
ADDRESS = Pen("serif", 9.4, INK)
TITLE = Pen("serif-semibold", 17, INK)
FACT = Pen("serif", 9.4, INK)
AMOUNT = Pen("serif-semibold", 18, INK)
STAMP = Pen("serif-semibold", 9, ALERT, 1.6)
DOT = "   ·   "
FACTS, WIDEST_FACT = 196.0, 112.0
GAP = 24.0
FACT_HEIGHT = 16.0
QR = 54.0
LOGO, WIDEST_LOGO = 46.0, 200.0
PARTIES_IN_A_ROW = 3


def opened(flow: Flow) -> None:
    _letterhead(flow)
    start = flow.place()
    _facts(flow)
    end = flow.place()
    _, *parties = flow.document.parties
    for party in parties[:1]:
        flow.go_to(start)
        _party(flow, party, flow.left, flow.width - FACTS - GAP)
    flow.go_to(max(end, flow.place()))
    for first in range(1, len(parties), PARTIES_IN_A_ROW):
        flow.y += 14
        _row_of_parties(flow, parties[first : first + PARTIES_IN_A_ROW])
    flow.y += 20
    if flow.document.panel:
        _panel(flow, flow.document.panel)


def _letterhead(flow: Flow) -> None:
    document, sender = flow.document, flow.document.parties[0]
    flow.y = 40
    _logo(flow)
    _centred(flow, document.brand, Pen(BRAND.font, BRAND.size, flow.accent, BRAND.spacing), leading=24)
    if document.brand_note:
        _centred(flow, document.brand_note, NOTE, leading=15.5)
    flow.y += 2.5
    named = (sender.name,) if sender.name != document.brand else ()
    for line in joined(flow.canvas, (*named, *sender.lines), DOT, SENDER, flow.width):
        _centred(flow, line, SENDER, leading=12)
    flow.y += 11
    flow.canvas.rule(flow.left, flow.y, flow.right, color=flow.accent, width=1.4)
    flow.canvas.rule(flow.left, flow.y + 2.6, flow.right, color=flow.accent, width=0.4)
    flow.y += 30


def _logo(flow: Flow) -> None:
    """In the middle, above the name."""
    if flow.logo:
        width = min(WIDEST_LOGO, LOGO * flow.logo.width / flow.logo.height)
        branded(flow, (flow.left + flow.right - width) / 2, flow.y - 8, width=width, height=LOGO)
        flow.y += LOGO


def _centred(flow: Flow, text: str, pen: Pen, *, leading: float) -> None:
    middle = (flow.left + flow.right) / 2
    with flow.within("P"):
        for line in flow.lines(text, pen, flow.width):
            flow.y += leading
            flow.canvas.text(middle, flow.y, line, pen, align=Align.CENTRE)


def _facts(flow: Flow) -> None:
    """What the paper is and its dates, a small ruled table at the right."""
    document, canvas, left = flow.document, flow.canvas, flow.right - FACTS
    flow.y += 11
    with flow.within("H1"):
        canvas.text(left, flow.y, document.title, flow.fitted(document.title, TITLE, FACTS))
    numbered = canvas.measure(document.number, FACT) + 8 if document.number else 0
    stamped = canvas.measure(document.stamp, STAMP) + 8 if document.stamp else 0
    if canvas.measure(document.title, TITLE) + stamped + numbered > FACTS:
        flow.y += 15
    with flow.within("P"):
        canvas.text(flow.right, flow.y, document.number, FACT, align=Align.RIGHT)
    if stamped + numbered > FACTS:
        flow.y, numbered = flow.y + 14, 0
    with flow.within("P"):
        canvas.text(flow.right - numbered, flow.y, document.stamp, STAMP, align=Align.RIGHT)
    flow.y += 7
    canvas.rule(left, flow.y, flow.right, color=INK, width=0.7)
    with listed(flow):
        for fact in document.facts:
            _fact(flow, fact, left)


def _fact(flow: Flow, fact: Fact, left: float) -> None:
    taken = min(flow.canvas.measure(fact.value, FACT), WIDEST_FACT)
    labels = flow.broken(fact.label, LABEL, FACTS - taken - 14)
    lines = flow.broken(fact.value, FACT, FACTS - flow.canvas.widest(labels, LABEL) - 14)
    with flow.within("LI"):
        with flow.within("Lbl"):
            for number, line in enumerate(labels):
                flow.canvas.text(left, flow.y + 11.4 + number * 11, line, LABEL)
        with flow.within("LBody"):
            for number, line in enumerate(lines):
                flow.canvas.text(flow.right, flow.y + 11.4 + number * 12, line, FACT, align=Align.RIGHT)
    flow.y += FACT_HEIGHT + max((len(labels) - 1) * 11, (len(lines) - 1) * 12)
    flow.canvas.rule(left, flow.y, flow.right, color=LINE, width=0.4)


def _row_of_parties(flow: Flow, parties: list[Party]) -> None:
    width = (flow.width - 2 * GAP) / PARTIES_IN_A_ROW
    start, ends = flow.place(), []
    for number, party in enumerate(parties):
        flow.go_to(start)
        _party(flow, party, flow.left + number * (width + GAP), width)
        ends.append(flow.place())
    flow.go_to(max(ends))


def _party(flow: Flow, party: Party, x: float, width: float) -> None:
    with flow.within("H2"):
        flow.write(x, [party.label], LABEL, leading=9)
    flow.y += 2.5
    with flow.within("P"):
        flow.write(x, flow.lines(party.name, NAME, width), NAME, leading=13)
    for line in party.lines:
        with flow.within("P"):
            flow.write(x, flow.lines(line, ADDRESS, width), ADDRESS, leading=12.6)


def _panel(flow: Flow, panel: Panel) -> None:
    """What is asked for, between two rules; with a way to pay online, that stands at the right."""
    canvas, online = flow.canvas, bool(flow.document.pay_url)
    right = flow.right - (_width_online(flow, panel) if online else 0)
    amount = flow.fitted(panel.amount, AMOUNT, flow.width * 0.4)
    room = right - flow.left - canvas.measure(panel.amount, amount) - 16
    labels, notes = flow.broken(panel.label, NAME, room), note_lines(flow, panel.note, LABEL, room)
    said = len(labels) * 13 + len(notes) * 10.4
    height = max(QR + 16 if online else 40.0, said + 14)
    flow.make_room(height)
    top, middle = flow.y, flow.y + height / 2
    canvas.rule(flow.left, top, flow.right, color=INK, width=0.7)
    canvas.rule(flow.left, top + height, flow.right, color=INK, width=0.7)
    flow.y = middle - said / 2 - 3
    with flow.within("H2"):
        flow.write(flow.left, labels, NAME, leading=13)
    with flow.within("P"):
        canvas.text(right, middle + 6, panel.amount, amount, align=Align.RIGHT)
    with flow.within("P"):
        flow.write(flow.left, notes, LABEL, leading=10.4)
    if online:
        _online(flow, panel, middle - QR / 2)
    flow.y = top + height + 14


def _width_online(flow: Flow, panel: Panel) -> float:
    words, scan = _inviting(flow, panel), panel.scan
    return QR + 12 + max(flow.canvas.measure(*words), flow.canvas.measure(scan, LABEL)) + 22


def _inviting(flow: Flow, panel: Panel) -> tuple[str, Pen]:
    return f"{panel.action}  →", Pen("serif-semibold", 9.6, flow.accent)


def _online(flow: Flow, panel: Panel, top: float) -> None:
    """The words that lead to the page to pay, and its code."""
    canvas, left = flow.canvas, flow.right - QR
    words, action = _inviting(flow, panel)
    width = canvas.measure(words, action)
    middle, right = top + QR / 2, left - 12
    with flow.within("P"), flow.within("Link"):
        canvas.text(right, middle - 1, words, action, align=Align.RIGHT)
        canvas.rule(right - width, middle + 1.6, right, color=flow.accent, width=0.5)
        linked(flow, Rect(right - width, middle - 12, width, 15))
    with flow.within("P"):
        canvas.text(right, middle + 12.4, panel.scan, LABEL, align=Align.RIGHT)
    coded(flow, left, top, QR)
