"""With WeasyPrint: a page of HTML and its style sheet."""

import importlib
from functools import cache
from html import escape
from typing import Any

from chalicelib.domain.document import Document
from infra.bench.printers.fonts import BOLD, PLAIN

STYLE = f"""
@font-face {{ font-family: Vera; src: url(file://{PLAIN}); }}
@font-face {{ font-family: Vera; font-weight: bold; src: url(file://{BOLD}); }}
@page {{ size: 612pt 792pt; margin: 48pt 46pt 50pt;
  @bottom-right {{ content: "Page " counter(page) " de " counter(pages); font: 7pt Vera; }} }}
body {{ font: 8.8pt/11.6pt Vera; }}
table {{ width: 100%; border-collapse: collapse; }}
th {{ font-weight: normal; text-align: left; }}
td, th {{ border-bottom: 0.5pt solid #e2e8f0; padding: 3pt 0; }}
.right {{ text-align: right; }}
.net {{ font-weight: bold; text-align: right; }}
"""


@cache
def _library() -> tuple[Any, Any, Any]:
    library, fonts = importlib.import_module("weasyprint"), importlib.import_module("weasyprint.text.fonts")
    known = fonts.FontConfiguration()
    return library, known, library.CSS(string=STYLE, font_config=known)


def draw(document: Document) -> bytes:
    library, fonts, style = _library()
    pdf: bytes = library.HTML(string=_page(document)).write_pdf(stylesheets=[style], font_config=fonts)
    return pdf


def _page(document: Document) -> str:
    said = [document.number, document.brand]
    said += [text for party in document.parties for text in (party.label, party.name, *party.lines)]
    said += [document.panel.label, document.panel.amount, document.panel.note] if document.panel else []
    said += [f"{fact.label} {fact.value}" for fact in document.facts]
    columns = document.columns
    heads = [columns.description, columns.quantity, columns.unit, columns.unit_price, columns.net]
    rows = [
        _row([row.description, row.quantity, row.unit, row.unit_price, row.net])
        for group in document.groups
        for row in group.rows
    ]
    totals = [
        f"<div class=net>{escape(total.label)} {escape(total.detail)} {escape(total.value)}</div>"
        for total in document.totals
    ]
    return (
        f"<html lang=fr><body><h1>{escape(document.title)}</h1>"
        f"{''.join(f'<div>{escape(text)}</div>' for text in said)}"
        f"<table><thead><tr>{''.join(f'<th>{escape(head)}' for head in heads)}</thead>"
        f"<tbody>{''.join(rows)}</tbody></table>{''.join(totals)}"
    )


def _row(cells: list[str]) -> str:
    classes = ("", "right", "", "right", "net")
    return "<tr>" + "".join(f"<td class='{name}'>{escape(cell)}" for name, cell in zip(classes, cells, strict=True))
