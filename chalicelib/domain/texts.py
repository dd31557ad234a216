"""Text that can be stored, printed and mailed, whoever wrote it."""

import unicodedata
from typing import Final

from chalicelib.domain.errors import Invalid

LINE_BREAKS = {"\n", "\t"}
MOST_MARKS: Final = 8
"""On one character: no script needs as many; the 30 that UAX 15 lets pass would stand over the lines above."""
TURNS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Embeddings, overrides and isolates of direction: they do not end with the field that they are written in."""
UNFIT: Final = {"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Zl", "Zp"}
SEPARATORS: Final = {"\r\n": "\n", "\N{LINE SEPARATOR}": "\n", "\N{PARAGRAPH SEPARATOR}": "\n"}


def readable(text: str, *, longest: int, several_lines: bool = False) -> str:
    """The same text without marks that turn the direction of what follows it; every line ends with a line feed.

    longest: in characters.
    Raises Invalid for control characters (a line break and a tab are allowed in several lines), for half of a
    surrogate pair and other codes that are no characters, for a tower of combining marks, and for too long a text.
    """
    if text.isascii() and text.isprintable() and len(text) <= longest:
        return text
    unified = text.translate(TURNS)
    for separator, line_break in SEPARATORS.items() if several_lines else ():
        unified = unified.replace(separator, line_break)
    if len(unified) > longest:
        raise Invalid("too_long", f"This text cannot be longer than {longest} characters.")
    marks = 0
    for character in unified:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        _must_be_fit(character, category, marks=marks, several_lines=several_lines)
    return unified


def legible(text: str, *, longest: int) -> str:
    """What can be shown, in one line, of a text that nobody can be asked to write anew, such as a mail server's."""
    composed = unicodedata.normalize("NFC", text[: 4 * longest])
    kept = (sign if unicodedata.category(sign) not in UNFIT else " " for sign in composed.translate(TURNS))
    return " ".join("".join(kept).split())[:longest]


def _must_be_fit(character: str, category: str, *, marks: int, several_lines: bool) -> None:
    match category:
        case "Cs":
            raise Invalid("lone_surrogate", "This text has half of a surrogate pair, which is no character.")
        case "Cc" | "Zl" | "Zp" if not (several_lines and character in LINE_BREAKS):
            raise Invalid("control_character", "This text has a control character.")
        case "Cn" if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:  # noqa: PLR2004 - Unicode, 23.7
            raise Invalid("no_character", "This text has a code that is no character and never will be.")
        case "Mn" | "Me" if marks > MOST_MARKS:
            raise Invalid("too_many_marks", f"A character cannot bear more than {MOST_MARKS} combining marks.")
