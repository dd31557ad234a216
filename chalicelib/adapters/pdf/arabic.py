"""Arabic letters joined: each in the form that its neighbours give it.

`infra/fonts/scripts.py` takes the forms from the typeface; each has a code point of its own in the pack.
"""

import struct
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

FORMS = struct.Struct(">5I")
LAM = "\u0644"
LIGATURES = {
    "\u0622": ("\ufef5", "\ufef6"),
    "\u0623": ("\ufef7", "\ufef8"),
    "\u0625": ("\ufef9", "\ufefa"),
    "\u0627": ("\ufefb", "\ufefc"),
}
"""What lam and an alef become together: alone, and after a letter that joins."""

JOINERS = {"\u0640", "\u200d"}


class Forms(NamedTuple):
    """Code points; 0 where the letter has no such form."""

    alone: int
    last: int
    first: int
    middle: int


@cache
def forms() -> dict[str, Forms]:
    rows = (Path(__file__).parent / "fonts" / "arabic.forms").read_bytes()
    return {chr(letter): Forms(*rest) for letter, *rest in FORMS.iter_unpack(rows)}


@cache
def letters() -> dict[int, str]:
    """What a form is read as."""
    read = {point: letter for letter, each in forms().items() for point in each if point}
    read |= {ord(form): LAM + alef for alef, both in LIGATURES.items() for form in both}
    return read


def joined(text: str) -> list[str]:
    """The form of each character of a text in the order it is read; "" where the one before shows it as well."""
    shown = list(text)
    places = [place for place, character in enumerate(text) if unicodedata.category(character) != "Mn"]
    before = False
    for order, place in enumerate(places):
        after = order + 1 < len(places) and _joins_before(text[places[order + 1]])
        shown[place] = _form(text[place], before=before, after=after)
        before = _joins_after(text[place])
    return _with_ligatures(text, shown, places)


def _form(letter: str, *, before: bool, after: bool) -> str:
    if letter not in forms():
        return letter
    alone, last, first, middle = forms()[letter]
    if before and after and middle:
        return chr(middle)
    if before and last:
        return chr(last)
    return chr(first) if after and first else chr(alone)


def _joins_before(letter: str) -> bool:
    return letter in JOINERS or (letter in forms() and bool(forms()[letter].last))


def _joins_after(letter: str) -> bool:
    return letter in JOINERS or (letter in forms() and bool(forms()[letter].first))


def _with_ligatures(text: str, shown: list[str], places: Sequence[int]) -> list[str]:
    for place, following in pairwise(places):
        if text[place] == LAM and text[following] in LIGATURES:
            alone, joined_before = LIGATURES[text[following]]
            shown[place] = joined_before if shown[place] == chr(forms()[LAM].middle) else alone
            shown[following] = ""
    return shown
