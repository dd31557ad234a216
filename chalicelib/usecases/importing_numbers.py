"""The last numbers of a former system: each series goes on after them, and gives none of them again (C23)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from chalicelib.domain.business import Business, Numbering
from chalicelib.domain.errors import AlreadyDone, Conflict, Invalid
from chalicelib.domain.numbering import MOST_DIGITS, Place, next_to_give, opened, place_of, take
from chalicelib.ports import Store
from chalicelib.usecases.continuing_series import continuing, numberings, series_of
from chalicelib.usecases.line_by_line import Became, Outcome, Row, taken_in


def import_last_numbers(
    rows: Sequence[Row], *, dry_run: bool, enough: Callable[[], bool], now: datetime, store: Store
) -> tuple[Outcome, ...]:
    """Each series goes on after the number that a line says was its last.

    Done again it changes nothing. Nothing is written by a dry run.
    """
    deed = partial(_gone_on, dry_run=dry_run, now=now, store=store.aside())
    return taken_in(rows, deed, enough=enough)


def _gone_on(row: Row, *, dry_run: bool, now: datetime, store: Store) -> tuple[Became, str | None]:
    def deed() -> tuple[Became, str | None]:
        business = store.get(Business)
        _must_be_known(row.name, business)
        series, on = series_of(row.name, business, store), row.given.get("issue_date")
        place = _place(row.given["last_number"], series.numbering, today=business.today(now), on=on)
        after, changes = continuing(series, place, on=on, business=business, now=now)
        if changes and not dry_run:
            try:
                store.commit(*changes)
            except AlreadyDone:
                raise Conflict("conflict", "The series gave its first number at the same moment.") from None
        return (Became.UPDATED if changes else Became.SAME), next_to_give(after)

    return store.persistently(deed)


def _must_be_known(series: str, business: Business) -> None:
    known = numberings(business)
    if series not in known:
        raise Invalid("unknown_series", f"There is no series {series!r}; there are {', '.join(known)}.")


def _place(written: str, numbering: Numbering, *, today: date, on: date | None) -> Place:
    """Raises Invalid for what the series would not print, and for what is of a year or a day to come."""
    place = place_of(numbering, written) or _counted(written, numbering)
    if place is None:
        example = take(opened("", numbering), document_id="", on=today)[1].id
        detail = f"{written!r} is no number of this series, such as {example}; change its rules first."
        raise Invalid("not_of_series", detail)
    if (place.year or 0) > today.year or (on and on > today):
        raise Invalid("in_the_future", f"{written!r} is of a time to come.")
    return place


def _counted(written: str, numbering: Numbering) -> Place | None:
    """A bare count, where no year is counted."""
    bare = written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS and int(written) > 0
    return Place(None, int(written)) if bare and not numbering.yearly_reset else None
