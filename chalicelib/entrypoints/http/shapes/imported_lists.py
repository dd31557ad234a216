"""What a former system kept, as CSV: its clients, its open invoices, its last numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import Field, ValidationError, model_validator

from chalicelib.domain.errors import Invalid
from chalicelib.entrypoints.http.shapes.addresses import AddressIn, Country, Language
from chalicelib.entrypoints.http.shapes.csv_lists import Line, fault_of, figure, lines_in, shown
from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    CurrencyCode,
    Day,
    Email,
    LongText,
    Shape,
    ShortText,
    Zone,
    one_of,
)
from chalicelib.usecases.line_by_line import Row

S = TypeVar("S", bound=Shape)
LINES = ("line1", "line2", "line3")
PLACE = (*LINES, "city", "region", "postal_code", "country")


class ListedClient(Shape):
    """A line that names a client; what is left out stays as it is."""

    reference: ShortText | None = None
    name: ShortText | None = None
    email: Email | None = None
    phone: ShortText | None = None
    contact: ShortText | None = None
    line1: ShortText | None = None
    line2: ShortText | None = None
    line3: ShortText | None = None
    city: ShortText | None = None
    region: ShortText | None = None
    postal_code: ShortText | None = None
    country: Country | None = None
    language: Language | None = None
    tax_number: ShortText | None = None
    notes: LongText | None = None
    time_zone: Zone | None = None

    def fields(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True)
        place = {name: given.pop(name) for name in PLACE if name in given}
        lines = AddressIn(**{name: place.pop(name) for name in LINES if name in place}).address().lines
        whole = place | ({"lines": lines} if lines else {})
        return given | ({"address": whole} if whole else {})


class ListedInvoice(Shape):
    """A line that names an open invoice; its client by one of three names."""

    number: Code
    client_reference: ShortText | None = None
    client_email: Email | None = None
    client_name: ShortText | None = None
    issue_date: Day
    due_date: Day | None = None
    currency: CurrencyCode | None = None
    total: Amount
    taxes: dict[Code, Amount] = Field(default_factory=dict)
    amount_due: Amount | None = None
    amount_paid: Amount | None = None

    @model_validator(mode="after")
    def _either(self) -> "ListedInvoice":
        one_of(self, "amount_due", "amount_paid", at_least=0)
        return self

    def fields(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True, exclude={"amount_due", "amount_paid"})
        return given | {"taxes": self.taxes, "due": self.amount_due, "paid": self.amount_paid}


class ListedNumber(Shape):
    """A line that names the last number of a series."""

    series: Code
    last_number: Code
    issue_date: Day | None = None

    def fields(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"series"})


def clients_in(text: str) -> tuple[Row, ...]:
    """Known by their references, else by their addresses for mail, else by their names."""

    def name(cells: Mapping[str, str]) -> str:
        return cells.get("reference") or cells.get("email") or cells.get("name", "")

    return _rows(text, ListedClient, name, needed="name", what="list of clients")


def invoices_in(text: str) -> tuple[Row, ...]:
    return _rows(text, ListedInvoice, lambda cells: cells.get("number", ""), needed="number", what="list of invoices")


def numbers_in(text: str) -> tuple[Row, ...]:
    return _rows(text, ListedNumber, lambda cells: cells.get("series", ""), needed="series", what="list of numbers")


def _rows(
    text: str,
    shape: type[ListedClient | ListedInvoice | ListedNumber],
    name: Callable[[Mapping[str, str]], str],
    *,
    needed: str,
    what: str,
) -> tuple[Row, ...]:
    """The lines of a list; those that cannot be read, and those about what an earlier line is about, say so."""
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line in lines_in(text, columns=shape.model_fields, needed=needed, what=what):
        row = _row(line, shape, name(line.cells))
        if row.name in seen and not row.code:
            row = replace(row, code="given_twice", reason=f"{row.name} stands in line {seen[row.name]} already.")
        seen.setdefault(row.name, row.line)
        rows.append(row)
    return tuple(rows)


def _row(line: Line, shape: type[ListedClient | ListedInvoice | ListedNumber], name: str) -> Row:
    refused = Row(line=line.number, name=shown(name))
    if line.fault:
        return replace(refused, code="too_many_cells", reason=line.fault)
    try:
        listed = shape.model_validate(_read(line))
    except ValidationError as error:
        code, reason = fault_of(error)
        return replace(refused, code=code, reason=reason)
    except Invalid as invalid:
        return replace(refused, code=invalid.code, reason=invalid.detail)
    return Row(line=line.number, name=name, given=listed.fields())


def _read(line: Line) -> dict[str, Any]:
    given: dict[str, Any] = dict(line.cells)
    for column in ("total", "amount_due", "amount_paid"):
        if column in given:
            given[column] = line.figure(column)
    if "taxes" in given:
        given["taxes"] = _taxes(line)
    return given


def _taxes(line: Line) -> dict[str, str]:
    """Amounts by codes, such as ``TPS=5.00 TVQ=9.98``. Raises Invalid for anything else."""
    taxes: dict[str, str] = {}
    for part in line.cells["taxes"].split():
        code, equals, amount = part.rpartition("=")
        if not equals or not code or code in taxes:
            raise Invalid(
                "not_taxes", f"taxes: write each tax once with its amount, such as TPS=5.00; not {part[:64]!r}."
            )
        taxes[code] = figure(amount, line.separator, at="taxes")
    return taxes
