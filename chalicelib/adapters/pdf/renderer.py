"""A document as a PDF file."""

from datetime import UTC, datetime, time

from chalicelib.adapters.pdf.canvas import Canvas
from chalicelib.adapters.pdf.closing import closed
from chalicelib.adapters.pdf.flow import SIZES, Flow, footed
from chalicelib.adapters.pdf.items import itemised
from chalicelib.adapters.pdf.opening import opened
from chalicelib.domain.document import Document
from chalicelib.ports import Rendering


class PdfRenderer:
    def render(self, document: Document) -> Rendering:
        """The file. The same document gives the same bytes, in any process; nothing outside is read."""
        canvas = Canvas(*SIZES[document.paper])
        flow = Flow(canvas, document)
        opened(flow)
        itemised(flow)
        closed(flow)
        footed(flow)
        pdf = canvas.finished(
            title=document.heading,
            author=document.brand,
            language=document.language,
            dated=datetime.combine(document.dated, time(), UTC),
        )
        return Rendering(pdf=pdf, missing_glyphs=tuple(canvas.missing))
