"""What happens to exports, and to the documents in them."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequested(Event):
    type: ClassVar[str] = "export.requested"
    format: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChosen(Event):
    """It is known which documents are to be in it."""

    type: ClassVar[str] = "export.chosen"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAdvanced(Event):
    """So many documents are in it by now."""

    type: ClassVar[str] = "export.advanced"
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReady(Event):
    """Nothing more is to be done; count: the documents in it, failed: those that could not be."""

    type: ClassVar[str] = "export.ready"
    count: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFailed(Event):
    """Nothing can be exported."""

    type: ClassVar[str] = "export.failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceExported(Event):
    """It is in an export, or in the accounting program that the export was for.

    remote_id: its id in that program; difference: by how much the total differs that the program worked out.
    """

    type: ClassVar[str] = "invoice.exported"
    export_id: str
    format: str
    target: str
    remote_id: str | None = None
    difference: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteExported(Event):
    """It is in an export, or in the accounting program that the export was for."""

    type: ClassVar[str] = "credit_note.exported"
    export_id: str
    format: str
    target: str
    remote_id: str | None = None
    difference: Money | None = None
