"""Drawing on pages: text, rules, boxes, squares and links, in points from the top left corner.

Everything becomes PDF operators at once; fpdf2 is the container that pages, links and metadata are put in.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from chalicelib.adapters.pdf.fontpack import NoGlyph, face
from chalicelib.adapters.pdf.lettering import Lettering
from chalicelib.adapters.pdf.metadata import About
from chalicelib.adapters.pdf.producer import Container, Producer
from chalicelib.adapters.pdf.scripts import lined_up, typeface
from chalicelib.adapters.pdf.shapes import dark_runs, outline, placed
from chalicelib.adapters.pdf.structure import Element, Structure, Unstructured, described, read_as
from chalicelib.domain.logo import Picture
from chalicelib.domain.values import dataclass
from chalicelib.ports import Attachment


class Line(NamedTuple):
    """A text as it is drawn.

    font, operator: what shows it, or the first part of it; then the other parts, each in its font.
    width:          of the whole, in thousandths of an em.
    reordered:      it is read in another order than it stands in.
    """

    font: int
    operator: str
    width: int
    others: tuple[tuple[int, str], ...] = ()
    reordered: bool = False

    def across(self, text: str, pen: "Pen") -> float:
        """Its width in points."""
        return self.width * pen.size / 1000 + pen.spacing * len(text)


class Align(float, Enum):
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
    """The operators of one page, and the state they left behind.

    marked: the element whose content was begun and not ended yet.
    """

    __slots__ = ("color", "font", "marked", "operators", "rules", "spacing")

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.rules: dict[tuple[str, float], list[str]] = defaultdict(list)
        self.marked: Element | None = None
        self.font: tuple[int, float] | None = None
        self.color: str | None = None
        self.spacing: float = 0


class Canvas:
    """One document in the making.

    structure: what is being drawn; everything that is written belongs to the element it stands in.
    missing:   the characters that no typeface has, in the order they came up.
    """

    def __init__(self, width: float, height: float, *, structured: bool = True) -> None:
        self.width, self.height = width, height
        self.structure = Structure() if structured else Unstructured()
        self._structured = structured
        self.missing: dict[str, None] = {}
        self._letterings: dict[str, Lettering] = {}
        self._lines: dict[tuple[str, str], Line] = {}
        self._leaves: list[_Leaf] = []
        self._links: list[tuple[int, Rect, str, str]] = []
        self._image: Picture | None = None
        self._page = -1
        self._leaf = _Leaf()

    @property
    def pages(self) -> int:
        return len(self._leaves)

    def turn_to(self, page: int) -> None:
        """Draw on this page from now on, the first being 0; the page after the last is added."""
        if page == len(self._leaves):
            self._leaves.append(_Leaf())
            self.structure.marks.append([])
        self._page, self._leaf = page, self._leaves[page]

    def text(self, x: float, y: float, text: str, pen: Pen, *, align: Align = Align.LEFT) -> None:
        """y: the baseline."""
        if not text:
            return
        line = self._line(text, pen.font)
        if align is not Align.LEFT:
            x -= (self.measure(text.rstrip(" "), pen) if text[-1] == " " else line.across(text, pen)) * align
        shown = f"BT{self._state(pen, line.font)} {x:.2f} {self.height - y:.2f} Td{line.operator}"
        if line.others:
            shown += "".join([f"{self._state(pen, font)} {operator}" for font, operator in line.others])
        if line.reordered:
            with self.structure.within("Span", read_as(text)):
                self._operate(f"{shown} ET")
            return
        leaf = self._leaf
        if self._structured and leaf.marked is not self.structure.here:
            self._mark(leaf)
        leaf.operators.append(f"{shown} ET")

    def measure(self, text: str, pen: Pen) -> float:
        """The width of a text as it is drawn, in points."""
        return self._line(text, pen.font).across(text, pen)

    def widest(self, texts: Iterable[str], pen: Pen) -> float:
        """The width of the widest of them, in points."""
        return max([self._line(text, pen.font).across(text, pen) for text in set(texts)], default=0)

    def measuring(self, pen: Pen) -> Callable[[str], float]:
        return lambda text: self.measure(text, pen)

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
        self._decorate(f"{fill} rg {self._outlined(rect, radius)} f")

    def frame(self, rect: Rect, *, color: str, width: float, radius: float = 0) -> None:
        self._decorate(f"{color} RG {width:g} w {self._outlined(rect, radius)} S")

    def squares(self, x: float, y: float, size: float, matrix: Sequence[Sequence[int]], *, color: str) -> None:
        """A pattern of dark squares, a QR code: runs of one row are drawn at once."""
        self._leaf.color = None
        scale = size / len(matrix)
        runs = " ".join(
            f"{start} {row} {length} 1 re" for row, cells in enumerate(matrix) for start, length in dark_runs(cells)
        )
        self._operate(f"q {color} rg {scale:.4f} 0 0 {-scale:.4f} {x:.2f} {self.height - y:.2f} cm {runs} f Q")

    def picture(self, rect: Rect, said: str) -> Structure:
        """For a ``with``: what is drawn is a picture within a place, and this is read out instead of it."""
        top = self.height - rect.y
        place = f"{rect.x:.2f} {top - rect.height:.2f} {rect.x + rect.width:.2f} {top:.2f}"
        layout = f"/A<</O/Layout/Placement/Block/BBox[{place}]>>"
        return self.structure.within("Figure", described(said) + layout)

    def image(self, rect: Rect, picture: Picture, *, said: str) -> None:
        """The one picture of a document, as large as the place; said: what it shows."""
        self._image = picture
        with self.picture(rect, said):
            bottom = self.height - rect.y - rect.height
            self._operate(f"q {placed(picture.turned, rect.x, bottom, rect.width, rect.height)} cm /Logo Do Q")

    def link(self, rect: Rect, url: str, *, said: str) -> None:
        """said: what the link is for."""
        self.structure.linked(self._page)
        self._links.append((self._page, rect, url, said))

    def finished(self, about: About, attachments: Sequence[Attachment] = ()) -> bytes:
        """The file; the same drawing gives the same bytes."""
        container = Container(
            self.width,
            self.height,
            letterings=list(self._letterings.values()),
            structure=self.structure,
            about=about,
            attachments=attachments,
            image=self._image,
        )
        for number, leaf in enumerate(self._leaves, 1):
            container.add_leaf(number, self._content(leaf))
        for page, rect, url, said in self._links:
            x, y, width, height = rect
            container.add_link(page + 1, x=x, y=self.height - y, width=width, height=height, url=url, said=said)
        return bytes(container.output(output_producer_class=Producer))

    def _operate(self, operators: str) -> None:
        """Draw as part of the present element."""
        leaf = self._leaf
        if self._structured and leaf.marked is not self.structure.here:
            self._mark(leaf)
        leaf.operators.append(operators)

    def _decorate(self, operators: str) -> None:
        with self.structure.apart():
            self._operate(operators)

    def _mark(self, leaf: _Leaf) -> None:
        begun = self.structure.mark(self._page)
        leaf.operators.append(f"EMC {begun}" if leaf.marked else begun)
        leaf.marked = self.structure.here

    def _line(self, text: str, font: str) -> Line:
        line = self._lines.get((text, font))
        if line is None:
            line = self._lines[text, font] = self._laid_out(text, font)
        return line

    def _laid_out(self, text: str, font: str) -> Line:
        """Nearly always it is of one typeface."""
        lettering = self._lettering(font)
        try:
            operator, width = lettering.spelt(text)
        except NoGlyph:
            return self._mixed(text, font)
        return Line(lettering.index, operator, width)

    def _mixed(self, text: str, font: str) -> Line:
        seen = lined_up(unicodedata.normalize("NFC", text))
        parts, whole = [], 0
        for name, characters in groupby(seen.shown, lambda character: typeface(character, font)):
            lettering = self._lettering(name)
            operator, width = lettering.spelt_with_boxes("".join(characters))
            parts.append((lettering.index, operator))
            whole += width
        (first, operator), *others = parts
        return Line(first, operator, whole, tuple(others), seen.reordered)

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
            state += f"/F{font} {pen.size:g} Tf"
        if leaf.spacing != pen.spacing:
            leaf.spacing = pen.spacing
            state += f" {pen.spacing:g} Tc"
        return state

    def _content(self, leaf: _Leaf) -> bytes:
        rules = [f"{color} RG {width:g} w {' '.join(lines)} S" for (color, width), lines in leaf.rules.items()]
        if self._structured and rules:
            rules = ["/Artifact BMC", *rules, "EMC"]
        ended = ["EMC"] if leaf.marked else []
        return "\n".join([*leaf.operators, *ended, *rules]).encode("latin-1")

    def _outlined(self, rect: Rect, radius: float) -> str:
        return outline(rect.x, self.height - rect.y, rect.width, rect.height, radius)
