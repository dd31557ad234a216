"""Text of any script on one line: which pack has a character, and how letters that run leftwards stand on a line."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from chalicelib.adapters.pdf.arabic import joined
from chalicelib.adapters.pdf.container import BIDI_BRACKETS, BidiParagraph
from chalicelib.adapters.pdf.fontpack import FALLBACKS, face

PACKS = {
    "hebrew": ((0x590, 0x600), (0xFB1D, 0xFB50)),
    "arabic": ((0x600, 0x700), (0x750, 0x780), (0x8A0, 0x900), (0xFB50, 0xFE00), (0xFE70, 0xFF00), (0xF0000, 0xF1000)),
    "cjk": ((0x2E80, 0xA000), (0xAC00, 0xD7B0), (0xF900, 0xFB00), (0xFE30, 0xFE50), (0xFF00, 0xFFF0)),
}
"""The blocks of Unicode that a pack is looked up for; it is read when the first of its characters comes up."""

LEFTWARDS = {"R", "AL", "AN", "RLE", "RLO", "RLI"}
QUOTES = {"<": ">", "«": "»", "\u2039": "\u203a", "≤": "≥"}
MIRRORED = {one: pair["pair"] for one, pair in BIDI_BRACKETS.items()}
MIRRORED |= QUOTES | {closing: opening for opening, closing in QUOTES.items()}


class Seen(NamedTuple):
    """Characters from left to right, each in the form it has there; reordered: they are not read in this order."""

    shown: str
    reordered: bool


@cache
def typeface(character: str, font: str) -> str:
    """The pack that shows a character of a text in ``font``: that one, where it has it, or where nobody has."""
    for name in (font, FALLBACKS.get(font, font), *_packs(character)):
        if ord(character) in face(name).codes:
            return name
    return FALLBACKS.get(font, font)


def _packs(character: str) -> Iterable[str]:
    point = ord(character)
    return (name for name, blocks in PACKS.items() if any(first <= point < last for first, last in blocks))


def lined_up(text: str) -> Seen:
    """A line as it is seen (Unicode Standard Annex 9)."""
    if not any(unicodedata.bidirectional(character) in LEFTWARDS for character in text):
        return Seen(text, reordered=False)
    line = text.rstrip(" ")
    shapes = joined(line)
    seen = [
        MIRRORED.get(each.character, shapes[each.character_index])
        if each.embedding_level % 2
        else shapes[each.character_index]
        for each in BidiParagraph(line).get_reordered_characters()
    ]
    return Seen("".join(seen) + text[len(line) :], reordered=True)
