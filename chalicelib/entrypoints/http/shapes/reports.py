"""Reports as we give them."""

from datetime import date, datetime
from typing import Self

from chalicelib.domain.audit import Audit
from chalicelib.domain.promises import INVARIANTS
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
    """count: of the numbers in this answer."""

    series: str
    count: int
    next_cursor: str | None
    numbers: list[NumberOut]


class ViolationOut(Shape):
    """subject: the id of what cannot be trusted; detail: why, with both figures."""

    subject: str
    detail: str


class InvariantOut(Shape):
    """checked: how many things were judged by it; violated: how often it did not hold, of which the first are given."""

    id: str
    statement: str
    checked: int
    violated: int
    violations: list[ViolationOut]


class InvariantsOut(Shape):
    checked_at: datetime
    complete: bool
    sound: bool
    invariants: list[InvariantOut]

    @classmethod
    def of(cls, audit: Audit) -> Self:
        return cls(
            checked_at=audit.checked_at,
            complete=audit.complete,
            sound=audit.violated == 0,
            invariants=[
                InvariantOut(
                    id=finding.invariant,
                    statement=INVARIANTS[finding.invariant],
                    checked=finding.checked,
                    violated=finding.violated,
                    violations=[
                        ViolationOut(subject=violation.subject, detail=violation.detail)
                        for violation in finding.violations
                    ],
                )
                for finding in audit.findings
            ],
        )


class ChainLinkOut(Shape):
    """One number of a series as a link of its chain; hashes are SHA-256 in hex.

    content: what is never changed of the document, in one line; its hash is content_sha256.
    hash: of ten lines, joined by line feeds: ``quittance chain 1``, series, number, issue date, document, total and
    currency, tax total and currency, content_sha256, pdf_sha256, previous_hash.
    pdf_sha256: of the PDF, as it was drawn before the number was given; null for a number of before that was done,
    whose hash has no such line.
    kept_pdf_sha256: of the kept PDF, null until it is kept; another than pdf_sha256 where a later version of ours,
    put up in the seconds between the two, drew it otherwise.
    """

    series: str
    number: str
    issue_date: date
    document_id: str
    currency: str
    total: str
    tax_total: str
    content_sha256: str
    previous_hash: str
    hash: str
    content: str | None
    pdf_sha256: str | None
    kept_pdf_sha256: str | None
