"""What each piece of a page is and in which order it is read: the structure that PDF/A-3a and PDF/UA-1 ask for.

Drawing says what it draws by standing inside an element; whatever is drawn apart from the structure is an artifact, and
is not read out (ISO 32000-1, 14.7 and 14.8).
"""

from collections.abc import Sequence
from typing import Literal, Self

from chalicelib.adapters.pdf.syntax import text_string

Role = Literal["H1", "H2", "P", "Span", "Table", "TR", "TH", "TD", "L", "LI", "Lbl", "LBody", "Link", "Figure"]

COLUMN = "/A<</O/Table/Scope/Column>>"
ROW = "/A<</O/Table/Scope/Row>>"
UNNUMBERED = "/A<</O/List/ListNumbering/None>>"
MAY_BE_EMPTY = {"TD", "TH"}
"""The cells of a table must fill its grid, whether anything stands in them or not."""


def spanning(columns: int) -> str:
    """The heading of a row that is as wide as so many columns."""
    return f"/A<</O/Table/Scope/Row/ColSpan {columns}>>"


def described(text: str) -> str:
    """What is read out instead of a picture."""
    return f"/Alt{text_string(text)}"


def read_as(text: str) -> str:
    """What is read out instead of letters that do not stand in the order they are read in.

    It is said of the element, not of the content: programs that go by where letters lie turn such lines round
    themselves, and would do so with this as well.
    """
    return f"/ActualText{text_string(text)}"


ON_PAGE = 1 << 32
"""A piece of a page's content is counted as page * ON_PAGE + its number on it, a link as -1 - (page * ON_PAGE + link):
there are thousands of them, and a number costs the collector of garbage nothing.
"""


class Element:
    __slots__ = ("attributes", "kids", "number", "parent", "role")

    def __init__(self, role: str, parent: "Element | None", attributes: str = "") -> None:
        self.role, self.parent, self.attributes = role, parent, attributes
        self.kids: list[Element | int] = []
        self.number = 0


APART = Element("Artifact", None)


class Structure:
    """The elements of one document.

    here:     what is being drawn; APART from all where it is not part of what is read.
    elements: all of them, in the order in which they were begun.
    marks:    for each page, the element of each piece of its content.
    links:    the element of each link.
    """

    def __init__(self) -> None:
        self.root = self.here = Element("Document", None)
        self.elements = [self.root]
        self.marks: list[list[Element]] = []
        self.links: list[Element] = []
        self._outer: list[Element] = []

    def within(self, role: Role, attributes: str = "") -> Self:
        """For a ``with``: what is drawn is in a new element, inside of the present one."""
        here = self.here
        self._outer.append(here)
        if here is not APART:
            self.here = element = Element(role, here, attributes)
            here.kids.append(element)
            self.elements.append(element)
        return self

    def apart(self) -> Self:
        """For a ``with``: what is drawn is not part of what is read."""
        self._outer.append(self.here)
        self.here = APART
        return self

    def mark(self, page: int) -> str:
        """Count one more piece of content into the present element; answers the operator that begins it."""
        here = self.here
        if here is APART:
            return "/Artifact BMC"
        marks = self.marks[page]
        number = len(marks)
        marks.append(here)
        here.kids.append(page * ON_PAGE + number)
        return f"/{here.role}<</MCID {number}>>BDC"

    def linked(self, page: int) -> None:
        assert self.here is not APART, "what is not read out leads nowhere"
        self.here.kids.append(-1 - (page * ON_PAGE + len(self.links)))
        self.links.append(self.here)

    def __enter__(self) -> None:
        """Nothing to do: ``within`` and ``apart`` have done it."""

    def __exit__(self, *_: object) -> None:
        left, self.here = self.here, self._outer.pop()
        if not left.kids and left is not self.here and left is not APART and left.role not in MAY_BE_EMPTY:
            self.here.kids.pop()  # nothing was begun after it
            self.elements.pop()


class Unstructured(Structure):
    """For a document that says nothing of its structure."""

    def within(self, role: Role, attributes: str = "") -> Self:
        del role, attributes
        return self

    def apart(self) -> Self:
        return self

    def linked(self, page: int) -> None:
        """There is no element that it could belong to."""

    def __exit__(self, *_: object) -> None:
        """Nothing was begun."""


def objects(structure: Structure, *, first: int, pages: Sequence[str], links: Sequence[str]) -> list[str]:
    """The tree as PDF objects, numbered from ``first``: its root, each element as it is read, and the way back.

    pages, links: references to the objects of both.
    """
    elements = structure.elements
    for number, element in enumerate(elements, first + 1):
        element.number = number
    back = first + 1 + len(elements)
    root = (
        f"<</Type/StructTreeRoot/K {first + 1} 0 R/ParentTree {back} 0 R"
        f"/ParentTreeNextKey {len(structure.marks) + len(links)}>>"
    )
    written = [_written(element, first, pages, links) for element in elements]
    return [root, *written, _way_back(structure)]


def _written(element: Element, root: int, pages: Sequence[str], links: Sequence[str]) -> str:
    kids, parent = element.kids, element.parent.number if element.parent else root
    if len(kids) == 1 and isinstance(kids[0], int) and kids[0] >= 0:
        page, number = divmod(kids[0], ON_PAGE)
        return f"<</S/{element.role}/P {parent} 0 R{element.attributes}/Pg {pages[page]}/K {number}>>"
    said = " ".join([_kid(kid, pages, links) for kid in kids])
    return f"<</S/{element.role}/P {parent} 0 R{element.attributes}{f'/K[{said}]' if said else ''}>>"


def _kid(kid: Element | int, pages: Sequence[str], links: Sequence[str]) -> str:
    if isinstance(kid, Element):
        return f"{kid.number} 0 R"
    if kid >= 0:
        page, number = divmod(kid, ON_PAGE)
        return f"<</Type/MCR/Pg {pages[page]}/MCID {number}>>"
    page, link = divmod(-1 - kid, ON_PAGE)
    return f"<</Type/OBJR/Pg {pages[page]}/Obj {links[link]}>>"


def _way_back(structure: Structure) -> str:
    """From content and links to their elements; pages are numbered first, then links."""
    pages = [
        f"{page}[{' '.join([f'{element.number} 0 R' for element in elements])}]"
        for page, elements in enumerate(structure.marks)
    ]
    links = [f"{number} {link.number} 0 R" for number, link in enumerate(structure.links, len(structure.marks))]
    return f"<</Nums[{' '.join([*pages, *links])}]>>"
