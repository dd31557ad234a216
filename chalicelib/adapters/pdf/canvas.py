"""Drawing on pages: text, rules, boxes, squares and links, in points from the top left corner.

Everything becomes PDF operators at once; fpdf2 is the container that pages, links and metadata are put in.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from chalicelib.adapters.pdf.fontpack import FALLBACKS, advances, face
from chalicelib.adapters.pdf.lettering import Lettering
from chalicelib.adapters.pdf.producer import Container, Producer

ROUND = 0.5523
"""How far a Bezier handle reaches to draw a quarter of a circle, in radii."""


class Align(Enum):
    LEFT = 0.0
    RIGHT = 1.0
    CENTRE = 0.5


class Rect(NamedTuple):
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Pen:
    """A typeface at a size and in a colour; spacing is added to each character, in points."""

    font: str
    size: float
    color: str
    spacing: float = 0


class _Leaf:
    """The operators of one page, and the state they left behind."""

    __slots__ = ("color", "font", "fonts", "operators", "rules", "spacing")

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.rules: dict[tuple[str, float], list[str]] = defaultdict(list)
        self.fonts: set[int] = set()
        self.font: tuple[int, float] | None = None
        self.color: str | None = None
        self.spacing: float = 0


class Canvas:
    """One document in the making.

    missing: the characters that no typeface has, in the order they came up.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.missing: dict[str, None] = {}
        self._letterings: dict[str, Lettering] = {}
        self._leaves: list[_Leaf] = []
        self._links: list[tuple[int, Rect, str]] = []
        self._page = -1
        self._leaf = _Leaf()

    @property
    def pages(self) -> int:
        return len(self._leaves)

    def turn_to(self, page: int) -> None:
        """Draw on this page from now on, the first being 0; the page after the last is added."""
        if page == len(self._leaves):
            self._leaves.append(_Leaf())
        self._page, self._leaf = page, self._leaves[page]

    def text(self, x: float, y: float, text: str, pen: Pen, *, align: Align = Align.LEFT) -> None:
        """y: the baseline."""
        if align is not Align.LEFT:
            x -= self.measure(text, pen) * align.value
        runs = self._runs(text, pen.font)
        lettering, first = runs[0]
        shown = f"{self._state(pen, lettering.index)} {x:.2f} {self.height - y:.2f} Td{lettering.shown(first)}"
        for other, part in runs[1:]:
            shown += f"{self._state(pen, other.index)} {other.shown(part)}"
        self._leaf.operators.append(f"BT{shown} ET")

    def measure(self, text: str, pen: Pen) -> float:
        """The width of a text as it is drawn, in points."""
        width = 0
        for lettering, part in self._runs(text, pen.font):
            width += lettering.width(part)
        return width * pen.size / 1000 + pen.spacing * len(text)

    def measuring(self, pen: Pen) -> Callable[[str], float]:
        """A quick measure, without kerning: for wrapping."""
        width, scale, spacing = advances(pen.font).__getitem__, pen.size / 1000, pen.spacing
        return lambda text: sum(map(width, text)) * scale + spacing * len(text)

    def has_glyphs(self, text: str, pen: Pen) -> bool:
        return all(ord(character) in face(pen.font).glyphs for character in text)

    def rule(self, x: float, y: float, to_x: float, *, color: str, width: float = 0.5) -> None:
        """A horizontal line."""
        height = self.height - y
        self._leaf.rules[color, width].append(f"{x:.2f} {height:.2f} m {to_x:.2f} {height:.2f} l")

    def upright(self, x: float, y: float, to_y: float, *, color: str, width: float = 0.5) -> None:
        """A vertical line."""
        self._leaf.rules[color, width].append(f"{x:.2f} {self.height - y:.2f} m {x:.2f} {self.height - to_y:.2f} l")

    def box(self, rect: Rect, *, fill: str, radius: float = 0) -> None:
        self._leaf.color = fill
        self._leaf.operators.append(f"{fill} rg {self._outline(rect, radius)} f")

    def frame(self, rect: Rect, *, color: str, width: float, radius: float = 0) -> None:
        self._leaf.operators.append(f"{color} RG {width:g} w {self._outline(rect, radius)} S")

    def squares(self, x: float, y: float, size: float, matrix: Sequence[Sequence[int]], *, color: str) -> None:
        """A pattern of dark squares, a QR code: runs of one row are drawn at once."""
        self._leaf.color = None
        scale = size / len(matrix)
        runs = " ".join(
            f"{start} {row} {length} 1 re" for row, cells in enumerate(matrix) for start, length in _runs(cells)
        )
        self._leaf.operators.append(
            f"q {color} rg {scale:.4f} 0 0 {-scale:.4f} {x:.2f} {self.height - y:.2f} cm {runs} f Q"
        )

    def link(self, rect: Rect, url: str) -> None:
        self._links.append((self._page, rect, url))

    def finished(self, *, title: str, author: str, language: str, dated: datetime) -> bytes:
        """The file; the same drawing gives the same bytes."""
        container = Container(self.width, self.height, letterings=list(self._letterings.values()))
        container.set_title(title)
        container.set_author(author)
        container.set_lang(language)
        container.set_creation_date(dated)
        for number, leaf in enumerate(self._leaves, 1):
            container.add_leaf(number, self._content(leaf), leaf.fonts)
        for page, rect, url in self._links:
            container.page = page + 1
            container.link(*rect, url)
        return bytes(container.output(output_producer_class=Producer))

    def _runs(self, text: str, font: str) -> tuple[tuple[Lettering, str], ...]:
        """The text in parts of one typeface each; nearly always it is one."""
        lettering, fallback = self._lettering(font), FALLBACKS.get(font)
        codes = lettering.face.codes
        if fallback is None or text in lettering.written or codes.keys() >= set(map(ord, text)):
            return ((lettering, text),)
        composed = unicodedata.normalize("NFC", text)
        runs = groupby(composed, lambda character: font if ord(character) in codes else fallback)
        return tuple((self._lettering(name), "".join(part)) for name, part in runs)

    def _lettering(self, font: str) -> Lettering:
        lettering = self._letterings.get(font)
        if lettering is None:
            lettering = Lettering(face(font), index=len(self._letterings) + 1, missing=self.missing)
            self._letterings[font] = lettering
        return lettering

    def _state(self, pen: Pen, font: int) -> str:
        """What must be set before this text, and is not so already."""
        leaf, state = self._leaf, ""
        if leaf.color != pen.color:
            leaf.color = pen.color
            state += f" {pen.color} rg"
        if leaf.font != (font, pen.size):
            leaf.font = (font, pen.size)
            leaf.fonts.add(font)
            state += f"/F{font} {pen.size:g} Tf"
        if leaf.spacing != pen.spacing:
            leaf.spacing = pen.spacing
            state += f" {pen.spacing:g} Tc"
        return state

    def _content(self, leaf: _Leaf) -> bytes:
        rules = [f"{color} RG {width:g} w {' '.join(lines)} S" for (color, width), lines in leaf.rules.items()]
        return "\n".join([*leaf.operators, *rules]).encode("latin-1")

    def _outline(self, rect: Rect, radius: float) -> str:
        left, top, right = rect.x, self.height - rect.y, rect.x + rect.width
        bottom = top - rect.height
        if not radius:
            return f"{left:.2f} {bottom:.2f} {rect.width:.2f} {rect.height:.2f} re"
        near, far = radius, radius * (1 - ROUND)
        return (
            f"{left + near:.2f} {top:.2f} m {right - near:.2f} {top:.2f} l "
            f"{right - far:.2f} {top:.2f} {right:.2f} {top - far:.2f} {right:.2f} {top - near:.2f} c "
            f"{right:.2f} {bottom + near:.2f} l "
            f"{right:.2f} {bottom + far:.2f} {right - far:.2f} {bottom:.2f} {right - near:.2f} {bottom:.2f} c "
            f"{left + near:.2f} {bottom:.2f} l "
            f"{left + far:.2f} {bottom:.2f} {left:.2f} {bottom + far:.2f} {left:.2f} {bottom + near:.2f} c "
            f"{left:.2f} {top - near:.2f} l "
            f"{left:.2f} {top - far:.2f} {left + far:.2f} {top:.2f} {left + near:.2f} {top:.2f} c h"
        )


def _runs(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Where dark cells begin in a row, and how many follow each other."""
    edges = [place for place, (before, cell) in enumerate(zip((0, *cells), (*cells, 0), strict=True)) if before != cell]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
