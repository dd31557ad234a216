"""Price lists as CSV."""

from pydantic import ValidationError

from chalicelib.domain.errors import Invalid
from chalicelib.entrypoints.http.shapes.catalogue import CatalogCode, EntryPatch
from chalicelib.entrypoints.http.shapes.csv_lists import Line, fault_of, lines_in, shown
from chalicelib.usecases.importing import Row

COLUMNS = {"code", "name", "description", "unit", "unit_price", "taxes", "kind"}


class ListedEntry(EntryPatch):
    """One line of a price list; what is left out stays as it is."""

    code: CatalogCode


def rows_in(text: str) -> tuple[Row, ...]:
    """The lines below the names of the columns; those that cannot be read say why.

    Raises Invalid for a list without a column of codes, with columns that are not known, or too long a one.
    """
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line in lines_in(text, columns=COLUMNS, needed="code", what="price list"):
        row = _row(line)
        if row.code in seen and not row.refused:
            row = Row(line=row.line, code=row.code, refused=f"This code stands in line {seen[row.code]} already.")
        seen.setdefault(row.code, row.line)
        rows.append(row)
    return tuple(rows)


def _row(line: Line) -> Row:
    if line.fault:
        return _refused(line, line.fault)
    given: dict[str, object] = dict(line.cells)
    try:
        if "unit_price" in given:
            given["unit_price"] = line.figure("unit_price")
        if "taxes" in given:
            given["taxes"] = line.cells["taxes"].replace("+", " ").split()
        entry = ListedEntry.model_validate(given)
    except ValidationError as error:
        return _refused(line, fault_of(error)[1])
    except Invalid as invalid:
        return _refused(line, invalid.detail)
    fields = entry.model_dump(exclude_unset=True, exclude={"code"})
    if entry.taxes is not None:
        fields["taxes"] = tuple(entry.taxes)
    return Row(line=line.number, code=entry.code, given=fields)


def _refused(line: Line, reason: str) -> Row:
    return Row(line=line.number, code=shown(line.cells.get("code", "")), refused=reason)
