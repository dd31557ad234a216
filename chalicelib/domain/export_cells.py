"""The cells of an export: typed, so that a number stays one; and texts that no spreadsheet takes for a formula."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from chalicelib.domain.money import Money

Cell = str | Decimal | Money | date | None
Row = Sequence[Cell]

FORMULAS = frozenset("=+-@\t\r\n")
"""What a cell begins with that spreadsheets run, in whatever width it is written (OWASP, "CSV Injection")."""
HARMLESS = frozenset({"-"})
"""What stands for nothing."""
MARK = "\ufeff"
"""The byte order mark by which Excel knows UTF-8."""


def disarmed(text: str) -> str:
    """The text as it was written; one that would be a formula has an apostrophe before it."""
    if text in HARMLESS:
        return text
    begins = text[:1] if text[:1] in FORMULAS else _first_visible(text)
    return f"'{text}" if unicodedata.normalize("NFKC", begins)[:1] in FORMULAS else text


def in_one_line(text: str) -> str:
    """For formats whose cells cannot be quoted: no tab and no line break."""
    return " ".join(text.split())


def separated(
    rows: Iterable[Row], *, separator: str = ",", decimal: str = ".", day: Callable[[date], str] = date.isoformat
) -> Iterator[str]:
    """The rows as comma separated values (RFC 4180)."""
    for row in rows:
        line = io.StringIO()
        cells = [written(cell, decimal=decimal, day=day) for cell in row]
        csv.writer(line, delimiter=separator, lineterminator="\r\n").writerow(cells)
        yield line.getvalue()


def written(cell: Cell, *, decimal: str = ".", day: Callable[[date], str] = date.isoformat) -> str:
    """A cell as text; only what was a text can need to be disarmed."""
    match cell:
        case None:
            return ""
        case str():
            return disarmed(cell)
        case Money():
            return f"{cell}".replace(".", decimal)
        case Decimal():
            return f"{cell:f}".replace(".", decimal)
    return day(cell)


def day_first(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def month_first(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def _first_visible(text: str) -> str:
    """The first character that is neither a space nor invisible: programs pass over those."""
    seen = (sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in {"Cf", "Cc"})
    return next(seen, "")
