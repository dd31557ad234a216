"""/v1/exports: documents given to the books, as files in the words of other programs."""

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.export import Export, must_have_a_file
from chalicelib.domain.export_format import Target
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.exports import ExportIn, ExportOut
from chalicelib.ports import Filter
from chalicelib.usecases import exporting
from chalicelib.usecases.export_files import file_key

LARGEST_ANSWER = 2_000_000
"""In bytes; a Lambda function's answer may have 6 MB as JSON, where a letter of two bytes is written in six."""
LINKS_LAST_S = 300
SEE_OTHER = 303


def _export(call: Call, export_id: str) -> ExportOut:
    return ExportOut.of(call.store.get(Export, export_id))


@operation("GET", "/exports", needs="exports.read", query=PageQuery, answer=Listed[ExportOut])
def list_exports(call: Call) -> Listed[ExportOut]:
    """The exports of the business, newest first."""
    return listed(call, Export, Filter(), ExportOut.of)


@operation(
    "POST",
    "/exports",
    needs="exports.make",
    body=ExportIn,
    answer=ExportOut,
    status=202,
    refusals=(404, 409, 422),
    again=_export,
)
def make_export(call: Call, body: ExportIn) -> ExportOut:
    """Export issued documents; each is marked with it, and left out of the next unless that is for all `again`.

    A program that is connected is given what it does not have from us yet, in whatever files that is.

    It is made in the background: `status` and `progress` tell. One document that cannot be exported is told of in
    `failures`, the others are exported all the same. Where the settings lack an account or a tax code, nothing is, and
    `errors` names all that is missing.
    """
    export = exporting.ask_for_export(
        format=body.format_(),
        target=Target(body.target),
        wanted=body.filter.wanted(again=body.again),
        options=body.options_(),
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return ExportOut.of(export)


@operation("GET", "/exports/{export_id}", needs="exports.read", answer=ExportOut, refusals=(404,))
def get_export(call: Call, export_id: str) -> ExportOut:
    """One export and how far it is."""
    return _export(call, export_id)


@operation("GET", "/exports/{export_id}/file", needs="exports.read", refusals=(404, 409), file=True)
def get_export_file(call: Call, export_id: str) -> Response:
    """The file of an export that is ready; a large one by a redirection to where it can be fetched for five minutes."""
    export = call.store.get(Export, export_id)
    file, key = must_have_a_file(export), file_key(call.business.id, export)
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    if file.size > LARGEST_ANSWER:
        headers["Location"] = wiring.files().link(key, name=file.name, seconds=LINKS_LAST_S)
        return Response("", status_code=SEE_OTHER, headers=headers)
    headers |= {"Content-Type": file.content_type, "Content-Disposition": f'attachment; filename="{file.name}"'}
    body = wiring.files().get(key)
    return Response(body.decode() if file.content_type.startswith("text/") else body, headers=headers)
