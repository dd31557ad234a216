"""Breaking text into lines that fit a width."""

import re
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]
TOLERANCE = 0.01
WITHOUT_SPACES = "\u2e80-\u9fff\uf900-\ufaff"
CLOSING = "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u30fc"
SYLLABLE = re.compile(f"[{WITHOUT_SPACES}][{CLOSING}]*|[^{WITHOUT_SPACES}]+")
"""Chinese and Japanese may be broken after any character, but no line begins with a closing one (JIS X 4051)."""

BOUND = re.compile(r"(?<=«) | (?=[%:;!?»])|(?<=\d) (?=[€$£](?!\d))")
"""No line begins with a sign that French writes after a space, nor ends with « (Lexique de l'Imprimerie nationale)."""


def wrapped(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of a text; line breaks are kept, a tab is a space, words that are longer than a line are cut.

    A line that was broken at a space ends in it, so that whoever reads the lines out does not join two words.
    """
    plain = text.replace("\t", " ")
    if "\n" not in plain and measure(plain) <= width + TOLERANCE:
        return [plain]
    bound = BOUND.sub("\u00a0", plain)
    return [line for paragraph in bound.splitlines() for line in _lines(paragraph, width, measure)]


def _lines(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    line, filled, gap, space = "", 0.0, "", measure(" ")
    for word, ending in _words(paragraph, width, measure):
        length = measure(word)
        between = space if gap else 0
        if line and filled + between + length > width + TOLERANCE:
            yield line + gap
            line, filled = word, length
        elif line:
            line, filled = f"{line}{gap}{word}", filled + between + length
        else:
            line, filled = word, length
        gap = ending
    yield line


def _words(paragraph: str, width: float, measure: Measure) -> Iterator[tuple[str, str]]:
    """What a line may be broken after, each with what stands between it and the next."""
    for word in paragraph.split(" "):
        if word.isascii() and measure(word) <= width:
            yield word, " "
        else:
            *pieces, last = _pieces(word, width, measure)
            yield from ((piece, "") for piece in pieces)
            yield last, " "


def _pieces(word: str, width: float, measure: Measure) -> Iterator[str]:
    for syllable in SYLLABLE.findall(word) or [word]:
        if measure(syllable) <= width:
            yield syllable
        else:
            yield from _cut(syllable, width, measure)


def _cut(word: str, width: float, measure: Measure) -> Iterator[str]:
    piece, filled = "", 0.0
    for character in word:
        length = measure(character)
        if piece and filled + length > width:
            yield piece
            piece, filled = "", 0.0
        piece, filled = piece + character, filled + length
    yield piece
