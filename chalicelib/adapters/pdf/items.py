"""The table of what is sold: headings on every page, groups with subtotals, rows that are kept whole."""

from dataclasses import dataclass

from chalicelib.adapters.pdf.canvas import Align, Pen
from chalicelib.adapters.pdf.flow import BODY, HAIR, INK, LABEL, LINE, MUTED, SMALL, Flow
from chalicelib.domain.document import Columns, Group, Row

DESCRIPTION = Pen("regular", 8.8, INK)
QUIET = Pen("regular", 8.8, MUTED)
NET = Pen("medium", 8.8, INK)
LEADING, SMALL_LEADING = 11.6, 10.0
HEAD, GROUP_HEAD = 16.0, 23.0
GAP = 12.0
WIDEST_TEXT = 74.0


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where columns lie: amounts end at an edge, texts begin at one; widths are for wrapping."""

    description: float
    quantity: float
    unit: float
    unit_width: float
    unit_price: float
    taxes: float
    taxes_width: float
    net: float


def itemised(flow: Flow) -> None:
    flow.y += 6
    table = _Table(flow)
    if table.first_height() <= flow.fresh:
        flow.make_room(table.first_height())
    table.head()
    for group in flow.document.groups:
        table.group(group)


class _Table:
    def __init__(self, flow: Flow) -> None:
        self.flow, self.canvas = flow, flow.canvas
        self.columns = flow.document.columns
        rows = [row for group in flow.document.groups for row in group.rows]
        self.edges = _edges(flow, self.columns, rows)
        self.heading = Pen("semibold", 8.5, flow.accent)

    def first_height(self) -> float:
        """What the heading must not be parted from."""
        first = next((row for group in self.flow.document.groups for row in group.rows), None)
        return HEAD + GROUP_HEAD + (self._height(*self._texts(first)) if first else 0)

    def head(self) -> None:
        columns, edges, y = self.columns, self.edges, self.flow.y + 9
        self.canvas.text(self.flow.left, y, columns.description, LABEL)
        self.canvas.text(edges.quantity, y, columns.quantity, LABEL, align=Align.RIGHT)
        if columns.unit:
            self.canvas.text(edges.unit, y, columns.unit, LABEL)
        self.canvas.text(edges.unit_price, y, columns.unit_price, LABEL, align=Align.RIGHT)
        if columns.taxes:
            self.canvas.text(edges.taxes, y, columns.taxes, LABEL)
        self.canvas.text(edges.net, y, columns.net, LABEL, align=Align.RIGHT)
        self.flow.y += HEAD
        self.canvas.rule(self.flow.left, self.flow.y, self.flow.right, color=LINE, width=0.75)

    def group(self, group: Group) -> None:
        if group.title:
            self.flow.make_room(GROUP_HEAD + self._height(*self._texts(group.rows[0])), self.head)
            self._group_head(group.title, group.subtotal)
        for row in group.rows:
            self._row(row, group)

    def _group_head(self, title: str, subtotal: str = "") -> None:
        room = self.edges.net - self.flow.left - self.canvas.measure(subtotal, self.heading) - GAP
        lines = self.flow.lines(title, self.heading, room)
        self.canvas.text(self.edges.net, self.flow.y + 17, subtotal, self.heading, align=Align.RIGHT)
        for number, line in enumerate(lines):
            self.canvas.text(self.flow.left, self.flow.y + 17 + number * LEADING, line, self.heading)
        self.flow.y += GROUP_HEAD + (len(lines) - 1) * LEADING

    def _continued(self, group: Group) -> None:
        self.head()
        if group.title:
            self._group_head(self.flow.document.group_continued.format(title=group.title))

    def _row(self, row: Row, group: Group) -> None:
        lines, details, units, taxes = texts = self._texts(row)
        height = self._height(*texts)
        flow = self.flow
        if not flow.fits(height) and height <= flow.fresh - HEAD - GROUP_HEAD:
            flow.next_page()
            self._continued(group)
        if flow.fits(height):
            self._described(lines, details)
            self._cells(row, units, taxes)
            flow.y += height
        else:
            self._cells(row, units, taxes)
            self._described_over_pages(lines, details, group)
        self.canvas.rule(flow.left, flow.y, flow.right, color=HAIR)

    def _cells(self, row: Row, units: list[str], taxes: list[str]) -> None:
        edges, y, right = self.edges, self.flow.y + 12.5, Align.RIGHT
        self.canvas.text(edges.quantity, y, row.quantity, BODY, align=right)
        self._column(edges.unit, y, units)
        self.canvas.text(edges.unit_price, y, row.unit_price, BODY, align=right)
        self._column(edges.taxes, y, taxes)
        self.canvas.text(edges.net, y, row.net, NET, align=right)

    def _column(self, x: float, y: float, lines: list[str]) -> None:
        for number, line in enumerate(lines):
            self.canvas.text(x, y + number * LEADING, line, QUIET)

    def _described(self, lines: list[str], details: list[str]) -> None:
        left, y = self.flow.left, self.flow.y + 12.5 - LEADING
        for line in lines:
            y += LEADING
            self.canvas.text(left, y, line, DESCRIPTION)
        y += 10.8 - SMALL_LEADING
        for line in details:
            y += SMALL_LEADING
            self.canvas.text(left, y, line, SMALL)

    def _described_over_pages(self, lines: list[str], details: list[str], group: Group) -> None:
        """For a row that is taller than a page."""
        flow = self.flow
        flow.y += 0.9
        for line, pen in [*((line, DESCRIPTION) for line in lines), *((line, SMALL) for line in details)]:
            flow.make_room(LEADING, lambda: self._continued(group))
            flow.y += LEADING
            self.canvas.text(flow.left, flow.y, line, pen)
        flow.y += 6.5

    def _texts(self, row: Row) -> tuple[list[str], list[str], list[str], list[str]]:
        edges, lines = self.edges, self.flow.lines
        return (
            lines(row.description, DESCRIPTION, edges.description),
            lines(row.detail, SMALL, edges.description) if row.detail else [],
            lines(row.unit, QUIET, edges.unit_width) if row.unit else [],
            lines(row.taxes, QUIET, edges.taxes_width) if row.taxes else [],
        )

    def _height(self, lines: list[str], details: list[str], units: list[str], taxes: list[str]) -> float:
        described = len(lines) * LEADING + (len(details) * SMALL_LEADING + 0.5 if details else 0)
        return max(described, len(units) * LEADING, len(taxes) * LEADING) + 7.4


def _edges(flow: Flow, columns: Columns, rows: list[Row]) -> _Edges:
    """Columns as wide as what stands in them; the description takes what is left."""
    net = _widest(flow, [row.net for row in rows], NET, columns.net)
    unit_price = _widest(flow, [row.unit_price for row in rows], BODY, columns.unit_price)
    quantity = _widest(flow, [row.quantity for row in rows], BODY, columns.quantity)
    taxes = min(_widest(flow, [row.taxes for row in rows], QUIET, columns.taxes), WIDEST_TEXT)
    unit = min(_widest(flow, [row.unit for row in rows], QUIET, columns.unit), WIDEST_TEXT)
    net_left = flow.right - max(net + GAP, 72)
    taxes_left = net_left - (taxes + GAP if columns.taxes else 0)
    price_left = taxes_left - max(unit_price + GAP, 72)
    unit_left = price_left - (unit + GAP if columns.unit else 0)
    quantity_left = unit_left - max(quantity + GAP, 44)
    return _Edges(
        description=quantity_left - flow.left,
        quantity=unit_left,
        unit=unit_left + 8,
        unit_width=unit + 0.1,
        unit_price=taxes_left,
        taxes=taxes_left + GAP,
        taxes_width=taxes + 0.1,
        net=flow.right,
    )


def _widest(flow: Flow, texts: list[str], pen: Pen, heading: str) -> float:
    cells = max(map(flow.canvas.measuring(pen), set(texts)), default=0)
    return max(cells, flow.canvas.measure(heading, LABEL))
