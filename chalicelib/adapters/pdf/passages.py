"""The words that go with a document: notes and terms, below what it comes to or beside it."""

from collections.abc import Sequence

from chalicelib.adapters.pdf.colours import HAIR
from chalicelib.adapters.pdf.flow import Flow
from chalicelib.domain.document import Passage

MOST_COLUMNS, GUTTER, APART = 3, 18.0, 20.0
BESIDE = 30.0


def set_below(flow: Flow) -> None:
    """Beside each other under a rule; where they are many or long, one after the other through two columns."""
    passages = flow.document.passages
    width, height = _beside_each_other(flow)
    side_by_side = len(passages) <= MOST_COLUMNS and height + 18 <= flow.fresh
    if not flow.fits(26 + 18 + (height if side_by_side else min(height, 40))):
        flow.next_page()
        flow.y -= 12
    else:
        flow.y += 26
    flow.canvas.rule(flow.left, flow.y, flow.right, color=HAIR)
    flow.y += 18
    if not side_by_side:
        _set_through(flow, passages)
        return
    start, ends = flow.place(), []
    for number, passage in enumerate(passages):
        flow.go_to(start)
        _passage(flow, passage, flow.left + number * (width + GUTTER), width)
        ends.append(flow.place())
    flow.go_to(max(ends))


class _Columns:
    """Two columns on each page; on the last one they are as long as each other.

    left: the height of what is not set yet.
    """

    def __init__(self, flow: Flow, left: float) -> None:
        self.flow, self.left, self.width = flow, left, (flow.width - GUTTER) / 2
        self._begin()

    @property
    def x(self) -> float:
        return self.flow.left + self.number * (self.width + GUTTER)

    def make_room(self, height: float) -> bool:
        """Answers whether a column begins."""
        if self.flow.y + height <= self.end:
            return False
        self._go_on()
        return True

    def _begin(self) -> None:
        self.number, self.top = 0, self.flow.y
        self.end = min(self.flow.bottom, self.top + self.left / 2)

    def _go_on(self) -> None:
        flow = self.flow
        self.left -= flow.y - self.top
        if self.number:
            flow.next_page()
            self._begin()
        else:
            self.number, flow.y, self.end = 1, self.top, flow.bottom


def _set_through(flow: Flow, passages: Sequence[Passage]) -> None:
    look, width = flow.look, (flow.width - GUTTER) / 2
    columns = _Columns(flow, sum(_height(flow, passage, width) + APART for passage in passages))
    for passage in passages:
        if columns.make_room(3 * look.prose_leading):
            flow.y += look.prose_leading  # on the line that the text of the other column begins on
        with flow.within("H2"):
            flow.canvas.text(columns.x, flow.y, passage.title, look.passage_title)
        flow.y += 2
        for paragraph in passage.paragraphs:
            with flow.within("P"):
                for line in flow.lines(paragraph, look.prose, width):
                    columns.make_room(look.prose_leading)
                    flow.y += look.prose_leading
                    flow.canvas.text(columns.x, flow.y, line, look.prose)
            flow.y += 2.4
        flow.y += APART


def _beside_each_other(flow: Flow) -> tuple[float, float]:
    """The width of each passage, and the height of the highest."""
    passages = flow.document.passages
    columns = min(max(len(passages), 2), MOST_COLUMNS)
    width = (flow.width - GUTTER * (columns - 1)) / columns
    return width, max(_height(flow, passage, width) for passage in passages)


def fits_aside(flow: Flow, start: tuple[int, float]) -> bool:
    """Whether the page has room for the passages beside the totals, which begin at ``start``, and they belong there.

    They do where the template wants it, or where there is no room for them below.
    """
    width, page, y = _width_aside(flow), *start
    height = sum(_height(flow, passage, width) + flow.look.prose_leading + 4 for passage in flow.document.passages)
    wanted = flow.look.sums.aside or not flow.fits(26 + 18 + _beside_each_other(flow)[1])
    return wanted and page == flow.page and y + height <= flow.bottom


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
