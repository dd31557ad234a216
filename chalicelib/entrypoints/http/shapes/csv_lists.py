"""Lists as CSV: the lines as they were meant, whatever program wrote them."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import ValidationError

from chalicelib.domain.errors import Invalid
from chalicelib.domain.values import dataclass
from chalicelib.entrypoints.http.problems import faulty

MOST_LINES = 2_000
LONGEST_SHOWN = 64
BYTE_ORDER_MARK = "\ufeff"
SEPARATORS = ",;\t"
SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
THOUSAND = 3
OWN_SEPARATOR = {",": ";", ".": ","}
"""What parts the cells in lists whose decimals stand behind a comma, or behind a point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line below the names of the columns.

    number: as an editor shows it. cells: those that say something, by column. separator: what parts them.
    fault:  why it cannot be told which is which; empty where it can.
    """

    number: int
    cells: Mapping[str, str]
    separator: str
    fault: str = ""

    def figure(self, column: str) -> str:
        """A number with a decimal point. Raises Invalid for a comma, or a point, that may part thousands."""
        return figure(self.cells[column], self.separator, at=column)


def lines_in(text: str, *, columns: Collection[str], needed: str, what: str) -> tuple[Line, ...]:
    """The lines that say something.

    Raises Invalid for a list without the column that is needed, with columns that are not known, or too long a one.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    parted = _parted(text, separator)
    names = [name.strip().lower() for name in next(parted, (0, []))[1]]
    _must_be_known(names, columns, needed=needed, what=what)
    lines: list[Line] = []
    for number, cells in parted:
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) == MOST_LINES:
            raise Invalid("too_many_lines", f"A {what} cannot have more than {MOST_LINES} lines.", at="/csv")
        lines.append(_line(number, names, cells, separator))
    return tuple(lines)


def figure(cell: str, separator: str, *, at: str) -> str:
    """A number with a decimal point.

    Where commas part the cells a point parts the decimals, where semicolons do a comma; tabs tell neither.
    Raises Invalid for what can be read in two ways. at: the column.
    """
    compact = cell.translate(SPACES)
    mark = "," if "," in compact else "."
    whole, _, decimals = compact.partition(mark)
    may_part_thousands = len(decimals) == THOUSAND and whole.strip("-0") and separator != OWN_SEPARATOR[mark]
    if may_part_thousands or "," in decimals or (mark == "," and "." in compact):
        detail = f"{at}: {cell[:LONGEST_SHOWN]!r} can be read in two ways; write it with two decimals, or four."
        raise Invalid("not_a_number", detail)
    return f"{whole}.{decimals}" if decimals else compact


def fault_of(error: ValidationError) -> tuple[str, str]:
    """The code and the reason of the first thing that is wrong with a line."""
    fault = faulty(error).faults[0]
    return fault.code, f"{fault.at.removeprefix('/')}: {fault.detail}"


def shown(name: str) -> str:
    """What a line is about, cut where it cannot be that, so that the answer stays readable."""
    return "".join(character if character.isprintable() else " " for character in name)[:LONGEST_SHOWN]


def _parted(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each line's cells, with the number that an editor shows where the line begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Invalid("malformed_csv", f"Line {begins} is no CSV: {error}.", at="/csv") from error


def _must_be_known(names: Sequence[str], columns: Collection[str], *, needed: str, what: str) -> None:
    unknown = [name for name in names if name not in columns]
    if needed not in names:
        detail = f"The first line of a {what} names its columns, and one is {needed}."
        raise Invalid("missing", detail, at="/csv")
    if unknown:
        raise Invalid("unknown_field", f"There is no column {unknown[0][:LONGEST_SHOWN]!r} here.", at="/csv")
    if len(set(names)) < len(names):
        raise Invalid("given_twice", "A column is given once.", at="/csv")


def _line(number: int, names: Sequence[str], cells: Sequence[str], separator: str) -> Line:
    named = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
    too_many = len(cells) > len(names)
    fault = f"This line has {len(cells)} cells, and there are {len(names)} columns." if too_many else ""
    return Line(number=number, cells=named, separator=separator, fault=fault)
