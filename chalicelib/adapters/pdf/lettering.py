"""Text as PDF operators: glyphs, kerning and widths of one typeface in one document."""

import unicodedata
from operator import add

from chalicelib.adapters.pdf.fontpack import BOX, MARKS, Face, NoGlyph


class Lettering:
    """What one document writes in one typeface.

    index:   the name of the font in the document, F<index>.
    written: every text that was written; what the subset must hold.
    missing: the characters that had no glyph and became boxes, in order.
    """

    def __init__(self, face: Face, *, index: int, missing: dict[str, None]) -> None:
        self.face, self.index, self.missing = face, index, missing
        self.written: dict[str, str] = {}
        self._kerned: dict[str, int] = {}
        self._redrawn: dict[str, str] = {}

    def shows(self, text: str) -> bool:
        """Whether this typeface has all of it."""
        try:
            self._shown(text, text)
        except NoGlyph:
            return False
        return True

    def shown(self, text: str) -> str:
        """The operator that shows a text; what has no glyph becomes a box."""
        operator = self.written.get(text)
        if operator is None:
            try:
                operator = self._shown(text, text)
            except NoGlyph:
                self._redrawn[text] = self._drawable(text)
                operator = self._shown(text, self._redrawn[text])
        return operator

    def width(self, text: str) -> int:
        """With its kerning, in thousandths of an em."""
        self.shown(text)
        return self.face.width(self._redrawn.get(text, text)) + self._kerned[text]

    def characters(self) -> set[str]:
        return set("".join(self._redrawn.get(text, text) for text in self.written))

    def _shown(self, original: str, text: str) -> str:
        kerning, marks = self.face.kerning, self.face.marks
        if marks and not marks.keys().isdisjoint(text):
            self.written[original], self._kerned[original] = self._marked(text), 0
            return self.written[original]
        places = [place for place, pair in enumerate(map(add, text, text[1:]), 1) if pair in kerning]
        if not places:
            operator, kerned = f"({text.translate(self.face.codes)})Tj", 0
        else:
            operator, kerned = self._spaced(text, places)
        self.written[original] = operator
        self._kerned[original] = kerned
        return operator

    def _spaced(self, text: str, places: list[int]) -> tuple[str, int]:
        pieces, kerned, start = [], 0, 0
        for place in places:
            adjustment = self.face.kerning[text[place - 1 : place + 1]]
            pieces.append(f"({text[start:place].translate(self.face.codes)}){-adjustment}")
            kerned += adjustment
            start = place
        return f"[{''.join(pieces)}({text[start:].translate(self.face.codes)})]TJ", kerned

    def _marked(self, text: str) -> str:
        """Each mark over the middle of its letter, which follows it on the line as both are read leftwards."""
        marks, codes = self.face.marks, self.face.codes
        pieces, before = [], 0
        for place, character in enumerate(text):
            letter = next((each for each in text[place:] if each not in marks), " ")
            off = self.face.width(letter) // 2 - marks[character] if character in marks else 0
            pieces.append(f"{before - off}({character.translate(codes)})")
            before = off
        return f"[{''.join(pieces)}]TJ"

    def _drawable(self, text: str) -> str:
        """With a box for what has no glyph; a mark is left out, so that the letter under it can be read."""
        composed = unicodedata.normalize("NFC", text)
        absent = [character for character in composed if ord(character) not in self.face.codes]
        self.missing.update(dict.fromkeys(absent))
        return composed.translate({ord(each): "" if unicodedata.category(each) in MARKS else BOX for each in absent})
