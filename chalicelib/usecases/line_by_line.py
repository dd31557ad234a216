"""What a former system kept, taken in line by line: what is wrong with one line stops no other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import DomainError
from chalicelib.domain.values import dataclass


class Became(StrEnum):
    """What became of a line."""

    CREATED = "created"
    UPDATED = "updated"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as it was read.

    name: what it is about: a client's reference, an invoice's number, a series.
    given: its fields; what is left out stays, or has its default.
    code, reason: why it cannot be read; empty where it can.
    """

    line: int
    name: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """made: the id of what is there by the line now; of a series, the number given next."""

    line: int
    name: str
    came: Became
    made: str | None = None
    code: str = ""
    reason: str = ""


def taken_in(
    rows: Iterable[Row], deed: Callable[[Row], tuple[Became, str | None]], *, enough: Callable[[], bool]
) -> tuple[Outcome, ...]:
    """What became of each line, in the order of the lines; each is a transaction of its own.

    deed: writes a line; answers what became of it, and what is there by it now.
    enough: whether there is no time for more; the lines that are left are refused, to be sent again.
    """
    outcomes = [_outcome(row, deed, enough) for row in rows]
    return tuple(sorted(outcomes, key=lambda one: one.line))


def _outcome(row: Row, deed: Callable[[Row], tuple[Became, str | None]], enough: Callable[[], bool]) -> Outcome:
    if row.code:
        return _refused(row, row.code, row.reason)
    if enough():
        return _refused(row, "not_reached", "There was no time for this line; send the same list again.")
    try:
        came, made = deed(row)
    except DomainError as error:
        return _refused(row, error.code, error.detail)
    return Outcome(line=row.line, name=row.name, came=came, made=made)


def _refused(row: Row, code: str, reason: str) -> Outcome:
    return Outcome(line=row.line, name=row.name, came=Became.REFUSED, code=code, reason=reason)
