"""Numbers without gaps: given at issue, in order, never to drafts.

France, CGI ann. II art. 242 nonies A, I-7: a unique number in a chronological and continuous
sequence; several series are allowed, each with its own prefix. We keep this rule everywhere.
"""

from dataclasses import replace
from datetime import date

from chalicelib.domain.business import Numbering
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

IMPORTED = "imported"
"""The series of the numbers that a former system gave. It is closed: we give none of it, and count none of it."""
MOST_DIGITS = 12
YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A counter whose numbers 1..next-1 are all in use.

    last, last_date: the number given last, as printed, and its issue date; an earlier one is never given.
    year: the year being counted, where the series restarts yearly.
    highest: the highest number of any year, those of a former system included.
    head: the hash of the number given last, where its numbers are chained.
    """

    id: str
    version: int = 1
    numbering: Numbering
    next: int
    year: int | None = None
    last: str | None = None
    last_date: date | None = None
    highest: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What ties a number to what was issued under it, and to the number before; hashes are SHA-256 in hex.

    content:  the hash of what the document says.
    pdf:      the hash of its PDF, which was drawn before the number was given for good.
    previous: the hash of the number before; empty for the first of a chain.
    hash:     of all of it.
    """

    total: Money
    tax_total: Money
    content: str
    pdf: str = ""
    previous: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of a series and the document that bears it, for ever.

    id: the number as printed. link: where the series is chained.
    """

    id: str
    series: str
    seq: int
    year: int | None
    document_id: str
    issue_date: date
    link: Link | None = None


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a printed number stands in the count of its series."""

    year: int | None
    seq: int


def place_of(numbering: Numbering, printed: str) -> Place | None:
    """Where a number would stand if the series had given it, however many zeros it has; None for another's."""
    if not printed.startswith(numbering.prefix):
        return None
    digits, year = printed[len(numbering.prefix) :], None
    if numbering.yearly_reset:
        written, _, digits = digits.partition("-")
        if not _is_count(written) or len(written) != YEAR_DIGITS:
            return None
        year = int(written)
    if not _is_count(digits) or len(digits) > MOST_DIGITS or int(digits) == 0:
        return None
    return Place(year, int(digits))


def continued(series: Series, place: Place, *, on: date | None, this_year: int) -> Series | None:
    """The series as it goes on after a number of a former system; None where it goes on beyond it already.

    on: the number's issue date, if known; no later number is dated before it.
    """
    if not _is_ahead(series, place, this_year=this_year):
        return None
    days = [day for day in (series.last_date, on) if day]
    return replace(
        series,
        version=series.version + 1,
        next=place.seq + 1,
        year=place.year,
        last_date=max(days, default=None),
        highest=max(series.highest, place.seq),
    )


def _is_ahead(series: Series, place: Place, *, this_year: int) -> bool:
    if place.year is None:
        return place.seq >= series.next
    if place.year < max(this_year, series.year or 0):  # that year gives no number any more
        return False
    return place.seq >= series.next or (series.year is not None and place.year > series.year)


def _is_count(written: str) -> bool:
    return written.isascii() and written.isdigit()


def next_to_give(series: Series) -> str:
    """The number given next, as printed, if it is given in the year that is being counted."""
    year = series.year if series.numbering.yearly_reset else None
    return _printed(series.numbering, year, series.next)


def _printed(numbering: Numbering, year: int | None, seq: int) -> str:
    digits = str(seq).zfill(numbering.padding)
    return f"{numbering.prefix}{year}-{digits}" if year is not None else f"{numbering.prefix}{digits}"
