"""A business's colour, as far as people can read what is written in it, and on it."""

import colorsys
from functools import lru_cache

CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: of text to its ground."""

SOFT = 0.93
"""How light the tint is that text may stand on."""

MOST_VIVID = 0.32
"""Of a tint: how much of the colour is in it."""

Parts = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1."""


def parts_of(hexadecimal: str) -> Parts:
    red, green, blue = (int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def hexadecimal_of(parts: Parts) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


@lru_cache(256)
def tinted(hexadecimal: str, lightness: float) -> Parts:
    """The same hue, as light as said (0 to 1)."""
    hue, _, saturation = colorsys.rgb_to_hls(*parts_of(hexadecimal))
    return colorsys.hls_to_rgb(hue, lightness, min(saturation, MOST_VIVID))


@lru_cache(256)
def readable(hexadecimal: str) -> Parts:
    """The colour, darkened as far as text in it on its own soft tint needs; then white can be read on it as well."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts_of(hexadecimal))
    parts = parts_of(hexadecimal)
    ground = luminance(tinted(hexadecimal, SOFT)) + 0.05
    while ground / (luminance(parts) + 0.05) < CONTRAST:
        lightness -= 0.01
        parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return parts


def luminance(parts: Parts) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 - sRGB, IEC 61966-2-1
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
