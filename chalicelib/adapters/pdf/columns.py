"""Where the columns of the table lie."""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.adapters.pdf.canvas import Pen
from chalicelib.adapters.pdf.flow import BETWEEN, Flow
from chalicelib.domain.document import Columns, Row
from chalicelib.domain.values import dataclass

WIDEST_TEXT = 74.0
NARROW = 0.36
"""The part of the table that descriptions need; where they have less, headings are broken."""

Parts = Callable[[str], Sequence[str]]
"""What of a heading must stand on one line."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Where columns lie: amounts end at an edge, texts begin at one; widths are for wrapping.

    described: where descriptions begin; `description` is how wide they may be.
    widths: how wide the heading of each column may be.
    fences: the middle of each gap between two columns.
    """

    left: float
    described: float
    description: float
    quantity: float
    unit: float
    unit_width: float
    unit_price: float
    taxes: float
    taxes_width: float
    net: float
    widths: Mapping[str, float]
    fences: tuple[float, ...]


def edges_of(flow: Flow, columns: Columns, rows: list[Row]) -> Edges:
    """Columns as wide as what stands in them; the description takes what is left.

    Where that is too little, headings are broken between their languages, or else between their words.
    """
    edges = _edges(flow, columns, rows, _whole)
    for parts in (_languages, _words):
        if edges.description < NARROW * flow.width and edges.description < _described(flow, rows):
            edges = _edges(flow, columns, rows, parts)
    return edges


def _described(flow: Flow, rows: list[Row]) -> float:
    return flow.canvas.widest([row.description for row in rows], flow.look.table.description)


def _whole(heading: str) -> Sequence[str]:
    return (heading,)


def _languages(heading: str) -> Sequence[str]:
    first, between, second = heading.partition(BETWEEN)
    return (f"{first} /", second) if between else (first,)


def _words(heading: str) -> Sequence[str]:
    return heading.replace(" /", "\u00a0/").split(" ")


def _edges(flow: Flow, columns: Columns, rows: list[Row], parts: Parts) -> Edges:
    look = flow.look.table
    net_least, price_least, quantity_least = look.narrowest
    net = _widest(flow, [row.net for row in rows], look.net, parts(columns.net))
    unit_price = _widest(flow, [row.unit_price for row in rows], look.body, parts(columns.unit_price))
    quantity = _widest(flow, [row.quantity for row in rows], look.body, parts(columns.quantity))
    taxes = min(_widest(flow, [row.taxes for row in rows], look.quiet, parts(columns.taxes)), WIDEST_TEXT)
    unit = min(_widest(flow, [row.unit for row in rows], look.quiet, parts(columns.unit)), WIDEST_TEXT)
    day = _widest(flow, [row.day for row in rows], look.quiet, parts(columns.day))
    left, right = flow.left + look.inset, flow.right - look.inset
    described = left + (day + look.gap if columns.day else 0)
    net_left = right - (max(net + look.gap, net_least) if columns.net else 0)
    taxes_left = net_left - (taxes + look.gap if columns.taxes else 0)
    price_left = taxes_left - (max(unit_price + look.gap, price_least) if columns.unit_price else 0)
    unit_left = price_left - (unit + look.gap if columns.unit else 0)
    quantity_left = unit_left - (max(quantity + look.gap, quantity_least) if columns.quantity else 0)
    borders = {quantity_left, unit_left, price_left, taxes_left, net_left} - {right}
    borders |= {described - look.gap} if columns.day else set()
    return Edges(
        left=left,
        described=described,
        description=quantity_left - described,
        quantity=unit_left,
        unit=unit_left + look.unit_gap,
        unit_width=unit + 0.1,
        unit_price=taxes_left,
        taxes=taxes_left + look.gap,
        taxes_width=taxes + 0.1,
        net=right,
        widths={
            "day": day,
            "description": quantity_left - described,
            "quantity": unit_left - quantity_left - look.gap,
            "unit": unit,
            "unit_price": taxes_left - price_left - look.gap,
            "taxes": taxes,
            "net": right - net_left - look.gap,
        },
        fences=tuple(x + look.gap / 2 for x in sorted(borders)),
    )


def _widest(flow: Flow, texts: list[str], pen: Pen, heading: Sequence[str]) -> float:
    return max(flow.canvas.widest(texts, pen), flow.canvas.widest(heading, flow.look.table.label))
