"""A business's logo: a PNG or JPEG made ready for a page, and what is known of it without reading it.

A PNG of any kind is kept as eight bits of red, green and blue on white, no larger than it is ever printed; a JPEG as
it came, turned on the page as its camera says. What cannot be drawn is refused when it is sent, never later.
"""

import hashlib
import struct
from collections.abc import Iterator
from math import ceil, sqrt
from typing import Final

from chalicelib.domain.errors import Invalid
from chalicelib.domain.png import SIGNATURE, NotPng, on_white, parsed, smaller, written
from chalicelib.domain.values import dataclass

JPEG: Final = b"\xff\xd8\xff"
END_OF_JPEG: Final = b"\xff\xd9"
MOST_BYTES: Final = 300_000
MOST_PIXELS: Final = 1_000_000
"""Of a PNG, which is taken apart."""
KEPT_PIXELS: Final = 250_000
"""On a page a logo is an inch or two wide."""
MOST_SIDE: Final = 6_000
FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""What begins a JPEG's frame: baseline, extended and progressive."""
OTHER_FRAMES: Final = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Lossless, hierarchical and arithmetic ones, which nobody writes and no page shows."""
EXIF, CAMERA, ORIENTATION, UPRIGHT = 0xE1, b"Exif\0\0", 0x0112, 1
ON_THEIR_SIDE: Final = 5
"""From here on of Exif's orientations, width and height change places (Exif 2.3, 4.6.4 A)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """What a document says of a logo; key: where its file is kept, which never changes."""

    key: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a page holds: a JPEG as it is, or rows of a PNG, deflated; colours: 1 for grey, else 3.

    turned: how it is to be turned to stand upright, as Exif counts it. width, height: upright.
    """

    width: int
    height: int
    colours: int
    is_jpeg: bool
    content: bytes
    turned: int = UPRIGHT

    @property
    def stored(self) -> tuple[int, int]:
        """Width and height as the file has them."""
        return (self.height, self.width) if self.turned >= ON_THEIR_SIDE else (self.width, self.height)


def made_ready(file: bytes, business_id: str) -> tuple[Logo, bytes]:
    """The logo of a business, and the file to be kept of it. Raises Invalid (``not_a_logo``)."""
    if len(file) > MOST_BYTES:
        raise _unfit(f"is larger than {MOST_BYTES:,} bytes. Send a smaller PNG or JPEG")
    if file.startswith(JPEG) and END_OF_JPEG not in file:
        raise _unfit("is no whole JPEG. Export it anew")
    kept = _on_white(file) if file.startswith(SIGNATURE) else file
    picture = picture_of(kept)
    key = f"{business_id}/logos/{hashlib.sha256(kept).hexdigest()}"
    return Logo(key=key, width=picture.width, height=picture.height), kept


def picture_of(kept: bytes) -> Picture:
    """A file that was made ready, as a page holds it. Raises Invalid (``not_a_logo``)."""
    if kept.startswith(JPEG):
        return _jpeg(kept)
    if not kept.startswith(SIGNATURE):
        raise _unfit("is neither PNG nor JPEG. Export it (SVG, GIF, WebP, PDF or any other kind) as PNG")
    png = parsed(kept)
    return Picture(width=png.width, height=png.height, colours=3, is_jpeg=False, content=png.content)


def _on_white(file: bytes) -> bytes:
    """The same picture of red, green and blue, where it was transparent on white."""
    try:
        png = parsed(file)
        if png.width * png.height > MOST_PIXELS:
            raise _unfit(f"has {png.width} by {png.height} pixels. Send a PNG of at most {MOST_PIXELS:,} in all")
        rows = on_white(png)
    except NotPng as error:
        raise _unfit("is no whole PNG. Export it anew") from error
    factor = ceil(sqrt(png.width * png.height / KEPT_PIXELS))
    shown = smaller(rows, factor) if factor > 1 and min(png.width, png.height) > factor else rows
    return written(len(shown[0]) // 3, len(shown), b"".join(b"\0" + row for row in shown))


def _jpeg(file: bytes) -> Picture:
    turned = UPRIGHT
    for kind, at, length in _segments(file):
        if kind == EXIF and file.startswith(CAMERA, at):
            turned = _orientation(file[at + len(CAMERA) : at + length])
        if kind in OTHER_FRAMES:
            raise _unfit("is a JPEG of a rare kind. Save it as an ordinary JPEG, or as PNG")
        if kind in FRAMES:
            return _framed(file, at, turned)
    raise _unfit("is no whole JPEG. Export it anew")


def _segments(file: bytes) -> Iterator[tuple[int, int, int]]:
    """The kind of each segment, where its content begins and how long it is."""
    at = 2
    while at + 9 < len(file) and file[at] == 0xFF:  # noqa: PLR2004 - what begins a segment, and fills the room before it
        if file[at + 1] == 0xFF:  # noqa: PLR2004
            at += 1
            continue
        (length,) = struct.unpack_from(">H", file, at + 2)
        yield file[at + 1], at + 4, length - 2
        at += 2 + max(length, 2)


def _framed(file: bytes, at: int, turned: int) -> Picture:
    depth, height, width, colours = struct.unpack_from(">BHHB", file, at)
    if colours == 4:  # noqa: PLR2004 - cyan, magenta, yellow and black
        raise _unfit("is a JPEG in CMYK, for a printing press. Save it in RGB, or as PNG")
    if depth != 8 or colours not in {1, 3}:  # noqa: PLR2004
        raise _unfit("is a JPEG of a rare kind. Save it as an ordinary JPEG, or as PNG")
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise _unfit(f"has {width} by {height} pixels. Send one of at most {MOST_SIDE:,} on each side")
    if turned >= ON_THEIR_SIDE:
        width, height = height, width
    return Picture(width=width, height=height, colours=colours, is_jpeg=True, content=file, turned=turned)


def _orientation(camera: bytes) -> int:
    """What a camera says of how it was held: a tag of the first directory of a TIFF (Exif 2.3, 4.6)."""
    order = "<" if camera.startswith(b"II") else ">"
    try:
        (at,) = struct.unpack_from(f"{order}I", camera, 4)
        (count,) = struct.unpack_from(f"{order}H", camera, at)
        for entry in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", camera, at + 2 + 12 * entry)
            if tag == ORIENTATION:
                return value if value in range(UPRIGHT, 9) else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def _unfit(why: str) -> Invalid:
    return Invalid("not_a_logo", f"This picture {why}.", at="/appearance/logo")
