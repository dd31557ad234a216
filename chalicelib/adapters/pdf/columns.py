"""Where the columns of the table lie."""

from chalicelib.adapters.pdf.canvas import Pen
from chalicelib.adapters.pdf.flow import Flow
from chalicelib.domain.document import Columns, Row
from chalicelib.domain.values import dataclass

WIDEST_TEXT = 74.0


@dataclass(frozen=True, slots=True)
class Edges:
    """Where columns lie: amounts end at an edge, texts begin at one; widths are for wrapping.

    described: where descriptions begin; `description` is how wide they may be.
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
    fences: tuple[float, ...]


def edges_of(flow: Flow, columns: Columns, rows: list[Row]) -> Edges:
    """Columns as wide as what stands in them; the description takes what is left."""
    look = flow.look.table
    net_least, price_least, quantity_least = look.narrowest
    net = _widest(flow, [row.net for row in rows], look.net, columns.net)
    unit_price = _widest(flow, [row.unit_price for row in rows], look.body, columns.unit_price)
    quantity = _widest(flow, [row.quantity for row in rows], look.body, columns.quantity)
    taxes = min(_widest(flow, [row.taxes for row in rows], look.quiet, columns.taxes), WIDEST_TEXT)
    unit = min(_widest(flow, [row.unit for row in rows], look.quiet, columns.unit), WIDEST_TEXT)
    left, right = flow.left + look.inset, flow.right - look.inset
    described = left + (
        _widest(flow, [row.day for row in rows], look.quiet, columns.day) + look.gap if columns.day else 0
    )
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
        fences=tuple(x + look.gap / 2 for x in sorted(borders)),
    )


def _widest(flow: Flow, texts: list[str], pen: Pen, heading: str) -> float:
    return max(flow.canvas.widest(texts, pen), flow.canvas.measure(heading, flow.look.table.label))
