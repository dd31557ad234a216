"""What is told of things that a former system began."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.events import SeriesChanged
from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesContinued(SeriesChanged):
    """A series goes on after the last number of a former system.

    series: which; seq: that number's count; on: its issue date, if it was told.
    """

    type: ClassVar[str] = "business.series_continued"
    series: str
    seq: int
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceImported(Event):
    """An invoice that a former system issued is to be paid here. on: when it was issued."""

    type: ClassVar[str] = "invoice.imported"
    number: str
    client_id: str
    on: date
    due_date: date
    total: Money
    amount_due: Money
