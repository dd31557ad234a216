"""How a document ends: what it comes to, when which part is due, and the words that go with it."""

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.flow import ALERT, HAIR, INK, MUTED, SMALL, STRONG, TEXT, WHITE, Flow
from chalicelib.domain.document import Emphasis, Instalment, Passage, Schedule, Standing, Total

TOTALS_WIDTH = 236.0
SCHEDULE_WIDTH = 244.0
INSTALMENT = 31.0
FINAL = 38.0
PROSE = Pen("regular", 7.4, TEXT)
PROSE_LEADING = 10.4
MOST_COLUMNS = 3


def closed(flow: Flow) -> None:
    document = flow.document
    totals = sum(_total_height(flow, total) for total in document.totals)
    schedule = 34 + INSTALMENT * len(document.schedule.instalments) if document.schedule else 0
    if not flow.fits(16 + max(totals, schedule)) and max(totals, schedule) <= flow.fresh:
        flow.next_page()
    else:
        flow.y += 16
    start = flow.place()
    for total in document.totals:
        _total(flow, total)
    end = flow.place()
    if document.schedule:
        flow.go_to(start)
        _scheduled(flow, document.schedule)
    flow.go_to(max(end, flow.place()))
    if document.passages:
        _passages(flow, document.passages)


def _total(flow: Flow, total: Total) -> None:
    flow.make_room(_total_height(flow, total))
    if total.emphasis is Emphasis.FINAL:
        _final(flow, total)
        return
    left = flow.right - TOTALS_WIDTH
    strong = total.emphasis is Emphasis.STRONG
    label = Pen("semibold", 10, INK) if strong else Pen("regular", 9, TEXT)
    value = Pen("semibold", 10, INK) if strong else Pen("medium", 9, INK)
    if strong:
        flow.canvas.rule(left, flow.y, flow.right, color=HAIR)
        flow.y += 3
    lines, details, beside = _labelled(flow, total, label)
    flow.canvas.text(flow.right, flow.y + 10, total.value, value, align=Align.RIGHT)
    for number, line in enumerate(lines):
        flow.canvas.text(left, flow.y + 10 + number * 11.6, line, label)
    if beside:
        flow.canvas.text(left + flow.canvas.measure(lines[0], label) + 8, flow.y + 10, total.detail, SMALL)
    for number, line in enumerate([] if beside else details):
        flow.canvas.text(left, flow.y + 10 + len(lines) * 11.6 + number * 9.6 - 1, line, SMALL)
    flow.y += _total_height(flow, total) - (3 if strong else 0)


def _labelled(flow: Flow, total: Total, pen: Pen) -> tuple[list[str], list[str], bool]:
    """The lines of a label, those of its detail, and whether the detail stands beside the label."""
    room = TOTALS_WIDTH - flow.canvas.measure(total.value, STRONG) - 16
    lines = flow.lines(total.label, pen, room)
    details = flow.lines(total.detail, SMALL, room) if total.detail else []
    beside = len(lines) == len(details) == 1
    taken = flow.canvas.measure(lines[0], pen) + 8 + (flow.canvas.measure(details[0], SMALL) if beside else 0)
    return lines, details, beside and taken <= room


def _total_height(flow: Flow, total: Total) -> float:
    if total.emphasis is Emphasis.FINAL:
        return FINAL
    strong = total.emphasis is Emphasis.STRONG
    pen = Pen("semibold", 10, INK) if strong else Pen("regular", 9, TEXT)
    lines, details, beside = _labelled(flow, total, pen)
    return 18 + (len(lines) - 1) * 11.6 + (0 if beside else len(details) * 9.6) + (3 if strong else 0)


def _final(flow: Flow, total: Total) -> None:
    left, y = flow.right - TOTALS_WIDTH, flow.y + 4
    flow.canvas.box(Rect(left - 12, y, TOTALS_WIDTH + 12, 34), fill=flow.accent, radius=7)
    label = Pen("semibold", 10, WHITE)
    room = TOTALS_WIDTH - 12 - flow.canvas.measure(total.label, label) - 10
    value = flow.fitted(total.value, Pen("display", 14, WHITE), room)
    flow.canvas.text(left, y + 21.5, total.label, label)
    flow.canvas.text(flow.right - 12, y + 22.5, total.value, value, align=Align.RIGHT)
    flow.y += FINAL


