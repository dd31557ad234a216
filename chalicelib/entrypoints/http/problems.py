"""Refusals as RFC 9457 problem details."""

from typing import Any

from chalice import Response
from pydantic import BaseModel, ValidationError

from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import (
    AlreadyDone,
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Stale,
    TooLarge,
    Unauthenticated,
)

STATUS: dict[type[DomainError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Refused: 409,
    Conflict: 409,
    AlreadyDone: 409,
    Stale: 412,
    TooLarge: 413,
    Invalid: 422,
    UnknownOutcome: 503,
}
TITLES = {
    400: "The request cannot be read",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    409: "Not possible now",
    412: "Changed since it was read",
    413: "Too large",
    422: "Not valid",
    500: "Our mistake",
    503: "Not available now",
}
SHOWN_FAULTS = 100


class FaultOut(BaseModel):
    """One thing wrong, and where: a JSON pointer into the request."""

    at: str
    code: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457); ``code`` is stable, ``detail`` is for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultOut] = []
    request_id: str


def problem(error: Exception, *, request_id: str) -> Response:
    """The answer to a refusal; anything that is no refusal is our mistake and tells nothing."""
    if isinstance(error, ValidationError):
        return _answer(422, "invalid", "The request breaks a rule.", _faults(error), request_id)
    if isinstance(error, Invalid):
        faults = [FaultOut(at=fault.at, code=fault.code, detail=fault.detail) for fault in error.faults]
        return _answer(422, error.code, error.detail, faults, request_id)
    if isinstance(error, DomainError):
        return _answer(STATUS[type(error)], error.code, error.detail, [], request_id)
    return _answer(500, "internal", "Something went wrong on our side; nothing more is known.", [], request_id)


def unreadable(detail: str, *, request_id: str) -> Response:
    return _answer(400, "malformed_json", detail, [], request_id)


def _answer(status: int, code: str, detail: str, faults: list[FaultOut], request_id: str) -> Response:
    body = Problem(
        type=f"urn:quittance:problem:{code}",
        title=TITLES[status],
        status=status,
        detail=detail,
        code=code,
        errors=faults[:SHOWN_FAULTS],
        request_id=request_id,
    )
    headers: dict[str, str | list[str]] = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body.model_dump_json(), status_code=status, headers=headers)


def _faults(error: ValidationError) -> list[FaultOut]:
    return [
        FaultOut(at=_pointer(fault["loc"]), code=_code(fault["type"]), detail=fault["msg"])
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _pointer(location: tuple[Any, ...]) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)


def _code(kind: str) -> str:
    return "unknown_field" if kind == "extra_forbidden" else kind
