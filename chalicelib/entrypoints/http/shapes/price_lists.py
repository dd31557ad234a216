"""Price lists as CSV: the lines as they were meant, whatever program wrote them."""

import csv
import io
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from chalicelib.domain.errors import Invalid
from chalicelib.entrypoints.http.problems import faulty
from chalicelib.entrypoints.http.shapes.catalogue import CatalogCode, EntryPatch
from chalicelib.usecases.importing import Row

MOST_LINES = 2_000
LONGEST_CODE = 64
BYTE_ORDER_MARK = "\ufeff"
SEPARATORS = ",;\t"
SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
COLUMNS = {"code", "name", "description", "unit", "unit_price", "taxes", "kind"}
THOUSAND = 3
OWN_SEPARATOR = {",": ";", ".": ","}
"""What parts the cells in lists whose decimals stand behind a comma, or behind a point."""


class ListedEntry(EntryPatch):
    """One line of a price list; what is left out stays as it is."""

    code: CatalogCode


def rows_in(text: str) -> tuple[Row, ...]:
    """The lines below the names of the columns; those that cannot be read say why.

    Raises Invalid for a list without a column of codes, with columns that are not known, or too long a one.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    lines = _lines(text, separator)
    columns = [name.strip().lower() for name in next(lines, (0, []))[1]]
    _must_be_known(columns)
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_LINES:
            raise Invalid("too_many_lines", f"A price list cannot have more than {MOST_LINES} lines.", at="/csv")
        row = _row(number, columns, cells, separator)
        if row.code in seen and not row.refused:
            row = Row(line=number, code=row.code, refused=f"This code stands in line {seen[row.code]} already.")
        seen.setdefault(row.code, number)
        rows.append(row)
    return tuple(rows)


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each line's cells, with the number that an editor shows where the line begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Invalid("malformed_csv", f"Line {begins} is no CSV: {error}.", at="/csv") from error


def _must_be_known(columns: Sequence[str]) -> None:
    unknown = [name for name in columns if name not in COLUMNS]
    if "code" not in columns:
        raise Invalid("missing", "The first line of a price list names its columns, and one is code.", at="/csv")
    if unknown:
        raise Invalid("unknown_field", f"There is no column {unknown[0][:LONGEST_CODE]!r} here.", at="/csv")
    if len(set(columns)) < len(columns):
        raise Invalid("given_twice", "A column is given once.", at="/csv")


def _row(number: int, columns: Sequence[str], cells: Sequence[str], separator: str) -> Row:
    named = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
    code = named.get("code", "")
    if len(cells) > len(columns):
        return _refused(number, code, f"This line has {len(cells)} cells, and there are {len(columns)} columns.")
    given: dict[str, object] = {name: cell for name, cell in named.items() if cell}
    try:
        if "unit_price" in given:
            given["unit_price"] = _price(named["unit_price"], separator)
        if "taxes" in given:
            given["taxes"] = named["taxes"].replace("+", " ").split()
        entry = ListedEntry.model_validate(given)
    except ValidationError as error:
        fault = faulty(error).faults[0]
        return _refused(number, code, f"{fault.at.removeprefix('/')}: {fault.detail}")
    except Invalid as invalid:
        return _refused(number, code, invalid.detail)
    fields = entry.model_dump(exclude_unset=True, exclude={"code"})
    if entry.taxes is not None:
        fields["taxes"] = tuple(entry.taxes)
    return Row(line=number, code=entry.code, given=fields)


def _refused(number: int, code: str, reason: str) -> Row:
    """A code that cannot be one is cut, so that the answer stays readable."""
    shown = "".join(character if character.isprintable() else " " for character in code)[:LONGEST_CODE]
    return Row(line=number, code=shown, refused=reason)


def _price(cell: str, separator: str) -> str:
    """A price with a decimal point. Raises Invalid for a comma, or a point, that may part thousands.

    Where commas part the cells a point parts the decimals, where semicolons do a comma; tabs tell neither.
    """
    compact = cell.translate(SPACES)
    mark = "," if "," in compact else "."
    whole, _, decimals = compact.partition(mark)
    may_part_thousands = len(decimals) == THOUSAND and whole.strip("-0") and separator != OWN_SEPARATOR[mark]
    if may_part_thousands or "," in decimals or (mark == "," and "." in compact):
        detail = f"unit_price: {cell[:LONGEST_CODE]!r} can be read in two ways; write it with two decimals, or four."
        raise Invalid("not_a_number", detail)
    return f"{whole}.{decimals}" if decimals else compact
