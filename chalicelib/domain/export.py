"""An export: documents given to the books in the words of another program, each once unless it is asked for again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.accounting import Lack, unmapped
from chalicelib.domain.bookkeeping import Booked
from chalicelib.domain.errors import DomainError, Fault, Refused
from chalicelib.domain.export_choice import Exported, Wanted, was_given
from chalicelib.domain.export_events import (
    CreditNoteExported,
    ExportAdvanced,
    ExportChosen,
    ExportFailed,
    ExportReady,
    ExportRequested,
    InvoiceExported,
)
from chalicelib.domain.export_format import Format, Options, Target
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

PREFIX = "exp"
PAGE = 50
"""Documents that are marked in one transaction, of 100 writes at most: each is its head and its event."""
CALLS = 5
"""Documents that are given to a program that is connected before it is written down how far the export is."""
LOOKED_AT_AGAIN = timedelta(minutes=15)
"""An export of which nothing was heard for so long is gone on with: whoever was at it died."""
MOST_TRIES = 6
"""Of a page, with waits of 1, 2, 4, 8, 15 and 15 minutes; a document that is not answered by then is left out."""
MOST_TOLD = 200
"""Failures that are kept with their reasons; ``failed`` counts all of them."""
MOST_REMEMBERED = 20
"""The newest exports that a document tells of."""


class ExportStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A document that is not in an export, and why."""

    document_id: str
    number: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """size: in bytes; sha256: in hex."""

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export and how far it is.

    total: the documents chosen, None while that is not known; checked: so many were looked at for words that the
    business's settings lack; pages: so many pages of them are done.
    done: documents in it; left_out: those that another export had taken meanwhile; failed: those that could not be.
    tries: so often a program did not answer at this page. faults: why the whole failed, each with its place.
    look_at: when somebody has to look whether it still goes on.
    """

    id: str
    version: int = 1
    format: Format
    target: Target = Target.FILE
    wanted: Wanted
    options: Options
    status: ExportStatus = ExportStatus.QUEUED
    total: int | None = None
    checked: int = 0
    pages: int = 0
    done: int = 0
    left_out: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    lacks: tuple[Lack, ...] = ()
    tries: int = 0
    reason: str | None = None
    faults: tuple[Fault, ...] = ()
    file: ExportFile | None = None
    look_at: datetime | None = None
    requested_by: str
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def page(self) -> int:
        """So many documents are done at a time."""
        return PAGE if self.target is Target.FILE else CALLS

    @property
    def waits_for_answers(self) -> bool:
        """Whether a program that does not answer is asked again."""
        return self.tries < MOST_TRIES

    @property
    def is_over(self) -> bool:
        return self.status in {ExportStatus.READY, ExportStatus.FAILED}


def requested(
    id: str, *, format: Format, target: Target, wanted: Wanted, options: Options, by: str, at: datetime
) -> tuple[Export, ExportRequested]:
    export = Export(
        id=id,
        format=format,
        target=target,
        wanted=wanted,
        options=options,
        look_at=at + LOOKED_AT_AGAIN,
        requested_by=by,
        created_at=at,
    )
    return export, ExportRequested(subject=id, version=1, at=at, format=format, target=target)


def chosen(export: Export, count: int, *, at: datetime) -> tuple[Export, ExportChosen]:
    begun = replace(_next(export, at=at), status=ExportStatus.RUNNING, total=count)
    return begun, ExportChosen(subject=export.id, version=begun.version, at=at, count=count)


def checked(export: Export, count: int, *, lacks: Iterable[Lack], at: datetime) -> tuple[Export, ExportAdvanced]:
    """So many more were looked at, and these words found to be missing."""
    missing = tuple(sorted({*export.lacks, *lacks}))[:MOST_TOLD]
    after = replace(_next(export, at=at), checked=export.checked + count, lacks=missing)
    return after, ExportAdvanced(subject=export.id, version=after.version, at=at, done=after.done)


def must_be_mapped(export: Export, event: ExportAdvanced) -> tuple[Export, ExportAdvanced]:
    """The same. Raises Invalid (``unmapped``) once all was looked at and any word is missing."""
    if export.lacks and export.format.program and export.total is not None and export.checked >= export.total:
        raise unmapped(export.lacks, export.format.program)
    return export, event


def failure(document: Exported, error: Exception) -> Failure:
    """Why a document is not in an export; of our own mistakes no more than that it is one."""
    told = error if isinstance(error, DomainError) else Refused("cannot_be_written", "This document cannot be written.")
    return Failure(document_id=document.id, number=document.number, code=told.code, detail=told.detail)


def advanced(
    export: Export, *, done: int, left_out: int, failures: Iterable[Failure], at: datetime
) -> tuple[Export, ExportAdvanced]:
    """One page more is done."""
    more = tuple(failures)
    after = replace(
        _next(export, at=at),
        pages=export.pages + 1,
        done=export.done + done,
        left_out=export.left_out + left_out,
        failed=export.failed + len(more),
        failures=(*export.failures, *more)[:MOST_TOLD],
    )
    return after, ExportAdvanced(subject=export.id, version=after.version, at=at, done=after.done)


def unanswered(export: Export, *, at: datetime) -> tuple[Export, ExportAdvanced]:
    """The export with its page to be done again, later from time to time."""
    wait = min(timedelta(minutes=2**export.tries), LOOKED_AT_AGAIN)
    after = replace(_next(export, at=at), tries=export.tries + 1, look_at=at + wait)
    return after, ExportAdvanced(subject=export.id, version=after.version, at=at, done=after.done)


def ready(export: Export, file: ExportFile | None, *, at: datetime) -> tuple[Export, ExportReady]:
    after = replace(_next(export, at=at), status=ExportStatus.READY, file=file, look_at=None, ended_at=at)
    return after, ExportReady(subject=export.id, version=after.version, at=at, count=after.done, failed=after.failed)


def given_up(export: Export, error: DomainError, *, at: datetime) -> tuple[Export, ExportFailed]:
    """The export that cannot be made at all."""
    after = replace(
        _next(export, at=at),
        status=ExportStatus.FAILED,
        reason=error.detail,
        faults=tuple(getattr(error, "faults", ())),
        look_at=None,
        ended_at=at,
    )
    return after, ExportFailed(subject=export.id, version=after.version, at=at, reason=error.detail)


def must_be_exportable(document: Exported) -> None:
    """Raise Refused for a draft and for what is void."""
    if isinstance(document, Invoice):
        must_be_issued(document, "export")


def is_in(document: Exported, export: Export) -> bool:
    return export.id in document.exports


def is_free_for(document: Exported, export: Export) -> bool:
    """Whether it may be marked as exported: it was not given there, or is asked for again; what was imported never."""
    if isinstance(document, Invoice) and document.is_imported:
        return False
    return export.wanted.again or not was_given(document, export.target)


def marked(
    document: Exported, export: Export, *, booked: Booked | None = None, at: datetime
) -> tuple[Exported, InvoiceExported | CreditNoteExported]:
    """The document as one that is in an export, or booked in the program that the export is for (A53)."""
    told = InvoiceExported if isinstance(document, Invoice) else CreditNoteExported
    after = replace(
        document,
        version=document.version + 1,
        exported_at=at,
        exports=(*document.exports, export.id)[-MOST_REMEMBERED:],
        booked_in=_booked_in(document, export.target),
    )
    event = told(
        subject=document.id,
        version=after.version,
        at=at,
        export_id=export.id,
        format=export.format,
        target=export.target,
        remote_id=booked.remote_id if booked else None,
        difference=_difference(document, booked) if booked else None,
    )
    return after, event


def _booked_in(document: Exported, target: Target) -> tuple[str, ...]:
    if target is Target.FILE or target in document.booked_in:
        return document.booked_in
    return (*document.booked_in, str(target))


def _difference(document: Exported, booked: Booked) -> Money | None:
    """By how much the program's total is above the document's; None where it is the same."""
    own = document.figures.total + document.figures.rounding_adjustment
    return booked.total - own or None


def must_have_a_file(export: Export) -> ExportFile:
    """Raises Refused (``export_not_ready``, ``export_has_no_file``)."""
    if export.status is not ExportStatus.READY:
        raise Refused("export_not_ready", f"You cannot fetch export {export.id} because it is {export.status}.")
    if export.file is None:
        raise Refused("export_has_no_file", f"You cannot fetch export {export.id} because it went to {export.target}.")
    return export.file


def _next(export: Export, *, at: datetime) -> Export:
    return replace(export, version=export.version + 1, tries=0, look_at=at + LOOKED_AT_AGAIN)
