"""Workbooks: typed cells, texts that are never run, and more rows than a sheet holds."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

from chalicelib.adapters import sheets
from chalicelib.domain.money import Money


def book(rows, header=("a", "b", "c", "d")):
    return zipfile.ZipFile(io.BytesIO(b"".join(sheets.XlsxSheets().workbook(header, rows))))


def sheet(archive, number=1):
    return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def test_cells_are_typed():
    text = sheet(book([("=1+1", Decimal("-12.50"), Money(-1250, "CAD"), date(2026, 3, 2))]))
    assert "<t>=1+1</t>" in text
    assert re.findall(r"<v>([^<]*)</v>", text) == ["-12.50", "-12.50", "46083"]
    assert "<f>" not in text


def test_amounts_have_the_decimals_of_their_currency():
    archive = book([(Money(100, "JPY"), Money(1001, "KWD"), Money(100, "CAD"), None)])
    styles = archive.read("xl/styles.xml").decode()
    assert set(re.findall(r'formatCode="([^"]*)"', styles)) == {"#,##0", "#,##0.000", "#,##0.00"}
    assert re.findall(r"<v>([^<]*)</v>", sheet(archive)) == ["100", "1.001", "1.00"]


def test_no_rows_are_a_header():
    assert "<t>a</t>" in sheet(book([]))


def test_what_goes_beyond_a_sheet_begins_another(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    archive = book([(f"{n}", None, None, None) for n in range(5)])
    assert [f"xl/worksheets/sheet{n}.xml" in archive.namelist() for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert "<t>4</t>" in sheet(archive, 3)


def test_rows_are_taken_one_at_a_time():
    taken = []

    def rows():
        for n in range(3):
            taken.append(n)
            yield (Decimal(n), None, None, None)

    parts = sheets.XlsxSheets().workbook(("a",), rows())
    assert taken == []
    assert b"".join(parts)[:2] == b"PK"
