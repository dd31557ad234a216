"""Build the Latin font packs of the PDF renderer from Inter and Source Serif 4 (both SIL Open Font License 1.1).

    npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz && mv package inter
    npm pack @expo-google-fonts/source-serif-4@0.4.1 && tar xzf expo-google-fonts-source-serif-4-0.4.1.tgz
    python -m infra.fonts.build inter package

Needs fontTools and brotli (both come with the development dependencies); nothing of it is needed at run time.
Tabular figures are made the default figures, so that columns of amounts align.
"""
# ruff: noqa: ANN401 - fontTools makes its tables at run time

import io
import itertools
import lzma
import shutil
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.reorderGlyphs import reorderGlyphs
from fontTools.ttLib.tables.otTables import PairPos

from chalicelib.adapters.pdf.fontpack import COMPRESSED, EVERYDAY, MAGIC, METRICS, SIZES

PACKS = Path(__file__).parents[2] / "chalicelib" / "adapters" / "pdf" / "fonts"
INTER = {
    "regular": "web/Inter-Regular.woff2",
    "medium": "web/Inter-Medium.woff2",
    "semibold": "web/Inter-SemiBold.woff2",
    "display": "display/InterDisplay-Bold.woff2",
}
SERIF = {
    "serif": "400Regular/SourceSerif4_400Regular.ttf",
    "serif-italic": "400Regular_Italic/SourceSerif4_400Regular_Italic.ttf",
    "serif-semibold": "600SemiBold/SourceSerif4_600SemiBold.ttf",
}
DIGITS = range(0x30, 0x3A)
LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2C6, 0x2DE), *range(0x1E00, 0x1F00))
GREEK = (*range(0x370, 0x400), *range(0x1F00, 0x2000))
CYRILLIC = tuple(range(0x400, 0x530))
MARKS = (*range(0x2000, 0x2070), *range(0x2070, 0x20D0), *range(0x2100, 0x2190), 0x2713, 0x2717, 0xFB01, 0xFB02)
SIGNS = (*range(0x2190, 0x219A), 0x2202, 0x2206, 0x220F, 0x2211, 0x2212, 0x2215, 0x221A, 0x221E, 0x222B)
SHAPES = (0x2248, 0x2260, 0x2264, 0x2265, 0x25A0, 0x25A1, 0x25CA, 0x25CB, 0x25CF)
CHARACTERS = (*LATIN, *GREEK, *CYRILLIC, *MARKS, *SIGNS, *SHAPES)
KERNED_MARKS = (
    *range(0x21, 0x30),
    0x3A,
    0x3B,
    0x3F,
    0xAB,
    0xBB,
    0x2013,
    0x2014,
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2026,
)
KERNED_SCRIPTS = (
    (*range(0x40, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x100), 0x152, 0x153, *range(0x178, 0x17F)),
    tuple(range(0x386, 0x3CF)),
    tuple(range(0x400, 0x460)),
)


def main(inter: Path, serif: Path) -> None:
    PACKS.mkdir(exist_ok=True)
    fonts = [(name, inter / path) for name, path in INTER.items()]
    fonts += [(name, serif / path) for name, path in SERIF.items()]
    for name, path in fonts:
        keep(name, packed(TTFont(path, recalcTimestamp=False)))
    shutil.copy(inter / "LICENSE.txt", PACKS / "Inter-LICENSE.txt")
    shutil.copy(serif / "LICENSE_FONT", PACKS / "SourceSerif4-LICENSE.txt")


def keep(name: str, pack: bytes) -> None:
    path = PACKS / (f"{name}.pack.xz" if name in COMPRESSED else f"{name}.pack")
    path.write_bytes(lzma.compress(pack, preset=9 | lzma.PRESET_EXTREME) if name in COMPRESSED else pack)
    print(f"{path.name}: {path.stat().st_size} bytes")


def packed(font: Any, characters: Iterable[int] = CHARACTERS) -> bytes:
    font.flavor = None
    if "GSUB" in font:
        _use_tabular_figures(font)
    kerning = dict(_kerning(font)) if "GPOS" in font else {}
    font = _everyday_first(_subset(font, characters))
    tables = _tables(font)
    sections = [
        font["name"].getDebugName(6).encode(),
        _head(tables["head"]),
        tables["hhea"],
        tables["maxp"],
        _hmtx(font),
        struct.pack(f">{len(font['loca'])}I", *font["loca"]),
        b"".join(
            struct.pack(">IH", point, font.getGlyphID(glyph)) for point, glyph in sorted(font.getBestCmap().items())
        ),
        "".join(kerning).encode("utf-16-be") + struct.pack(f">{len(kerning)}h", *kerning.values()),
        b"".join(struct.pack(">HH", *pair) for pair in _parts(font)),
        tables["glyf"],
    ]
    return MAGIC + METRICS.pack(*_metrics(font)) + SIZES.pack(*map(len, sections)) + b"".join(sections)


