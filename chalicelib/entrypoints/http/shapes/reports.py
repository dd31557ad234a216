"""Reports as we give them."""

from datetime import date

from chalicelib.entrypoints.http.shapes.scalars import Shape


class NumberOut(Shape):
    """One number of a series and its fate."""

    number: str
    seq: int
    year: int | None
    issue_date: date
    document_id: str
    status: str


class SeriesOut(Shape):
    series: str
    count: int
    numbers: list[NumberOut]
