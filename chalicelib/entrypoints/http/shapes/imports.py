"""Lists of a former system, and what became of their lines, as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from chalicelib.entrypoints.http.shapes.catalogue import ImportQuery, truth
from chalicelib.entrypoints.http.shapes.scalars import Shape
from chalicelib.usecases.line_by_line import Became, Outcome

Csv = Annotated[str, WithJsonSchema({"type": "string", "format": "csv", "examples": ["number;client_name;total"]})]


class ListIn(Shape):
    """A list as CSV."""

    csv: Csv


class InvoicesQuery(ImportQuery):
    """``remind=true`` has clients reminded of what is imported, from now on."""

    remind: Annotated[bool, BeforeValidator(truth)] = False


class LineOut(Shape):
    """What became of one line; ``line`` counts from 1, the names of the columns included."""

    line: int
    outcome: Became
    code: str | None
    reason: str | None


class ClientLine(LineOut):
    """``name``: the reference, or else the address for mail, or else the name."""

    name: str | None
    client_id: str | None


class InvoiceLine(LineOut):
    number: str | None
    invoice_id: str | None


class NumberLine(LineOut):
    """``next_number``: what the series gives next, if it is given in the year that is being counted."""

    series: str | None
    next_number: str | None


class Report(Shape):
    dry_run: bool
    created: int
    updated: int
    same: int
    refused: int


class ClientsReport(Report):
    lines: list[ClientLine]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], *, dry_run: bool) -> "ClientsReport":
        lines = [ClientLine(**_common(one), name=one.name or None, client_id=one.made) for one in outcomes]
        return cls(dry_run=dry_run, lines=lines, **_counts(outcomes))


class InvoicesReport(Report):
    lines: list[InvoiceLine]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], *, dry_run: bool) -> "InvoicesReport":
        lines = [InvoiceLine(**_common(one), number=one.name or None, invoice_id=one.made) for one in outcomes]
        return cls(dry_run=dry_run, lines=lines, **_counts(outcomes))


class NumbersReport(Report):
    lines: list[NumberLine]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], *, dry_run: bool) -> "NumbersReport":
        lines = [NumberLine(**_common(one), series=one.name or None, next_number=one.made) for one in outcomes]
        return cls(dry_run=dry_run, lines=lines, **_counts(outcomes))


def _common(one: Outcome) -> dict[str, Any]:
    return {"line": one.line, "outcome": one.came, "code": one.code or None, "reason": one.reason or None}


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    came = Counter(outcome.came for outcome in outcomes)
    return {f"{kind}": came[kind] for kind in Became}
