"""Colours as PDF writes them: "#ffffff" is "1 1 1"."""

import colorsys
from functools import lru_cache

CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: of text to its ground."""

SOFT = 0.93
"""How light the tint is that text may stand on."""


def shade(hexadecimal: str) -> str:
    return _written(*_parts(hexadecimal))


@lru_cache(256)
def tinted(hexadecimal: str, lightness: float) -> str:
    """The same hue, as light as said (0 to 1)."""
    hue, _, saturation = colorsys.rgb_to_hls(*_parts(hexadecimal))
    return _written(*colorsys.hls_to_rgb(hue, lightness, min(saturation, 0.32)))


@lru_cache(256)
def readable(hexadecimal: str) -> str:
    """The colour, darkened as far as text in it on its own soft tint needs; then white can be read on it as well."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(hexadecimal))
    parts = _parts(hexadecimal)
    ground = _luminance(*map(float, tinted(hexadecimal, SOFT).split())) + 0.05
    while ground / (_luminance(*parts) + 0.05) < CONTRAST:
        lightness -= 0.01
        parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return _written(*parts)


def _parts(hexadecimal: str) -> tuple[float, float, float]:
    red, green, blue = (int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(red: float, green: float, blue: float) -> str:
    return f"{red:.3g} {green:.3g} {blue:.3g}"


def _luminance(*parts: float) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 - sRGB, IEC 61966-2-1
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


INK, TEXT, MUTED, HAIR, LINE, WHITE = map(shade, ("#0f172a", "#334155", "#5b6779", "#e2e8f0", "#94a3b8", "#ffffff"))
ALERT = shade("#9a3412")
