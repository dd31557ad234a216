"""How a document ends: what it comes to, when which part is due, and the words that go with it."""

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.colours import HAIR, INK
from chalicelib.adapters.pdf.flow import Flow
from chalicelib.adapters.pdf.passages import fits_aside, set_aside, set_below
from chalicelib.adapters.pdf.structure import ROW
from chalicelib.domain.document import Emphasis, Instalment, Schedule, Standing, Total


def closed(flow: Flow) -> None:
    document, sums = flow.document, flow.look.sums
    totals = sum(_total_height(flow, total) for total in document.totals)
    plan = _planned_height(flow, document.schedule) if document.schedule else 0
    if not flow.fits(sums.above + max(totals, plan)) and max(totals, plan) <= flow.fresh:
        flow.next_page()
    else:
        flow.y += sums.above
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
        _final(flow, total)
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
    lines = flow.lines(total.label, pen, room)
    details = flow.lines(total.detail, look.sums.detail, room) if total.detail else []
    beside = len(lines) == len(details) == 1
    taken = flow.canvas.measure(lines[0], pen) + 8
    taken += flow.canvas.measure(details[0], look.sums.detail) if beside else 0
    return lines, details, beside and taken <= room


def _total_height(flow: Flow, total: Total) -> float:
    sums = flow.look.sums
    if total.emphasis is Emphasis.FINAL:
        return sums.final
    strong = total.emphasis is Emphasis.STRONG
    lines, details, beside = _labelled(flow, total, sums.strong if strong else sums.label)
    below = 0 if beside else len(details) * sums.detail_leading
    return sums.row + (len(lines) - 1) * sums.leading + below + (3 if strong else 0)


def _final(flow: Flow, total: Total) -> None:
    sums, left, y = flow.look.sums, flow.right - flow.look.sums.width, flow.y + 4
    inset = sums.final_inset
    if sums.boxed:
        box = Rect(left - inset, y, sums.width + inset, sums.final - 4)
        flow.canvas.box(box, fill=flow.accent, radius=sums.final_radius)
    else:
        _between_rules(flow, left, y)
    room = sums.width - inset - flow.canvas.measure(total.label, sums.final_label) - 10
    value = flow.fitted(total.value, sums.final_value, room)
    label_rise, value_rise = sums.final_rise
    with flow.within("TH", ROW):
        flow.canvas.text(left, y + label_rise, total.label, sums.final_label)
    with flow.within("TD"):
        flow.canvas.text(flow.right - inset, y + value_rise, total.value, value, align=Align.RIGHT)
    flow.y += sums.final


def _between_rules(flow: Flow, left: float, y: float) -> None:
    """One above, two below, as a ledger closes."""
    below = y + flow.look.sums.final - 4
    for line in (y, below - 2.2, below):
        flow.canvas.rule(left, line, flow.right, color=INK, width=0.7)


def _planned_height(flow: Flow, schedule: Schedule) -> float:
    return flow.look.sums.schedule_head + sum(_height_of(flow, instalment) for instalment in schedule.instalments)


def _height_of(flow: Flow, instalment: Instalment) -> float:
    """One that says no more than its name and amount needs no second line."""
    name_rise, detail_rise = flow.look.sums.instalment_rise
    has_second = instalment.detail or instalment.state
    return flow.look.sums.instalment - (0 if has_second else detail_rise - name_rise)


def _scheduled(flow: Flow, schedule: Schedule) -> None:
    sums = flow.look.sums
    flow.make_room(sums.schedule_head + sums.instalment)
    with flow.within("H2"):
        flow.canvas.text(flow.left, flow.y + sums.rise, schedule.title, sums.title)
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
    room = sums.schedule_width - canvas.measure(instalment.amount, sums.name) - 10
    name, detail = flow.y + name_rise, flow.y + detail_rise
    state = {
        Standing.PAID: Pen(sums.due.font, sums.due.size, flow.accent),
        Standing.DUE: sums.due,
        Standing.UPCOMING: sums.upcoming,
    }[instalment.standing]
    with flow.within("TH", ROW):
        with flow.within("P"):
            canvas.text(flow.left, name, flow.lines(instalment.label, sums.name, room)[0], sums.name)
        with flow.within("P"):
            canvas.text(flow.left, detail, instalment.detail, sums.detail)
    with flow.within("TD"):
        with flow.within("P"):
            canvas.text(right, name, instalment.amount, sums.name, align=Align.RIGHT)
        with flow.within("P"):
            canvas.text(right, detail, instalment.state, state, align=Align.RIGHT)
    flow.y += _height_of(flow, instalment)
