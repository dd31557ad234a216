"""Build the packs of other scripts from Noto Sans Hebrew and Arabic (SIL OFL 1.1) and Droid Sans Fallback (Apache 2.0).

    apt-get download fonts-noto-core fonts-droid-fallback
    for deb in fonts-*.deb; do dpkg-deb -x $deb fonts; done
    python -m infra.fonts.scripts fonts

Droid Sans Fallback is cut down to the characters of GB 2312, Big5 level 1, JIS X 0208 and KS X 1001.
"""
# ruff: noqa: ANN401 - fontTools makes its tables at run time

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from chalicelib.adapters.pdf.arabic import FORMS
from infra.fonts.build import PACKS, keep, packed, unwrapped

HEBREW = (*range(0x591, 0x5F5), *range(0xFB1D, 0xFB50))
ARABIC = (*range(0x600, 0x700), *range(0x750, 0x780), *range(0x8A0, 0x900), *range(0xFEF5, 0xFEFD), 0xFDF2, 0xFDFC)
FEATURES = ("isol", "fina", "init", "medi")
OWN_POINTS = 0xF0000
"""Where the forms begin that a letter takes beside others: code points for private use, none of which is ever read."""

CODECS = {
    "gb2312": (range(0xA1, 0xF8), range(0xA1, 0xFF)),
    "euc_jp": (range(0xA1, 0xF5), range(0xA1, 0xFF)),
    "euc_kr": (range(0xA1, 0xFE), range(0xA1, 0xFF)),
    "big5": (range(0xA1, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
}
CJK_BLOCKS = ((0x2E80, 0xA000), (0xAC00, 0xD7B0), (0xF900, 0xFB00), (0xFE30, 0xFE50), (0xFF00, 0xFFF0))
HALF_WIDTH_KANA = range(0xFF61, 0xFFA0)
APACHE = Path("/usr/share/common-licenses/Apache-2.0")


def main(fonts: Path) -> None:
    noto = fonts / "usr/share/fonts/truetype/noto"
    keep("hebrew", packed(_opened(noto / "NotoSansHebrew-Regular.ttf"), HEBREW))
    arabic = _opened(noto / "NotoSansArabic-Regular.ttf")
    joined = dict(_joined(arabic))
    points = {point for forms in joined.values() for point in forms if point}
    keep("arabic", packed(arabic, (*ARABIC, *points)))
    rows = [FORMS.pack(letter, *forms) for letter, forms in sorted(joined.items())]
    (PACKS / "arabic.forms").write_bytes(b"".join(rows))
    droid = fonts / "usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf"
    keep("cjk", packed(_opened(droid), sorted(set(_cjk()))))
    _license(fonts)


def _license(fonts: Path) -> None:
    rights = "Copyright 2010-2020 Google LLC. All Rights Reserved. (Noto Sans Hebrew, Noto Sans Arabic)"
    _, start, text = (PACKS / "Inter-LICENSE.txt").read_text().partition("This Font Software is licensed under the SIL")
    (PACKS / "NotoSans-LICENSE.txt").write_text(f"{rights}\n\n{start}{text}")
    notice = (fonts / "usr/share/doc/fonts-droid-fallback/copyright").read_text()
    (PACKS / "DroidSansFallback-LICENSE.txt").write_text(f"{notice}\n\n{APACHE.read_text()}")


def _opened(path: Path) -> Any:
    return TTFont(path, recalcTimestamp=False)


def _cjk() -> Iterator[int]:
    yield from HALF_WIDTH_KANA
    for codec, (leads, trails) in CODECS.items():
        for pair in itertools.product(leads, trails):
            for character in bytes(pair).decode(codec, "ignore"):
                if any(first <= ord(character) < last for first, last in CJK_BLOCKS):
                    yield ord(character)


def _joined(font: Any) -> Iterator[tuple[int, list[int]]]:
    """For each letter that joins others, the code points of its four forms; 0 where it has no such form."""
    letters = {point: glyph for point, glyph in font.getBestCmap().items() if point in ARABIC}
    points: dict[str, int] = {}
    for feature in FEATURES[1:]:
        for glyph in _substituted(font, feature, set(letters.values())).values():
            points.setdefault(glyph, OWN_POINTS + len(points))
    _add_points(font, {point: glyph for glyph, point in points.items()})
    changes = [_substituted(font, feature, set(letters.values())) for feature in FEATURES[1:]]
    for letter, glyph in letters.items():
        if any(glyph in change for change in changes):
            yield letter, [letter, *(points.get(change.get(glyph, ""), 0) for change in changes)]


def _substituted(font: Any, feature: str, glyphs: set[str]) -> dict[str, str]:
    table = font["GSUB"].table
    changes: dict[str, str] = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == feature:
            for index in record.Feature.LookupListIndex:
                for subtable in map(unwrapped, table.LookupList.Lookup[index].SubTable):
                    changes |= getattr(subtable, "mapping", {})
    return {glyph: changed for glyph, changed in changes.items() if glyph in glyphs}


def _add_points(font: Any, glyphs: dict[int, str]) -> None:
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = font.getBestCmap() | glyphs
    font["cmap"].tables.append(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
