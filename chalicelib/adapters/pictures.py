"""Pages of a PDF as pictures, drawn by PDFium and written as PNG (ISO/IEC 15948) by ourselves."""

import struct
import zlib
from threading import Lock
from typing import Final

from pypdfium2 import PdfDocument

from chalicelib.domain.errors import Invalid
from chalicelib.ports.pictures import Picture

DOTS_PER_INCH: Final = 144
POINTS_PER_INCH: Final = 72
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
RGB: Final = 2
BYTES: Final = 3
"""Of a pixel."""
PDFIUM: Final = Lock()
"""It may not be used by two threads at once, not even for two documents (pypdfium2, "Thread safety")."""


class PdfiumPictures:
    def picture(self, pdf: bytes, *, page: int) -> Picture:
        """One page, the first being 1; the same PDF gives the same bytes. Raises Invalid (``no_such_page``)."""
        with PDFIUM:
            return _drawn(pdf, page)


def _drawn(pdf: bytes, page: int) -> Picture:
    file = PdfDocument(pdf)
    try:
        pages = len(file)
        if not 1 <= page <= pages:
            detail = f"There is no page {page}: the document has {pages}."
            raise Invalid("no_such_page", detail, at="/page")
        drawn = file[page - 1].render(scale=DOTS_PER_INCH / POINTS_PER_INCH, rev_byteorder=True)
        pixels = bytes(drawn.buffer)
        rows = (pixels[at : at + drawn.width * BYTES] for at in range(0, len(pixels), drawn.stride))
        png = _png(drawn.width, drawn.height, b"".join(b"\0" + row for row in rows))
        return Picture(png=png, pages=pages)
    finally:
        file.close()


def _png(width: int, height: int, filtered: bytes) -> bytes:
    """filtered: each row of pixels after the byte that says how it is filtered (0: not at all)."""
    header = struct.pack(">IIBBBBB", width, height, 8, RGB, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(filtered, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
