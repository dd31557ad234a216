"""Counting on where a former system stopped."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.business import Business, Numbering
from chalicelib.domain.credit_note import SERIES as CREDIT_NOTE
from chalicelib.domain.credit_note import numbering_of
from chalicelib.domain.import_events import SeriesContinued
from chalicelib.domain.numbering import IMPORTED, Number, Place, Series, continued, next_to_give, opened, place_of
from chalicelib.domain.sales_document import SERIES as SALES
from chalicelib.ports import Advance, Change, Filter, Save, Store
from chalicelib.usecases.quoting import NUMBERING as QUOTE
from chalicelib.usecases.reading import every

INVOICE = "invoice"
AT_ONCE = 500


def numberings(business: Business) -> Mapping[str, Numbering]:
    """The rules of each series that may be counted on."""
    sales = {f"{kind}": rules for kind, rules in SALES.items()}
    return {INVOICE: business.numbering, CREDIT_NOTE: numbering_of(business), "quote": QUOTE, **sales}


def series_of(id: str, business: Business, store: Store) -> Series:
    return store.find(Series, id) or opened(id, numberings(business)[id])


def continuing(
    series: Series, place: Place, *, on: date | None, business: Business, now: datetime
) -> tuple[Series, tuple[Change, ...]]:
    """The series after a number of a former system, and what writes that; nothing where it is beyond it already."""
    after = continued(series, place, on=on, this_year=business.today(now).year)
    if after is None:
        return series, ()
    changed = replace(business, version=business.version + 1)
    event = SeriesContinued(
        subject=business.id,
        version=changed.version,
        at=now,
        series=series.id,
        seq=place.seq,
        on=on,
        last_number=series.last,
        next_number=next_to_give(after),
    )
    return after, (Save(changed, event), Advance(after))


def beyond_imported(series: Series, *, this_year: int, store: Store) -> Series:
    """The series, going on after each imported number that its rules would print."""
    for number in every(Number, Filter(series=IMPORTED), store, at_once=AT_ONCE):
        if place := place_of(series.numbering, number.id):
            after = continued(series, place, on=None, this_year=this_year)
            series = replace(after, version=series.version, highest=series.highest) if after else series
    return series
