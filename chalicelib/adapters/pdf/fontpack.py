"""Font packs: what a PDF needs of one typeface, ready to use, so that no font is parsed while a client waits.

`infra/fonts/build.py` writes a pack, `read` reads it. Those that most documents do without are kept compressed (xz),
a third smaller than a zip would make them. Everything is big-endian; lengths are in the header:

    header | name | head | hhea | maxp | hmtx | starts | code points with glyphs | pairs, kerning | parts | glyf

The glyphs of everyday text come first, so that the subset of an ordinary invoice is the beginning of each table.
"""

import lzma
import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from operator import add
from pathlib import Path

from chalicelib.domain.values import dataclass

PACKS = Path(__file__).parent / "fonts"
MAGIC = b"QPK1"
METRICS = struct.Struct(">11h")
SIZES = struct.Struct(">10I")
EVERYDAY = (
    " !\"#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz"
    "\u00a0«»°·\u00d7²³ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜàâäçèéêëîïôöùûüÿŒœªº\u2013\u2014\u2018\u2019\u201c\u201d•…\u202f€→\u2212\u25a1"
)
BOX = "\u25a1"
MARKS = {"Mn", "Me"}
_BIDI = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNSEEN = (0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF, *_BIDI)
_ESCAPED = {0x28: "\\(", 0x29: "\\)", 0x5C: "\\\\", 0x0D: "\\r"}


class NoGlyph(Exception):
    """A character of a text has no glyph. Not a LookupError, which `str.translate` would swallow."""


class Codes(dict[int, str]):
    """For `str.translate`: what shows a code point. Raises NoGlyph where it meets one that has none."""

    def __missing__(self, point: int) -> str:
        raise NoGlyph


class Advances(dict[str, int]):
    """The width of each character; one without a glyph is as wide as what stands for it."""

    def __missing__(self, character: str) -> int:
        return 0 if is_unseen(character) else self.get(BOX, 0)


def is_unseen(character: str) -> bool:
    """Whether it takes no room of its own."""
    return ord(character) in _UNSEEN or unicodedata.category(character) in MARKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """In thousandths of an em, but `italic` in degrees and `weight` as OS/2 counts it."""

    ascent: int
    descent: int
    cap_height: int
    x_height: int
    italic: int
    weight: int
    x_min: int
    y_min: int
    x_max: int
    y_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The TrueType tables as they are copied into a PDF; glyph n is `glyf[starts[n]:starts[n + 1]]`."""

    head: bytes
    hhea: bytes
    maxp: bytes
    hmtx: bytes
    glyf: bytes
    starts: tuple[int, ...]
    parts: dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Face:
    """One typeface, shared by every document of the process.

    glyphs:   the glyph of each code point.
    codes:    the two bytes of each glyph, escaped for a PDF literal string.
    advances: the width of each character in thousandths of an em.
    kerning:  what is added between two characters, in thousandths of an em; never beside a digit, so columns align.
    everyday: the glyphs every subset holds, so that most documents share one ready subset.
    marks:    the middle of each mark that is put over or under the letter it follows, in thousandths of an em.
    """

    name: str
    metrics: Metrics
    tables: Tables
    widths: tuple[int, ...]
    glyphs: dict[int, int]
    codes: Codes
    advances: Advances
    kerning: dict[str, int]
    everyday: frozenset[int]
    marks: dict[str, int]

    def width(self, text: str) -> int:
        """Without kerning."""
        return sum(map(self.advances.__getitem__, text))


FALLBACKS = {"serif": "regular", "serif-italic": "regular", "serif-semibold": "semibold"}
"""Where a face takes the characters from that it lacks: Inter has more alphabets, and the box for what nobody has."""


COMPRESSED = {"serif", "serif-italic", "serif-semibold", "hebrew", "arabic", "cjk"}


@cache
def face(name: str) -> Face:
    """The face of a pack beside this module, read once per process."""
    if name not in COMPRESSED:
        return read((PACKS / f"{name}.pack").read_bytes())
    return read(lzma.decompress((PACKS / f"{name}.pack.xz").read_bytes()))


def read(pack: bytes) -> Face:
    if pack[:4] != MAGIC:
        raise ValueError("This is not a font pack.")
    upem, *metrics = METRICS.unpack_from(pack, 4)
    sizes = SIZES.unpack_from(pack, 4 + METRICS.size)
    sections = _sections(pack, 4 + METRICS.size + SIZES.size, sizes)
    name, head, hhea, maxp, hmtx, starts, points, pairs, parts, glyf = sections
    widths = tuple(round(advance * 1000 / upem) for advance, _ in struct.iter_unpack(">Hh", hmtx))
    glyphs = dict(struct.iter_unpack(">IH", points))
    offsets = struct.unpack(f">{len(starts) // 4}I", starts)
    return Face(
        name=name.decode(),
        metrics=Metrics(**dict(zip(Metrics.__slots__, metrics, strict=True))),
        tables=Tables(
            head=head,
            hhea=hhea,
            maxp=maxp,
            hmtx=hmtx,
            glyf=glyf,
            starts=offsets,
            parts=_parts(parts),
        ),
        widths=widths,
        glyphs=glyphs,
        codes=_codes(glyphs),
        advances=Advances({chr(point): widths[glyph] for point, glyph in glyphs.items() if point not in _UNSEEN}),
        kerning=_kerning(pairs),
        everyday=frozenset(glyphs[point] for point in map(ord, EVERYDAY) if point in glyphs),
        marks={
            chr(point): _middle(glyf, offsets[glyph]) * 1000 // upem
            for point, glyph in glyphs.items()
            if widths[glyph] == 0 and offsets[glyph] < offsets[glyph + 1]
        },
    )


def _middle(glyf: bytes, start: int) -> int:
    """Of an outline; its box comes after the number of its contours."""
    left, _, right, _ = struct.unpack_from(">4h", glyf, start + 2)
    return int((left + right) // 2)


def _sections(pack: bytes, start: int, sizes: Iterable[int]) -> list[bytes]:
    sections = []
    for size in sizes:
        sections.append(pack[start : start + size])
        start += size
    return sections


def _parts(section: bytes) -> dict[int, tuple[int, ...]]:
    parts: dict[int, tuple[int, ...]] = {}
    for whole, part in struct.iter_unpack(">HH", section):
        parts[whole] = (*parts.get(whole, ()), part)
    return parts


def _codes(glyphs: dict[int, int]) -> Codes:
    byte = [_ESCAPED.get(value, chr(value)) for value in range(256)]
    codes = {point: byte[glyph >> 8] + byte[glyph & 255] for point, glyph in glyphs.items()}
    return Codes(codes | dict.fromkeys(_UNSEEN, ""))


def _kerning(section: bytes) -> dict[str, int]:
    count = len(section) // 6
    text = section[: count * 4].decode("utf-16-be")
    return dict(zip(map(add, text[::2], text[1::2]), struct.unpack(f">{count}h", section[count * 4 :]), strict=True))
