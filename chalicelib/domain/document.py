"""What a page says: ready strings in reading order, for whoever draws them.

Nothing here is computed, translated or measured any more. An empty string or tuple means that the part is left out.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from chalicelib.domain.logo import Logo
from chalicelib.domain.values import dataclass

ACCENT: Final = "#0b5d4e"
"""The colour of a business that chose none."""


class Paper(StrEnum):
    LETTER = "letter"
    A4 = "a4"


class Template(StrEnum):
    """How a document looks; what it says is the same in each."""

    MODERN = "modern"
    CLASSIC = "classic"
    COMPACT = "compact"


class Emphasis(StrEnum):
    """How loud a total is: a plain line, the total of the document, the figure that is to be paid."""

    PLAIN = "plain"
    STRONG = "strong"
    FINAL = "final"


class Standing(StrEnum):
    PAID = "paid"
    DUE = "due"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    label: str
    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What is asked of the reader: the amount, by when, and how to pay it at once (`action`, beside a QR code)."""

    label: str
    amount: str
    note: str = ""
    action: str = ""
    scan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The headings of the table; but for `description`, where one is empty there is no such column."""

    day: str = ""
    description: str
    quantity: str = ""
    unit: str = ""
    unit_price: str = ""
    taxes: str = ""
    net: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    day: str = ""
    description: str
    detail: str = ""
    quantity: str = ""
    unit: str = ""
    unit_price: str = ""
    taxes: str = ""
    net: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that belong together; without a title they just follow."""

    title: str = ""
    subtotal: str = ""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    label: str
    value: str
    detail: str = ""
    emphasis: Emphasis = Emphasis.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """share: this instalment's part of the whole, in thousandths."""

    label: str
    detail: str
    amount: str
    state: str
    standing: Standing
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    title: str
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a business, for one reader, in one language.

    language:    BCP 47, e.g. "fr-CA".
    dated:       the document's own date; the file carries it, so that rendering again gives the same bytes.
    monogram:    what stands for the business where there is no logo.
    continued:   beside the heading of every page but the first; `group_continued` with the place "{title}".
    page:        "Page {page} of {pages}", in the reader's language.
    accent:      the business's colour, "#rrggbb".
    logo:        drawn in place of the monogram by who can get at its file.
    pay_url:     where the button of the panel and its QR code lead.
    stamp:       a word that changes what the paper is: a draft, a void invoice.
    """

    language: str
    paper: Paper = Paper.LETTER
    template: Template = Template.MODERN
    dated: date
    title: str
    number: str
    heading: str
    continued: str
    group_continued: str
    brand: str
    brand_note: str = ""
    monogram: str = ""
    stamp: str = ""
    parties: tuple[Party, ...]
    panel: Panel | None = None
    facts: tuple[Fact, ...] = ()
    columns: Columns
    groups: tuple[Group, ...]
    totals: tuple[Total, ...]
    schedule: Schedule | None = None
    passages: tuple[Passage, ...] = ()
    footer: str = ""
    page: str
    pay_url: str = ""
    accent: str = ACCENT
    logo: Logo | None = None
