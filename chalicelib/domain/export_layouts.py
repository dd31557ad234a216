"""How each format is laid out: how it opens, and what it says of a document."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from chalicelib.domain import export_fec as fec
from chalicelib.domain import export_quickbooks_desktop as quickbooks_desktop
from chalicelib.domain import export_quickbooks_online as quickbooks_online
from chalicelib.domain import export_table
from chalicelib.domain import export_xero as xero
from chalicelib.domain.accounting import Words
from chalicelib.domain.business import Business
from chalicelib.domain.export import Export
from chalicelib.domain.export_cells import MARK, Cell, day_first, month_first, separated
from chalicelib.domain.export_format import Format, Options
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

CSV, TEXT = "text/csv; charset=utf-8", "text/plain; charset=utf-8"
PLAIN_BYTES = "application/octet-stream"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """In what an export is written.

    words: of the program that it is for; country, currency: the business's.
    """

    words: Words
    country: str
    currency: str
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file begins, and what it says of each document.

    text: of a document, the so-and-so-many-th of its export, beginning with 1.
    most: documents that the program takes in one file; name: of the file, where a law says it.
    """

    extension: str
    content_type: str
    opening: Callable[[Setting], str]
    text: Callable[[Paper, Setting, int], str]
    encoding: str = "utf-8"
    bears_credits: bool = True
    name: Callable[[Export, Business], str] | None = None
    most: int | None = None


def _table_opening(setting: Setting) -> str:
    options = setting.options
    mark = MARK if options.byte_order_mark else ""
    return mark + "".join(separated([export_table.HEADER], separator=options.separator))


def _table(paper: Paper, setting: Setting, _: int) -> str:
    options = setting.options
    return "".join(separated(export_table.rows(paper), separator=options.separator, decimal=options.decimal))


def _typed(paper: Paper, _: Setting, __: int) -> str:
    return "".join(packed(row) + "\n" for row in export_table.rows(paper))


def packed(row: tuple[Cell, ...]) -> str:
    """A row as one line of JSON, to be written into a sheet later: each cell with its type."""
    return json.dumps([_packed(cell) for cell in row], ensure_ascii=False)


def unpacked(line: str) -> tuple[Cell, ...]:
    return tuple(_unpacked(*cell) if isinstance(cell, list) else cell for cell in json.loads(line))


def _packed(cell: Cell) -> str | list[str] | None:
    match cell:
        case Money():
            return ["amount", f"{cell}", cell.currency]
        case Decimal():
            return ["number", f"{cell:f}"]
        case date():
            return ["day", cell.isoformat()]
    return cell


def _unpacked(kind: str, text: str, currency: str = "") -> Cell:
    match kind:
        case "amount":
            return Money.exactly(Decimal(text), currency)
        case "day":
            return date.fromisoformat(text)
    return Decimal(text)


def _day_of(setting: Setting) -> Callable[[date], str]:
    """Dates as the program reads them where the business is."""
    return month_first if setting.country == quickbooks_online.UNITED_STATES else day_first


def _quickbooks(paper: Paper, setting: Setting, _: int) -> str:
    rows = quickbooks_online.rows(paper, setting.words, country=setting.country)
    return "".join(separated(rows, day=_day_of(setting)))


def _xero(paper: Paper, setting: Setting, _: int) -> str:
    return "".join(separated(xero.rows(paper, setting.words), day=_day_of(setting)))


def _header(names: Sequence[str]) -> str:
    """As the program wants it; its asterisks are no formulas."""
    return ",".join(names) + "\r\n"


LAYOUTS: Mapping[Format, Layout] = {
    Format.CSV: Layout(extension="csv", content_type=CSV, opening=_table_opening, text=_table),
    Format.XLSX: Layout(extension="xlsx", content_type=XLSX, opening=lambda _: "", text=_typed),
    Format.QUICKBOOKS_ONLINE: Layout(
        extension="csv",
        content_type=CSV,
        opening=lambda setting: _header(quickbooks_online.header(setting.country)),
        text=_quickbooks,
        bears_credits=False,
        most=quickbooks_online.MOST_INVOICES,
    ),
    Format.QUICKBOOKS_DESKTOP: Layout(
        extension="iif",
        content_type=PLAIN_BYTES,
        opening=lambda _: quickbooks_desktop.opening(),
        text=lambda paper, setting, _: quickbooks_desktop.text(paper, setting.words),
        encoding=quickbooks_desktop.ENCODING,
    ),
    Format.XERO: Layout(
        extension="csv",
        content_type=CSV,
        opening=lambda _: _header(xero.HEADER),
        text=_xero,
        most=xero.MOST_INVOICES,
    ),
    Format.FEC: Layout(
        extension="txt",
        content_type=TEXT,
        opening=lambda _: fec.opening(),
        text=lambda paper, setting, number: fec.text(paper, setting.words, number, currency=setting.currency),
        name=fec.name_of,
    ),
}
