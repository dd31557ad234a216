"""The part of a typeface that a PDF carries: a small TrueType file, widths, and the way back to Unicode.

Glyph ids are kept, so a subset is a join of byte strings; glyphs of everyday text are always in, so that
nearly every document of a process finds its subset ready.
"""

import struct
import zlib
from functools import lru_cache

from chalicelib.adapters.pdf.arabic import letters
from chalicelib.adapters.pdf.fontpack import EVERYDAY, Face
from chalicelib.adapters.pdf.packing import HARDEST, deflated
from chalicelib.domain.values import dataclass

_TO_UNICODE = """\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """file and to_unicode are deflated; length is that of the file before."""

    name: str
    file: bytes
    length: int
    to_unicode: bytes
    widths: str


def subset(face: Face, characters: set[str]) -> Subset:
    points = map(ord, characters.difference(EVERYDAY))
    return embedded(face, frozenset(face.glyphs[point] for point in points if point in face.glyphs) - face.everyday)


@lru_cache(128)
def embedded(face: Face, rare: frozenset[int]) -> Subset:
    shown = sorted(face.everyday | rare)
    parts = {part for glyph in shown for part in face.tables.parts.get(glyph, ())}
    file = _file(face, sorted({0, *shown, *parts}))
    return Subset(
        name=f"{_tag(shown)}+{face.name}",
        file=deflated(file, HARDEST),
        length=len(file),
        to_unicode=deflated(_to_unicode(face, shown).encode(), HARDEST),
        widths=_widths(face, shown),
    )


def _tag(glyphs: list[int]) -> str:
    """Six capital letters that differ where the subsets differ (PDF 32000-1, 9.6.4)."""
    number = zlib.crc32(struct.pack(f">{len(glyphs)}H", *glyphs))
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


def _file(face: Face, glyphs: list[int]) -> bytes:
    tables, count = face.tables, glyphs[-1] + 1
    outlines, offsets = _outlines(face, glyphs)
    hhea, maxp = bytearray(tables.hhea), bytearray(tables.maxp)
    hhea[34:36] = maxp[4:6] = count.to_bytes(2, "big")
    return _font_file(
        {
            b"glyf": outlines,
            b"head": tables.head,
            b"hhea": bytes(hhea),
            b"hmtx": tables.hmtx[: 4 * count],
            b"loca": offsets,
            b"maxp": bytes(maxp),
        }
    )


def _outlines(face: Face, glyphs: list[int]) -> tuple[bytes, bytes]:
    starts, glyf = face.tables.starts, face.tables.glyf
    offsets = [0] * (glyphs[-1] + 2)
    outlines: list[bytes] = []
    size = following = 0
    for glyph in glyphs:
        offsets[following : glyph + 1] = [size] * (glyph + 1 - following)
        outline = _padded(glyf[starts[glyph] : starts[glyph + 1]])
        outlines.append(outline)
        size += len(outline)
        following = glyph + 1
    offsets[following:] = [size]
    return b"".join(outlines), struct.pack(f">{len(offsets)}I", *offsets)


def _padded(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)


def _font_file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    search = 16 << power
    directory = [struct.pack(">IHHHH", 0x00010000, count, search, power, count * 16 - search)]
    offset = 12 + 16 * count
    for tag, table in tables.items():
        padded = _padded(table)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory.append(struct.pack(">4sIII", tag, checksum, offset, len(table)))
        offset += len(padded)
    return b"".join(directory) + b"".join(map(_padded, tables.values()))


def _to_unicode(face: Face, glyphs: list[int]) -> str:
    points = {glyph: point for point, glyph in sorted(face.glyphs.items(), reverse=True)}
    lines = [f"<{glyph:04X}> <{_letters(points[glyph])}>" for glyph in glyphs if glyph in points]
    hundreds = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    blocks = [f"{len(lines)} beginbfchar\n" + "\n".join(lines) + "\nendbfchar" for lines in hundreds]
    return _TO_UNICODE.format(blocks="\n".join(blocks))


def _letters(point: int) -> str:
    """What a glyph is read as: a form of an Arabic letter as that letter."""
    read = letters().get(point) if point >= 0xFB50 else None  # noqa: PLR2004 - where forms begin in Unicode
    return (read or chr(point)).encode("utf-16-be").hex().upper()


def _widths(face: Face, glyphs: list[int]) -> str:
    return "[" + " ".join(f"{glyph}[{face.widths[glyph]}]" for glyph in glyphs) + "]"
