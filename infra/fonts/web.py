"""Build the web font of the portal from Inter (SIL Open Font License 1.1): Latin only, one axis, one small file.

    npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
    python -m infra.fonts.web package

Needs fontTools and brotli (both come with the development dependencies); nothing of it is needed at run time.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FONT = Path(__file__).parents[2] / "chalicelib" / "entrypoints" / "portal" / "static" / "inter.woff2"
LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x2BC, *range(0x2010, 0x2028), *range(0x202F, 0x2040))
SIGNS = (0x20AC, 0x2116, 0x2122, 0x2190, 0x2192, 0x2212, 0x2260, 0x2264, 0x2265, 0x2713)
FEATURES = ("kern", "mark", "ccmp", "locl", "tnum")


def main(arguments: Sequence[str]) -> int:
    (package,) = arguments
    font = TTFont(Path(package) / "variable-latin" / "InterVariable-subset.woff2")
    options = subset.Options(layout_features=FEATURES, hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*LATIN, *SIGNS])
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": (400, 700), "opsz": 20})
    font.flavor = "woff2"
    font.save(FONT)
    print(f"{FONT.name}: {FONT.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
