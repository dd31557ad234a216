"""What each template looks like, as data: pens, and measures in points. Its head, which differs in kind, stands apart.

Modern is airy and set in Inter; classic is a letter in Source Serif, with ruled tables and no filled areas; compact is
small and dense, with as many lines on a page as can be read.
"""

from dataclasses import dataclass
from enum import Enum

from chalicelib.adapters.pdf.canvas import Pen
from chalicelib.adapters.pdf.colours import ALERT, INK, MUTED, TEXT, WHITE
from chalicelib.domain.document import Template


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
    footed:  the foot's rule above the edge; its text is `centred`, or the page's number stands at its right.
    """

    margin: float
    top: float
    foot: float
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


LABEL = Pen("medium", 7, MUTED, 0.15)
SMALL = Pen("regular", 7.4, MUTED)
PLAIN = Pen("regular", 8, MUTED)
STRONG = Pen("semibold", 9, INK)

MODERN = Look(
    sheet=Sheet(
        margin=46,
        top=70,
        foot=50,
        heading=48,
        ruled=9,
        footed=36,
        brand=Pen("semibold", 8.5, INK),
        beside=PLAIN,
        footer=Pen("regular", 7, MUTED),
    ),
    table=Table(
        grid=Grid.LINES,
        label=LABEL,
        description=Pen("regular", 8.8, INK),
        detail=SMALL,
        body=Pen("regular", 8.8, TEXT),
        quiet=Pen("regular", 8.8, MUTED),
        net=Pen("medium", 8.8, INK),
        group=("semibold", 8.5),
        leading=11.6,
        small_leading=10,
        rise=12.5,
        padding=7.4,
        head=16,
        head_rise=9,
        group_head=23,
        group_rise=17,
    ),
    sums=Sums(
        width=236,
        row=18,
        rise=10,
        leading=11.6,
        detail_leading=9.6,
        label=Pen("regular", 9, TEXT),
        value=Pen("medium", 9, INK),
        strong=Pen("semibold", 10, INK),
        detail=SMALL,
        final=38,
        final_label=Pen("semibold", 10, WHITE),
        final_value=Pen("display", 14, WHITE),
        final_rise=(21.5, 22.5),
        final_inset=12,
        final_radius=7,
        schedule_width=244,
        schedule_head=34,
        bar=(20, 5),
        instalment=31,
        instalment_rise=(11, 22),
        title=STRONG,
        name=Pen("medium", 8.5, INK),
        due=Pen("semibold", 7.4, ALERT),
        upcoming=SMALL,
    ),
    passage_title=Pen("semibold", 8, INK),
    prose=Pen("regular", 7.4, TEXT),
    prose_leading=10.4,
)

CLASSIC = Look(
    sheet=Sheet(
        margin=62,
        top=78,
        foot=66,
        heading=52,
        ruled=9,
        footed=50,
        brand=Pen("serif-semibold", 9.5, INK),
        beside=Pen("serif-italic", 9, MUTED),
        footer=Pen("serif", 7.6, MUTED),
        centred=True,
    ),
    table=Table(
        grid=Grid.CELLS,
        label=Pen("serif-italic", 8.6, TEXT),
        description=Pen("serif", 9.4, INK),
        detail=Pen("serif-italic", 8.4, MUTED),
        body=Pen("serif", 9.4, INK),
        quiet=Pen("serif", 9.4, TEXT),
        net=Pen("serif", 9.4, INK),
        group=("serif-semibold", 9.4),
        leading=11.8,
        small_leading=10.4,
        rise=12.6,
        padding=7.2,
        head=18,
        head_rise=12.2,
        group_head=20,
        group_rise=13.6,
        gap=14,
        unit_gap=14,
        inset=7,
        narrowest=(70, 64, 40),
    ),
    sums=Sums(
        width=224,
        row=17,
        rise=11.5,
        leading=11.8,
        detail_leading=10,
        label=Pen("serif", 9.4, TEXT),
        value=Pen("serif", 9.4, INK),
        strong=Pen("serif-semibold", 9.8, INK),
        detail=Pen("serif-italic", 8.2, MUTED),
        final=30,
        final_label=Pen("serif-semibold", 11, INK),
        final_value=Pen("serif-semibold", 13, INK),
        final_rise=(16.6, 17.2),
        final_inset=7,
        boxed=False,
        schedule_width=212,
        schedule_head=24,
        bar=None,
        instalment=30,
        instalment_rise=(11, 22),
        title=Pen("serif-semibold", 9.6, INK),
        name=Pen("serif", 9.2, INK),
        due=Pen("serif-semibold", 8.2, ALERT),
        upcoming=Pen("serif-italic", 8.2, MUTED),
    ),
    passage_title=Pen("serif-semibold", 9, INK),
    prose=Pen("serif", 8.6, TEXT),
    prose_leading=11.4,
)

COMPACT = Look(
    sheet=Sheet(
        margin=34,
        top=48,
        foot=38,
        heading=30,
        ruled=6,
        footed=26,
        brand=Pen("semibold", 7.2, INK),
        beside=Pen("regular", 7, MUTED),
        footer=Pen("regular", 6.2, MUTED),
    ),
    table=Table(
        grid=Grid.STRIPES,
        label=Pen("semibold", 6.6, WHITE, 0.1),
        description=Pen("regular", 7.6, INK),
        detail=Pen("regular", 6.6, MUTED),
        body=Pen("regular", 7.6, TEXT),
        quiet=Pen("regular", 7.6, MUTED),
        net=Pen("medium", 7.6, INK),
        group=("semibold", 7.6),
        leading=9.2,
        small_leading=8,
        rise=8.9,
        padding=3.2,
        head=14,
        head_rise=9.4,
        group_head=15,
        group_rise=10.8,
        gap=10,
        unit_gap=6,
        inset=6,
        narrowest=(58, 56, 36),
    ),
    sums=Sums(
        width=216,
        row=12.8,
        rise=8.4,
        leading=9.4,
        detail_leading=8.2,
        label=Pen("regular", 7.8, TEXT),
        value=Pen("medium", 7.8, INK),
        strong=Pen("semibold", 8.2, INK),
        detail=Pen("regular", 6.6, MUTED),
        final=24,
        final_label=Pen("semibold", 8.4, WHITE),
        final_value=Pen("display", 11, WHITE),
        final_rise=(13.2, 13.9),
        final_inset=6,
        final_radius=3,
        aside=True,
        schedule_width=216,
        schedule_head=20,
        bar=(12, 3.2),
        instalment=21,
        instalment_rise=(8.4, 16.4),
        title=Pen("semibold", 7.8, INK),
        name=Pen("medium", 7.4, INK),
        due=Pen("semibold", 6.6, ALERT),
        upcoming=Pen("regular", 6.6, MUTED),
    ),
    passage_title=Pen("semibold", 7, INK),
    prose=Pen("regular", 6.8, TEXT),
    prose_leading=8.8,
)

LOOKS = {Template.MODERN: MODERN, Template.CLASSIC: CLASSIC, Template.COMPACT: COMPACT}
