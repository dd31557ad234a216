"""Whether numbers have no gap, no double and no step back in time (I1)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.events import SeriesChanged
from chalicelib.domain.import_events import SeriesContinued
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.numbering import IMPORTED, Number, Series, next_to_give
from chalicelib.domain.sound_chains import of_chain

INVOICES = "invoice"


def of_number(number: Number, document: CreditNote | Invoice | None) -> Iterator[Violation]:
    """A row of the register, and the document it names."""
    row = Thing(number.document_id, f"number {number.id}")
    borne = document.number if document else None
    yield from row.unless_equal(
        "I1", ("the register gives it to a document that bears", borne), ("the register says", number.id)
    )
    if document and borne == number.id:
        theirs = (document.series, document.seq, document.issue_date)
        ours = (number.series, number.seq, number.issue_date)
        for one, other in zip(theirs, ours, strict=True):
            yield from row.unless_equal("I1", ("its document says", one), ("the register says", other))


def of_numbered(document: CreditNote | Invoice, number: Number | None) -> Iterator[Violation]:
    """An invoice or credit note, and the row of the register under the number it bears."""
    if document.number is None:
        return
    owner = number.document_id if number else None
    yield from Thing(document.id, f"number {document.number}").unless_equal(
        "I1", ("it is borne by", document.id), ("the register gives it to", owner)
    )


def of_series(
    series: Series | None, numbers: Iterable[Number], *, changes: Iterable[Envelope] = ()
) -> Iterator[Violation]:
    """A series, and all numbers it has given.

    changes: the business's own events; only they may explain a number that was left out.
    """
    given = sorted(numbers, key=lambda number: (number.issue_date, number.seq))
    if series is None:
        if given and given[0].series != IMPORTED:
            yield from Thing(given[0].series, f"series {given[0].series}").unless(
                False, "I1", f"it has given {len(given)} numbers and has no counter"
            )
        return
    jumps = _changes_of(series.id, changes)
    told = {event.last_number: event.next_number for event in jumps}
    yield from _of_first(series, given, told)
    for before, after in pairwise(given):
        yield from _of_step(series, before, after, told)
    yield from _of_years(series, given)
    if given:
        yield from _of_counter(series, given, jumps)
    yield from of_chain(series, given)


def of_imported(number: Number, given: Number | None) -> Iterator[Violation]:
    """A number of a former system, and the one that was given here and is printed the same."""
    thing = Thing(number.document_id, f"number {number.id}")
    yield from thing.unless(given is None, "I1", "it was imported, and given here once more")


def _changes_of(series: str, changes: Iterable[Envelope]) -> list[SeriesChanged]:
    """What links the last number under old rules, or of a former system, with the one that follows; oldest first."""
    events = [envelope.event for envelope in changes if isinstance(envelope.event, SeriesChanged)]
    own = [one for one in events if (one.series if isinstance(one, SeriesContinued) else INVOICES) == series]
    return sorted(own, key=lambda event: event.version)


def _of_first(series: Series, given: Sequence[Number], told: dict[str | None, str]) -> Iterator[Violation]:
    first = given[0].seq if given else series.next
    if not told:
        yield from _thing(series).unless_equal(
            "I1", ("it begins with", first), ("its rules begin with", series.numbering.start)
        )


def _of_step(series: Series, before: Number, after: Number, told: dict[str | None, str]) -> Iterator[Violation]:
    new_year = None not in {before.year, after.year} and before.year != after.year
    following = 1 if new_year else before.seq + 1
    if after.seq != following and told.get(before.id) not in {after.id, _without_year(after)}:
        yield from _thing(series).unless_equal(
            "I1", (f"{before.id} is followed by", after.seq), ("what follows should be", following)
        )


def _of_years(series: Series, given: Sequence[Number]) -> Iterator[Violation]:
    for year in {number.year for number in given}:
        counted = sorted((number for number in given if number.year == year), key=lambda number: number.seq)
        for before, after in pairwise(counted):
            yield from _thing(series).unless(
                before.issue_date <= after.issue_date,
                "I1",
                f"{before.id} is of {before.issue_date} and {after.id}, given later, of {after.issue_date}",
            )


def _of_counter(series: Series, given: Sequence[Number], jumps: Sequence[SeriesChanged]) -> Iterator[Violation]:
    """What it says of its last number; where it goes on after a former system's, those numbers count too."""
    last = given[-1]
    counter = _thing(series)
    told = {event.last_number: event.next_number for event in jumps}
    former = [event for event in jumps if isinstance(event, SeriesContinued)]
    latest = max([last.issue_date, *(event.on for event in former if event.on)])
    if told.get(last.id) != next_to_give(series):
        yield from counter.unless_equal(
            "I1", ("its last number is", last.seq), ("its counter stands after", series.next - 1)
        )
    yield from counter.unless_equal("I1", ("its last number is of", latest), ("its counter says", series.last_date))
    yield from counter.unless_equal("I1", ("its last number is", last.id), ("its counter says", series.last))
    highest = max([*(number.seq for number in given), *(event.seq for event in former)])
    yield from counter.unless_equal("I1", ("its highest number is", highest), ("its counter says", series.highest))


def _without_year(number: Number) -> str:
    """As a series foretells a number that is the first of its to bear a year."""
    return number.id.replace(f"{number.year}-", "", 1)


def _thing(series: Series) -> Thing:
    return Thing(series.id, f"series {series.id}")
