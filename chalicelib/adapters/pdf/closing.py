"""How a document ends: what it comes to, when which part is due, and the words that go with it."""

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.colours import HAIR, INK
from chalicelib.adapters.pdf.flow import Flow
from chalicelib.adapters.pdf.passages import fits_aside, set_aside, set_below
from chalicelib.adapters.pdf.structure import ROW
from chalicelib.domain.document import Emphasis, Instalment, Schedule, Standing, Total

FIGURE = 0.7
"""As much of its box as the figure that is to be paid may take, before it is set smaller."""


def height_of(flow: Flow) -> float:
    """What is kept together: the totals, and the schedule beside them."""
    document, sums = flow.document, flow.look.sums
    totals = sum(_total_height(flow, total) for total in document.totals)
    plan = _planned_height(flow, document.schedule) if document.schedule else 0
    return sums.above + max(totals, plan) if totals or plan else 0


def closed(flow: Flow) -> None:
    document, height = flow.document, height_of(flow)
    if not flow.fits(height) and height <= flow.fresh:
        flow.next_page()
    else:
        flow.y += flow.look.sums.above
    start = flow.place()
    if document.totals:
        _totalled(flow, document.totals)
    end = flow.place()
    if document.schedule:
        flow.go_to(start)
        _scheduled(flow, document.schedule)
    elif document.passages and fits_aside(flow, start):
        flow.go_to(start)
        set_aside(flow)
        return
    flow.go_to(max(end, flow.place()))
    if document.passages:
        set_below(flow)


def _totalled(flow: Flow, totals: tuple[Total, ...]) -> None:
    with flow.within("Table"):
        for total in totals:
            height = _total_height(flow, total)
            flow.make_room(height)
            with flow.within("TR"):
                _total(flow, total, height)


def _total(flow: Flow, total: Total, height: float) -> None:
    if total.emphasis is Emphasis.FINAL:
        _final(flow, total, height)
        return
    sums, left = flow.look.sums, flow.right - flow.look.sums.width
    strong = total.emphasis is Emphasis.STRONG
    label, value = (sums.strong, sums.strong) if strong else (sums.label, sums.value)
    if strong:
        flow.canvas.rule(left, flow.y, flow.right, color=HAIR)
        flow.y += 3
    y = flow.y + sums.rise
    lines, details, beside = _labelled(flow, total, label)
    with flow.within("TH", ROW):
        with flow.within("P"):
            for number, line in enumerate(lines):
                flow.canvas.text(left, y + number * sums.leading, line, label)
        with flow.within("P"):
            x, below = left, y + len(lines) * sums.leading - 1
            if beside:
                x, below = left + flow.canvas.measure(lines[0], label) + 8, y
            for number, line in enumerate(details):
                flow.canvas.text(x, below + number * sums.detail_leading, line, sums.detail)
    with flow.within("TD"):
        flow.canvas.text(flow.right - flow.look.table.inset, y, total.value, value, align=Align.RIGHT)
    flow.y += height - (3 if strong else 0)


def _labelled(flow: Flow, total: Total, pen: Pen) -> tuple[list[str], list[str], bool]:
    """The lines of a label, those of its detail, and whether the detail stands beside the label."""
    look = flow.look
    room = look.sums.width - flow.canvas.measure(total.value, look.sums.title) - 16 - look.table.inset
    lines = flow.broken(total.label, pen, room)
    details = flow.lines(total.detail, look.sums.detail, room) if total.detail else []
    beside = len(lines) == len(details) == 1
    taken = flow.canvas.measure(lines[0], pen) + 8
    taken += flow.canvas.measure(details[0], look.sums.detail) if beside else 0
    return lines, details, beside and taken <= room


def _total_height(flow: Flow, total: Total) -> float:
    sums = flow.look.sums
    if total.emphasis is Emphasis.FINAL:
        return sums.final + (len(_finally(flow, total)[0]) - 1) * sums.leading
    strong = total.emphasis is Emphasis.STRONG
    lines, details, beside = _labelled(flow, total, sums.strong if strong else sums.label)
    below = 0 if beside else len(details) * sums.detail_leading
    return sums.row + (len(lines) - 1) * sums.leading + below + (3 if strong else 0)


def _finally(flow: Flow, total: Total) -> tuple[list[str], Pen]:
    """The lines of the label, and the pen of the figure: that is the last to give way."""
    sums = flow.look.sums
    room = sums.width - sums.final_inset
    value = flow.fitted(total.value, sums.final_value, room * FIGURE)
    return flow.broken(total.label, sums.final_label, room - flow.canvas.measure(total.value, value) - 10), value


def _final(flow: Flow, total: Total, height: float) -> None:
    sums, left, y = flow.look.sums, flow.right - flow.look.sums.width, flow.y + 4
    inset = sums.final_inset
    if sums.boxed:
        box = Rect(left - inset, y, sums.width + inset, height - 4)
        flow.canvas.box(box, fill=flow.accent, radius=sums.final_radius)
    else:
        _between_rules(flow, left, y, height - 4)
    lines, value = _finally(flow, total)
    label_rise, value_rise = sums.final_rise
    with flow.within("TH", ROW):
        for number, line in enumerate(lines):
            flow.canvas.text(left, y + label_rise + number * sums.leading, line, sums.final_label)
    with flow.within("TD"):
        middle = y + value_rise + (height - sums.final) / 2
        flow.canvas.text(flow.right - inset, middle, total.value, value, align=Align.RIGHT)
    flow.y += height


