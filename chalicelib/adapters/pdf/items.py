"""The table of what is sold: headings on every page, groups with subtotals, rows that are kept whole."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields

from chalicelib.adapters.pdf.canvas import Align, Pen, Rect
from chalicelib.adapters.pdf.colours import HAIR, INK, LINE
from chalicelib.adapters.pdf.columns import edges_of
from chalicelib.adapters.pdf.flow import Flow
from chalicelib.adapters.pdf.measures import Grid
from chalicelib.adapters.pdf.structure import COLUMN, spanning
from chalicelib.domain.document import Columns, Group, Row

Texts = tuple[list[str], list[str], list[str], list[str]]
"""The lines of a row's description, detail, unit and taxes."""


def itemised(flow: Flow, *, followed: float = 0) -> None:
    """followed: how high is what comes after the table and is not to stand on a page without any of its rows."""
    flow.y += 6
    table = _Table(flow, followed)
    if table.first_height() <= flow.fresh:
        flow.make_room(table.first_height())
    with flow.within("Table"):
        table.head()
        for group in flow.document.groups:
            table.group(group)
    table.close()


class _Table:
    def __init__(self, flow: Flow, followed: float) -> None:
        self.flow, self.canvas, self.look = flow, flow.canvas, flow.look.table
        self.followed = followed
        self.columns = flow.document.columns
        rows = [row for group in flow.document.groups for row in group.rows]
        self.last = rows[-1] if rows else None
        self.edges = edges_of(flow, self.columns, rows)
        self.heading = Pen(*self.look.group, flow.accent if self.look.grid is not Grid.CELLS else INK)
        self.width = sum(bool(getattr(self.columns, column.name)) for column in fields(Columns))
        self.labels = {column.name: self._label(column.name) for column in fields(Columns)}
        self.head_height = self.look.head + (max(map(len, self.labels.values())) - 1) * self.look.head_leading
        self.odd = False

    def _label(self, column: str) -> list[str]:
        """The lines of a column's heading."""
        return self.flow.broken(getattr(self.columns, column), self.look.label, self.edges.widths[column] + 0.1)

    def first_height(self) -> float:
        """What the heading must not be parted from."""
        first = next((row for group in self.flow.document.groups for row in group.rows), None)
        return self.head_height + self.look.group_head + (self._kept(first, self._alone(first)) if first else 0)

    def head(self) -> None:
        edges, right = self.edges, Align.RIGHT
        self._before_head()
        with self.flow.within("TR"):
            self._heading(edges.left, "day")
            self._heading(edges.described, "description")
            self._heading(edges.quantity, "quantity", right)
            self._heading(edges.unit, "unit")
            self._heading(edges.unit_price, "unit_price", right)
            self._heading(edges.taxes, "taxes")
            self._heading(edges.net, "net", right)
        self.flow.y += self.head_height
        self._after_head()

    def _heading(self, x: float, column: str, align: Align = Align.LEFT) -> None:
        """Its last line stands on the line of all headings."""
        if not getattr(self.columns, column):
            return
        lines, look = self.labels[column], self.look
        y = self.flow.y + self.head_height - look.head + look.head_rise - len(lines) * look.head_leading
        with self.flow.within("TH", COLUMN):
            for number, line in enumerate(lines, 1):
                self.canvas.text(x, y + number * look.head_leading, line, look.label, align=align)

    def group(self, group: Group) -> None:
        if group.title:
            first = group.rows[0]
            self.flow.make_room(self.look.group_head + self._kept(first, self._alone(first)), self._head_again)
            self._group_head(group.title, group.subtotal)
        for row in group.rows:
            self._row(row, group)

    def close(self) -> None:
        if self.look.grid is Grid.CELLS:
            self.canvas.rule(self.flow.left, self.flow.y + 0.4, self.flow.right, color=INK, width=0.9)

    def _before_head(self) -> None:
        flow = self.flow
        if self.look.grid is Grid.CELLS:
            self.canvas.rule(flow.left, flow.y, flow.right, color=INK, width=0.9)
        if self.look.grid is Grid.STRIPES:
            self.canvas.box(Rect(flow.left, flow.y, flow.width, self.head_height), fill=flow.accent, radius=2.5)

    def _after_head(self) -> None:
        flow = self.flow
        if self.look.grid is Grid.LINES:
            self.canvas.rule(flow.left, flow.y, flow.right, color=LINE, width=0.75)
        if self.look.grid is Grid.CELLS:
            self._fenced(flow.y - self.head_height)
            self.canvas.rule(flow.left, flow.y, flow.right, color=INK)

    def _group_head(self, title: str, subtotal: str = "") -> None:
        edges, look, top, y = self.edges, self.look, self.flow.y, self.flow.y + self.look.group_rise
        room = edges.net - edges.left - self.canvas.measure(subtotal, self.heading) - look.gap
        lines = self.flow.lines(title, self.heading, room)
        with self.flow.within("TR"):
            with self.flow.within("TH", spanning(self.width - bool(self.columns.net))):
                for number, line in enumerate(lines):
                    self.canvas.text(edges.left, y + number * look.leading, line, self.heading)
            if self.columns.net:
                with self.flow.within("TD"):
                    self.canvas.text(edges.net, y, subtotal, self.heading, align=Align.RIGHT)
        self.flow.y += look.group_head + (len(lines) - 1) * look.leading
        self.odd = False
        if look.grid is Grid.CELLS:
            self._sided(top)
            self._ruled()

    def _head_again(self) -> None:
        with self.flow.apart():
            self.head()

    def _continued(self, group: Group) -> None:
        self._head_again()
        if group.title:
            with self.flow.apart():
                self._group_head(self.flow.document.group_continued.format(title=group.title))

    def _row(self, row: Row, group: Group) -> None:
        lines, details, units, taxes = texts = self._texts(row)
        height = self._height(*texts)
        flow, look = self.flow, self.look
        if not flow.fits(self._kept(row, height)) and height <= self._fresh():
            flow.next_page()
            self._continued(group)
        if flow.fits(height):
            self._shaded(height)
            with flow.within("TR"):
                self._dated(row)
                self._described(lines, details)
                self._cells(row, units, taxes, flow.y + look.rise)
            flow.y += height
            if look.grid is Grid.CELLS:
                self._fenced(flow.y - height)
        else:
            self._row_over_pages(row, texts, group)
        self._ruled()

    def _fresh(self) -> float:
        """The height of a page that the table goes on over."""
        return self.flow.fresh - self.head_height - self.look.group_head

    def _alone(self, row: Row) -> float:
        return self._height(*self._texts(row))

    def _kept(self, row: Row, height: float) -> float:
        """The height of a row, with what must stand on the page that the last one ends on."""
        together = height + (self.followed if row is self.last else 0)
        return together if together <= self._fresh() else height

    def _row_over_pages(self, row: Row, texts: Texts, group: Group) -> None:
        """For a row that is taller than a page: its figures stand where it begins."""
        flow = self.flow
        lines, details, units, taxes = texts
        with flow.within("TR"):
            self._dated(row)
            start = flow.place()
            self._described_over_pages(lines, details, group)
            end = flow.place()
            flow.go_to(start)
            self._cells(row, units, taxes, flow.y + self.look.rise)
            flow.go_to(end)

    def _shaded(self, height: float) -> None:
        flow = self.flow
        if self.look.grid is Grid.STRIPES and self.odd:
            self.canvas.box(Rect(flow.left, flow.y, flow.width, height), fill=flow.soft, radius=2.5)
        self.odd = not self.odd

    def _ruled(self) -> None:
        if self.look.grid is not Grid.STRIPES:
            color = HAIR if self.look.grid is Grid.LINES else LINE
            self.canvas.rule(self.flow.left, self.flow.y, self.flow.right, color=color)

    def _fenced(self, top: float) -> None:
        """The lines between the cells of a row that ends here."""
        for x in self.edges.fences:
            self.canvas.upright(x, top, self.flow.y, color=LINE, width=0.4)
        self._sided(top)

    def _sided(self, top: float) -> None:
        for x in (self.flow.left, self.flow.right):
            self.canvas.upright(x, top, self.flow.y, color=LINE, width=0.4)

    def _dated(self, row: Row) -> None:
        if self.columns.day:
            with self.flow.within("TD"):
                self.canvas.text(self.edges.left, self.flow.y + self.look.rise, row.day, self.look.quiet)

    def _cells(self, row: Row, units: list[str], taxes: list[str], y: float) -> None:
        edges, look = self.edges, self.look
        if self.columns.quantity:
            self._figure(edges.quantity, y, row.quantity, look.body)
        if self.columns.unit:
            self._column(edges.unit, y, units)
        if self.columns.unit_price:
            self._figure(edges.unit_price, y, row.unit_price, look.body)
        if self.columns.taxes:
            self._column(edges.taxes, y, taxes)
        if self.columns.net:
            self._figure(edges.net, y, row.net, look.net)

    def _figure(self, x: float, y: float, text: str, pen: Pen) -> None:
        with self.flow.within("TD"):
            self.canvas.text(x, y, text, pen, align=Align.RIGHT)

    def _column(self, x: float, y: float, lines: list[str]) -> None:
        with self.flow.within("TD"):
            for number, line in enumerate(lines):
                self.canvas.text(x, y + number * self.look.leading, line, self.look.quiet)

    def _described(self, lines: list[str], details: list[str]) -> None:
        look, left = self.look, self.edges.described
        y = self.flow.y + look.rise - look.leading
        with self.flow.within("TD"):
            with self._part(details):
                for line in lines:
                    y += look.leading
                    self.canvas.text(left, y, line, look.description)
            y += 0.8
            with self._part(details):
                for line in details:
                    y += look.small_leading
                    self.canvas.text(left, y, line, look.detail)

    def _part(self, details: list[str]) -> AbstractContextManager[None]:
        """A paragraph where a cell has several, nothing where it has but one."""
        return self.flow.within("P") if details else nullcontext()

    def _described_over_pages(self, lines: list[str], details: list[str], group: Group) -> None:
        flow, look, top = self.flow, self.look, self.flow.y
        flow.y += look.rise - look.leading
        with flow.within("TD"):
            for part, pen in ((lines, look.description), (details, look.detail)):
                with self._part(details):
                    for line in part:
                        if not flow.fits(look.leading + look.padding / 2):
                            top = self._over(top, group)
                        flow.y += look.leading
                        self.canvas.text(self.edges.described, flow.y, line, pen)
        flow.y += look.padding - 0.9
        self._ended(top)

    def _over(self, top: float, group: Group) -> float:
        """Go on to the next page within a row; answers where the row goes on there."""
        self.flow.y = self.flow.bottom
        self._ended(top)
        if self.look.grid is Grid.CELLS:
            self._ruled()
        self.flow.next_page()
        self._continued(group)
        return self.flow.y

    def _ended(self, top: float) -> None:
        """Draw the lines between the cells of a row, or of the part of it that stands on this page."""
        if self.look.grid is Grid.CELLS:
            self._fenced(top)

    def _texts(self, row: Row) -> Texts:
        edges, look, lines = self.edges, self.look, self.flow.lines
        return (
            lines(row.description, look.description, edges.description),
            lines(row.detail, look.detail, edges.description) if row.detail else [],
            lines(row.unit, look.quiet, edges.unit_width) if row.unit else [],
            lines(row.taxes, look.quiet, edges.taxes_width) if row.taxes else [],
        )

    def _height(self, lines: list[str], details: list[str], units: list[str], taxes: list[str]) -> float:
        look = self.look
        described = len(lines) * look.leading + (len(details) * look.small_leading + 0.5 if details else 0)
        return max(described, len(units) * look.leading, len(taxes) * look.leading) + look.padding