def _use_tabular_figures(font: Any) -> None:
    figures = {}
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for table in font["GSUB"].table.LookupList.Lookup[index].SubTable:
                    figures.update(unwrapped(table).mapping)
    for table in font["cmap"].tables:
        for point in DIGITS:
            if table.isUnicode() and point in table.cmap:
                table.cmap[point] = figures.get(table.cmap[point], table.cmap[point])


def _kerning(font: Any) -> Iterator[tuple[str, int]]:
    """Each kerned pair of characters of one script, in thousandths of an em, as GPOS says it."""
    glyphs = font.getBestCmap()
    lookups = _kerning_lookups(font["GPOS"].table)
    for script in KERNED_SCRIPTS:
        points = [point for point in (*script, *KERNED_MARKS) if point in glyphs]
        for left, right in itertools.product(points, points):
            units = sum(_adjustment(tables, glyphs[left], glyphs[right]) for tables in lookups)
            thousandths = round(units * 1000 / font["head"].unitsPerEm)
            if thousandths:
                yield chr(left) + chr(right), thousandths


def _kerning_lookups(gpos: Any) -> list[list[Any]]:
    """Without what depends on more than two letters."""
    indexes = {
        index
        for record in gpos.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    lookups = [
        [table for table in map(unwrapped, gpos.LookupList.Lookup[index].SubTable) if isinstance(table, PairPos)]
        for index in sorted(indexes)
    ]
    for tables in lookups:
        for table in tables:
            table.first_glyphs = {glyph: index for index, glyph in enumerate(table.Coverage.glyphs)}
    return lookups


def unwrapped(table: Any) -> Any:
    return getattr(table, "ExtSubTable", table)


def _adjustment(tables: list[Any], left: str, right: str) -> int:
    """What one lookup adds to the left glyph's advance: the first subtable that knows the pair decides."""
    for table in tables:
        if left not in table.first_glyphs:
            continue
        if table.Format == 1:
            for record in table.PairSet[table.first_glyphs[left]].PairValueRecord:
                if record.SecondGlyph == right:
                    return _advance(record.Value1)
        else:
            first, second = table.ClassDef1.classDefs.get(left, 0), table.ClassDef2.classDefs.get(right, 0)
            return _advance(table.Class1Record[first].Class2Record[second].Value1)
    return 0


def _advance(value: Any) -> int:
    return getattr(value, "XAdvance", 0) or 0


def _subset(font: Any, characters: Iterable[int]) -> Any:
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = True
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "meta", "STAT", "gasp"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return _saved(font)


def _everyday_first(font: Any) -> Any:
    order = font.getGlyphOrder()
    glyphs = font.getBestCmap()
    first = [order[0], *(glyphs[ord(character)] for character in EVERYDAY if ord(character) in glyphs)]
    for glyph in list(first):
        first.extend(_components(font, glyph))
    first = list(dict.fromkeys(first))
    reorderGlyphs(font, first + [glyph for glyph in order if glyph not in set(first)])
    return _saved(font)


def _components(font: Any, glyph: str) -> list[str]:
    """Every glyph a composite is made of, however deep."""
    outline = font["glyf"][glyph]
    if not outline.isComposite():
        return []
    names = [component.glyphName for component in outline.components]
    return names + [deeper for name in names for deeper in _components(font, name)]


def _saved(font: Any) -> Any:
    file = io.BytesIO()
    font.save(file)
    file.seek(0)
    return TTFont(file, recalcTimestamp=False)


def _tables(font: Any) -> dict[str, bytes]:
    return {tag: font.reader[tag] for tag in ("head", "hhea", "maxp", "glyf")}


def _head(table: bytes) -> bytes:
    """Without the checksum of a file that no longer is, and with long offsets."""
    return table[:8] + bytes(4) + table[12:50] + b"\0\1" + table[52:]


def _hmtx(font: Any) -> bytes:
    return b"".join(struct.pack(">Hh", *font["hmtx"].metrics[glyph]) for glyph in font.getGlyphOrder())


def _parts(font: Any) -> Iterator[tuple[int, int]]:
    for glyph in font.getGlyphOrder():
        for part in dict.fromkeys(_components(font, glyph)):
            yield font.getGlyphID(glyph), font.getGlyphID(part)


def _metrics(font: Any) -> list[int]:
    head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]
    heights = [getattr(os2, "sCapHeight", hhea.ascent), getattr(os2, "sxHeight", 0)]
    units = [hhea.ascent, hhea.descent, *heights]
    box = [head.xMin, head.yMin, head.xMax, head.yMax]
    scaled = [round(value * 1000 / head.unitsPerEm) for value in (*units, *box)]
    return [head.unitsPerEm, *scaled[:4], int(font["post"].italicAngle), os2.usWeightClass, *scaled[4:]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
