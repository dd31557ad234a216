"""With fpdf2 as its manual has it: fonts added from their files, and its own table."""

from fpdf import FPDF

from chalicelib.domain.document import Document
from infra.bench.printers.fonts import BOLD, PLAIN


class _Sheet(FPDF):
    def footer(self) -> None:
        self.set_y(-30)
        self.set_font("Vera", size=7)
        self.cell(0, 10, f"Page {self.page_no()} de {{nb}}", align="R")


def draw(document: Document) -> bytes:
    sheet = _Sheet(unit="pt", format=(612, 792))
    sheet.add_font("Vera", fname=PLAIN)
    sheet.add_font("Vera", style="B", fname=BOLD)
    sheet.add_page()
    _opening(sheet, document)
    _table(sheet, document)
    sheet.set_font("Vera", "B", size=9)
    for total in document.totals:
        sheet.cell(460, 18, f"{total.label}  {total.detail}", align="R")
        sheet.cell(0, 18, total.value, align="R", new_x="LMARGIN", new_y="NEXT")
    return bytes(sheet.output())


def _opening(sheet: FPDF, document: Document) -> None:
    said = [document.title, document.number, document.brand]
    said += [text for party in document.parties for text in (party.label, party.name, *party.lines)]
    said += [document.panel.label, document.panel.amount, document.panel.note] if document.panel else []
    said += [f"{fact.label} {fact.value}" for fact in document.facts]
    for number, text in enumerate(said):
        sheet.set_font("Vera", "" if number else "B", size=8.8 if number else 27)
        sheet.cell(0, 12 if number else 32, text, new_x="LMARGIN", new_y="NEXT")


def _table(sheet: FPDF, document: Document) -> None:
    columns = document.columns
    sheet.set_font("Vera", size=8.8)
    aligned = ("LEFT", "RIGHT", "LEFT", "RIGHT", "RIGHT")
    with sheet.table(
        col_widths=(258, 50, 40, 86, 86), text_align=aligned, line_height=11.6, borders_layout="MINIMAL"
    ) as table:
        table.row((columns.description, columns.quantity, columns.unit, columns.unit_price, columns.net))
        for group in document.groups:
            for row in group.rows:
                table.row((row.description, row.quantity, row.unit, row.unit_price, row.net))
