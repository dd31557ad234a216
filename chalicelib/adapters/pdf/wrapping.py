"""Breaking text into lines that fit a width."""

from collections.abc import Callable, Iterator

Measure = Callable[[str], float]
TOLERANCE = 0.01


def wrapped(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of a text; line breaks are kept, words that are longer than a line are cut."""
    if "\n" not in text and measure(text) <= width + TOLERANCE:
        return [text]
    return [line for paragraph in text.splitlines() for line in _lines(paragraph, width, measure)]


def _lines(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    line, filled, space = "", 0.0, measure(" ")
    for word in _words(paragraph, width, measure):
        length = measure(word)
        if line and filled + space + length > width + TOLERANCE:
            yield line
            line, filled = word, length
        elif line:
            line, filled = f"{line} {word}", filled + space + length
        else:
            line, filled = word, length
    yield line


def _words(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    for word in paragraph.replace("\t", " ").split(" "):
        if measure(word) <= width:
            yield word
        else:
            yield from _cut(word, width, measure)


def _cut(word: str, width: float, measure: Measure) -> Iterator[str]:
    piece, filled = "", 0.0
    for character in word:
        length = measure(character)
        if piece and filled + length > width:
            yield piece
            piece, filled = "", 0.0
        piece, filled = piece + character, filled + length
    yield piece
