"""With typst: one source, whose compiler is kept, and the document as its input."""

import importlib
import json
from functools import cache
from typing import Any

from chalicelib.domain.document import Document
from infra.bench.printers.fonts import FOLDER

SOURCE = b"""
#let it = json(bytes(sys.inputs.at("document", default: "{}")))
#set page(width: 612pt, height: 792pt, margin: (x: 46pt, top: 48pt, bottom: 50pt),
  footer: context align(right, text(7pt)[Page #counter(page).display() de #counter(page).final().first()]))
#set text(font: "Bitstream Vera Sans", size: 8.8pt)
#text(27pt, weight: "bold", it.title)
#for line in it.said { block(spacing: 6pt, line) }
#table(columns: (258pt, 50pt, 40pt, 86pt, 86pt), align: (left, right, left, right, right), stroke: (bottom: 0.5pt),
  table.header(..it.heads), ..it.rows.flatten())
#for line in it.totals { block(spacing: 8pt, align(right, strong(line))) }
"""


@cache
def _compiler() -> Any:  # noqa: ANN401 - typst need not be installed
    library = importlib.import_module("typst")
    return library.Compiler(font_paths=[str(FOLDER)], ignore_system_fonts=True)


def draw(document: Document) -> bytes:
    said = [document.number, document.brand]
    said += [text for party in document.parties for text in (party.label, party.name, *party.lines)]
    said += [document.panel.label, document.panel.amount, document.panel.note] if document.panel else []
    said += [f"{fact.label} {fact.value}" for fact in document.facts]
    columns = document.columns
    content = {
        "title": document.title,
        "said": said,
        "heads": [columns.description, columns.quantity, columns.unit, columns.unit_price, columns.net],
        "rows": [
            [row.description, row.quantity, row.unit, row.unit_price, row.net]
            for group in document.groups
            for row in group.rows
        ],
        "totals": [f"{total.label} {total.detail} {total.value}" for total in document.totals],
    }
    pdf: bytes = _compiler().compile(SOURCE, format="pdf", sys_inputs={"document": json.dumps(content)})
    return pdf
