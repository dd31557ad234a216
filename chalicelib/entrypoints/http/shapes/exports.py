"""Exports as they are asked for and as we give them."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.domain.errors import Invalid
from chalicelib.domain.export import Export, ExportStatus
from chalicelib.domain.export_choice import Wanted
from chalicelib.domain.export_format import FORMAT_OF, Format, Options, Target
from chalicelib.entrypoints.http.shapes.scalars import Code, Day, Shape, TemplateName, refusal

MOST_IDS = 1_000
FORMATS = Literal["csv", "xlsx", "quickbooks_online", "quickbooks_desktop", "xero", "fec", "pdf_zip", "facturx_zip"]


class ExportFilter(Shape):
    """Which documents: these, or all issued ones in force that fit; the days are those of issue, both included."""

    ids: Annotated[list[Code], Field(max_length=MOST_IDS)] | None = None
    batch_id: Code | None = None
    client_id: Code | None = None
    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None

    def wanted(self, *, again: bool) -> Wanted:
        return Wanted(
            ids=tuple(dict.fromkeys(self.ids or ())),
            batch_id=self.batch_id,
            client_id=self.client_id,
            since=self.since,
            until=self.until,
            again=again,
        )


class ExportOptions(Shape):
    """How a CSV is written; Excel in French wants a byte order mark, semicolons and decimal commas.

    template: of the PDFs of a ``pdf_zip``; left out, each document is in its own.
    """

    byte_order_mark: bool = False
    separator: Literal[",", ";", "\t"] = ","
    decimal: Literal[".", ","] = "."
    template: TemplateName | None = None


class BatchExportIn(Shape):
    """A file in a format, or a program that is connected, whose format is its own.

    ``again``: documents that were exported before are exported, too; to a program, those that it has.
    """

    format: FORMATS | None = None
    target: Literal["file", "quickbooks", "xero"] = "file"
    options: ExportOptions = ExportOptions()
    again: bool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.target == "file") != (self.format is not None):
            raise refusal("one_of", "Give a format for a file, or a program that is connected.")
        return self

    def format_(self) -> Format:
        return Format(self.format) if self.format else FORMAT_OF[Target(self.target)]

    def options_(self) -> Options:
        """Raises Invalid (``not_drawn``) for a template of what is no PDF, or whose PDFs are as they were issued."""
        if self.options.template and self.format != "pdf_zip":
            raise Invalid("not_drawn", "A template is chosen for a pdf_zip.", at="/options/template")
        return Options(**self.options.model_dump())


class ExportIn(BatchExportIn):
    """The same, of the documents that fit."""

    filter: ExportFilter = ExportFilter()


class FailureOut(Shape):
    document_id: str
    number: str | None
    code: str
    detail: str


class UnmappedOut(Shape):
    at: str
    code: str
    detail: str


class ProgressOut(Shape):
    """count: documents in it by now, of total (null while they are counted); left_out: those that another had taken."""

    count: int
    total: int | None
    left_out: int
    failed: int


class ExportFileOut(Shape):
    """size: in bytes; url: where it is fetched, by whoever may."""

    name: str
    content_type: str
    size: int
    sha256: str
    url: str


class ExportOut(Shape):
    """failures: the documents that could not be exported, the first 200; errors: why nothing could be."""

    id: str
    version: int
    format: Format
    target: Target
    status: ExportStatus
    again: bool
    progress: ProgressOut
    failures: list[FailureOut]
    reason: str | None
    errors: list[UnmappedOut]
    file: ExportFileOut | None
    requested_by: str
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, export: Export) -> Self:
        return cls(
            id=export.id,
            version=export.version,
            format=export.format,
            target=export.target,
            status=export.status,
            again=export.wanted.again,
            progress=ProgressOut(count=export.done, total=export.total, left_out=export.left_out, failed=export.failed),
            failures=[
                FailureOut(document_id=one.document_id, number=one.number, code=one.code, detail=one.detail)
                for one in export.failures
            ],
            reason=export.reason,
            errors=[UnmappedOut(at=one.at, code=one.code, detail=one.detail) for one in export.faults],
            file=_file(export),
            requested_by=export.requested_by,
            created_at=export.created_at,
            ended_at=export.ended_at,
        )


def _file(export: Export) -> ExportFileOut | None:
    if export.file is None:
        return None
    return ExportFileOut(
        name=export.file.name,
        content_type=export.file.content_type,
        size=export.file.size,
        sha256=export.file.sha256,
        url=f"/v1/exports/{export.id}/file",
    )
