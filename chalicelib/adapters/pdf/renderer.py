"""A document as a PDF file."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache

from chalicelib.adapters.pdf import docket, letterhead, opening
from chalicelib.adapters.pdf.canvas import Canvas
from chalicelib.adapters.pdf.closing import closed, height_of
from chalicelib.adapters.pdf.flow import SIZES, Flow, footed
from chalicelib.adapters.pdf.items import itemised
from chalicelib.adapters.pdf.metadata import About
from chalicelib.domain.document import Document, Template
from chalicelib.domain.logo import Picture, picture_of
from chalicelib.ports import Attachment, Rendering

LOGOS = 16
"""Kept in a process: the same ones come again and again."""
HEADS = {Template.MODERN: opening.opened, Template.CLASSIC: letterhead.opened, Template.COMPACT: docket.opened}


class PdfRenderer:
    """archival: PDF/A-3a and PDF/UA-1; without, nothing but the drawing, to measure what they cost.

    fetch: gives the file of a logo that is kept under a key; without it no logo is drawn.
    """

    def __init__(self, *, archival: bool = True, fetch: Callable[[str], bytes] | None = None) -> None:
        self._archival = archival
        self._fetch = lru_cache(LOGOS)(fetch) if fetch else None

    def render(self, document: Document, attachments: Sequence[Attachment] = ()) -> Rendering:
        """The file. The same document gives the same bytes, in any process; of outside only its logo is read."""
        canvas = Canvas(*SIZES[document.paper], structured=self._archival)
        flow = Flow(canvas, document, self._logo(document))
        HEADS[document.template](flow)
        itemised(flow, followed=height_of(flow))
        closed(flow)
        footed(flow)
        pdf = canvas.finished(about_of(document), attachments)
        return Rendering(pdf=pdf, missing_glyphs=tuple(canvas.missing))

    def _logo(self, document: Document) -> Picture | None:
        if document.logo is None or self._fetch is None:
            return None
        return picture_of(self._fetch(document.logo.key))


def about_of(document: Document) -> About:
    return About(
        title=document.heading,
        author=document.brand,
        language=document.language,
        dated=datetime.combine(document.dated, time(), UTC),
    )
