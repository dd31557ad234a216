"""What can be said of a look: pens, and measures in points."""

from enum import Enum

from chalicelib.adapters.pdf.canvas import Pen
from chalicelib.domain.values import dataclass


class Grid(Enum):
    """What parts the rows of the table: lines under them, cells around them, or every second one shaded."""

    LINES = "lines"
    CELLS = "cells"
    STRIPES = "stripes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page.

    top:     where pages begin that have a running heading; `foot` is kept free at the other end.
    heading: the running heading's baseline; its rule lies `ruled` below.
    foot_lines: what of the foot there is room for anyway; `foot_leading` is between two of them.
    footed:  the foot's rule above the edge; its text is `centred`, or the page's number stands at its right.
    """

    margin: float
    top: float
    foot: float
    foot_lines: int
    foot_leading: float
    heading: float
    ruled: float
    footed: float
    brand: Pen
    beside: Pen
    footer: Pen
    centred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table of what is sold.

    rise:      from the top of a row to its first baseline; `padding` is what a row has beside its lines.
    head:      the height of the headings, `head_rise` their baseline; so with the heads of groups.
    head_leading: what each further line of a heading adds.
    gap:       between two columns; `unit_gap` between the quantity and its unit.
    inset:     of the outer columns from the margin.
    """

    grid: Grid
    label: Pen
    description: Pen
    detail: Pen
    body: Pen
    quiet: Pen
    net: Pen
    group: tuple[str, float]
    leading: float
    small_leading: float
    rise: float
    padding: float
    head: float
    head_rise: float
    head_leading: float
    group_head: float
    group_rise: float
    gap: float = 12.0
    unit_gap: float = 8.0
    inset: float = 0.0
    narrowest: tuple[float, float, float] = (72.0, 72.0, 44.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The totals and the schedule.

    rise:  from the top of a row, or of the schedule, to its baseline; `final_rise` and `instalment_rise` are two each.
    bar:   how far below the top of the schedule its bars lie, and their height.
    boxed: the figure to be paid stands in a filled box, not between rules.
    aside: the passages stand beside the totals where there is room.
    """

    above: float = 16.0
    width: float
    row: float
    rise: float
    leading: float
    detail_leading: float
    label: Pen
    value: Pen
    strong: Pen
    detail: Pen
    final: float
    final_label: Pen
    final_value: Pen
    final_rise: tuple[float, float]
    final_inset: float
    final_radius: float = 0
    boxed: bool = True
    aside: bool = False
    schedule_width: float
    schedule_head: float
    bar: tuple[float, float] | None
    instalment: float
    instalment_rise: tuple[float, float]
    title: Pen
    name: Pen
    due: Pen
    upcoming: Pen


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    sheet: Sheet
    table: Table
    sums: Sums
    passage_title: Pen
    prose: Pen
    prose_leading: float
