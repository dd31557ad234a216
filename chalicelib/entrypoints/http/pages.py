"""/openapi.json, /docs and /health: what anybody may read."""

from chalice import Blueprint, Response

from chalicelib.entrypoints.http import openapi

blueprint = Blueprint(__name__)


@blueprint.route("/openapi.json", methods=["GET"], name="openapi_document")
def openapi_document() -> Response:
    """The API as an OpenAPI 3.1 document."""
    return Response(openapi.text(), headers={"Content-Type": "application/json", "Cache-Control": "max-age=300"})


@blueprint.route("/docs", methods=["GET"], name="docs")
def docs() -> Response:
    """The API for people, on one page that needs nothing from elsewhere."""
    from chalicelib.entrypoints.http import reference  # noqa: PLC0415 - jinja2 is only needed here

    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": reference.policy(),
        "Cache-Control": "max-age=300",
    }
    return Response(reference.page(openapi.document()), headers=headers)


@blueprint.route("/health", methods=["GET"], name="health")
def health() -> Response:
    """Whether the API answers."""
    return Response({"status": "ok"})
