"""Breaking text into lines that fit a width."""

from collections.abc import Callable, Iterator

Measure = Callable[[str], float]
TOLERANCE = 0.01


def wrapped(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of a text; line breaks are kept, words that are longer than a line are cut.

    A line that was broken at a space ends in it, so that whoever reads the lines out does not join two words.
    """
    if "\n" not in text and measure(text) <= width + TOLERANCE:
        return [text]
    return [line for paragraph in text.splitlines() for line in _lines(paragraph, width, measure)]


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
    for word in paragraph.replace("\t", " ").split(" "):
        if measure(word) <= width:
            yield word, " "
        else:
            *pieces, last = _cut(word, width, measure)
            yield from ((piece, "") for piece in pieces)
            yield last, " "


def _cut(word: str, width: float, measure: Measure) -> Iterator[str]:
    piece, filled = "", 0.0
    for character in word:
        length = measure(character)
        if piece and filled + length > width:
            yield piece
            piece, filled = "", 0.0
        piece, filled = piece + character, filled + length
    yield piece
