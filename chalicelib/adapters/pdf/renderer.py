"""A document as a PDF file."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from chalicelib.adapters.pdf import docket, letterhead, opening
from chalicelib.adapters.pdf.canvas import Canvas
from chalicelib.adapters.pdf.closing import closed
from chalicelib.adapters.pdf.flow import SIZES, Flow, footed
from chalicelib.adapters.pdf.items import itemised
from chalicelib.adapters.pdf.metadata import About
from chalicelib.domain.document import Document, Template
from chalicelib.ports import Attachment, Rendering

HEADS = {Template.MODERN: opening.opened, Template.CLASSIC: letterhead.opened, Template.COMPACT: docket.opened}


class PdfRenderer:
    """archival: PDF/A-3a and PDF/UA-1; without, nothing but the drawing, to measure what they cost."""

    def __init__(self, *, archival: bool = True) -> None:
        self._archival = archival

    def render(self, document: Document, attachments: Sequence[Attachment] = ()) -> Rendering:
        """The file. The same document gives the same bytes, in any process; nothing outside is read."""
        canvas = Canvas(*SIZES[document.paper], structured=self._archival)
        flow = Flow(canvas, document)
        HEADS[document.template](flow)
        itemised(flow)
        closed(flow)
        footed(flow)
        pdf = canvas.finished(about_of(document), attachments)
        return Rendering(pdf=pdf, missing_glyphs=tuple(canvas.missing))


def about_of(document: Document) -> About:
    return About(
        title=document.heading,
        author=document.brand,
        language=document.language,
        dated=datetime.combine(document.dated, time(), UTC),
    )