def _scheduled(flow: Flow, schedule: Schedule) -> None:
    flow.make_room(34 + INSTALMENT)
    flow.canvas.text(flow.left, flow.y + 10, schedule.title, STRONG)
    x = flow.left
    whole = sum(instalment.share for instalment in schedule.instalments) or 1
    for instalment in schedule.instalments:
        width = SCHEDULE_WIDTH * instalment.share / whole
        shown = Rect(x, flow.y + 20, max(width - 2, 0.5), 5)
        flow.canvas.box(shown, fill=_bar(flow, instalment.standing), radius=min(2.5, shown.width / 2))
        x += width
    flow.y += 34
    for number, instalment in enumerate(schedule.instalments):
        flow.make_room(INSTALMENT)
        if number:
            flow.canvas.rule(flow.left, flow.y - 1.5, flow.left + SCHEDULE_WIDTH, color=HAIR)
        _instalment(flow, instalment)


def _bar(flow: Flow, standing: Standing) -> str:
    return {Standing.PAID: flow.accent, Standing.DUE: flow.medium, Standing.UPCOMING: HAIR}[standing]


def _instalment(flow: Flow, instalment: Instalment) -> None:
    canvas, right = flow.canvas, flow.left + SCHEDULE_WIDTH
    name = Pen("medium", 8.5, INK)
    room = SCHEDULE_WIDTH - canvas.measure(instalment.amount, name) - 10
    canvas.text(flow.left, flow.y + 11, flow.lines(instalment.label, name, room)[0], name)
    canvas.text(right, flow.y + 11, instalment.amount, name, align=Align.RIGHT)
    canvas.text(flow.left, flow.y + 22, instalment.detail, SMALL)
    state = {
        Standing.PAID: Pen("semibold", 7.4, flow.accent),
        Standing.DUE: Pen("semibold", 7.4, ALERT),
        Standing.UPCOMING: Pen("regular", 7.4, MUTED),
    }[instalment.standing]
    canvas.text(right, flow.y + 22, instalment.state, state, align=Align.RIGHT)
    flow.y += INSTALMENT


def _passages(flow: Flow, passages: tuple[Passage, ...]) -> None:
    columns = min(max(len(passages), 2), MOST_COLUMNS)
    width = (flow.width - 18 * (columns - 1)) / columns
    height = max(_passage_height(flow, passage, width) for passage in passages)
    side_by_side = len(passages) <= MOST_COLUMNS and height + 18 <= flow.fresh
    if not flow.fits(26 + 18 + min(height, 40 if not side_by_side else height)):
        flow.next_page()
        flow.y -= 12
    else:
        flow.y += 26
    flow.canvas.rule(flow.left, flow.y, flow.right, color=HAIR)
    flow.y += 18
    start, ends = flow.place(), []
    for number, passage in enumerate(passages):
        if side_by_side:
            flow.go_to(start)
            _passage(flow, passage, flow.left + number * (width + 18), width)
        else:
            _passage(flow, passage, flow.left, flow.width)
            flow.y += 20
        ends.append(flow.place())
    flow.go_to(max(ends))


def _passage_height(flow: Flow, passage: Passage, width: float) -> float:
    lines = sum(len(flow.lines(paragraph, PROSE, width)) for paragraph in passage.paragraphs)
    return 2 + lines * PROSE_LEADING + 2.4 * len(passage.paragraphs)


def _passage(flow: Flow, passage: Passage, x: float, width: float) -> None:
    flow.make_room(2 * PROSE_LEADING)
    flow.canvas.text(x, flow.y, passage.title, Pen("semibold", 8, INK))
    flow.y += 2
    for paragraph in passage.paragraphs:
        flow.write(x, flow.lines(paragraph, PROSE, width), PROSE, leading=PROSE_LEADING)
        flow.y += 2.4
