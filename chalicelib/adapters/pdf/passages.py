"""The words that go with a document: notes and terms, below what it comes to or beside it."""

from chalicelib.adapters.pdf.colours import HAIR
from chalicelib.adapters.pdf.flow import Flow
from chalicelib.domain.document import Passage

MOST_COLUMNS = 3
BESIDE = 30.0


def set_below(flow: Flow) -> None:
    """In columns under a rule, or under each other where they are many or long."""
    passages = flow.document.passages
    columns = min(max(len(passages), 2), MOST_COLUMNS)
    width = (flow.width - 18 * (columns - 1)) / columns
    height = max(_height(flow, passage, width) for passage in passages)
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


def fits_aside(flow: Flow, start: tuple[int, float]) -> bool:
    """Whether the template wants the passages beside the totals, which begin at ``start``, and the page has room."""
    width, page, y = _width_aside(flow), *start
    height = sum(_height(flow, passage, width) + flow.look.prose_leading + 4 for passage in flow.document.passages)
    return flow.look.sums.aside and page == flow.page and y + height <= flow.bottom


def set_aside(flow: Flow) -> None:
    """At the left of the totals, from the present height on."""
    flow.y += flow.look.sums.rise
    for passage in flow.document.passages:
        _passage(flow, passage, flow.left + flow.look.table.inset, _width_aside(flow))
        flow.y += flow.look.prose_leading + 4


def _width_aside(flow: Flow) -> float:
    return flow.width - flow.look.sums.width - BESIDE


def _height(flow: Flow, passage: Passage, width: float) -> float:
    look = flow.look
    lines = sum(len(flow.lines(paragraph, look.prose, width)) for paragraph in passage.paragraphs)
    return 2 + lines * look.prose_leading + 2.4 * len(passage.paragraphs)


def _passage(flow: Flow, passage: Passage, x: float, width: float) -> None:
    look = flow.look
    flow.make_room(2 * look.prose_leading)
    with flow.within("H2"):
        flow.canvas.text(x, flow.y, passage.title, look.passage_title)
    flow.y += 2
    for paragraph in passage.paragraphs:
        with flow.within("P"):
            flow.write(x, flow.lines(paragraph, look.prose, width), look.prose, leading=look.prose_leading)
        flow.y += 2.4
