"""A business's logo: a PNG or JPEG made ready for a page, and what is known of it without reading it.

A PNG (ISO/IEC 15948) of any kind is kept as eight bits of red, green and blue on white, which every page can hold as
it is; a JPEG as it came.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from chalicelib.domain.errors import Invalid
from chalicelib.domain.values import dataclass

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
MOST_BYTES: Final = 300_000
MOST_PIXELS: Final = 250_000
"""Of a PNG, which is taken apart; on a page a logo is an inch wide."""
MOST_SIDE: Final = 6_000
CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Bytes of a pixel by its kind of colour: grey, colours, a palette, and with transparency."""
GREY, COLOURS, PALETTE, GREY_ALPHA = 0, 2, 3, 4
FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""What begins a JPEG's frame: baseline, extended and progressive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """What a document says of a logo; key: where its file is kept, which never changes."""

    key: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a page holds: a JPEG as it is, or rows of a PNG, deflated; colours: 1 for grey, else 3."""

    width: int
    height: int
    colours: int
    is_jpeg: bool
    content: bytes


def made_ready(file: bytes, business_id: str) -> tuple[Logo, bytes]:
    """The logo of a business, and the file to be kept of it. Raises Invalid (``not_a_logo``)."""
    if len(file) > MOST_BYTES:
        raise _unfit(f"is larger than {MOST_BYTES} bytes")
    kept = _on_white(file) if file.startswith(PNG) else file
    picture = picture_of(kept)
    key = f"{business_id}/logos/{hashlib.sha256(kept).hexdigest()}"
    return Logo(key=key, width=picture.width, height=picture.height), kept


def picture_of(kept: bytes) -> Picture:
    """A file that was made ready, as a page holds it. Raises Invalid (``not_a_logo``)."""
    if kept.startswith(JPEG):
        return _jpeg(kept)
    if not kept.startswith(PNG):
        raise _unfit("is neither PNG nor JPEG")
    chunks = dict(_chunks(kept))
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    return Picture(width=width, height=height, colours=3, is_jpeg=False, content=chunks[b"IDAT"])


def png(width: int, height: int, rows: bytes) -> bytes:
    """A file of rows of red, green and blue, each after a byte that says how it is filtered (0: not at all)."""
    header = struct.pack(">IIBBBBB", width, height, 8, COLOURS, 0, 0, 0)
    return PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at + 8 <= len(file):
        (length,) = struct.unpack_from(">I", file, at)
        yield file[at + 4 : at + 8], file[at + 8 : at + 8 + length]
        at += 12 + length


def _on_white(file: bytes) -> bytes:
    """The same picture of red, green and blue, where it was transparent on white."""
    chunks = list(_chunks(file))
    parts = dict(chunks)
    if len(parts.get(b"IHDR", b"")) != 13:  # noqa: PLR2004 - two sides of four bytes and five more
        raise _unfit("is no whole PNG")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    if depth != 8 or interlaced or colour not in CHANNELS:  # noqa: PLR2004
        raise _unfit("is no PNG of eight bits a channel that is not interlaced")
    if not 0 < width * height <= MOST_PIXELS:
        raise _unfit(f"has more than {MOST_PIXELS} pixels")
    rows = _unfiltered(b"".join(body for kind, body in chunks if kind == b"IDAT"), width, height, CHANNELS[colour])
    plain = b"".join(b"\0" + _coloured(row, colour, parts) for row in rows)
    return png(width, height, plain)


def _unfiltered(deflated: bytes, width: int, height: int, step: int) -> Iterator[bytes]:
    stride, most = width * step, (width * step + 1) * height
    try:
        raw = zlib.decompressobj().decompress(deflated, most)
    except zlib.error as error:
        raise _unfit("is no whole PNG") from error
    if len(raw) != most:
        raise _unfit("is no whole PNG")
    above = bytearray(stride)
    for at in range(0, most, stride + 1):
        above = _unfiltered_row(raw[at], bytearray(raw[at + 1 : at + 1 + stride]), above, step)
        yield bytes(above)


def _unfiltered_row(kind: int, row: bytearray, above: bytearray, step: int) -> bytearray:
    """PNG, 9: none, sub, up, average, Paeth."""
    for place in range(len(row) if kind else 0):
        left = row[place - step] if place >= step else 0
        over = above[place]
        corner = above[place - step] if place >= step else 0
        predicted = (0, left, over, (left + over) // 2, _paeth(left, over, corner))[min(kind, 4)]
        row[place] = (row[place] + predicted) & 0xFF
    return row


def _paeth(left: int, over: int, corner: int) -> int:
    estimate = left + over - corner
    return min((left, over, corner), key=lambda one: abs(estimate - one))


def _coloured(row: bytes, colour: int, parts: dict[bytes, bytes]) -> bytes:
    """A row as red, green and blue."""
    if colour == COLOURS:
        return row
    if colour == GREY:
        return bytes(value for grey in row for value in (grey, grey, grey))
    if colour == PALETTE:
        return b"".join(_entry(index, parts.get(b"PLTE", b""), parts.get(b"tRNS", b"")) for index in row)
    step = CHANNELS[colour]
    pixels = (row[at : at + step] for at in range(0, len(row), step))
    return bytes(_over_white(part, pixel[-1]) for pixel in pixels for part in _three(pixel[:-1]))


def _three(parts: bytes) -> bytes:
    return parts if len(parts) > 1 else parts * 3


def _entry(index: int, palette: bytes, opacities: bytes) -> bytes:
    opacity = opacities[index] if index < len(opacities) else 255
    return bytes(_over_white(part, opacity) for part in palette[index * 3 : index * 3 + 3].ljust(3, b"\0"))


def _over_white(part: int, opacity: int) -> int:
    return 255 - (255 - part) * opacity // 255


def _jpeg(file: bytes) -> Picture:
    at = 2
    while at + 9 < len(file) and file[at] == 0xFF:  # noqa: PLR2004 - what begins a segment
        kind, (length,) = file[at + 1], struct.unpack_from(">H", file, at + 2)
        if kind in FRAMES:
            depth, height, width, colours = struct.unpack_from(">BHHB", file, at + 4)
            if depth != 8 or colours not in {1, 3} or not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):  # noqa: PLR2004
                raise _unfit("is no JPEG of grey or of three colours, or too large")
            return Picture(width=width, height=height, colours=colours, is_jpeg=True, content=file)
        at += 2 + length
    raise _unfit("is no whole JPEG")


def _unfit(why: str) -> Invalid:
    return Invalid("not_a_logo", f"This picture {why}.", at="/appearance/logo")
