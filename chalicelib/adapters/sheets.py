"""Spreadsheets, written row by row: of a workbook of any length only a row is held."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from chalicelib.domain.export_cells import Cell, Row
from chalicelib.domain.money import Money, exponent

MOST_ROWS: Final = 1_048_576
"""Of one sheet, its header among them; what goes beyond begins another."""
READ_AT_ONCE: Final = 1024 * 1024
NO_GUESSES: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class XlsxSheets:
    """``Sheets`` as Office Open XML; a text is always a text, whatever it begins with."""

    def workbook(self, header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
        with tempfile.TemporaryFile() as file:
            _write(file, header, rows)
            file.seek(0)
            while part := file.read(READ_AT_ONCE):
                yield part


def _write(file: Any, header: Sequence[str], rows: Iterable[Row]) -> None:  # noqa: ANN401 - any binary file
    import xlsxwriter  # noqa: PLC0415 - only who writes a workbook pays for it

    book = xlsxwriter.Workbook(file, NO_GUESSES)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    amounts = [book.add_format({"num_format": f"#,##0{'.' + '0' * digits if digits else ''}"}) for digits in range(5)]
    try:
        _write_rows(book, header, rows, bold=bold, day=day, amounts=amounts)
    finally:
        book.close()  # it has files of its own


def _write_rows(
    book: Any,  # noqa: ANN401 - XlsxWriter has no types of its own
    header: Sequence[str],
    rows: Iterable[Row],
    *,
    bold: Any,  # noqa: ANN401
    day: Any,  # noqa: ANN401
    amounts: Sequence[Any],
) -> None:
    sheet, line = None, MOST_ROWS
    for row in rows:
        if sheet is None or line == MOST_ROWS:
            sheet, line = _opened(book, header, bold), 1
        for column, cell in enumerate(row):
            _write_cell(sheet, line, column, cell, day=day, amounts=amounts)
        line += 1
    if sheet is None:
        _opened(book, header, bold)


def _opened(book: Any, header: Sequence[str], bold: Any) -> Any:  # noqa: ANN401 - XlsxWriter has no types of its own
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    return sheet


def _write_cell(sheet: Any, line: int, column: int, cell: Cell, *, day: Any, amounts: Sequence[Any]) -> None:  # noqa: ANN401
    match cell:
        case str():
            sheet.write_string(line, column, cell)
        case Money():
            sheet.write_number(line, column, cell.decimal, amounts[exponent(cell.currency)])
        case Decimal():
            sheet.write_number(line, column, cell)
        case date():
            sheet.write_datetime(line, column, cell, day)