def _between_rules(flow: Flow, left: float, y: float, height: float) -> None:
    """One above, two below, as a ledger closes."""
    below = y + height
    for line in (y, below - 2.2, below):
        flow.canvas.rule(left, line, flow.right, color=INK, width=0.7)


def _planned_height(flow: Flow, schedule: Schedule) -> float:
    head = flow.look.sums.schedule_head + _taken_by(_title(flow, schedule), flow.look.sums.leading)
    return head + sum(_height_of(flow, instalment) for instalment in schedule.instalments)


def _title(flow: Flow, schedule: Schedule) -> list[str]:
    return flow.broken(schedule.title, flow.look.sums.title, flow.look.sums.schedule_width)


def _height_of(flow: Flow, instalment: Instalment) -> float:
    """One that says no more than its name and amount needs no second line."""
    sums = flow.look.sums
    names, details = _said(flow, instalment)
    name_rise, detail_rise = sums.instalment_rise
    second = 0 if instalment.detail or instalment.state else name_rise - detail_rise
    return sums.instalment + second + _taken_by(names, sums.leading) + _taken_by(details, sums.detail_leading)


def _taken_by(lines: list[str], leading: float) -> float:
    """By the lines after the first."""
    return (len(lines) - 1) * leading if lines else 0


def _said(flow: Flow, instalment: Instalment) -> tuple[list[str], list[str]]:
    """The lines of an instalment's name, beside its amount, and of its detail, beside its state."""
    canvas, sums = flow.canvas, flow.look.sums
    beside = sums.schedule_width - canvas.measure(instalment.amount, sums.name) - 10
    below = sums.schedule_width - canvas.measure(instalment.state, sums.due) - 10
    names = flow.broken(instalment.label, sums.name, beside)
    return names, flow.broken(instalment.detail, sums.detail, below) if instalment.detail else []


def _scheduled(flow: Flow, schedule: Schedule) -> None:
    sums = flow.look.sums
    lines = _title(flow, schedule)
    flow.make_room(sums.schedule_head + _taken_by(lines, sums.leading) + sums.instalment)
    with flow.within("H2"):
        for number, line in enumerate(lines):
            flow.canvas.text(flow.left, flow.y + sums.rise + number * sums.leading, line, sums.title)
    flow.y += _taken_by(lines, sums.leading)
    if sums.bar:
        _bars(flow, schedule, *sums.bar)
    else:
        y = flow.y + sums.schedule_head - 2
        flow.canvas.rule(flow.left, y, flow.left + sums.schedule_width, color=INK, width=0.7)
    flow.y += sums.schedule_head
    with flow.within("Table"):
        for number, instalment in enumerate(schedule.instalments):
            flow.make_room(_height_of(flow, instalment))
            if number:
                flow.canvas.rule(flow.left, flow.y - 1.5, flow.left + sums.schedule_width, color=HAIR)
            with flow.within("TR"):
                _instalment(flow, instalment)


def _bars(flow: Flow, schedule: Schedule, below: float, height: float) -> None:
    """Each instalment as wide as its share."""
    x = flow.left
    whole = sum(instalment.share for instalment in schedule.instalments) or 1
    for instalment in schedule.instalments:
        width = flow.look.sums.schedule_width * instalment.share / whole
        shown = Rect(x, flow.y + below, max(width - 2, 0.5), height)
        flow.canvas.box(shown, fill=_bar(flow, instalment.standing), radius=min(height / 2, shown.width / 2))
        x += width


def _bar(flow: Flow, standing: Standing) -> str:
    return {Standing.PAID: flow.accent, Standing.DUE: flow.medium, Standing.UPCOMING: HAIR}[standing]


def _instalment(flow: Flow, instalment: Instalment) -> None:
    canvas, sums, right = flow.canvas, flow.look.sums, flow.left + flow.look.sums.schedule_width
    name_rise, detail_rise = sums.instalment_rise
    names, details = _said(flow, instalment)
    name, detail = flow.y + name_rise, flow.y + detail_rise + _taken_by(names, sums.leading)
    state = {
        Standing.PAID: Pen(sums.due.font, sums.due.size, flow.accent),
        Standing.DUE: sums.due,
        Standing.UPCOMING: sums.upcoming,
    }[instalment.standing]
    with flow.within("TH", ROW):
        with flow.within("P"):
            for number, line in enumerate(names):
                canvas.text(flow.left, name + number * sums.leading, line, sums.name)
        with flow.within("P"):
            for number, line in enumerate(details):
                canvas.text(flow.left, detail + number * sums.detail_leading, line, sums.detail)
    with flow.within("TD"):
        with flow.within("P"):
            canvas.text(right, name, instalment.amount, sums.name, align=Align.RIGHT)
        with flow.within("P"):
            canvas.text(right, detail, instalment.state, state, align=Align.RIGHT)
    flow.y += _height_of(flow, instalment)
