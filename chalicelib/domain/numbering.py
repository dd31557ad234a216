"""Numbers without gaps: given at issue, in order, never to drafts.

France, CGI ann. II art. 242 nonies A, I-7: a unique number in a chronological and continuous
sequence; several series are allowed, each with its own prefix. We keep this rule everywhere.
"""

from dataclasses import dataclass, replace
from datetime import date

from chalicelib.domain.business import Numbering


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A counter whose numbers 1..next-1 are all in use.

    last, last_date: the number given last, as printed, and its issue date; an earlier one is never given.
    year: the year being counted, where the series restarts yearly.
    highest: the highest number of any year.
    """

    id: str
    version: int = 1
    numbering: Numbering
    next: int
    year: int | None = None
    last: str | None = None
    last_date: date | None = None
    highest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of a series and the document that bears it, for ever.

    id: the number as printed.
    """

    id: str
    series: str
    seq: int
    year: int | None
    document_id: str
    issue_date: date


def opened(id: str, numbering: Numbering) -> Series:
    """A series that has given no number yet, one version before its first event."""
    return Series(id=id, version=0, numbering=numbering, next=numbering.start)


def take(series: Series, *, document_id: str, on: date) -> tuple[Series, Number]:
    """The next number of a series, for a document issued on a day.

    The date given with it is ``on``, or the date of the number before where that is later:
    dates never go back within a series.
    """
    issue_date = max(on, series.last_date or on)
    year = issue_date.year if series.numbering.yearly_reset else None
    seq = 1 if year is not None and series.year is not None and year > series.year else series.next
    number = Number(
        id=_printed(series.numbering, year, seq),
        series=series.id,
        seq=seq,
        year=year,
        document_id=document_id,
        issue_date=issue_date,
    )
    after = replace(
        series,
        version=series.version + 1,
        next=seq + 1,
        year=year,
        last=number.id,
        last_date=issue_date,
        highest=max(seq, series.highest),
    )
    return after, number


def renumbered(series: Series, numbering: Numbering) -> Series:
    """The series under new rules; it goes on counting where it was, or at a later start.

    One that stops restarting goes on after the highest number of any year: without a year, lower ones may be in use.
    """
    stops = series.numbering.yearly_reset and not numbering.yearly_reset
    following = series.highest + 1 if stops else series.next
    return replace(
        series, version=series.version + 1, numbering=numbering, next=max(series.next, following, numbering.start)
    )


def next_to_give(series: Series) -> str:
    """The number given next, as printed, if it is given in the year that is being counted."""
    year = series.year if series.numbering.yearly_reset else None
    return _printed(series.numbering, year, series.next)


def _printed(numbering: Numbering, year: int | None, seq: int) -> str:
    digits = str(seq).zfill(numbering.padding)
    return f"{numbering.prefix}{year}-{digits}" if year is not None else f"{numbering.prefix}{digits}"
