"""A price list taken into the catalogue, line by line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.errors import AlreadyDone, Conflict, Invalid
from chalicelib.domain.events import CatalogueChanged
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Change, Save, Store
from chalicelib.usecases.configuring import subject_of, taxes_exist

AT_ONCE = 25
"""Lines of one transaction, each two writes: little is done again when somebody changes one of the codes meanwhile."""


class Came(StrEnum):
    """What became of a line."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a price list as it was read.

    given: fields of a catalogue entry; what is left out stays, or has its default.
    refused: why it cannot be read; empty where it can.
    """

    line: int
    code: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    line: int
    code: str
    came: Came
    reason: str = ""


def import_entries(
    rows: Sequence[Row], *, dry_run: bool, business: Business, now: datetime, store: Store
) -> tuple[Outcome, ...]:
    """The catalogue with the entries of a price list; says of each line what became of it, in their order.

    Done again it changes nothing, so a run that was cut short is made good by another. Nothing is written by a dry run.
    """
    aside = store.aside()  # it is many transactions, so that none of them says that the request was carried out
    outcomes: list[Outcome] = []
    for start in range(0, len(rows), AT_ONCE):
        outcomes += _taken_in(rows[start : start + AT_ONCE], dry_run=dry_run, business=business, now=now, store=aside)
    return tuple(outcomes)


def _taken_in(rows: Sequence[Row], *, dry_run: bool, business: Business, now: datetime, store: Store) -> list[Outcome]:
    """Some lines in one transaction. A code that was removed comes back with its history, which is read if need be."""
    events_of: list[Callable[[CatalogueEntry], int]] = [lambda _: 0]

    def deed() -> list[Outcome]:
        known = {entry.id: entry for entry in store.many(CatalogueEntry, [row.code for row in rows if row.code])}
        outcomes, changes = [], []
        for row in rows:
            outcome, change = _decided(row, known.get(row.code), business, events_of[0], now)
            outcomes.append(outcome)
            changes += [change] if change else []
        try:
            if changes and not dry_run:
                store.commit(*changes)
        except AlreadyDone:
            events_of[0] = lambda entry: len(store.history(subject_of(entry)))
            raise Conflict("conflict", "Somebody else changed this at the same moment; try again.") from None
        return outcomes

    return store.persistently(deed)


def _decided(
    row: Row,
    known: CatalogueEntry | None,
    business: Business,
    events_of: Callable[[CatalogueEntry], int],
    now: datetime,
) -> tuple[Outcome, Change | None]:
    try:
        entry = _wanted(row, known)
        taxes_exist(entry, business)
    except Invalid as invalid:
        return Outcome(line=row.line, code=row.code, came=Came.REFUSED, reason=invalid.detail), None
    if entry == known:
        return Outcome(line=row.line, code=row.code, came=Came.UNCHANGED), None
    entry = replace(entry, version=(known.version if known else events_of(entry)) + 1)
    event = CatalogueChanged(subject=subject_of(entry), version=entry.version, at=now)
    if known:
        return Outcome(line=row.line, code=row.code, came=Came.CHANGED), Save(entry, event)
    return Outcome(line=row.line, code=row.code, came=Came.ADDED), Add(entry, event)


def _wanted(row: Row, known: CatalogueEntry | None) -> CatalogueEntry:
    """The entry that a line asks for. Raises Invalid where it cannot be."""
    if row.refused:
        raise Invalid("refused", row.refused)
    if known:
        return replace(known, **row.given)
    missing = [name for name in ("name", "unit_price") if name not in row.given]
    if missing:
        raise Invalid("missing", f"A code that is new needs a {' and a '.join(missing)}.")
    return CatalogueEntry(id=row.code, **row.given)
