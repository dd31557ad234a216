"""Colours as PDF writes them: "#ffffff" is "1 1 1"."""

from functools import lru_cache

from chalicelib.domain import colour
from chalicelib.domain.colour import SOFT, Parts

__all__ = ["ALERT", "HAIR", "INK", "LINE", "MUTED", "SOFT", "TEXT", "WHITE", "readable", "shade", "tinted"]


def shade(hexadecimal: str) -> str:
    return _written(colour.parts_of(hexadecimal))


@lru_cache(256)
def tinted(hexadecimal: str, lightness: float) -> str:
    """The same hue, as light as said (0 to 1)."""
    return _written(colour.tinted(hexadecimal, lightness))


@lru_cache(256)
def readable(hexadecimal: str) -> str:
    """The colour, darkened as far as text in it on its own soft tint needs; then white can be read on it as well."""
    return _written(colour.readable(hexadecimal))


def _written(parts: Parts) -> str:
    red, green, blue = parts
    return f"{red:.3g} {green:.3g} {blue:.3g}"


INK, TEXT, MUTED, HAIR, LINE, WHITE = map(shade, ("#0f172a", "#334155", "#5b6779", "#e2e8f0", "#94a3b8", "#ffffff"))
ALERT = shade("#9a3412")
