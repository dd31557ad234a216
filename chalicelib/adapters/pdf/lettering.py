"""Text as PDF operators: glyphs, kerning and widths of one typeface in one document."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from operator import add

from chalicelib.adapters.pdf.fontpack import BOX, MARKS, Face, NoGlyph

MOST_WORDS = 8192


Spelling = tuple[str, int]
"""What shows a text, and its width in thousandths of an em, kerning included."""


class Words(dict[str, Spelling]):
    """Words as they stand within the brackets of an operator; kept by the process, for invoices repeat themselves."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face
        self.space = face.codes.get(0x20, ""), face.advances[" "]

    def __missing__(self, word: str) -> Spelling:
        """Raises NoGlyph."""
        if len(self) == MOST_WORDS:
            self.clear()
        marks = self._face.marks
        spelt = self._kerned(word) if not marks or marks.keys().isdisjoint(word) else self._marked(word)
        self[word] = spelt
        return spelt

    def _kerned(self, word: str) -> Spelling:
        codes, kerning = self._face.codes, self._face.kerning
        if kerning.keys().isdisjoint(map(add, word, word[1:])):
            return word.translate(codes), self._face.width(word)
        places = [place for place, pair in enumerate(map(add, word, word[1:]), 1) if pair in kerning]
        pieces, width, start = [], self._face.width(word), 0
        for place in places:
            adjustment = kerning[word[place - 1 : place + 1]]
            pieces.append(f"{word[start:place].translate(codes)}){-adjustment}(")
            width += adjustment
            start = place
        return f"{''.join(pieces)}{word[start:].translate(codes)}", width

    def _marked(self, word: str) -> Spelling:
        return "".join(self._centred(word)), self._face.width(word)

    def _centred(self, word: str) -> Iterator[str]:
        """Each mark over the middle of its letter, which follows it on the line as both are read leftwards."""
        face, before = self._face, 0
        for place, character in enumerate(word):
            letter = next((each for each in word[place:] if each not in face.marks), " ")
            off = face.width(letter) // 2 - face.marks[character] if character in face.marks else 0
            yield f"){before - off}({character.translate(face.codes)}"
            before = off


@cache
def words_of(face: Face) -> Words:
    return Words(face)


class Lettering:
    """What one document writes in one typeface.

    index:   the name of the font in the document, F<index>.
    missing: the characters that had no glyph and became boxes, in order.
    """

    def __init__(self, face: Face, *, index: int, missing: dict[str, None]) -> None:
        self.face, self.index, self.missing = face, index, missing
        self._words = words_of(face)
        self._written: list[str] = []

    def spelt(self, text: str) -> Spelling:
        """Raises NoGlyph. Words are spelt apart: no typeface of ours kerns a space."""
        known = self._words
        if " " not in text:
            word, width = known[text]
        else:
            code, gap = known.space
            words = [known[word] for word in text.split(" ")]
            word = code.join([word for word, _ in words])
            width = sum([width for _, width in words], gap * (len(words) - 1))
        self._written.append(text)
        return f"[({word})]TJ", width

    def spelt_with_boxes(self, text: str) -> Spelling:
        """What has no glyph becomes a box; a mark is left out, so that the letter under it can be read."""
        try:
            return self.spelt(text)
        except NoGlyph:
            absent = [character for character in text if ord(character) not in self.face.codes]
            self.missing.update(dict.fromkeys(absent))
            boxes = {ord(each): "" if unicodedata.category(each) in MARKS else BOX for each in absent}
            return self.spelt(text.translate(boxes))

    def characters(self) -> set[str]:
        """What the subset must hold."""
        return set("".join(self._written))
